use super::{ConfigError, Read, Refusal, environment::variable, read};
use crate::options;
use clap::{ArgAction, Command, CommandFactory, error::ErrorKind};
use core::cell::RefCell;
use std::{collections::BTreeSet, ffi::OsString, path::Path};

/// Options that suffice for a start, by each of those who can say who calls.
const STARTS: [&[&str]; 5] = [
    &["--demo", "--insecure-dev-caller"],
    &["--demo", "--proxy-uid=33"],
    &["--store=s", "--proxy-secret-file=secret"],
    &["--demo", "--token-issuer=i", "--token-audience=a", "--token-keys=k"],
    &[
        "--demo",
        "--tls-cert=c",
        "--tls-key=k",
        "--tls-client-ca=a",
        "--proxy-certificate",
    ],
];
/// Options that others need or exclude.
const LINKED: [&str; 4] = [
    "--demo",
    "--insecure-dev-caller",
    "--proxy-secret-file=secret",
    "--one-caller-header",
];
/// Values of which each option takes one that is not its default.
const VALUES: &[&str] = &[
    "7",
    "9000",
    "127.0.0.1:7",
    "ES256",
    "error",
    "json",
    "entra",
    "2001:db8::/32",
    "0660",
    "2015-07-07T23:37:37.767Z",
];

fn command() -> Command {
    options::Command::command()
}

fn options(line: &[&str], variables: &[(String, String)], file: Option<&str>) -> Result<String, String> {
    let file = file.map(str::to_owned);
    let line = ["program"].iter().chain(line).map(OsString::from).collect();
    let named = file.iter().map(|_| ("SDDL_AUTHZ_CONFIG".into(), "file".into()));
    let variables = variables
        .iter()
        .map(|(name, value)| (name.into(), value.into()))
        .chain(named);
    let load = |_: &Path| Ok(file.clone().unwrap_or_default());
    match read::<options::Command>(command(), line, variables, &load) {
        Ok(Ok(Read { options, .. })) => Ok(format!("{options:?}")),
        Ok(Err(Refusal { error, places })) => Err(format!("{error}{places:?}")),
        Err(error) => Err(error.to_string()),
    }
}

/// Each option once, as on the command line.
fn samples() -> Vec<String> {
    let mut samples = Vec::new();
    for argument in command().get_arguments() {
        let Some(long) = argument.get_long() else {
            continue;
        };
        if ["config", "check-config"].contains(&long) {
            continue;
        }
        if matches!(argument.get_action(), ArgAction::SetTrue) {
            samples.push(format!("--{long}"));
            continue;
        }
        let is_refused = |value: &str| {
            let line = ["program".to_owned(), format!("--{long}={value}")];
            let result = command().try_get_matches_from(line);
            result.is_err_and(|error| [ErrorKind::InvalidValue, ErrorKind::ValueValidation].contains(&error.kind()))
        };
        let is_default = |value: &str| argument.get_default_values().iter().any(|default| default == value);
        let value = VALUES.iter().find(|value| !is_refused(value) && !is_default(value));
        let value = value.unwrap_or_else(|| panic!("VALUES has none for --{long}"));
        samples.push(format!("--{long}={value}"));
    }
    samples
}

/// The line of the file that means an option of the command line.
fn line(option: &str) -> String {
    let option = option.strip_prefix("--").unwrap();
    match option.split_once('=') {
        None => format!("{option} = true\n"),
        Some((name, value)) if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.starts_with('0') => {
            format!("{name} = {value}\n")
        }
        Some((name, value)) => format!("{name} = '{value}'\n"),
    }
}

fn variable_of(option: &str) -> (String, String) {
    let option = option.strip_prefix("--").unwrap();
    let (name, value) = option.split_once('=').unwrap_or((option, "true"));
    (variable(name), value.to_owned())
}

