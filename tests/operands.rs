//! Every operator of arithmetic on operands of every shape (a constant, a local, a value just computed, a value
//! computed before another), and every comparison before a branch: tier-0 code gives what the interpreter gives.

use framewright::engine::{Config, EngineError, Extern, Store, Tier};
use framewright_compiler::ir::{NumOp, Type};
use framewright_compiler::wasm::Module;
use framewright_spec::Spec;
use std::fmt::Write;
use std::sync::Arc;

/// Values at which something changes in some operator, by type.
fn values(ty: Type) -> Vec<u64> {
    let f32s = [0.0, -0.0, 1.5, -2147483904.0, 4294967296.0, 9.5e18, f32::INFINITY, f32::NAN];
    let f64s = [0.0, -0.5, -2147483648.9, 4294967295.9, 9.3e18, 2.5, f64::NEG_INFINITY, f64::NAN];
    match ty {
        Type::I32 => [0, 1, 7, 31, 0x80, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff].to_vec(),
        Type::I64 => [0, 1, 63, 0x8000, 0xffff_ffff, i64::MAX as u64, 1 << 63, u64::MAX].to_vec(),
        Type::F32 => f32s.iter().map(|x| u64::from(x.to_bits())).collect(),
        Type::F64 => f64s.iter().map(|x| x.to_bits()).collect(),
    }
}

fn name(ty: Type) -> &'static str {
    match ty {
        Type::I32 => "i32",
        Type::I64 => "i64",
        Type::F32 => "f32",
        Type::F64 => "f64",
    }
}

fn constant(ty: Type, bits: u64) -> String {
    match ty {
        Type::I32 => format!("(i32.const {})", bits as i32),
        Type::I64 => format!("(i64.const {})", bits as i64),
        Type::F32 => format!("(f32.reinterpret_i32 (i32.const {}))", bits as i32),
        Type::F64 if f64::from_bits(bits).is_nan() => "(f64.const nan)".to_owned(),
        Type::F64 => format!("(f64.const {:?})", f64::from_bits(bits)),
    }
}

/// The shapes of an operand: a local, a value just computed, some constants.
fn shapes(ty: Type, local: usize) -> Vec<String> {
    let read = format!("(local.get {local})");
    let computed = match ty {
        Type::I32 => format!("(i32.or {read} (i32.const 0))"),
        Type::I64 => format!("(i64.or {read} (i64.const 0))"),
        Type::F32 => format!("(f32.reinterpret_i32 (i32.reinterpret_f32 {read}))"),
        Type::F64 => format!("(f64.reinterpret_i64 (i64.reinterpret_f64 {read}))"),
    };
    let constants = values(ty).into_iter().skip(3 - local).step_by(5).map(|bits| constant(ty, bits));
    [read, computed].into_iter().chain(constants).collect()
}

/// One function for each combination of shapes, all with the operator's parameters.
fn module(op: NumOp) -> String {
    let params: String = op.args().iter().map(|&ty| format!(" {}", name(ty))).collect();
    let mut text = "(module\n".to_owned();
    let mut function = |count: usize, body: &str| {
        let result = name(op.result());
        writeln!(text, "(func (export \"{count:03}\") (param{params}) (result {result}) {body})")
            .expect("text");
    };
    let mut count = 0;
    let first = shapes(op.args()[0], 0);
    let second = op.args().get(1).map_or(vec![String::new()], |&ty| shapes(ty, 1));
    for x in &first {
        for y in &second {
            function(count, &format!("({} {x} {y})", op.name()));
            count += 1;
        }
    }
    if op.result() == Type::I32 {
        let (x, y) = (&first[0], &second[0]);
        let test = format!("({} {x} {y})", op.name());
        function(count, &format!("(select (i32.const 7) (i32.const 9) {test})"));
        function(count + 1, &format!("(if (result i32) {test} (then (i32.const 7)) (else (i32.const 9)))"));
        function(count + 2, &format!("(i32.eqz {test})"));
        function(count + 3, &format!("(block (br_if 0 {test}) (return (i32.const 9))) (i32.const 7)"));
        let carried = "(drop) (i32.const 9)";
        function(count + 4, &format!("(block (result i32) (br_if 0 (i32.const 7) {test}) {carried})"));
    }
    text.push(')');
    text
}

/// What every function gives for all pairs of values, a NaN as such.
fn outcomes(store: &mut Store, module: &Arc<Module>, op: NumOp) -> Vec<(String, Vec<u64>, String)> {
    let instance = store.instantiate(Arc::clone(module)).expect("it links");
    let exports = store.world().instances[instance].exports.clone();
    let mut all = Vec::new();
    for (export, what) in &exports {
        let Extern::Function(at) = what else { continue };
        for &x in &values(op.args()[0]) {
            for y in op.args().get(1).map_or(vec![0], |&ty| values(ty)) {
                let args = [x, y][..op.args().len()].to_vec();
                let outcome = match store.invoke(*at, &args) {
                    Ok(results) => show(op.result(), results[0]),
                    Err(EngineError::Trap(trap)) => trap.code.to_string(),
                    Err(other) => panic!("{}: {other}", op.name()),
                };
                all.push((export.clone(), args, outcome));
            }
        }
    }
    all
}

fn show(ty: Type, bits: u64) -> String {
    let nan = match ty {
        Type::F32 => f32::from_bits(bits as u32).is_nan(),
        Type::F64 => f64::from_bits(bits).is_nan(),
        _ => false,
    };
    if nan { "nan".to_owned() } else { format!("{bits:x}") }
}

#[test]
fn every_operator_on_operands_of_every_shape() {
    let spec = Arc::new(Spec::embedded().clone());
    let store = |tier| Store::new(Arc::clone(&spec), Config { tier, ..Config::default() });
    let mut outcomes_seen = 0;
    for &op in NumOp::ALL {
        let module = Arc::new(Module::parse(module(op).as_bytes()).expect("valid"));
        let expected = outcomes(&mut store(Tier::Interp), &module, op);
        let found = outcomes(&mut store(Tier::Tier0), &module, op);
        for (expected, found) in expected.iter().zip(&found) {
            assert_eq!(found, expected, "{} (function, arguments, outcome)", op.name());
        }
        assert_eq!(expected.len(), found.len());
        outcomes_seen += found.len();
    }
    assert!(outcomes_seen > 30_000, "only {outcomes_seen} outcomes");
}
