//! Programs through the builder and the reference interpreter.

use framewright_compiler::TrapCode;
use framewright_compiler::interp::{Instance, Standalone, Trap};
use framewright_compiler::wasm::Module;

fn instance(text: &str) -> Standalone {
    let module = Module::parse(text.as_bytes()).expect("a valid module");
    Standalone::new(&module).expect("an instance")
}

fn call(text: &str, args: &[u64]) -> Result<Vec<u64>, Trap> {
    instance(text).call(0, args)
}

#[test]
fn loops_count() {
    let sum = "(module (func (param $n i32) (result i32) (local $s i32)
        (loop $l
            (local.set $s (i32.add (local.get $s) (local.get $n)))
            (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $s)))";
    assert_eq!(call(sum, &[100]), Ok(vec![5050]));
}

#[test]
fn recursion_branches_and_tables() {
    let fib = "(module (func $fib (param i32) (result i32)
        (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
            (then (local.get 0))
            (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                           (call $fib (i32.sub (local.get 0) (i32.const 2))))))))";
    assert_eq!(call(fib, &[15]), Ok(vec![610]));
    let table = "(module (func (param i32) (result i32)
        (block $c (block $b (block $a (br_table $a $b $a $c (local.get 0)))
            (return (i32.const 10))) (return (i32.const 20))) (i32.const 30)))";
    let results: Vec<_> = (0..5).map(|n| call(table, &[n]).map(|r| r[0])).collect();
    assert_eq!(results, [Ok(10), Ok(20), Ok(10), Ok(30), Ok(30)]);
}

#[test]
fn several_values_through_blocks() {
    let text = "(module (func (param i64 i64) (result i64 i64)
        (local.get 0) (local.get 1)
        (loop (param i64 i64) (result i64 i64)
            (local.set 1) (local.set 0)
            (local.get 1) (i64.add (local.get 0) (local.get 1))
            (br_if 0 (i64.lt_u (local.get 1) (i64.const 50))))))";
    assert_eq!(call(text, &[0, 1]), Ok(vec![55, 89]));
}

#[test]
fn traps_say_where() {
    let div = "(module (func (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))";
    let trap = call(div, &[1, 0]).expect_err("a trap");
    assert_eq!(trap.code, TrapCode::IntegerDivideByZero);
    let module = Module::parse(div.as_bytes()).expect("valid");
    assert_eq!(module.bytes[trap.wasm_offset.expect("an offset") as usize], 0x6d);
    assert_eq!(call(div, &[0x8000_0000, 0xffff_ffff]).expect_err("a trap").code, TrapCode::IntegerOverflow);
    assert_eq!(call("(module (func unreachable))", &[]).expect_err("a trap").code, TrapCode::Unreachable);
    let deep = call("(module (func (call 0)))", &[]).expect_err("a trap");
    assert_eq!(deep.code, TrapCode::StackExhausted);
    assert!(deep.wasm_offset.is_some());
}

#[test]
fn memory_table_and_globals() {
    let text = r#"(module (memory 1 3) (global $g (mut i64) (i64.const 5)) (table 3 funcref)
        (type $v (func (result i32))) (elem (i32.const 1) $one $bad) (data (i32.const 65532) "\01\02\03\ff")
        (func (param i32) (result i32) (call_indirect (type $v) (local.get 0)))
        (func $one (result i32) (i32.load8_s (i32.const 65535)))
        (func $bad)
        (func (param i32) (result i32) (i32.load offset=65532 (local.get 0)))
        (func (result i32 i32 i32)
            (memory.size) (memory.grow (i32.const 2)) (memory.grow (i32.const 1)))
        (func (result i64) (global.set $g (i64.add (global.get $g) (i64.const 1))) (global.get $g)))"#;
    let mut instance = instance(text);
    assert_eq!(instance.call(0, &[1]), Ok(vec![0xffff_ffff]));
    let codes: Vec<_> = [0, 2, 3].iter().map(|&n| instance.call(0, &[n]).expect_err("a trap").code).collect();
    assert_eq!(codes, [TrapCode::IndirectCallToNull, TrapCode::BadSignature, TrapCode::TableOutOfBounds]);
    assert_eq!(instance.call(3, &[0]), Ok(vec![0xff03_0201]));
    assert_eq!(instance.call(3, &[1]).expect_err("a trap").code, TrapCode::MemoryOutOfBounds);
    assert_eq!(instance.call(3, &[0xffff_ffff]).expect_err("a trap").code, TrapCode::MemoryOutOfBounds);
    assert_eq!(instance.call(4, &[]), Ok(vec![1, 1, 0xffff_ffff]));
    assert_eq!(instance.call(5, &[]), Ok(vec![6]));
}

/// What a loop writes in its middle is what is read past a construct after it.
#[test]
fn constructs_after_loops_see_their_writes() {
    let text = "(module (func (param $n i32) (result i32) (local $x i32)
        (loop $l
            (if (local.get $n) (then nop) (else nop))
            (local.set $x (i32.add (local.get $x) (i32.const 10)))
            (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (if (local.get $n) (then nop) (else nop))
        (if (local.get $n) (then nop) (else nop))
        (local.get $x)))";
    assert_eq!(call(text, &[4]), Ok(vec![40]));
}
