//! `tests/ir/*.wat`: a module, then, as comments, the IR of its functions and of the OSR entries at their
//! loops. `BLESS=1` rewrites the expected part.

use framewright_compiler::ir;
use framewright_compiler::wasm::Module;
use std::path::Path;

const MARK: &str = ";; expected:\n";

fn ir_of(source: &str) -> String {
    let module = Module::parse(source.as_bytes()).expect("a valid module");
    let mut text = String::new();
    for index in module.imported_functions..module.functions.len() as u32 {
        text += &ir::build(&module, index).expect("it builds").to_string();
        for found in ir::loops(&module, index).expect("it builds").into_iter().filter(|found| found.reachable)
        {
            text += &ir::build_osr(&module, index, found.loop_id).expect("it builds").to_string();
        }
    }
    text.lines().map(|line| format!(";; {line}").trim_end().to_owned() + "\n").collect()
}

#[test]
fn the_ir_is_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ir");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(paths.len() >= 6);
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("text");
        let (source, expected) = text.split_once(MARK).unwrap_or((&text, ""));
        let actual = ir_of(source);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, format!("{source}{MARK}{actual}")).expect("it can be written");
        } else {
            assert!(actual == expected, "{} (BLESS=1 rewrites):\n{actual}", path.display());
        }
    }
}