#[test]
fn an_option_means_in_a_file_and_in_a_variable_what_it_means_on_the_command_line() {
    let effects = RefCell::new(BTreeSet::new());
    let mut compared = BTreeSet::new();
    let samples = samples();
    for start in STARTS {
        let plain = options(start, &[], None).unwrap();
        for option in &samples {
            let expected = options(&[start, &[option.as_str()]].concat(), &[], None);
            // A key must not be there twice.
            let is_new = !start
                .iter()
                .any(|given| given.split('=').eq(option.split('=')) || same(given, option));
            let name = |result: &Result<String, String>| result.clone().map_err(|_| ());
            // Once where it is taken, and once where it is refused.
            if is_new && compared.insert((option, expected.is_ok())) {
                let by_file = options(start, &[], Some(&line(option)));
                let by_variable = options(start, &[variable_of(option)], None);
                let whole: String = start.iter().map(|option| line(option)).chain([line(option)]).collect();
                assert_eq!(name(&by_file), name(&expected), "{start:?} {option} {by_file:?}");
                assert_eq!(
                    name(&by_variable),
                    name(&expected),
                    "{start:?} {option} {by_variable:?}"
                );
                assert_eq!(name(&options(&[], &[], Some(&whole))), name(&expected), "{whole}");
            }
            if expected.is_ok_and(|expected| expected != plain) {
                effects.borrow_mut().insert(option.clone());
            }
        }
    }
    // Each has an effect with one of the starts, so none is read and forgotten.
    let without: Vec<_> = samples
        .into_iter()
        .filter(|option| !effects.borrow().contains(option))
        .collect();
    let in_starts = |option: &String| STARTS.concat().iter().any(|given| same(given, option));
    assert_eq!(
        without
            .into_iter()
            .filter(|option| !in_starts(option))
            .collect::<Vec<_>>(),
        [""; 0]
    );
}

fn same(one: &str, other: &str) -> bool {
    one.split('=').next() == other.split('=').next()
}

#[test]
fn conflicts_and_requirements_hold_between_places() {
    let is_linked = |option: &String| {
        STARTS
            .iter()
            .any(|start| options(&[*start, &[option.as_str()]].concat(), &[], None).is_err())
    };
    let linked: Vec<_> = samples().into_iter().filter(is_linked).collect();
    let (mut taken, mut refused) = (0, 0);
    for (index, first) in LINKED.into_iter().enumerate() {
        for second in LINKED.into_iter().skip(index + 1) {
            for third in linked
                .iter()
                .filter(|third| ![first, second].iter().any(|given| same(given, third)))
            {
                let expected = options(&[first, second, third], &[], None).map_err(|_| ());
                let found = options(&[first], &[variable_of(second)], Some(&line(third)));
                assert_eq!(
                    found.clone().map_err(|_| ()),
                    expected,
                    "{first} {second} {third}: {found:?}"
                );
                match expected {
                    Ok(_) => taken += 1,
                    Err(()) => refused += 1,
                }
            }
        }
    }
    assert!(taken > 5 && refused > 20, "{taken} {refused}");
}

#[test]
fn a_file_can_t_open_what_the_command_line_closes() {
    for (line, file) in [
        (
            &["--store=s", "--proxy-secret-file=x"][..],
            "insecure-dev-caller = true",
        ),
        (&["--demo", "--insecure-dev-caller"], "proxy-secret-file = 'x'"),
        (&["--demo", "--insecure-dev-caller"], "one-caller-header = true"),
        (&["--demo"], "proxy-uid = 0\nproxy-secret-file = 'x'"),
        (&["--demo"], "insecure-dev-caller = false"),
        (&["--insecure-dev-caller"], "demo = false"),
        (&["--demo", "--proxy-uid=0"], "token-audience = ['a']"),
    ] {
        assert!(options(line, &[], Some(file)).is_err(), "{line:?} {file}");
    }
    let error = options(
        &["--demo", "--proxy-uid=0"],
        &[],
        Some("\ninsecure-dev-caller = true\n"),
    )
    .unwrap_err();
    assert!(
        error.contains("--insecure-dev-caller is given by `file`, line 2"),
        "{error}"
    );
}

