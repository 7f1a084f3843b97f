//! Drawings and tables against files in `tests/explain/`; `BLESS=1` rewrites them.

use framewright_spec::{Spec, explain};

fn check(name: &str) {
    let text = explain(Spec::embedded(), name, None).expect("an item of the specification");
    // Rows come and go; their list is not what this test is about.
    let rows = text.lines().position(|line| line.contains("instruction rows")).unwrap_or(usize::MAX);
    let text: String = text.lines().take(rows).flat_map(|line| [line, "\n"]).collect();
    let path = format!("{}/tests/explain/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &text).expect("the file can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(text == expected, "{path} differs (BLESS=1 rewrites it). Now:\n{text}");
}

#[test]
fn frames() {
    check("native");
    check("tier0");
    check("osr");
}

#[test]
fn transition() {
    check("ryujit");
}

#[test]
fn convention() {
    check("sysv");
}

#[test]
fn machine() {
    check("x86_64");
}

#[test]
fn rows_are_shown_as_written() {
    let text = explain(Spec::embedded(), "push", None).expect("a row");
    assert!(text.starts_with("instruction push.64 s {\n") && text.contains("cite"), "{text}");
}

#[test]
fn unknown_items_get_a_suggestion() {
    let error = explain(Spec::embedded(), "tier1", None).expect_err("there is no such item");
    let help = miette::Diagnostic::help(&error).map(|help| help.to_string());
    assert_eq!(help.as_deref(), Some("did you mean `tier0`?"));
}
