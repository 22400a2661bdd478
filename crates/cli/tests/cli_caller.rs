//! The program: what it can be told of who asks, by options and in lines.
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use serde_json::{Value, json};
use std::{
    io::Write,
    process::{Command, Stdio},
};

const USER: &str = "S-1-5-21-1-2-3-1104";
const CLASS: &str = "bf967aba-0de6-11d0-a285-00aa003049e2";
const PART: &str = "77b5b886-944a-11d1-aebd-0000f80367c1";

fn run(arguments: &[&str], input: &str) -> Vec<Value> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sddl-authz"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _ = program.stdin.take().unwrap().write_all(input.as_bytes());
    let output = program.wait_with_output().unwrap();
    let lines = str::from_utf8(&output.stdout).unwrap().lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The answer to a check by options.
fn check(sddl: &str, desired: &str, options: &[&str]) -> Value {
    let arguments = ["check", sddl, "--as", USER, "--desired", desired, "--format", "json"];
    let [answer] = <[Value; 1]>::try_from(run(&[&arguments, options].concat(), "")).unwrap();
    answer
}

/// The rights that a check by options grants.
fn granted(sddl: &str, desired: &str, options: &[&str]) -> Value {
    check(sddl, desired, options).get("granted").cloned().unwrap()
}

/// The answers to lines, each with the SDDL, what is said of the caller, and more fields.
fn lines(cases: &[(&str, Value, Value)]) -> Vec<Value> {
    let line = |(sddl, caller, more): &(&str, Value, Value)| {
        let mut line = json!({"sddl": sddl, "desired": "0x1", "caller": {"user": USER, "authenticated": 1}});
        let fields = line.as_object_mut().unwrap();
        let of_caller = fields.get_mut("caller").unwrap().as_object_mut().unwrap();
        of_caller.extend(caller.as_object().unwrap().clone());
        fields.extend(more.as_object().unwrap().clone());
        format!("{line}\n")
    };
    let input: String = cases.iter().map(line).collect();
    run(&["check", "--lines", "-"], &input)
}

/// Each kind of value that SDDL writes, in a condition that is true of it alone.
#[test]
fn claims_have_the_values_of_sddl() {
    for (claim, condition) in [
        ("a=\"PM\"", "@User.a == \"pm\""),
        ("a = {\"A\", \"B\"}", "@User.a Contains {\"B\", \"A\"}"),
        ("a=-3", "@User.a == -3"),
        ("a=0x10", "@User.a == 16"),
        ("a={1, 2}", "@User.a == {2, 1}"),
        ("a=18446744073709551615", "@User.a > 9223372036854775807"),
        ("a=SID(BA)", "@User.a == SID(S-1-5-32-544)"),
        ("a={SID(BA),SID(WD)}", "@User.a Contains {SID(WD)}"),
        ("a=#0a1b", "@User.a == #0a1b"),
        ("A=1", "@User.a == 1"),
    ] {
        let sddl = format!("D:(XA;;CC;;;AU;({condition}))");
        assert_eq!(granted(&sddl, "CC", &["--claim", claim]), "0x1", "{claim}");
        assert_eq!(granted(&sddl, "CC", &["--claim", "a=\"other\""]), "0x0", "{claim}");
        assert_eq!(granted(&sddl, "CC", &["--device-claim", claim]), "0x0", "{claim}");
        let of_device = sddl.replace("@User", "@Device");
        assert_eq!(granted(&of_device, "CC", &["--device-claim", claim]), "0x1", "{claim}");
    }
    // A condition that is neither true nor false would deny.
    let unless = "D:(XD;;CC;;;AU;(@User.a))(A;;CC;;;AU)";
    for (claim, mask) in [
        ("a=true", "0x0"),
        ("a=TRUE", "0x0"),
        ("a=false", "0x1"),
        ("a = False ", "0x1"),
    ] {
        assert_eq!(granted(unless, "CC", &["--claim", claim]), mask, "{claim}");
    }
}

