//! What tier-0 claims about random functions: patchpoints are the loops that the IR has, their state is complete and
//! at distinct homes, and every place named is an instruction that the specification has a meaning for.

mod common;

use common::smith;
use framewright_compiler::Compiled;
use framewright_compiler::ir::{self, Type};
use framewright_compiler::tier0::{Tier0Options, compile};
use framewright_compiler::wasm::Module;
use framewright_spec::claim::{StateSlot, StateValue, ValueKind};
use framewright_spec::{CodeOffset, RegSet, Spec};
use iced_x86::{Code, Decoder, DecoderOptions, Mnemonic};
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::{BinaryReader, FunctionBody, ValType};

/// Instructions of the code by offset.
fn instructions(compiled: &Compiled) -> BTreeMap<CodeOffset, iced_x86::Instruction> {
    let code = &compiled.bytes[..compiled.claim.data.0 as usize];
    let decoded = Decoder::with_ip(64, code, 0, DecoderOptions::NONE).into_iter();
    decoded.map(|i| (CodeOffset(i.ip() as u32), i)).collect()
}

fn kind(ty: Type) -> ValueKind {
    match ty {
        Type::I32 => ValueKind::I32,
        Type::I64 => ValueKind::I64,
        Type::F32 => ValueKind::F32,
        Type::F64 => ValueKind::F64,
    }
}

/// Types of all locals, parameters first.
fn locals(module: &Module, index: u32) -> Vec<Type> {
    let range = module.bodies[(index - module.imported_functions) as usize].clone();
    let body = FunctionBody::new(BinaryReader::new(&module.bytes[range.clone()], range.start as u64));
    let mut locals = module.function_type(index).params.clone();
    for group in body.get_locals_reader().expect("valid") {
        let (count, ty) = group.expect("valid");
        let ty = match ty {
            ValType::I32 => Type::I32,
            ValType::I64 => Type::I64,
            ValType::F32 => Type::F32,
            ValType::F64 => Type::F64,
            other => panic!("a local of type {other}"),
        };
        locals.extend(std::iter::repeat_n(ty, count as usize));
    }
    locals
}

fn check_state(state: &[StateSlot], locals: &[Type], operands: &[Type]) {
    let mut expected = vec![(StateValue::Context, ValueKind::I64)];
    expected.extend((0..).zip(locals).map(|(i, &ty)| (StateValue::Local(i), kind(ty))));
    expected.extend((0..).zip(operands).map(|(i, &ty)| (StateValue::Operand(i), kind(ty))));
    let found: Vec<_> = state.iter().map(|s| (s.value, s.kind)).collect();
    assert_eq!(found, expected);
    let homes: BTreeSet<i64> = state.iter().map(|s| s.home.0).collect();
    assert_eq!(homes.len(), state.len(), "two values share a home");
    assert!(homes.iter().all(|home| home % 8 == 0));
}

fn check(module: &Module, index: u32, compiled: &Compiled) -> usize {
    let claim = &compiled.claim;
    let loops = ir::loops(module, index).expect("valid");
    let locals = locals(module, index);
    let instructions = instructions(compiled);
    for point in &claim.patchpoints {
        let found = &loops[point.id as usize];
        assert!(found.reachable);
        assert_eq!((found.loop_id, found.wasm_offset), (point.id, point.wasm_offset));
        check_state(&point.state, &locals, &found.operands);
        assert_eq!(instructions[&point.jump].code(), Code::Jmp_rm64);
        assert!(instructions.contains_key(&point.resume));
    }
    for table in &claim.jump_tables {
        assert_eq!(instructions[&table.jump].code(), Code::Jmp_rm64);
        assert!(table.table >= claim.data && table.entries > 0);
    }
    for trap in &compiled.traps {
        assert!(instructions.contains_key(&trap.at));
    }
    assert!(compiled.traps.is_sorted_by_key(|t| t.at));
    let rows = &Spec::embedded().machines["x86_64"].instructions;
    let known: BTreeSet<&str> = rows.keys().map(|name| name.split('.').next().expect("valid")).collect();
    for instruction in instructions.values() {
        assert_ne!(instruction.mnemonic(), Mnemonic::INVALID);
        let name = format!("{:?}", instruction.mnemonic()).to_lowercase();
        assert!(known.contains(name.as_str()), "no row for {name}");
    }
    claim.patchpoints.len()
}

#[test]
fn claims_say_what_the_code_has() {
    let spec = Spec::embedded();
    let options = Tier0Options { extra_saves: RegSet::EMPTY, patchpoints: true, call_counter: true };
    let mut patchpoints = 0;
    for seed in 0..200 {
        let (_, module) = smith(seed, 60 + seed as usize * 3);
        for index in module.imported_functions..module.functions.len() as u32 {
            let compiled =
                compile(spec.convention("sysv").expect("declared"), &module, index, &options).expect("valid");
            patchpoints += check(&module, index, &compiled);
            let again =
                compile(spec.convention("sysv").expect("declared"), &module, index, &options).expect("valid");
            assert_eq!(compiled.bytes, again.bytes, "the same function gives other bytes");
        }
    }
    assert!(patchpoints > 50, "only {patchpoints} patchpoints");
}

#[test]
fn every_saved_set_that_the_frame_may_have_is_claimed() {
    let spec = Spec::embedded();
    let bound = spec.set_bound("sysv.tier0", "saved", None).expect("valid");
    let module = Module::parse(b"(module (memory 1) (func (loop (br 0))))").expect("valid");
    for bits in 0..1u32 << bound.len() {
        let members = bound.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1);
        let extra_saves: RegSet = members.map(|(_, reg)| reg).collect();
        let options = Tier0Options { extra_saves, patchpoints: true, call_counter: false };
        let compiled =
            compile(spec.convention("sysv").expect("declared"), &module, 0, &options).expect("valid");
        let saved = compiled.claim.shape.sets["saved"];
        assert!(extra_saves.within(saved) && saved.within(bound));
        check(&module, 0, &compiled);
    }
}

#[test]
fn fifty_thousand_locals_and_a_table_of_ten_thousand_entries() {
    let spec = Spec::embedded();
    let options = Tier0Options { extra_saves: RegSet::EMPTY, patchpoints: true, call_counter: false };
    let locals = "i64 ".repeat(49_999);
    let table = "0 1 ".repeat(5_000);
    let text = format!(
        "(module (func (param i32) (result i64) (local {locals})
           (loop (block (block (br_table {table} 1 (local.get 0)))))
           (local.get 49999)))"
    );
    let module = Module::parse(text.as_bytes()).expect("valid");
    let compiled = compile(spec.convention("sysv").expect("declared"), &module, 0, &options).expect("valid");
    assert_eq!(check(&module, 0, &compiled), 1);
    assert_eq!(compiled.claim.jump_tables[0].entries, 10_000);
}
