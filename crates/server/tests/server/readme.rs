use crate::process::Server;
use std::process::Command;

/// The lines of the README, run by a shell as they stand, but for the port.
#[test]
fn what_the_readme_prints_is_answered() {
    let readme = include_str!("../../README.md");
    let (_, serve) = readme.split_once("\n## Try it\n").unwrap();
    let blocks: Vec<_> = serve
        .split("```sh\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    let [start, lines] = blocks[..2] else { unreachable!() };
    assert!(start.ends_with(" -- --demo --insecure-dev-caller\n"), "{start}");
    let server = Server::start(&["--demo", "--insecure-dev-caller"]);
    assert!(lines.contains("127.0.0.1:8080"));
    let script = lines.replace("127.0.0.1:8080", server.address());
    let output = Command::new("sh").args(["-euc", &script]).output().unwrap();
    assert!(
        output.status.success(),
        "curl is needed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<_> = answers.lines().map(|line| line.rsplit_once("  ").unwrap()).collect();
    let expected: Vec<_> = lines.lines().filter_map(|line| line.rsplit_once(" # ")).collect();
    assert_eq!(expected.len(), 8);
    assert_eq!(answers.len(), expected.len(), "{answers:?}");
    for ((body, status), (line, comment)) in answers.iter().zip(&expected) {
        assert!(comment.starts_with(status), "{line}: {status} {body}");
        if let Some((_, property)) = comment.split_once(" \"") {
            assert!(body.contains(property), "{line}: {body}");
        }
    }
    let message = |index: usize| answers[index].0.split("\"CorrelationId\"").next().unwrap();
    assert_eq!(message(1), message(2));
}