#[test]
fn each_option_about_the_caller_does_what_the_specification_says() {
    let device = "D:(XA;;CC;;;AU;(Device_Member_of {SID(BG)}))";
    assert_eq!(granted(device, "CC", &[]), "0x0");
    assert_eq!(granted(device, "CC", &["--device", "WD,BG"]), "0x1");

    // Both passes must grant; of a caller that is restricted in what it writes, what writes alone.
    let both = "D:(A;;CCDC;;;AU)(A;;CC;;;RC)";
    assert_eq!(granted(both, "max", &["--restricted", "RC"]), "0x1");
    assert_eq!(granted(both, "max", &["--restricted", "RC,AU"]), "0x3");
    let writes = ["--restricted", "BG", "--mapping", "file"];
    assert_eq!(granted("D:(A;;CCDC;;;AU)", "max", &writes), "0x0");
    let writes = [&writes[..], &["--write-restricted"]].concat();
    assert_eq!(granted("D:(A;;CCDC;;;AU)", "max", &writes), "0x1");

    // A file of high integrity, NO_WRITE_UP: FILE_WRITE_DATA is kept back from those below.
    let high = "D:(A;;DC;;;AU)S:(ML;;NW;;;HI)";
    for (level, mask) in [
        ("low", "0x0"),
        ("medium", "0x0"),
        ("HI", "0x2"),
        ("high", "0x2"),
        ("System", "0x2"),
        ("S-1-16-12288", "0x2"),
        ("S-1-16-12287", "0x0"),
    ] {
        let options = ["--integrity", level, "--mapping", "file"];
        assert_eq!(granted(high, "DC", &options), mask, "{level}");
    }
    assert_eq!(granted(high, "DC", &["--mapping", "file"]), "0x0");

    for name in [
        "SeTakeOwnershipPrivilege",
        "take-ownership",
        "SeTakeOwnership",
        "backup,take-ownership",
    ] {
        assert_eq!(granted("D:", "WO", &["--privilege", name]), "0x80000", "{name}");
    }
    assert_eq!(granted("D:", "WO", &["--privilege", "backup"]), "0x0");
    assert_eq!(granted("D:", "0x1000000", &["--privilege", "security"]), "0x1000000");
    // Backup grants what reading a file takes, to those who say so.
    assert_eq!(granted("D:", "CC", &["--privilege", "backup"]), "0x0");
    assert_eq!(
        granted(
            "D:",
            "CC",
            &["--privilege", "backup", "--backup-intent", "--mapping", "file"]
        ),
        "0x1"
    );
    assert_eq!(granted("D:", "CC", &["--backup-intent"]), "0x0");
    assert_eq!(
        granted(
            "D:",
            "DC",
            &["--privilege", "restore", "--restore-intent", "--mapping", "file"]
        ),
        "0x2"
    );

    assert_eq!(granted("D:(A;;CC;;;PS)", "CC", &["--self", USER]), "0x1");
    assert_eq!(granted("D:(A;;CC;;;PS)", "CC", &["--self", "BG"]), "0x0");

    let conditional = "D:(XA;;CC;;;AU;(@User.a == 1 && Member_of {SID(BG)}))";
    let both = ["--claims-incomplete", "--groups-incomplete"];
    let resolve = |options: &[&str]| check(conditional, "CC", options).get("resolve").cloned().unwrap();
    assert_eq!(resolve(&both), json!(["@User.a", "S-1-5-32-546"]));
    assert_eq!(resolve(&["--claims-incomplete"]), json!([]));
    assert_eq!(
        resolve(&["--groups-incomplete", "--claim", "a=1"]),
        json!(["S-1-5-32-546"])
    );
}

