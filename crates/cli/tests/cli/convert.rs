//! The verb `convert`.

use crate::program::{code, lines, run};

/// A NULL DACL and a DACL of one entry, in the four forms. The bytes are laid out by [MS-DTYP] 2.4.6.
const FORMS: [[(&str, &str); 4]; 2] = [
    [
        ("sddl", "D:NO_ACCESS_CONTROL"),
        ("hex", "0100048000000000000000000000000000000000"),
        ("base64", "AQAEgAAAAAAAAAAAAAAAAAAAAAA="),
        (
            "json",
            r#"{"owner":null,"group":null,"control":[],"dacl":"null","sacl":"absent"}"#,
        ),
    ],
    [
        ("sddl", "D:P(A;OI;CC;;;WD)"),
        (
            "hex",
            "01000490000000000000000000000000140000000200\
            1c00010000000001140001000000010100000000000100000000",
        ),
        (
            "base64",
            "AQAEkAAAAAAAAAAAAAAAABQAAAACABwAAQAAAAABFAABAAAAAQEAAAAAAAEAAAAA",
        ),
        (
            "json",
            r#"{"owner":null,"group":null,"control":["DACL_PROTECTED"],"dacl":{"present":[{"type":"A","flags":["OI"],"mask":"0x1","trustee":"S-1-1-0"}]},"sacl":"absent"}"#,
        ),
    ],
];

#[test]
fn convert_goes_from_every_form_to_every_other() {
    for forms in FORMS {
        for (from, input) in forms {
            for (to, expected) in forms {
                let output = run(&["convert", "--from", from, "--to", to, input], b"");
                assert_eq!(
                    String::from_utf8_lossy(&output.stdout).trim_end(),
                    expected,
                    "{from} to {to}"
                );
            }
        }
    }
}

#[test]
fn a_refused_line_of_convert_is_answered_in_its_place() {
    let input = b"D:(A;;0x1f01ff;;;S-1-5-32-544)O:SY\r\nO:ZZ\n\xff\nO:SY\0\0";
    let output = run(&["convert", "--from", "sddl", "--to", "sddl", "-"], input);
    let lines = lines(&output);
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0], "O:SYD:(A;;FA;;;BA)");
    assert!(
        lines[1].starts_with("error: sid_alias_unknown at 2..4: "),
        "{}",
        lines[1]
    );
    assert!(lines[2].starts_with("error: not_utf8: "), "{}", lines[2]);
    assert_eq!(lines[3], "O:SY");
    assert_eq!(code(&output), 2);
    assert!(output.stderr.is_empty());
}

#[test]
fn a_line_that_is_too_long_is_refused_and_the_next_is_read() {
    let mut input = vec![b' '; (8 << 20) + 1];
    input.extend(b"\nO:SY\n");
    let output = run(&["convert", "--from", "sddl", "--to", "sddl", "-"], &input);
    let lines = lines(&output);
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("error: input_too_long: "), "{}", lines[0]);
    assert_eq!(lines[1], "O:SY");
}
