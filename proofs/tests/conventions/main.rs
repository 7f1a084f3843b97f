//! Conventions against code of another compiler: what a callee keeps, where arguments and results are.
//!
//! Clang compiles functions for a convention's own triple. One writes every register that it may be told to; it keeps
//! what the triple's convention says. Others store their arguments, or return values. A small program fills every
//! register with a value of its own, puts arguments where the spec says, calls, and writes out what it finds after.
//! It is an ELF of Linux, run by the processor or under QEMU. So of Clang's assembly only the instructions are taken:
//! directives of other systems' object formats and of unwinding are left out, and nothing needs a relocation.

mod blocks;
mod program;

use blocks::{Block, CONTEXT, filling};
use framewright_compiler::calls::{CallLayout, Place};
use framewright_compiler::ir::Type;
use framewright_compiler::wasm::module::FuncType;
use framewright_spec::{Abi, Machine, Reg, Spec};
use libtest_mimic::{Arguments, Failed, Trial};
use program::{Program, Tools};
use serde_json::Value;

fn main() {
    let table: Value = match serde_json::from_str(include_str!("table.json")) {
        Ok(table) => table,
        Err(error) => panic!("table.json: {error}"),
    };
    let trials = Spec::embedded().abis.values().map(|abi| {
        let table = table.clone();
        Trial::test(format!("{} is as clang has it", abi.name), move || check(abi, &table))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// A call: of what, and what is said of it.
enum Case {
    /// Of the function that writes all registers.
    Keep,
    /// Of one that stores its arguments; whether they are where that convention has them.
    Arguments { ty: FuncType, layout: CallLayout, right: bool },
    /// Of one that returns as many words, or doubles, as the convention has registers for.
    Results(Vec<Reg>),
}

fn check(abi: &'static Abi, table: &Value) -> Result<(), Failed> {
    let machine = Spec::embedded().machines.get(&abi.machine).ok_or("no such machine")?;
    let cases = cases(abi, table)?;
    let tools = Tools::new(table, abi)?;
    let mut program = Program::new(&tools, machine);
    for (number, case) in cases.iter().enumerate() {
        let block = before(abi, machine, case, number)?;
        match case {
            Case::Keep => program.keep(abi, block),
            Case::Arguments { ty, .. } => program.arguments(ty, block),
            Case::Results(registers) => program.results(machine, registers, block),
        }
    }
    let blocks = program.run(&abi.name)?;
    let mut wrong = Vec::new();
    for (case, block) in cases.iter().zip(&blocks) {
        judge(abi, machine, case, block, &mut wrong);
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// The calls, some with arguments by a convention changed a little, which must show.
fn cases(abi: &Abi, table: &Value) -> Result<Vec<Case>, Failed> {
    let mut cases = vec![Case::Keep];
    let signatures = table["signatures"].as_array().ok_or("no signatures")?;
    let signatures = signatures.iter().map(|text| text.as_str().map(signature).ok_or("not a text"));
    let signatures = signatures.collect::<Result<Vec<_>, _>>()?;
    let mut mutants = [(); 5].map(|()| abi.clone());
    mutants[0].int_args.swap(1, 2);
    mutants[1].float_args.swap(2, 3);
    mutants[2].shadow_space += 8;
    mutants[3].args_by_position = !abi.args_by_position;
    mutants[4].stack_arg_bytes = if abi.stack_arg_bytes == 8 { 1 } else { 8 };
    for ty in &signatures {
        cases.push(Case::Arguments { ty: ty.clone(), layout: CallLayout::new(abi, ty), right: true });
    }
    let mixed = signatures.last().ok_or("no signatures")?;
    for mutant in &mutants {
        cases.push(Case::Arguments {
            ty: mixed.clone(),
            layout: CallLayout::new(mutant, mixed),
            right: false,
        });
    }
    cases.push(Case::Results(abi.int_results.clone()));
    cases.push(Case::Results(abi.float_results.clone()));
    Ok(cases)
}

fn signature(text: &str) -> FuncType {
    let one = |letter| match letter {
        'i' => Type::I32,
        'f' => Type::F32,
        'd' => Type::F64,
        'l' => Type::I64,
        _ => panic!("table.json: no type `{letter}`"),
    };
    FuncType { params: text.chars().map(one).collect(), results: Vec::new() }
}

/// Bytes of a type.
fn size(ty: Type) -> usize {
    if matches!(ty, Type::I32 | Type::F32) { 4 } else { 8 }
}

/// The registers and the memory before a call, the one of that number.
fn before(abi: &Abi, machine: &Machine, case: &Case, number: usize) -> Result<Block, Failed> {
    let mut block = Block::filled(machine);
    let context = *abi.int_args.first().ok_or("no argument register")?;
    block.put_address(machine, context, number);
    match case {
        Case::Keep => {}
        Case::Arguments { ty, layout, .. } => {
            for (number, (&ty, place)) in ty.params.iter().zip(&layout.params).enumerate() {
                let value = &argument(number)[..size(ty)];
                match *place {
                    Place::Register(reg) => block.put_register(machine, reg, value),
                    Place::Stack(at) => block.put(at as usize, value)?,
                    Place::Buffer(_) => return Err("an argument in the buffer of results".into()),
                }
            }
        }
        Case::Results(registers) => {
            for number in 0..registers.len() {
                block.put(CONTEXT + 8 * number, &argument(number))?;
            }
        }
    }
    Ok(block)
}

/// An argument's or a result's bytes, those of no register.
fn argument(number: usize) -> [u8; 8] {
    let bytes = filling(64 + number);
    [bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]]
}

/// What the spec and the run do not agree on.
fn judge(abi: &Abi, machine: &Machine, case: &Case, after: &Block, wrong: &mut Vec<String>) {
    match case {
        Case::Keep => {
            let unkept = unkept(abi, machine, after);
            if unkept.is_empty() {
                wrong.extend(unnoticed(abi, machine, after));
            }
            wrong.extend(unkept.into_iter().map(|(_, what)| what));
        }
        Case::Arguments { ty, right, layout } => {
            let lost = ty.params.iter().enumerate().find(|&(number, &ty)| {
                after.get(CONTEXT + 8 * number, size(ty)) != &argument(number)[..size(ty)]
            });
            match lost {
                Some((number, ty)) if *right => {
                    let place = layout.params.get(number);
                    wrong.push(format!("argument {number} ({ty:?}) does not arrive from {place:?}"));
                }
                None if !right => wrong.push("arguments in other places arrive as well".to_owned()),
                _ => {}
            }
        }
        Case::Results(registers) => {
            for (number, &reg) in registers.iter().enumerate() {
                if after.register(machine, reg)[..8] != argument(number) {
                    wrong.push(format!("result {number} is not in {}", machine.name_of(reg)));
                }
            }
        }
    }
}

/// Registers of which a call keeps other bits than the convention says.
///
/// SP is left out, for the program finds its values by it: were it another after the call, none would be found.
/// Reserved registers are compared, but are not among those written, for that is what the spec says of them; so are
/// link registers, which the call itself writes.
fn unkept(abi: &Abi, machine: &Machine, after: &Block) -> Vec<(Reg, String)> {
    let registers = blocks::registers(machine).into_iter().filter(|&reg| reg != machine.sp);
    let differs = |reg: Reg| {
        let said = abi.kept_bits(machine, reg).unwrap_or(0);
        let found = after.kept_bits(machine, reg);
        let name = machine.name_of(reg);
        (said != found).then(|| (reg, format!("{name}: a call keeps {found} bits, by the spec {said}")))
    };
    registers.filter_map(differs).collect()
}

/// Changes what the convention says of each register in turn; each change must show, at that register.
fn unnoticed(abi: &Abi, machine: &Machine, after: &Block) -> Vec<String> {
    let mut missed = Vec::new();
    for reg in blocks::registers(machine).into_iter().filter(|&reg| reg != machine.sp) {
        let mut mutant = abi.clone();
        let kept = abi.kept_bits(machine, reg).unwrap_or(0);
        mutant.callee_saved.retain(|&(saved, _)| saved != reg);
        mutant.reserved.retain(|&reserved| reserved != reg);
        if kept < machine.register(reg).bits {
            mutant.callee_saved.push((reg, machine.register(reg).bits));
        }
        if !unkept(&mutant, machine, after).iter().any(|(found, _)| *found == reg) {
            missed.push(format!("{}: another statement is not noticed", machine.name_of(reg)));
        }
    }
    missed
}
