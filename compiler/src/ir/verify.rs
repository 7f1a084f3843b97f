//! Whether a function is what the IR promises: each value defined once and before its uses on every path,
//! types and arities right, blocks in order.

use super::{Block, Dominators, Function, Inst, InstData, Op, Target, Terminator, Type, Value, ValueDef};
use crate::wasm::Module;

/// Checks a function; calls and globals are checked against their own types only by [`verify_in`].
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(function: &Function) -> Result<(), String> {
    let check = Check::new(function)?;
    for (place, &block) in function.order.iter().enumerate() {
        check.block(place, block).map_err(|message| format!("{}: {block}: {message}", function.name))?;
    }
    Ok(())
}

/// Checks a function of a module: also that calls and globals are used at their types.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify_in(function: &Function, module: &Module) -> Result<(), String> {
    verify(function)?;
    for &inst in function.order.iter().flat_map(|&block| &function.block(block).insts) {
        let data = function.inst(inst);
        if !outside_fits(function, data, module).unwrap_or(false) {
            return Err(format!(
                "{}: {inst}: {} is used at another type, or is not there",
                function.name, data.op
            ));
        }
    }
    Ok(())
}

fn outside_fits(function: &Function, inst: &InstData, module: &Module) -> Option<bool> {
    let types = |values: &[Value]| values.iter().map(|&value| function.ty(value)).collect::<Vec<_>>();
    let (args, results) = (types(&inst.args), types(&inst.results));
    Some(match inst.op {
        Op::Call(index) => {
            let ty = module.types.get(*module.functions.get(index as usize)? as usize)?;
            args == ty.params && results == ty.results
        }
        Op::CallIndirect(index) => {
            let ty = module.types.get(index as usize)?;
            let (element, args) = args.split_last()?;
            *element == Type::I32 && args == ty.params && results == ty.results
        }
        Op::GlobalGet(index) => results == [module.globals.get(index as usize)?.ty],
        Op::GlobalSet(index) => {
            let global = module.globals.get(index as usize)?;
            global.mutable && args == [global.ty]
        }
        _ => true,
    })
}

struct Check<'a> {
    function: &'a Function,
    dominators: Dominators,
    /// By block: place in the order.
    place: Vec<Option<usize>>,
    /// By instruction: its block, and its place in it.
    home: Vec<Option<(Block, usize)>>,
}

