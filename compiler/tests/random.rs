//! Random modules: what is built is well formed, and its text reads back.

mod common;

use common::smith;
use framewright_compiler::ir;
use framewright_compiler::wasm::Module;

fn check(function: &ir::Function, module: &Module, what: &str) {
    if let Err(message) = ir::verify_in(function, module) {
        panic!("{what}: {message}\n{function}");
    }
    let text = function.to_string();
    let read = ir::parse(&text).unwrap_or_else(|error| panic!("{what}: {error}\n{text}"));
    assert_eq!(&read, function, "{what}:\n{text}");
    let mut again = function.clone();
    ir::simplify(&mut again);
    assert_eq!(&again, function, "{what}: simplification is done at once");
}

#[test]
fn functions_are_well_formed_and_read_back() {
    let (mut functions, mut loops) = (0, 0);
    for seed in 0..300 {
        let (_, module) = smith(seed, 60 + seed as usize * 3);
        for index in module.imported_functions..module.functions.len() as u32 {
            let function = ir::build(&module, index).expect("it builds");
            check(&function, &module, &format!("seed {seed}"));
            functions += 1;
            for found in ir::loops(&module, index).expect("it builds") {
                let osr = ir::build_osr(&module, index, found.loop_id);
                assert_eq!(osr.is_ok(), found.reachable, "seed {seed}");
                if let Ok(osr) = osr {
                    check(&osr, &module, &format!("seed {seed} loop {}", found.loop_id));
                    loops += 1;
                }
            }
        }
    }
    assert!(functions > 300 && loops > 100, "only {functions} functions and {loops} loops");
}
