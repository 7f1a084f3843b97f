//! Static single assignment on the fly, after Braun et al. ("Simple and Efficient Construction of Static
//! Single Assignment Form", CC 2013), without recursion.
//!
//! A variable is read in a block by looking for its last write there, then in the predecessor; where several
//! meet, a block parameter stands for it and its arguments are looked up afterwards. A block is *sealed* once
//! all its predecessors are known; parameters made before get their arguments then. What turns out to be
//! superfluous is removed at the end, by [`crate::ir::simplify()`].
//!
//! Structure saves most of the work: a variable that a construct never writes holds after it what it held
//! before, so that the search passes the construct in one step, and a row of constructs in a logarithmic
//! number of steps.

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

/// A construct that control enters at one place only, `before`, and the times of its begin and end. Its block
/// is its end, or the header of a loop; `since` is when that block begins. All ways to it come from the block
/// of the construct `previous`, and from there through code after that one's `since` only; `far` is one of
/// those before, and `depth` the place in the row (the pointers of Myers's random-access lists).
#[derive(Clone, Copy)]
struct Construct {
    before: Block,
    from: u32,
    to: u32,
    since: u32,
    previous: Option<Block>,
    far: Block,
    depth: u32,
}

/// Of the blocks that a search passes, the first and each so many-th remembers what was found: enough to keep
/// searches short, without an entry for each block and variable.
const REMEMBER: usize = 32;

/// A function under construction.
pub(super) struct Ssa {
    function: Function,
    /// The entry whose unwritten variables are read from the patchpoint's state; elsewhere they are zero.
    osr_entry: Option<Block>,
    edges: Vec<SmallVec<[Edge; 2]>>,
    sealed: Vec<bool>,
    /// By block: the construct whose end or loop header it is.
    constructs: Vec<Option<Construct>>,
    /// By block with one predecessor: the block of the closest construct before it.
    previous: Vec<Option<Block>>,
    /// Number of writes so far, and of each variable's, in order.
    clock: u32,
    history: FxHashMap<StateValue, Vec<u32>>,
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
            constructs: vec![],
            previous: vec![],
            clock: 0,
            history: FxHashMap::default(),
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
        self.constructs.push(None);
        self.previous.push(None);
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
        if let [edge] = self.edges[block.index()].as_slice() {
            self.previous[block.index()] = self.construct_before(edge.from);
        }
        let phis = self.incomplete.remove(&block);
        self.pending.extend(phis.into_iter().flatten());
        self.complete();
    }

    /// Whether any edge leads to a block so far.
    pub(super) fn is_target(&self, block: Block) -> bool {
        !self.edges[block.index()].is_empty()
    }

    /// Writes a variable.
    pub(super) fn write(&mut self, block: Block, variable: StateValue, value: Value) {
        self.history.entry(variable).or_default().push(self.clock);
        self.clock += 1;
        self.written.insert((block, variable), value);
    }

    /// Number of writes so far.
    pub(super) fn clock(&self) -> u32 {
        self.clock
    }

    /// Says that all ways to a block, the end of a construct, come from `before` through nothing but the
    /// construct, which began at time `from` and ends now.
    pub(super) fn close(&mut self, end: Block, before: Block, from: u32) {
        self.set_construct(end, before, from, self.clock);
    }

    /// The same of a loop, by its header; `after` is where control goes on.
    pub(super) fn close_loop(&mut self, header: Block, before: Block, from: u32, after: Option<Block>) {
        self.set_construct(header, before, from, from);
        if let Some(after) = after.filter(|&after| after != header) {
            self.previous[after.index()] = Some(header);
        }
    }

    fn set_construct(&mut self, block: Block, before: Block, from: u32, since: u32) {
        let previous = self.construct_before(before);
        let data = |block: Block| self.constructs[block.index()];
        let (far, depth) = match previous.and_then(|previous| Some((previous, data(previous)?))) {
            None => (block, 0),
            Some((previous, near)) => {
                let (far, farther) = (data(near.far), data(near.far).and_then(|far| data(far.far)));
                let equal = far
                    .zip(farther)
                    .is_some_and(|(far, farther)| near.depth - far.depth == far.depth - farther.depth);
                (far.filter(|_| equal).map_or(previous, |far| far.far), near.depth + 1)
            }
        };
        self.constructs[block.index()] =
            Some(Construct { before, from, to: self.clock, since, previous, far, depth });
    }

    /// The block itself if it is that of a construct, else that of the closest before it.
    fn construct_before(&self, block: Block) -> Option<Block> {
        if self.constructs[block.index()].is_some() { Some(block) } else { self.previous[block.index()] }
    }

    /// A block before the construct of `block`, at whose end the variable holds what it holds where `block`
    /// begins.
    fn past_construct(&self, block: Block, variable: StateValue) -> Option<Block> {
        let history = self.history.get(&variable).map_or(&[][..], Vec::as_slice);
        let written = |from: u32, to: u32| {
            let next = history.partition_point(|&time| time < from);
            history.get(next).is_some_and(|&time| time < to)
        };
        let last = self.constructs[block.index()]?;
        let (mut at, mut found) = (last, None);
        while let Some(previous) = at.previous {
            let far = [at.far, previous].into_iter().find_map(|to| {
                let data = self.constructs[to.index()]?;
                (!written(data.since, last.to)).then_some((to, data))
            });
            let Some((block, data)) = far else { break };
            (at, found) = (data, Some(block));
        }
        found.or_else(|| (!written(last.from, last.to)).then_some(last.before))
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
                (sealed, _) => match self.past_construct(at, variable) {
                    Some(before) => {
                        passed.push(at);
                        at = before;
                    }
                    None => break self.phi(at, variable, ty, sealed),
                },
            }
        };
        for block in passed.into_iter().step_by(REMEMBER) {
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
