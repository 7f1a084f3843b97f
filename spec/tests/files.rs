//! Files of the language. Those in `tests/good/` load over the embedded specification and are in the
//! printer's layout. Those in `tests/bad/` are refused with the diagnostic that follows their text, behind a
//! line
//! `// refused with`; `BLESS=1` rewrites it.

use framewright_spec::lang::{Source, parse, print};
use framewright_spec::{Spec, SpecError};
use miette::{GraphicalReportHandler, GraphicalTheme};
use std::path::{Path, PathBuf};

const MARK: &str = "// refused with\n";

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let entries = std::fs::read_dir(&folder).expect("the folder can be read");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "no files in {}", folder.display());
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn render(error: &SpecError) -> String {
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    handler.render_report(&mut text, error).expect("a report");
    let comment = |line: &str| format!("// {line}").trim_end().to_owned() + "\n";
    text.trim_matches('\n').lines().map(comment).collect()
}

#[test]
fn bad_files_are_refused() {
    let mut failures = Vec::new();
    for path in files("bad") {
        let text = std::fs::read_to_string(&path).expect("the file can be read");
        let (input, expected) = text.split_once(MARK).unwrap_or((&text, ""));
        let source = Source::new(name(&path), input);
        let Err(error) = Spec::load(&[source]) else {
            failures.push(format!("{} loads", name(&path)));
            continue;
        };
        let rendered = render(&error);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, format!("{input}{MARK}{rendered}")).expect("the file can be written");
        } else if rendered != expected {
            failures.push(format!("{} is refused with\n{rendered}", name(&path)));
        }
        assert!(error.location().is_some(), "{}: no place in the text", name(&path));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn good_files_load() {
    for path in files("good") {
        let text = std::fs::read_to_string(&path).expect("the file can be read");
        let source = Source::new(name(&path), text);
        let spec =
            Spec::load(std::slice::from_ref(&source)).unwrap_or_else(|error| panic!("{}", render(&error)));
        for frame in spec.frames.keys() {
            let drawn = framewright_spec::explain(&spec, frame, None).expect("a drawing");
            assert!(drawn.contains("<- SP"), "{drawn}");
        }
        let tree = parse(&source).expect("it loads, so it parses");
        assert_eq!(print(&tree), source.text(), "{} is not formatted", name(&path));
    }
}

#[test]
fn a_users_item_replaces_the_embedded_one() {
    let text = include_str!("good/epilog-order.fw");
    let spec = Spec::load(&[Source::new("epilog-order.fw", text)]).expect("it loads");
    let at = spec.declared_at("frame", "", "sysv.tier0").expect("a place");
    assert_eq!(at.to_string(), "epilog-order.fw:3");
    let shape = spec.example_shape("sysv.tier0").expect("a shape");
    let epilog = |spec: &Spec| spec.layout("sysv.tier0", &shape).expect("a layout").epilog;
    assert_ne!(epilog(&spec), epilog(Spec::embedded()));
}

#[test]
fn statements_are_located() {
    let spec = Spec::embedded();
    let line = |statement: &str| spec.stated_at(statement).expect("a place").line_text();
    assert_eq!(line("frame sysv.osr: epilog"), "epilog {");
    assert_eq!(line("frame sysv.osr: region return_copy"), "region return_copy: return_copy of 8");
    assert_eq!(
        line("frame sysv.osr: region saves"),
        "region saves: saves(saved, descending) of 8 * count(callee_saved - {rbp})"
    );
    assert_eq!(line("frame sysv.osr: state map"), "frame sysv.osr extends sysv.tier0 {");
    assert_eq!(line("transition sysv.ryujit: kept"), "kept: rsp, rbp");
    assert!(line("convention sysv: callee_saved").starts_with("callee_saved: rbx"));
    assert_eq!(spec.stated_at("nonsense"), None);
}
