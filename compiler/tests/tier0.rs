//! Tier-0 code as assembly: `tests/tier0/*.wat`, the expected listing of every function at the end of the file as
//! comments. `BLESS=1` rewrites it.
//!
//! An option line `;; options: counter saves=r13,r15` at the top asks for more than patchpoints.

use framewright_compiler::tier0::{Tier0Options, compile};
use framewright_compiler::wasm::Module;
use framewright_spec::{RegSet, Spec};
use std::path::Path;

mod listing;

const MARK: &str = "\n;; ----\n";

#[test]
fn listings_are_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tier0");
    let mut files: Vec<_> = folder.read_dir().expect("valid").map(|f| f.expect("valid").path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "wat"));
    files.sort();
    assert!(files.len() >= 5, "file tests are missing");
    let mut wrong = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("valid");
        let input = text.split_once(MARK).map_or(text.as_str(), |(input, _)| input).trim_end();
        let expected = format!("{input}\n{MARK}{}", listings(input));
        if expected == text {
            continue;
        }
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&file, &expected).expect("valid");
        } else {
            wrong.push(format!("{}: now\n{expected}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}\nrun with BLESS=1 to accept", wrong.join("\n"));
}

fn options(spec: &Spec, input: &str) -> Tier0Options {
    let line = input.lines().find_map(|l| l.strip_prefix(";; options:")).unwrap_or_default();
    let saves = line.split_whitespace().find_map(|w| w.strip_prefix("saves="));
    let machine = &spec.machines["x86_64"];
    let extra_saves: RegSet =
        saves.into_iter().flat_map(|s| s.split(',')).map(|name| machine.reg(name).expect("valid")).collect();
    let has = |word| line.split_whitespace().any(|w| w == word);
    Tier0Options { extra_saves, patchpoints: !has("no-patchpoints"), call_counter: has("counter") }
}

fn listings(input: &str) -> String {
    let spec = Spec::embedded();
    let options = options(spec, input);
    let module = Module::parse(input.as_bytes()).expect("valid");
    let mut text = String::new();
    for index in module.imported_functions..module.functions.len() as u32 {
        let compiled =
            compile(spec.convention("sysv").expect("declared"), &module, index, &options).expect("valid");
        for line in listing::listing(&compiled).lines() {
            text.push_str(&format!(";; {line}\n"));
        }
    }
    text
}
