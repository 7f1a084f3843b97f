//! Static single assignment on the fly, after Braun et al. ("Simple and Efficient Construction of Static Single
//! Assignment Form", CC 2013), without recursion.
//!
//! A variable is read in a block by looking for its last write there, then in the predecessor; where several meet,
//! a block parameter stands for it and its arguments are looked up afterwards. A block is *sealed* once all its
//! predecessors are known; parameters made before get their arguments then. What turns out to be superfluous is
//! removed at the end, by [`crate::ir::simplify`].

use crate::ir::{
    Block, BlockData, Function, Inst, InstData, Op, Target, Terminator, Type, Value, ValueData, ValueDef,
};
use framewright_spec::claim::StateValue;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// An edge by its source and its number among the source's targets.
#[derive(Clone, Copy)]
struct Edge {
    from: Block,
    slot: u32,
}

/// A parameter that stands for a variable.
struct Phi {
    variable: StateValue,
    ty: Type,
    value: Value,
    block: Block,
    /// First of its arguments in `arguments`, one for each edge.
    first: usize,
}

/// A function under construction.
pub(super) struct Ssa {
    function: Function,
    /// The entry whose unwritten variables are read from the patchpoint's state; elsewhere they are zero.
    osr_entry: Option<Block>,
    edges: Vec<SmallVec<[Edge; 2]>>,
    sealed: Vec<bool>,
    written: FxHashMap<(Block, StateValue), Value>,
    zeros: FxHashMap<(Block, Type), Value>,
    phis: Vec<Phi>,
    arguments: Vec<Value>,
    /// Phis of unsealed blocks.
    incomplete: FxHashMap<Block, Vec<usize>>,
    /// Phis of sealed blocks without arguments yet.
    pending: Vec<usize>,
}

impl Ssa {
    /// An empty function.
    pub(super) fn new(function: Function) -> Ssa {
        Ssa {
            function,
            osr_entry: None,
            edges: vec![],
            sealed: vec![],
            written: FxHashMap::default(),
            zeros: FxHashMap::default(),
            phis: vec![],
            arguments: vec![],
            incomplete: FxHashMap::default(),
            pending: vec![],
        }
    }

    /// A new block, its predecessors not known.
    pub(super) fn block(&mut self) -> Block {
        self.function.blocks.push(BlockData::default());
        self.edges.push(SmallVec::new());
        self.sealed.push(false);
        Block(self.function.blocks.len() as u32 - 1)
    }

    /// A new block without predecessors that reads the state of a patchpoint.
    pub(super) fn osr_entry(&mut self) -> Block {
        let block = self.block();
        self.seal(block);
        self.osr_entry = Some(block);
        block
    }

    /// A new parameter of a block, before any edge to it.
    pub(super) fn param(&mut self, block: Block, ty: Type) -> Value {
        let params = &mut self.function.blocks[block.index()].params;
        let value = Value(self.function.values.len() as u32);
        self.function.values.push(ValueData { ty, def: ValueDef::Param(block, params.len() as u32) });
        params.push(value);
        value
    }

    /// Appends an instruction with results of these types.
    pub(super) fn inst(
        &mut self,
        block: Block,
        op: Op,
        args: &[Value],
        types: &[Type],
        wasm_offset: u32,
    ) -> Inst {
        let inst = Inst(self.function.insts.len() as u32);
        let values = &mut self.function.values;
        let results = (0..).zip(types).map(|(n, &ty)| {
            values.push(ValueData { ty, def: ValueDef::Result(inst, n) });
            Value(values.len() as u32 - 1)
        });
        let results = results.collect();
        self.function.insts.push(InstData { op, args: SmallVec::from_slice(args), results, wasm_offset });
        self.function.blocks[block.index()].insts.push(inst);
        inst
    }

    /// Appends an instruction with one result.
    pub(super) fn value(
        &mut self,
        block: Block,
        op: Op,
        args: &[Value],
        ty: Type,
        wasm_offset: u32,
    ) -> Value {
        let inst = self.inst(block, op, args, &[ty], wasm_offset);
        self.results(inst)[0]
    }

    /// The parameters a block was given.
    pub(super) fn params(&self, block: Block) -> &[Value] {
        &self.function.block(block).params
    }

    /// A value's type.
    pub(super) fn ty(&self, value: Value) -> Type {
        self.function.ty(value)
    }

    /// Results of an instruction.
    pub(super) fn results(&self, inst: Inst) -> &[Value] {
        &self.function.inst(inst).results
    }

    /// Ends a block; its targets must not be sealed yet.
    pub(super) fn end(&mut self, block: Block, end: Terminator) {
        for (slot, target) in (0..).zip(end.targets()) {
            debug_assert!(!self.sealed[target.block.index()], "{} is sealed", target.block);
            self.edges[target.block.index()].push(Edge { from: block, slot });
        }
        self.function.blocks[block.index()].end = Some(end);
    }