#[test]
fn the_parts_of_an_object_are_answered_one_by_one() {
    let sddl = format!("D:(OA;;RP;{PART};;AU)");
    let part = format!("1:{PART}");
    let objects = ["--object", CLASS, "--object", &part];
    let node = |level: u16, object: &str| json!({"level": level, "object": object, "decision": "allowed", "granted": "0x10", "missing": "0x0"});
    let nodes = json!([node(0, CLASS), node(1, PART)]);
    let answer = json!({"decision": "allowed", "granted": "0x10", "missing": "0x0", "resolve": [], "nodes": nodes});
    // The only part has it, so the whole has.
    assert_eq!(check(&sddl, "RP", &objects), answer);
    assert_eq!(granted(&sddl, "RP", &[]), "0x0");
    let more = json!({"desired": "RP", "objects": [CLASS, PART]});
    assert_eq!(lines(&[(&sddl, json!({}), more)]), [answer]);
    let explained = check(&sddl, "RP", &[&objects[..], &["--explain"]].concat());
    let right = json!([{"right": "0x10", "step": 0, "message": 1801}]);
    assert_eq!(explained.pointer("/nodes/1/explanation/rights"), Some(&right));
}

#[test]
fn an_explanation_has_the_number_of_the_message_for_each_right() {
    let explained = check("D:(D;;CC;;;AU)(A;;DC;;;AU)", "CCDC", &["--explain"]);
    let denied = json!({"right": "0x1", "cause": "denied", "index": 0, "step": 0, "message": 1802});
    assert_eq!(explained.pointer("/explanation/rights/0"), Some(&denied));
}

#[test]
fn lines_say_all_of_the_caller() {
    let claim =
        |kind: &str, values: Value| json!({"claims": {"user": [{"name": "a", "type": kind, "values": values}]}});
    let of = |condition: &str| format!("D:(XA;;CC;;;AU;({condition}))");
    let unless = "D:(XD;;CC;;;AU;(@User.a))(A;;CC;;;AU)";
    let cases = [
        (of("@User.a == \"pm\""), claim("string", json!(["PM"])), json!({})),
        (of("@User.a == -5"), claim("int", json!(["-5"])), json!({})),
        (of("@User.a == {1, 2}"), claim("int", json!([1, "2"])), json!({})),
        (
            of("@User.a > 1"),
            claim("uint", json!(["18446744073709551615"])),
            json!({}),
        ),
        (
            of("@User.a > 1"),
            claim("uint", json!([18_446_744_073_709_551_615_u64])),
            json!({}),
        ),
        (of("@User.a"), claim("bool", json!([1])), json!({})),
        (of("@User.a"), claim("bool", json!([true])), json!({})),
        (unless.into(), claim("bool", json!([false])), json!({})),
        (unless.into(), claim("bool", json!([0])), json!({})),
        (
            of("@User.a == SID(BA)"),
            claim("sid", json!(["S-1-5-32-544"])),
            json!({}),
        ),
        (of("@User.a == #0a1b"), claim("octets", json!(["0A1b"])), json!({})),
        (
            of("@Device.a == 1"),
            json!({"claims": {"device": [{"name": "a", "type": "int", "values": [1]}]}}),
            json!({}),
        ),
        (
            of("Device_Member_of {SID(BG)}"),
            json!({"device_groups": ["BG"]}),
            json!({}),
        ),
        (
            "D:(A;;CC;;;AU)(A;;CC;;;BG)".into(),
            json!({"restricting": ["BG"]}),
            json!({}),
        ),
        ("D:(A;;CC;;;AU)".into(), json!({"restricting": []}), json!({})),
        (
            "D:(A;;CC;;;AU)".into(),
            json!({"restricting": ["BG"], "write_restricted": true}),
            json!({"mapping": "file"}),
        ),
        ("D:(A;;CC;;;PS)".into(), json!({"self": USER}), json!({})),
        (
            "D:(A;;CC;;;AU)S:(ML;;NR;;;HI)".into(),
            json!({"integrity": "S-1-16-12288"}),
            json!({"mapping": "file"}),
        ),
        (
            "D:".into(),
            json!({"privileges": ["SeBackupPrivilege"]}),
            json!({"backup_intent": 1, "mapping": "file"}),
        ),
    ];
    let allowed = json!({"decision": "allowed", "granted": "0x1", "missing": "0x0", "resolve": []});
    let denied = json!({"decision": "denied", "granted": "0x0", "missing": "0x1", "resolve": []});
    let asked: Vec<_> = cases
        .iter()
        .map(|(sddl, caller, more)| (sddl.as_str(), caller.clone(), more.clone()))
        .collect();
    for (answer, case) in lines(&asked).iter().zip(&asked) {
        assert_eq!(answer, &allowed, "{case:?}");
    }
    // An empty claim is there, and equals nothing.
    let empty = ["@User.a == \"x\"", "@User.a"].map(of);
    let asked = [
        (empty[0].as_str(), claim("string", json!([])), json!({})),
        (empty[1].as_str(), claim("string", json!([])), json!({})),
        ("D:(A;;CC;;;AU)", json!({"restricting": ["BG"]}), json!({})),
        (
            "D:(A;;CC;;;AU)S:(ML;;NR;;;HI)",
            json!({"integrity": "low"}),
            json!({"mapping": "file"}),
        ),
    ];
    for (answer, case) in lines(&asked).iter().zip(&asked) {
        assert_eq!(answer, &denied, "{case:?}");
    }
    let unknown = json!({"decision": "denied", "granted": "0x0", "missing": "0x1", "resolve": ["@User.a"]});
    let sddl = of("@User.a == 1");
    assert_eq!(lines(&[(&sddl, json!({"claims_incomplete": 1}), json!({}))]), [unknown]);
}

