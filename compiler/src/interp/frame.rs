//! One activation of one function.

use super::memory::{load, store};
use super::{Instance, Trap};
use crate::TrapCode;
use crate::ir::{Function, InstData, Op, Terminator, Value, eval};
use framewright_spec::claim::StateValue;

/// One activation: the bits of every value.
pub(super) struct Frame<'a> {
    function: &'a Function,
    state: &'a [(StateValue, u64)],
    values: Vec<u64>,
    /// Arguments on their way to parameters, or to a call.
    passing: Vec<u64>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(function: &'a Function, args: &[u64], state: &'a [(StateValue, u64)]) -> Frame<'a> {
        let values = vec![0; function.values.len()];
        Frame { function, state, values, passing: args.to_vec() }
    }

    /// Runs until the function returns.
    pub(super) fn run(mut self, instance: &mut dyn Instance) -> Result<Vec<u64>, Trap> {
        let function = self.function;
        let mut block = function.entry();
        loop {
            let data = function.block(block);
            for (&param, &bits) in data.params.iter().zip(&self.passing) {
                self.values[param.index()] = bits;
            }
            instance.step()?;
            for &inst in &data.insts {
                let inst = function.inst(inst);
                self.execute(inst, instance).map_err(|trap| locate(trap, inst.wasm_offset))?;
            }
            let target = match data.end.as_ref() {
                Some(Terminator::Jump(to)) => to,
                Some(Terminator::Branch(condition, then, otherwise)) => {
                    if self.get(*condition) != 0 {
                        then
                    } else {
                        otherwise
                    }
                }
                Some(Terminator::Table(index, targets)) => {
                    let last = targets.len() - 1;
                    &targets[(self.get(*index) as usize).min(last)]
                }
                Some(Terminator::Return(results)) => {
                    return Ok(results.iter().map(|&v| self.get(v)).collect());
                }
                Some(&Terminator::Trap(offset)) => return Err(locate(TrapCode::Unreachable.into(), offset)),
                None => unreachable!("a finished function's blocks have an end"),
            };
            self.pass(&target.args);
            block = target.block;
        }
    }

    fn get(&self, value: Value) -> u64 {
        self.values[value.index()]
    }

    fn pass(&mut self, args: &[Value]) {
        let values = &self.values;
        self.passing.clear();
        self.passing.extend(args.iter().map(|&v| values[v.index()]));
    }

    fn execute(&mut self, inst: &InstData, instance: &mut dyn Instance) -> Result<(), Trap> {
        self.pass(&inst.args);
        let args = &self.passing[..];
        let result = match inst.op {
            Op::Const(_, bits) => bits,
            Op::Num(op) => eval(op, args)?,
            Op::Select => args[if args[0] != 0 { 1 } else { 2 }],
            Op::Load(op, offset) => load(instance.memory(), op, args[0], offset)?,
            Op::Store(op, offset) => return Ok(store(instance.memory(), op, args[0], offset, args[1])?),
            Op::MemorySize => instance.memory().len() as u64 / super::memory::PAGE_BYTES,
            Op::MemoryGrow => u64::from(instance.memory_grow(args[0] as u32)),
            Op::GlobalGet(index) => instance.global_get(index),
            Op::GlobalSet(index) => {
                instance.global_set(index, args[0]);
                return Ok(());
            }
            Op::Call(callee) => {
                let results = instance.call(callee, args)?;
                self.results(inst, &results);
                return Ok(());
            }
            Op::CallIndirect(ty) => {
                let (element, args) = args.split_last().map_or((0, args), |(&last, rest)| (last, rest));
                let results = instance.call_indirect(ty, element as u32, args)?;
                self.results(inst, &results);
                return Ok(());
            }
            Op::State(value, _) => self.state.iter().find(|(v, _)| *v == value).map_or(0, |&(_, bits)| bits),
        };
        self.results(inst, &[result]);
        Ok(())
    }

    fn results(&mut self, inst: &InstData, bits: &[u64]) {
        for (result, &bits) in inst.results.iter().zip(bits) {
            self.values[result.index()] = bits;
        }
    }
}

fn locate(trap: Trap, offset: u32) -> Trap {
    Trap { wasm_offset: trap.wasm_offset.or(Some(offset)), ..trap }
}
