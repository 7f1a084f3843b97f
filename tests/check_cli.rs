//! The command `check`: output, summary, exit codes.

use std::path::Path;
use std::process::{Command, Output};

const GOOD: &str = r#"{"method":"f","target":"x64-sysv","code":"53e8faffffff5bc3","parts":[{"begin":0,"end":8,"unwind":""}]}"#;
const WRONG: &str =
    r#"{"method":"g","target":"x64-sysv","code":"53c3","parts":[{"begin":0,"end":2,"unwind":""}]}"#;

fn check(name: &str, lines: &[&str], args: &[&str]) -> (Output, String) {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.jsonl"));
    std::fs::write(&file, lines.join("\n")).expect("a file of records");
    let run = Command::new(env!("CARGO_BIN_EXE_framewright")).arg("check").arg(&file).args(args).output();
    let output = run.expect("the program");
    let text = String::from_utf8(output.stdout.clone()).expect("text");
    (output, text.replace(&file.display().to_string(), "FILE"))
}

#[test]
fn exit_codes_tell_the_worst() {
    assert_eq!(check("good", &[GOOD], &[]).0.status.code(), Some(0));
    assert_eq!(check("wrong", &[GOOD, WRONG], &["--only", "proven"]).0.status.code(), Some(1));
    let (output, text) = check("bad", &[GOOD, "{}", WRONG], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text.ends_with("2 records: 1 proven, 1 refuted, 0 undecided, 0 unsupported, 1 bad lines\n"),
        "{text}"
    );
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("bad.jsonl:2: missing field `method`"), "{told}");
}

#[test]
fn json_is_one_object_a_record_and_a_summary() {
    let lines = [GOOD, WRONG, GOOD, GOOD];
    let (_, text) = check("json", &lines, &["--json", "-j", "3"]);
    let objects: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let verdicts: Vec<&str> = objects.iter().filter_map(|object| object["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["proven", "refuted", "proven", "proven"]);
    assert_eq!(objects[1]["refutation"]["property"], "P1");
    let last = text.lines().last().expect("a line");
    assert_eq!(last, r#"{"summary":{"proven":3,"refuted":1,"undecided":0,"unsupported":0}}"#);
}

#[test]
fn only_one_kind_of_verdict_is_told() {
    let (_, text) = check("only", &[GOOD, WRONG], &["--only", "refuted"]);
    let expected = "refuted      x64-sysv       g\n             FILE:2: P1 stack balance: rsp is ";
    assert!(text.starts_with(expected), "{text}");
    assert_eq!(text.lines().count(), 3);
}

/// The transitions of our own compiler, as records, are proven by the judge that is told nothing of them, under every
/// convention that code is compiled for.
#[test]
fn our_own_transitions_are_proven() {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/sieve.wat");
    let spec = framewright_spec::Spec::embedded();
    let mut records = 0;
    for platform in spec.platforms.values() {
        for abi in spec.abis.values().filter(|abi| abi.machine == platform.machine) {
            let mut compile = Command::new(env!("CARGO_BIN_EXE_framewright"));
            compile.args(["compile", program, "--emit", "json", "--osr", "--abi", &abi.name]);
            let made = compile.args(["--invoke", "main", "10"]).output().expect("the program");
            let told = String::from_utf8_lossy(&made.stderr);
            assert!(made.status.success(), "{}: {told}", abi.name);
            let lines = String::from_utf8(made.stdout).expect("text");
            let lines: Vec<&str> = lines.lines().collect();
            let (output, text) = check(&format!("own-{}", abi.name), &lines, &[]);
            assert_eq!(output.status.code(), Some(0), "{}: {text}", abi.name);
            records += lines.len();
        }
    }
    assert!(records >= 6, "only {records} records");
}
