//! Every operation that the compiler asks for has a lowering on every machine, whatever its constants.

use super::select::{Arg, Place, expand};
use crate::ir::Type;
use framewright_spec::lowering::{Class, operations, required, signature};
use framewright_spec::{Machine, Spec};

/// Constants at which instructions' fields end, and some that no field holds.
const EXTREMES: [i64; 24] = [
    0,
    1,
    -1,
    2,
    31,
    32,
    63,
    255,
    256,
    -256,
    2047,
    2048,
    -2048,
    -2049,
    4095,
    4096,
    32767,
    65536,
    0x7fff_f800,
    0x7fff_ffff,
    -0x8000_0000,
    0x1234_5678_9abc_def0,
    i64::MAX,
    i64::MIN,
];

fn machines() -> impl Iterator<Item = &'static Machine> {
    Spec::embedded().machines.values().filter(|machine| machine.has_encodings())
}

/// Arguments of an operation in registers, its constants this one; and how many registers.
fn in_registers(name: &str, constant: i64) -> (Vec<Arg>, u8) {
    let operands = signature(name).map(|signature| signature.operands).unwrap_or_default();
    let mut slots = 0;
    let args = operands.iter().map(|class| match class {
        Class::Const => Arg::Const(narrowed(name, constant), ty_of(name)),
        Class::Label => Arg::Label(Place::Given(0)),
        Class::IntResult | Class::FloatResult | Class::Int | Class::Float => {
            slots += 1;
            Arg::Slot(slots - 1)
        }
    });
    let args = args.collect();
    (args, slots)
}

fn ty_of(name: &str) -> Type {
    if name.contains("i32.") || name.contains("f32.const") { Type::I32 } else { Type::I64 }
}

fn narrowed(name: &str, constant: i64) -> i128 {
    match name.contains(".load") || name.contains(".store") {
        true => i128::from(constant as u32),
        false if ty_of(name) == Type::I32 => i128::from(constant as i32),
        false => i128::from(constant),
    }
}

fn missing_of(machine: &Machine, names: &[String], constants: &[i64]) -> Vec<String> {
    let mut missing = Vec::new();
    for name in names {
        for &constant in constants {
            let (args, given) = in_registers(name, constant);
            if let Err(what) = expand(machine, name, &args, given) {
                missing.push(format!("{}: {}", machine.name, what.0));
                break;
            }
        }
    }
    missing
}

#[test]
fn machines_do_all_operations() {
    let mut missing = Vec::new();
    for machine in machines() {
        let mut names: Vec<String> = required().chain(operations()).map(str::to_owned).collect();
        names.sort();
        names.dedup();
        let accesses: Vec<String> = names
            .iter()
            .filter(|name| name.contains(".load") || name.contains(".store"))
            .map(|name| format!("{name}.indexed"))
            .collect();
        let branches: Vec<String> = names
            .iter()
            .flat_map(|name| [format!("branch.{name}"), format!("branch.not.{name}")])
            .filter(|name| signature(name).is_some())
            .collect();
        names.extend(accesses);
        names.extend(branches);
        missing.extend(missing_of(machine, &names, &EXTREMES));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn machines_take_any_constant_as_last_operand() {
    let mut missing = Vec::new();
    for machine in machines() {
        let branches = operations().map(|name| format!("branch.{name}"));
        for name in operations().map(str::to_owned).chain(branches) {
            let Some(signature) = signature(&name) else { continue };
            let last = signature.operands.iter().rposition(|class| *class == Class::Int);
            let Some(last) = last.filter(|&last| last > 0 || name.starts_with("branch.i")) else { continue };
            for constant in EXTREMES {
                let (mut args, given) = in_registers(&name, 0);
                args[last] = Arg::Const(narrowed(&name, constant), ty_of(&name));
                if let Err(what) = expand(machine, &name, &args, given) {
                    missing.push(format!("{}: {}", machine.name, what.0));
                    break;
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