impl<'a> Check<'a> {
    fn new(function: &'a Function) -> Result<Check<'a>, String> {
        let mut place = vec![None; function.blocks.len()];
        let mut home = vec![None; function.insts.len()];
        for (n, &block) in function.order.iter().enumerate() {
            let slot = place.get_mut(block.index()).ok_or_else(|| format!("no {block}"))?;
            require(slot.replace(n).is_none(), || format!("{block} is in the order twice"))?;
            for (n, &inst) in function.block(block).insts.iter().enumerate() {
                let slot = home.get_mut(inst.index()).ok_or_else(|| format!("no {inst}"))?;
                require(slot.replace((block, n)).is_none(), || format!("{inst} is there twice"))?;
            }
            for to in function.successors(block) {
                require(to.index() < function.blocks.len(), || format!("no {to}, target of {block}"))?;
            }
        }
        require(!function.order.is_empty(), || "no entry".into())?;
        Ok(Check { function, dominators: Dominators::new(function), place, home })
    }

    fn block(&self, place: usize, block: Block) -> Result<(), String> {
        let data = self.function.block(block);
        require(self.dominators.dominates(block, block), || "cannot be reached".into())?;
        if let Some(above) = self.dominators.idom(block) {
            require(self.place[above.index()] < Some(place), || {
                format!("comes before {above}, which dominates it")
            })?;
        } else {
            require(place == 0, || "is a second entry".into())?;
            let types: Vec<_> = data.params.iter().map(|&param| self.function.ty(param)).collect();
            require(types == self.function.params, || "its parameters are not the function's".into())?;
        }
        for (n, &param) in (0..).zip(&data.params) {
            self.defined_as(param, ValueDef::Param(block, n))?;
        }
        for (n, &inst) in data.insts.iter().enumerate() {
            self.inst(block, n, inst).map_err(|message| format!("{inst}: {message}"))?;
        }
        let end = data.end.as_ref().ok_or("has no end")?;
        for value in end.uses() {
            self.usable(value, block, data.insts.len())?;
        }
        self.end(end)
    }

    fn inst(&self, block: Block, place: usize, inst: Inst) -> Result<(), String> {
        let data = self.function.inst(inst);
        for &arg in &data.args {
            self.usable(arg, block, place)?;
        }
        for (n, &result) in (0..).zip(&data.results) {
            self.defined_as(result, ValueDef::Result(inst, n))?;
        }
        if matches!(data.op, Op::State(..)) {
            require(block == self.function.entry(), || "state outside the entry".into())?;
        }
        let types =
            |values: &[Value]| values.iter().map(|&value| self.function.ty(value)).collect::<Vec<_>>();
        let (args, results) = (types(&data.args), types(&data.results));
        let fits = match data.op {
            Op::Const(ty, bits) => {
                let wide = matches!(ty, Type::I64 | Type::F64);
                args.is_empty() && results == [ty] && (wide || bits >> 32 == 0)
            }
            Op::Num(op) => args == op.args() && results == [op.result()],
            Op::Select => {
                args.len() == 3 && args[0] == Type::I32 && args[1] == args[2] && results == [args[1]]
            }
            Op::Load(op, _) => args == [Type::I32] && results == [op.ty()],
            Op::Store(op, _) => args == [Type::I32, op.ty()] && results.is_empty(),
            Op::MemorySize => args.is_empty() && results == [Type::I32],
            Op::MemoryGrow => args == [Type::I32] && results == [Type::I32],
            Op::GlobalGet(_) => args.is_empty() && results.len() == 1,
            Op::GlobalSet(_) => args.len() == 1 && results.is_empty(),
            Op::Call(_) => true,
            Op::CallIndirect(_) => args.last() == Some(&Type::I32),
            Op::State(_, ty) => args.is_empty() && results == [ty],
        };
        require(fits, || format!("{} with {args:?} gives {results:?}", data.op))
    }

    fn end(&self, end: &Terminator) -> Result<(), String> {
        for target in end.targets() {
            self.target(target)?;
        }
        match end {
            Terminator::Branch(value, ..) | Terminator::Table(value, _) => {
                require(self.function.ty(*value) == Type::I32, || format!("{value} is not i32"))?;
            }
            Terminator::Return(values) => {
                let types: Vec<_> = values.iter().map(|&value| self.function.ty(value)).collect();
                require(types == self.function.results, || format!("returns {types:?}"))?;
            }
            Terminator::Jump(_) | Terminator::Trap(_) => {}
        }
        let empty = matches!(end, Terminator::Table(_, targets) if targets.is_empty());
        require(!empty, || "a table without targets".into())
    }

    fn target(&self, target: &Target) -> Result<(), String> {
        let block = target.block;
        require(self.place[block.index()].is_some(), || format!("{block} is not in the order"))?;
        require(block != self.function.entry(), || "goes to the entry".into())?;
        let params = &self.function.block(block).params;
        let same = |(&a, &b): (&Value, &Value)| {
            self.function.values.get(b.index()).map(|b| b.ty) == Some(self.function.ty(a))
        };
        let fits = target.args.len() == params.len() && target.args.iter().zip(params).all(same);
        require(fits, || format!("{target} does not fit its parameters"))
    }

    fn defined_as(&self, value: Value, def: ValueDef) -> Result<(), String> {
        let found = self.function.values.get(value.index()).map(|data| data.def);
        require(found == Some(def), || format!("{value} is said to be defined by {found:?}, not {def:?}"))
    }

    /// Whether a value is defined on every path to a place in a block.
    fn usable(&self, value: Value, block: Block, place: usize) -> Result<(), String> {
        let data = self.function.values.get(value.index()).ok_or_else(|| format!("no {value}"))?;
        let home = match data.def {
            ValueDef::Param(home, n) => {
                let params = self.function.blocks.get(home.index()).map(|data| data.params.as_slice());
                let listed = params.and_then(|params| params.get(n as usize)) == Some(&value);
                listed.then_some((home, None))
            }
            ValueDef::Result(inst, n) => {
                let results = self.function.insts.get(inst.index()).map(|data| data.results.as_slice());
                let listed = results.and_then(|results| results.get(n as usize)) == Some(&value);
                self.home
                    .get(inst.index())
                    .copied()
                    .flatten()
                    .filter(|_| listed)
                    .map(|(home, at)| (home, Some(at)))
            }
        };
        let (home, at) = home.ok_or_else(|| format!("{value} is used and defined nowhere"))?;
        let before = if home == block { at < Some(place) } else { self.dominators.dominates(home, block) };
        require(before, || format!("{value} is used where {home} may not have come before"))
    }
}

fn require(holds: bool, message: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(message()) }
}