/// The bytes are laid out by [MS-DTYP] 2.4.6: a DACL with one entry that grants Everyone 0x1.
#[test]
fn a_line_has_text_or_bytes() {
    let hex = "01000490000000000000000000000000140000000200\
               1c00010000000001140001000000010100000000000100000000";
    let line = |more: Value| {
        let mut line = json!({"caller": {"user": USER, "groups": ["WD"]}, "desired": "0x1"});
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let [answer] = <[Value; 1]>::try_from(run(&["check", "--lines", "-"], &line.to_string())).unwrap();
        answer
    };
    assert_eq!(line(json!({"hex": hex})).get("granted"), Some(&json!("0x1")));
    let upper = hex.to_ascii_uppercase();
    assert_eq!(line(json!({"hex": upper})).get("granted"), Some(&json!("0x1")));
    let error = |more: Value, pointer: &str| line(more).pointer(pointer).cloned().unwrap();
    assert_eq!(
        error(json!({"hex": hex.get(..38)}), "/error/kind"),
        "descriptor_truncated"
    );
    assert_eq!(error(json!({"hex": "0x"}), "/error/kind"), "hex_malformed");
    assert_eq!(error(json!({"hex": "01zz"}), "/error/start"), 2);
    assert_eq!(
        error(json!({"hex": hex, "sddl": "D:"}), "/error/kind"),
        "line_unreadable"
    );
    assert_eq!(error(json!({}), "/error/kind"), "line_unreadable");
}

#[test]
fn claims_that_no_caller_has_are_errors() {
    let claim = |kind: &str, values: Value| json!({"name": "a", "type": kind, "values": values});
    let one = |kind: &str, values: Value| json!([claim(kind, values)]);
    for (claims, kind) in [
        (
            json!([claim("int", json!([1])), claim("int", json!([2]))]),
            "claim_repeated",
        ),
        (one("string", json!(["a", "A"])), "claim_value_repeated"),
        (one("int", json!([1, 1])), "claim_value_repeated"),
        (one("int", json!([1.0])), "claim_value_malformed"),
        (one("int", json!(["x"])), "claim_value_malformed"),
        (
            one("int", json!([9_223_372_036_854_775_808_u64])),
            "claim_value_malformed",
        ),
        (one("uint", json!([-1])), "claim_value_malformed"),
        (one("bool", json!([2])), "claim_value_malformed"),
        (one("string", json!([1])), "claim_value_malformed"),
        (one("octets", json!(["abc"])), "claim_value_malformed"),
        (one("sid", json!(["QQ"])), "sid_alias_unknown"),
        (one("string", json!(["\u{0}"])), "string_has_nul"),
        (one("float", json!([1])), "line_unreadable"),
        (json!([{"name": "", "type": "int", "values": []}]), "name_empty"),
    ] {
        for of in ["user", "device"] {
            let caller = json!({"claims": {of: claims}});
            let answers = lines(&[("D:(A;;CC;;;AU)", caller, json!({}))]);
            let found = answers.first().and_then(|answer| answer.pointer("/error/kind"));
            assert_eq!(found, Some(&json!(kind)), "{claims}");
        }
    }
}

