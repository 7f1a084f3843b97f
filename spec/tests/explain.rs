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
    check("sysv.native");
    check("sysv.tier0");
    check("sysv.osr");
}

#[test]
fn transition() {
    check("sysv.ryujit");
}

#[test]
fn probed_frame() {
    check("sysv.probed");
    check("windows_x64.chkstk");
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
fn registers() {
    check("ebx");
    check("mxcsr");
}

#[test]
fn shapes_are_written_in_words() {
    let spec = Spec::embedded();
    let machine = &spec.machines["x86_64"];
    let shape = |words: &[&str]| spec.shape_of_words("sysv.osr", words.iter().copied());
    let given = shape(&["saved=rbx, r12", "locals=8", "tier0.saved=", "tier0.locals=24"]).expect("a shape");
    let shown = "saved {rbx, r12}, locals 8, outgoing 40; \
                 extended frame: saved {}, locals 24, outgoing 40";
    assert_eq!(machine.display_shape(&given).to_string(), shown);

    let refused = |words: &[&str]| shape(words).expect_err("refused").to_string();
    assert_eq!(refused(&["saved=rbq"]), "unknown register `rbq`");
    assert_eq!(refused(&["locals"]), "expected `parameter=value`, found `locals`");
    assert_eq!(refused(&["locals=many"]), "expected a number of bytes, found `many`");
    assert_eq!(refused(&["native.locals=1"]), "frame `sysv.osr`: unknown parameter `native.locals`");
}

#[test]
fn unknown_items_get_a_suggestion() {
    let error = explain(Spec::embedded(), "sysv.tier1", None).expect_err("there is no such item");
    let help = miette::Diagnostic::help(&error).map(|help| help.to_string());
    assert_eq!(help.as_deref(), Some("did you mean `sysv.tier0`?"));
}
