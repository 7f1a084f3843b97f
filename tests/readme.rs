//! What the README shows is what the command prints: a block under `<!-- framewright ARGS -->` is its output.
//! `BLESS=1` writes the blocks anew. The table of proofs for all sizes, which takes too long to be made here, has a row for
//! each statement of the specification: `make sizes` makes it.

use framewright::design::statements;
use framewright_spec::Spec;
use std::process::Command;

const MARK: &str = "<!-- framewright ";

/// What the command prints.
fn printed(args: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_framewright"))
        .args(args.split_whitespace())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "framewright {args}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The text with every marked block made anew.
fn renewed(text: &str) -> String {
    let (mut out, mut blocks) = (String::new(), 0);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out += line;
        out.push('\n');
        let Some(args) = line.strip_prefix(MARK).and_then(|rest| rest.strip_suffix(" -->")) else { continue };
        out += lines.next().expect("a fence after the mark");
        out.push('\n');
        assert!(lines.by_ref().any(|line| line == "```"), "a fence that closes");
        out += printed(args).trim_end();
        out += "\n```\n";
        blocks += 1;
    }
    assert!(blocks > 0, "no marked block");
    out
}

#[test]
fn the_readme_shows_what_the_command_prints() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let text = std::fs::read_to_string(path).expect("the README");
    let renewed = renewed(&text);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, renewed).expect("the README is writable");
    } else {
        assert!(text == renewed, "the README is stale: run the tests with BLESS=1");
    }
}

#[test]
fn the_table_of_proofs_for_all_sizes_has_every_statement() {
    let text = include_str!("../README.md");
    let mut rows =
        text.lines().skip_while(|line| !line.starts_with("| convention | frame | entered by | classes |"));
    assert!(rows.next().is_some() && rows.next().is_some(), "headings");
    let told: Vec<[String; 3]> = rows
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let mut cells = line.split('|').skip(1).map(|cell| cell.trim().to_owned());
            std::array::from_fn(|_| cells.next().unwrap_or_default())
        })
        .collect();
    let wanted: Vec<[String; 3]> = statements(Spec::embedded())
        .into_iter()
        .map(|s| {
            let short = |name: &str| name.strip_prefix(&format!("{}.", s.abi)).unwrap_or(name).to_owned();
            let entered = s.transition.as_deref().map_or("a call".to_owned(), short);
            [s.abi.clone(), short(&s.frame), entered]
        })
        .collect();
    assert_eq!(told, wanted, "run `make sizes`, and put the table into the README");
}
