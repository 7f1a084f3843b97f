//! Reading modules: what is kept, and what is refused with which words.

use framewright_compiler::CompileError;
use framewright_compiler::ir::Type;
use framewright_compiler::wasm::Module;
use framewright_compiler::wasm::module::{ConstExpr, ExportKind, ImportKind, Limits};

fn parse(text: &str) -> Module {
    Module::parse(text.as_bytes()).expect("a valid module")
}

fn refusal(text: &str) -> String {
    Module::parse(text.as_bytes()).expect_err("an invalid module").to_string()
}

#[test]
fn keeps_every_section() {
    let module = parse(
        r#"(module
          (import "env" "base" (global $base i32))
          (import "env" "log" (func $log (param i32)))
          (table (export "t") 4 8 funcref)
          (memory (export "m") 1 2)
          (global $g (mut i64) (i64.const -1))
          (global $f f32 (f32.const nan:0x200001))
          (elem (i32.const 1) $log $two)
          (data (global.get $base) "abc")
          (func $two (export "two") (result i32 f64) (i32.const 7) (f64.const 1))
          (func $go (call $log (i32.const 1)))
          (start $go))"#,
    );
    assert_eq!((module.imported_functions, module.functions.len(), module.bodies.len()), (1, 3, 2));
    assert_eq!(module.function_type(1).results, [Type::I32, Type::F64]);
    assert_eq!(module.imports[0].kind, ImportKind::Global(Type::I32, false));
    assert_eq!(module.imported_globals, 1);
    assert_eq!(module.tables, [Limits { min: 4, max: Some(8) }]);
    assert_eq!(module.memories, [Limits { min: 1, max: Some(2) }]);
    assert_eq!(module.globals[1].init, Some(ConstExpr::Const(u64::MAX)));
    assert_eq!(module.globals[2].init, Some(ConstExpr::Const(0x7fa0_0001)));
    assert_eq!(module.elements[0].functions, [0, 1]);
    assert_eq!(module.data[0].offset, ConstExpr::Global(0));
    assert_eq!(&module.bytes[module.data[0].bytes.clone()], b"abc");
    assert_eq!(module.exports[2].kind, ExportKind::Function(1));
    assert_eq!(module.start, Some(2));
    assert_eq!((module.function_name(0), module.function_name(2)), ("log".into(), "go".into()));
}

#[test]
fn binary_and_text_read_alike() {
    let text = "(module (func (export \"id\") (param i32) (result i32) local.get 0))";
    let binary = wat::parse_str(text).expect("text");
    let (a, b) = (parse(text), Module::parse(&binary).expect("binary"));
    assert_eq!((&a.bytes, &a.bodies, &a.exports), (&b.bytes, &b.bodies, &b.exports));
    assert_eq!(a.function_name(0), "id");
}

#[test]
fn a_huge_table_costs_nothing_to_read() {
    assert_eq!(parse("(module (table 0xffffffff funcref))").tables[0].min, u32::MAX);
    assert!(refusal("(module (memory 65537))").contains("memory size"));
}

#[test]
fn other_proposals_are_refused_by_name() {
    let refused = [
        ("(module (func (param v128)))", "simd"),
        ("(module (func (param externref)))", "reference"),
        ("(module (memory 1) (memory 1))", "multiple memories"),
        ("(module (table 1 funcref) (table 1 funcref))", "multiple tables"),
        ("(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))", "bulk-memory"),
        ("(module (func return_call 0))", "tail"),
        ("(module (memory i64 1))", "memory64"),
        ("(module (memory 1 1 shared))", "threads"),
        ("(module (data \"x\"))", "bulk"),
        ("(module (global i32 (i32.add (i32.const 1) (i32.const 2))))", "extended-const"),
        ("(component)", "component"),
    ];
    for (text, feature) in refused {
        let message = refusal(text);
        assert!(message.to_lowercase().contains(feature), "{text}: {message}");
    }
}

#[test]
fn errors_say_where() {
    let text = refusal("(module\n  (func (result i32)\n    i32.bogus))");
    assert!(text.contains(":3:5"), "{text}");
    match Module::parse(b"\0asm\x01\0\0\0\x01\x02\x01\x61") {
        Err(CompileError::Invalid { offset: 11, .. }) => {}
        other => panic!("{other:?}"),
    }
    for bytes in
        [&b"\0asm"[..], b"\0asm\x02\0\0\0", b"\xff\xfe", b"(modul", b"\0asm\x01\0\0\0\x0a\x04\x01\x02\0\x0b"]
    {
        assert!(Module::parse(bytes).is_err(), "{bytes:?}");
    }
    let mismatch = refusal("(module (func) (func (result i32) i64.const 1))");
    assert!(mismatch.contains("type mismatch") && mismatch.contains("in function 1"), "{mismatch}");
}