/// `decide` has the same options about the caller.
#[test]
fn a_request_is_decided_with_claims_too() {
    let descriptor = "D:(XA;;CC;;;AU;(@User.Role == \"Operator\"))";
    let uuid = "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099";
    let row = json!({"Uuid": uuid, "Status": 3, "SecurityDescriptor": descriptor}).to_string();
    let decide = |options: &[&str]| {
        let arguments = ["decide", "-", "--status", "Completed", "--as", USER, "--format", "json"];
        let [answer] = <[Value; 1]>::try_from(run(&[&arguments, options].concat(), &row)).unwrap();
        answer
    };
    let operator = ["--claim", "Role=\"Operator\""];
    assert_eq!(decide(&operator).get("status"), Some(&json!(200)));
    assert_eq!(
        decide(&["--claim", "Role=\"Clerk\""]).get("reason"),
        Some(&json!("no_right"))
    );
    assert_eq!(
        decide(&["--device-claim", "Role=\"Operator\""]).get("status"),
        Some(&json!(403))
    );
    let restricted = [&operator[..], &["--restricted", "BG"]].concat();
    assert_eq!(decide(&restricted).get("reason"), Some(&json!("no_right")));
    let undetermined = decide(&["--claims-incomplete"]);
    assert_eq!(undetermined.get("reason"), Some(&json!("undetermined")));
    assert_eq!(undetermined.get("resolve"), Some(&json!(["@User.Role"])));
}

/// DU is the group 513 of the domain that the caller belongs to.
#[test]
fn aliases_of_a_domain_are_resolved_where_its_sid_is_given() {
    let line = json!({"sddl": "D:(A;;CC;;;DU)", "desired": "CC",
        "caller": {"user": "S-1-5-21-1-2-3-1104", "groups": ["S-1-5-21-1-2-3-513"]}});
    let aliased = json!({"sddl": "D:(A;;CC;;;S-1-5-21-1-2-3-513)", "desired": "CC",
        "caller": {"user": "S-1-5-21-1-2-3-1104", "groups": ["DU"]}});
    let row =
        json!({"Uuid": "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099", "Status": 3, "SecurityDescriptor": "D:(A;;CC;;;DU)"});
    let check = [
        "check",
        "D:(A;;CC;;;DU)",
        "--desired",
        "CC",
        "--as",
        "S-1-5-21-1-2-3-1104,DU",
        "--format",
        "json",
    ];
    let decide = [
        "decide",
        "-",
        "--status",
        "Completed",
        "--as",
        "S-1-5-21-1-2-3-1104,DU",
        "--format",
        "json",
    ];
    let lines = ["check", "--lines", "-"];
    let text = |values: &[&Value]| values.iter().map(|value| format!("{value}\n")).collect::<String>();
    for (arguments, input) in [
        (&check[..], String::new()),
        (&decide, text(&[&row])),
        (&lines, text(&[&line, &aliased])),
    ] {
        for answer in run(arguments, &input) {
            assert_eq!(answer["error"]["kind"], "sid_alias_unresolved", "{arguments:?}");
        }
        for (domain, allowed) in [("S-1-5-21-1-2-3", true), ("S-1-5-21-1-2-4", false)] {
            let with_domain = [arguments, &["--domain-sid", domain]].concat();
            for answer in run(&with_domain, &input) {
                let found = answer["decision"] == "allowed" || answer["outcome"] == "permitted";
                // Where both the entry and the caller name the group by its alias, they agree in every domain.
                let both = arguments.len() > 3;
                assert_eq!(found, allowed || both, "{with_domain:?}: {answer}");
            }
        }
    }
}