#[test]
fn the_command_line_comes_before_the_environment_and_this_before_the_file() {
    let file = "max-body = 1\ngrace = 1\nhead-timeout = 1\ntoken-audience = ['f', 'g']\n";
    let file = format!("{file}demo = true\ntoken-issuer = 'i'\ntoken-keys = 'k'\nlog = 'error'\n");
    let variables = ["--max-body=2", "--grace=2", "--token-audience=b,c"].map(variable_of);
    let found = options(&["--max-body=3"], &variables, Some(&file)).unwrap();
    for part in ["max_body: 3", "grace: 2", "head_timeout: 1", r#"["b", "c"]"#] {
        assert!(found.contains(part), "{part}: {found}");
    }
    let found = options(&["--token-audience=a", "--"], &[], Some(&file));
    assert!(found.unwrap().contains(r#"["a"]"#));
    let off = [(variable("insecure-dev-caller"), "false".to_owned())];
    let file = "demo = true\ninsecure-dev-caller = true\nproxy-uid = 0";
    assert!(
        options(&[], &off, Some(file)).is_ok(),
        "a variable turns a flag of the file off"
    );
}

#[test]
fn what_is_unknown_or_of_another_type_is_an_error_with_its_place() {
    for (file, place, text) in [
        ("polcy = 'x'\n", "line 1", "polcy"),
        ("demo = true\n\n[token]\nissuer = 'x'\n", "line 3", "token"),
        ("demo = true\nconfig = 'x'\n", "line 2", "config"),
        ("check-config = true\n", "line 1", "check-config"),
        ("help = true\n", "line 1", "help"),
        ("max_body = 1\n", "line 1", "max_body"),
        ("demo = 'true'\n", "line 1", "true or false"),
        ("demo = 1\n", "line 1", "true or false"),
        ("max-body = true\n", "line 1", "a text or a number"),
        ("max-body = 1.0\n", "line 1", "a text or a number"),
        ("max-body = 0x10\n", "line 1", "a text or a number"),
        ("store = ['a']\n", "line 1", "a text or a number"),
        ("token-audience = [['a']]\n", "line 1", "a list"),
        ("demo = true\ndemo = true\n", "line 2", "duplicate"),
        ("demo = true\nstore = 'a\n", "line 2", ""),
    ] {
        let error = options(STARTS[0], &[], Some(file)).unwrap_err();
        assert!(error.contains(place) && error.contains(text), "{file}: {error}");
    }
    for (name, value) in [
        ("DEMO", "yes"),
        ("DEMO", ""),
        ("STORE", ""),
        ("TOKEN_AUDIENCE", "a,"),
        ("CONFIG", ""),
    ] {
        let error = options(STARTS[0], &[(format!("SDDL_AUTHZ_{name}"), value.to_owned())], None).unwrap_err();
        assert!(error.contains(&format!("SDDL_AUTHZ_{name}")), "{error}");
    }
}

#[test]
fn the_environment_names_the_file_and_unknown_variables_are_reported() {
    let variables = [
        ("SDDL_AUTHZ_CONFIG", "named"),
        ("SDDL_AUTHZ_POLCY", "x"),
        ("OTHER", "x"),
    ];
    let variables = || variables.iter().map(|(name, value)| (name.into(), value.into()));
    let load = |path: &Path| {
        assert_eq!(path, Path::new("named"));
        Ok("demo = true\nproxy-uid = 5\n".to_owned())
    };
    let found = read::<options::Command>(command(), vec!["program".into()], variables(), &load)
        .unwrap()
        .unwrap();
    assert_eq!(found.unknown_variables, ["SDDL_AUTHZ_POLCY"]);
    assert!(format!("{:?}", found.options).contains("proxy_uid: Some(5)"));
    let line = vec!["program".into(), "--config=named".into()];
    let found = read::<options::Command>(command(), line, core::iter::empty(), &load)
        .unwrap()
        .unwrap();
    assert!(format!("{:?}", found.options).contains("proxy_uid: Some(5)"));
    let gone = |_: &Path| Err(std::io::ErrorKind::NotFound.into());
    let error = read::<options::Command>(command(), vec!["program".into()], variables(), &gone).unwrap_err();
    assert!(matches!(error, ConfigError::File { .. }));
}

#[test]
fn a_verb_takes_the_options_that_it_knows() {
    let file = "store = 'from-file'\ndemo = true\nproxy-uid = 0\n";
    let found = options(&["backup", "target"], &[], Some(file)).unwrap();
    assert!(found.contains(r#"store: "from-file""#), "{found}");
    for line in [
        &["backup", "--store=own", "target"][..],
        &["backup", "--store=own", "--", "target"],
    ] {
        let found = options(line, &[], Some(file)).unwrap();
        assert!(
            found.contains(r#"store: "own""#) && found.contains(r#"target: "target""#),
            "{found}"
        );
    }
    let found = options(&["backup", "--", "target"], &[], Some(file)).unwrap();
    assert!(found.contains(r#"store: "from-file""#), "{found}");
    assert!(options(&["backup", "target"], &[], Some("demo = true\nproxyuid = 0\n")).is_err());
    // The file of the server's policy is the one of the import, and not the digest by which the audit is asked.
    let file = "store = 's'\npolicy = '/etc/policy'\n";
    let found = options(&["import", "-"], &[], Some(file)).unwrap();
    assert!(found.contains(r#"policy: Some("/etc/policy")"#), "{found}");
    let plain = options(&["audit", "--store=s"], &[], None).unwrap();
    assert_eq!(options(&["audit"], &[], Some(file)).unwrap(), plain);
}