    /// Ends a block with a jump.
    pub(super) fn jump(&mut self, from: Block, block: Block, args: &[Value]) {
        self.end(from, Terminator::Jump(Target { block, args: SmallVec::from_slice(args) }));
    }

    /// Ends a block with a table of new blocks, sealed here; `blocks` may repeat those in `distinct`.
    pub(super) fn table(&mut self, from: Block, index: Value, blocks: &[Block], distinct: &[Block]) {
        let targets = blocks.iter().map(|&block| Target { block, args: SmallVec::new() }).collect();
        self.function.blocks[from.index()].end = Some(Terminator::Table(index, targets));
        for &block in distinct {
            // One edge stands for all: a block with one predecessor gets no parameters.
            self.edges[block.index()].push(Edge { from, slot: 0 });
            self.seal(block);
        }
    }

    /// Marks a block as the header of a loop.
    pub(super) fn set_loop(&mut self, block: Block, loop_id: u32) {
        self.function.blocks[block.index()].loop_id = Some(loop_id);
    }

    /// Says that no more edges will lead to a block.
    pub(super) fn seal(&mut self, block: Block) {
        self.sealed[block.index()] = true;
        let phis = self.incomplete.remove(&block);
        self.pending.extend(phis.into_iter().flatten());
        self.complete();
    }

    /// Writes a variable.
    pub(super) fn write(&mut self, block: Block, variable: StateValue, value: Value) {
        self.written.insert((block, variable), value);
    }

    /// Reads a variable at the end of what a block has so far.
    pub(super) fn read(&mut self, block: Block, variable: StateValue, ty: Type) -> Value {
        let value = self.look_up(block, variable, ty);
        self.complete();
        value
    }

    fn complete(&mut self) {
        while let Some(index) = self.pending.pop() {
            let Phi { variable, ty, block, .. } = self.phis[index];
            self.phis[index].first = self.arguments.len();
            for edge in 0..self.edges[block.index()].len() {
                let from = self.edges[block.index()][edge].from;
                let argument = self.look_up(from, variable, ty);
                self.arguments.push(argument);
            }
        }
    }

    /// Finds a variable's value; the arguments of parameters it makes are left to `complete`.
    fn look_up(&mut self, block: Block, variable: StateValue, ty: Type) -> Value {
        let mut at = block;
        let mut passed: SmallVec<[Block; 8]> = SmallVec::new();
        let value = loop {
            if let Some(&value) = self.written.get(&(at, variable)) {
                break value;
            }
            let edges = &self.edges[at.index()];
            match (self.sealed[at.index()], edges.as_slice()) {
                (true, []) => break self.unwritten(at, variable, ty),
                (true, [edge]) => {
                    passed.push(at);
                    at = edge.from;
                }
                (sealed, _) => break self.phi(at, variable, ty, sealed),
            }
        };
        for block in passed {
            self.written.insert((block, variable), value);
        }
        value
    }

    fn phi(&mut self, block: Block, variable: StateValue, ty: Type, sealed: bool) -> Value {
        let value = Value(self.function.values.len() as u32);
        // The place among the block's parameters is known at the end.
        self.function.values.push(ValueData { ty, def: ValueDef::Param(block, u32::MAX) });
        let index = self.phis.len();
        self.phis.push(Phi { variable, ty, value, block, first: usize::MAX });
        let waiting = if sealed { &mut self.pending } else { self.incomplete.entry(block).or_default() };
        waiting.push(index);
        self.written.insert((block, variable), value);
        value
    }

    /// A variable that nothing wrote, at a block without predecessors.
    fn unwritten(&mut self, block: Block, variable: StateValue, ty: Type) -> Value {
        let value = if self.osr_entry == Some(block) {
            self.value(block, Op::State(variable, ty), &[], ty, 0)
        } else if let Some(&zero) = self.zeros.get(&(block, ty)) {
            zero
        } else {
            let zero = self.value(block, Op::Const(ty, 0), &[], ty, 0);
            self.zeros.insert((block, ty), zero);
            zero
        };
        self.written.insert((block, variable), value);
        value
    }

    /// The function, entered at `entry`; all blocks must be sealed.
    pub(super) fn finish(mut self, entry: Block) -> Function {
        for phi in &self.phis {
            let block = &mut self.function.blocks[phi.block.index()];
            self.function.values[phi.value.index()].def =
                ValueDef::Param(phi.block, block.params.len() as u32);
            block.params.push(phi.value);
            let edges = &self.edges[phi.block.index()];
            for (edge, &argument) in edges.iter().zip(&self.arguments[phi.first..]) {
                let end = self.function.blocks[edge.from.index()].end.as_mut();
                if let Some(target) = end.and_then(|end| end.targets_mut().nth(edge.slot as usize)) {
                    target.args.push(argument);
                }
            }
        }
        self.function.order = vec![entry];
        self.function
    }
}
