//! Large and deep functions: they build, without recursion, and into IR that grows no faster than they do.

use framewright_compiler::ir::{self, Dominators, Function, LoopForest};
use framewright_compiler::wasm::Module;
use std::fmt::Write;

fn build(body: &str) -> Function {
    let text = format!("(module (func (param i32) (result i32) {body}))");
    let module = Module::parse(text.as_bytes()).expect("a valid module");
    let function = ir::build(&module, 0).expect("it builds");
    ir::verify(&function).expect("it is well formed");
    if let Some(last) = ir::loops(&module, 0).expect("it builds").last() {
        let osr = ir::build_osr(&module, 0, last.loop_id).expect("it builds");
        ir::verify(&osr).expect("it is well formed");
    }
    function
}

/// Values, instructions, blocks and arguments on edges.
fn size(function: &Function) -> usize {
    let ends = function.blocks.iter().filter_map(|block| block.end.as_ref());
    let arguments: usize = ends.flat_map(|end| end.targets()).map(|target| 1 + target.args.len()).sum();
    function.values.len() + function.insts.len() + function.blocks.len() + arguments
}

/// The size of what a program of `n` and of `4 n` parts becomes; the latter at most about four times the
/// former.
fn grows_linearly(program: impl Fn(usize) -> String) -> Function {
    let small = build(&program(1000));
    let large = build(&program(4000));
    let (small, grown) = (size(&small), size(&large));
    assert!(grown <= small * 9 / 2, "{small} became {grown}");
    large
}

#[test]
fn straight_code() {
    grows_linearly(|n| "(local.set 0 (i32.add (local.get 0) (i32.const 3)))".repeat(n) + "(local.get 0)");
}

#[test]
fn many_arms_and_exits() {
    let arm = "(if (local.get 0) (then (local.set 0 (i32.const 3))))
        (br_if $out (i32.const 9) (i32.eqz (local.get 0))) (drop)";
    grows_linearly(|n| format!("(block $out (result i32) {} (local.get 0))", arm.repeat(n)));
}

#[test]
fn deep_nests() {
    let blocks = |n: usize| "block ".repeat(n) + "local.get 0 br_if 3" + &" end".repeat(n) + " i32.const 1";
    grows_linearly(blocks);
    let nest = grows_linearly(|n| {
        "loop ".repeat(n)
            + &"local.get 0 i32.const 1 i32.sub local.tee 0 br_if 0 end ".repeat(n)
            + " local.get 0"
    });
    let forest = LoopForest::new(&nest, &Dominators::new(&nest));
    assert_eq!(forest.loops().map(|(_, data)| data.depth).max(), Some(4000));
    grows_linearly(|n| "local.get 0 if ".repeat(n) + &"end ".repeat(n) + "local.get 0");
}

#[test]
fn wide_tables() {
    let table = |n: usize| {
        let labels: String = (0..n).map(|k| format!(" {}", k % 3)).collect();
        format!(
            "(block (block (loop (local.set 0 (i32.add (local.get 0) (i32.const 1)))
                (br_table{labels} (local.get 0))))) (local.get 0)"
        )
    };
    grows_linearly(table);
    let distinct = |n: usize| {
        let labels: String = (0..n).map(|k| format!(" {k}")).collect();
        let arms = "end (local.set 0 (i32.add (local.get 0) (i32.const 1))) ".repeat(n);
        format!("{} (br_table{labels} (local.get 0)) {arms} (local.get 0)", "block ".repeat(n))
    };
    grows_linearly(distinct);
}

#[test]
fn many_locals() {
    let mut body = String::from("(local");
    (1..50_000).for_each(|_| body += " i32");
    body += ") (loop $l";
    for n in 1..40 {
        write!(body, "(local.set {} (i32.add (local.get {}) (local.get 0)))", n * 1250, n)
            .expect("a string takes it");
    }
    body += "(br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 49_999)";
    let function = build(&body);
    assert!(size(&function) < 1000, "locals that are not used cost nothing: {}", size(&function));
}

#[test]
fn many_locals_read_after_many_constructs() {
    let program = |n: usize| {
        let locals = " i64".repeat(n);
        let arms =
            "(if (local.get 0) (then (local.set 0 (i32.const 3)))) (loop (br_if 0 (local.get 0)))".repeat(n);
        let reads: String =
            (1..=n).map(|k| format!("(local.set {k} (i64.add (local.get {k}) (i64.const 1)))")).collect();
        format!("(local{locals}) {reads} {arms} {reads} (i32.wrap_i64 (local.get 1))")
    };
    grows_linearly(program);
}
