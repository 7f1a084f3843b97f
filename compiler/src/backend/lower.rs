//! From IR to virtual-register code: the walk, and what selection may ask while it goes on.
//!
//! Blocks are walked backwards, and each block from its end to its start, so that an instruction is selected
//! after all its users: one whose users all took it in (an address, a compare, a loaded operand) or whose value
//! nobody wants is left out. Within one IR instruction, code is pushed in the order it runs.
//!
//! A value is taken into a user only within its block, so that nothing moves into a loop. A load moves to its
//! user only past pure instructions.

use super::order::{Node, Order, distinct_targets};
use super::schedule::schedule;
use super::target::Target;
use super::vcode::{Flow, VBlock, VCode, VInst};
use super::{Job, calls, entry};
use crate::CompileError;
use crate::ir::{Block, Function, Inst, InstData, Op, Terminator, Type, Value, ValueDef};
use framewright_spec::claim::StateSlot;
use regalloc2::{Operand, PRegSet, RegClass, VReg};

/// Virtual-register code and what the frame and claim need to know of it.
pub(super) struct Lowered<Op> {
    /// The code.
    pub(super) code: VCode<Op>,
    /// The instruction that imports the state, and the state entry of each of its operands.
    pub(super) imports: Option<(usize, Vec<StateSlot>)>,
    /// Bytes for outgoing arguments.
    pub(super) outgoing_bytes: u32,
}

/// The state of selection for one function.
pub struct Lower<'a, T: Target> {
    /// The compilation.
    pub job: &'a Job<'a>,
    /// Byte offset in the Wasm module of what is being selected for.
    pub wasm_offset: u32,
    pub(super) context: VReg,
    memory_base: Option<VReg>,
    /// What the target remembers.
    pub memory: T::Memory,
    pub(super) imports: Vec<StateSlot>,
    pub(super) outgoing_bytes: u32,
    uses: Vec<u32>,
    /// For each block, its instructions in order.
    schedule: Vec<Vec<Inst>>,
    /// For each instruction, its block.
    home: Vec<Block>,
    /// For each instruction, how many instructions with effects come before it.
    effects: Vec<u32>,
    regs: Vec<Option<VReg>>,
    taken: Vec<bool>,
    vregs: usize,
    here: (Block, u32),
    buffer: Vec<VInst<T::Op>>,
}

/// Selects instructions for a function.
///
/// # Errors
/// An internal fault: the IR breaks its own rules.
pub(super) fn lower<T: Target>(job: &Job<'_>, order: &Order) -> Result<Lowered<T::Op>, CompileError> {
    let mut cx = Lower::<T>::new(job);
    let mut pieces: Vec<(Vec<VInst<T::Op>>, VBlock)> = Vec::new();
    pieces.resize_with(order.nodes.len(), Default::default);
    let mut place = vec![usize::MAX; job.function.blocks.len()];
    for (at, node) in order.nodes.iter().enumerate() {
        if let Node::Block(block) = node {
            place[block.index()] = at;
        }
    }
    for &block in job.function.order.iter().rev() {
        let at = place[block.index()];
        for &succ in &order.succs[at] {
            if let Node::Edge(_, edge) = order.nodes[succ] {
                pieces[succ] = cx.edge(block, edge)?;
            }
        }
        pieces[at] = cx.block(block, |way| matches!(order.nodes[order.succs[at][way]], Node::Edge(..)))?;
    }
    let mut code = VCode { insts: Vec::new(), blocks: Vec::new(), vregs: 0 };
    for (at, (insts, mut block)) in pieces.into_iter().enumerate() {
        block.range = (code.insts.len(), code.insts.len() + insts.len());
        block.succs = order.succs[at].iter().map(|&s| regalloc2::Block::new(s)).collect();
        block.preds = order.preds[at].iter().map(|&p| regalloc2::Block::new(p)).collect();
        code.insts.extend(insts);
        code.blocks.push(block);
    }
    code.vregs = cx.vregs;
    let imports = matches!(job.kind, super::Kind::Osr { .. }).then_some((0, cx.imports));
    Ok(Lowered { code, imports, outgoing_bytes: cx.outgoing_bytes })
}

/// The class of registers that hold a type.
pub fn class(ty: Type) -> RegClass {
    match ty {
        Type::I32 | Type::I64 => RegClass::Int,
        Type::F32 | Type::F64 => RegClass::Float,
    }
}

/// The instructions of a block and what the allocator is told of it.
type BlockCode<O> = (Vec<VInst<O>>, VBlock);

impl<'a, T: Target> Lower<'a, T> {
    fn new(job: &'a Job<'a>) -> Lower<'a, T> {
        let f = job.function;
        let mut home = vec![Block(0); f.insts.len()];
        let mut effects = vec![0; f.insts.len()];
        let mut uses = vec![0; f.values.len()];
        for block in f.order.iter().map(|b| &f.blocks[b.index()]) {
            let args = block.insts.iter().flat_map(|i| f.insts[i.index()].args.iter().copied());
            args.chain(block.end.iter().flat_map(|end| end.uses())).for_each(|v| uses[v.index()] += 1);
        }
        let schedule = schedule(f, &uses);
        let mut count = 0;
        for &block in &f.order {
            for &inst in &schedule[block.index()] {
                home[inst.index()] = block;
                effects[inst.index()] = count;
                count += u32::from(!f.insts[inst.index()].op.is_pure());
            }
            count += 1;
        }
        Lower {
            job,
            wasm_offset: 0,
            context: VReg::new(0, RegClass::Int),
            memory_base: None,
            memory: T::Memory::default(),
            imports: Vec::new(),
            outgoing_bytes: 0,
            uses,
            schedule,
            home,
            effects,
            regs: vec![None; f.values.len()],
            taken: vec![false; f.insts.len()],
            vregs: 1,
            here: (Block(0), 0),
            buffer: Vec::new(),
        }
    }

    fn edge(&mut self, from: Block, edge: usize) -> Result<BlockCode<T::Op>, CompileError> {
        let end = self.terminator(from)?;
        let targets = distinct_targets(end);
        let args = targets[edge].args.iter().map(|&v| self.reg(v)).collect();
        self.push_flow(T::jump(), vec![], PRegSet::empty(), Flow::Branch);
        Ok((std::mem::take(&mut self.buffer), VBlock { args: vec![args], ..VBlock::default() }))
    }

    fn block(
        &mut self,
        block: Block,
        split: impl Fn(usize) -> bool,
    ) -> Result<BlockCode<T::Op>, CompileError> {
        let data = &self.job.function.blocks[block.index()];
        let end = self.terminator(block)?;
        let insts = std::mem::take(&mut self.schedule[block.index()]);
        let after = insts.iter().rev().find(|i| !self.data(**i).op.is_pure());
        self.here = (block, after.map_or(u32::MAX, |i| self.effects[i.index()] + 1));
        let mut code = Vec::new();
        let args = self.end(end, split)?;
        self.flush(&mut code);
        for &inst in insts.iter().rev() {
            self.here = (block, self.effects[inst.index()]);
            self.wasm_offset = self.data(inst).wasm_offset;
            if self.wanted(inst) {
                match self.data(inst).op {
                    Op::Call(_) | Op::CallIndirect(_) | Op::MemoryGrow => calls::call(self, inst)?,
                    Op::State(..) => {}
                    _ => T::inst(self, inst)?,
                }
                self.flush(&mut code);
            }
        }
        let is_entry = self.job.function.order.first() == Some(&block);
        let params = if is_entry {
            entry::enter(self)?;
            self.flush(&mut code);
            vec![]
        } else {
            data.params.iter().map(|&v| self.reg(v)).collect()
        };
        code.reverse();
        Ok((code, VBlock { params, args, ..VBlock::default() }))
    }

    /// Selects a block's end; the arguments for each distinct target, none where the edge is a node of its own.
    fn end(
        &mut self,
        end: &Terminator,
        split: impl Fn(usize) -> bool,
    ) -> Result<Vec<Vec<VReg>>, CompileError> {
        let targets = distinct_targets(end);
        let mut args: Vec<Vec<VReg>> = Vec::new();
        for (way, target) in targets.iter().enumerate() {
            let own = if split(way) { &[][..] } else { &target.args[..] };
            args.push(own.iter().map(|&v| self.reg(v)).collect());
        }
        match end {
            Terminator::Return(values) => calls::leave(self, values)?,
            Terminator::Trap(_) => T::end(self, end, &[])?,
            _ if targets.len() == 1 => self.push_flow(T::jump(), vec![], PRegSet::empty(), Flow::Branch),
            Terminator::Table(_, all) => {
                let number: rustc_hash::FxHashMap<_, usize> =
                    targets.iter().enumerate().map(|(n, t)| ((t.block, &t.args), n)).collect();
                let ways: Vec<usize> = all.iter().map(|t| number[&(t.block, &t.args)]).collect();
                T::end(self, end, &ways)?;
            }
            Terminator::Jump(_) | Terminator::Branch(..) => T::end(self, end, &[0, 1])?,
        }
        Ok(args)
    }

    fn terminator(&self, block: Block) -> Result<&'a Terminator, CompileError> {
        let end = self.job.function.blocks[block.index()].end.as_ref();
        end.ok_or_else(|| self.job.internal("isel", format!("{block} has no end")))
    }

    fn flush(&mut self, code: &mut Vec<VInst<T::Op>>) {
        code.extend(self.buffer.drain(..).rev());
    }

    fn wanted(&self, inst: Inst) -> bool {
        let data = self.data(inst);
        let demanded = data.results.iter().any(|v| self.regs[v.index()].is_some());
        let droppable = data.op.is_pure() || matches!(data.op, Op::GlobalGet(_) | Op::MemorySize);
        demanded || !(droppable || self.taken[inst.index()])
    }

    /// The function being compiled.
    pub fn function(&self) -> &'a Function {
        self.job.function
    }

    /// An instruction.
    pub fn data(&self, inst: Inst) -> &'a InstData {
        &self.job.function.insts[inst.index()]
    }

    /// A value's type.
    pub fn ty(&self, value: Value) -> Type {
        self.job.function.values[value.index()].ty
    }

    /// The instruction a value comes from.
    pub fn def(&self, value: Value) -> Option<(Inst, &'a InstData)> {
        match self.job.function.values[value.index()].def {
            ValueDef::Result(inst, _) => Some((inst, self.data(inst))),
            ValueDef::Param(..) => None,
        }
    }

    /// The bits of a constant.
    pub fn constant(&self, value: Value) -> Option<u64> {
        match self.def(value)?.1.op {
            Op::Const(_, bits) => Some(bits),
            _ => None,
        }
    }

    /// The instruction a value comes from, if it may be computed again where we are: it is pure and of this block.
    pub fn local(&self, value: Value) -> Option<&'a InstData> {
        let (inst, data) = self.def(value)?;
        (data.op.is_pure() && self.home[inst.index()] == self.here.0).then_some(data)
    }

    /// The same, if nobody else wants the value.
    pub fn only_here(&self, value: Value) -> Option<&'a InstData> {
        let alone = self.uses[value.index()] == 1 && self.regs[value.index()].is_none();
        self.local(value).filter(|_| alone)
    }

    /// The load a value comes from, if it may be done where we are instead of there; see [`Lower::take`].
    pub fn load_here(&self, value: Value) -> Option<(Inst, &'a InstData)> {
        let (inst, data) = self.def(value)?;
        let alone = self.uses[value.index()] == 1 && self.regs[value.index()].is_none();
        let near = self.home[inst.index()] == self.here.0 && self.effects[inst.index()] + 1 == self.here.1;
        (alone && near && matches!(data.op, Op::Load(..))).then_some((inst, data))
    }

    /// Says that the load is done here.
    pub fn take(&mut self, load: Inst) {
        self.taken[load.index()] = true;
    }

    /// A new virtual register.
    pub fn fresh(&mut self, class: RegClass) -> VReg {
        self.vregs += 1;
        VReg::new(self.vregs - 1, class)
    }

    /// A new virtual register for a type.
    pub fn fresh_for(&mut self, ty: Type) -> VReg {
        self.fresh(class(ty))
    }

    /// The register that holds a value.
    pub fn reg(&mut self, value: Value) -> VReg {
        if let Some((_, data)) = self.def(value) {
            if let Some(same) = T::alias(self.job, data) {
                return self.reg(same);
            }
            if let Op::Const(ty, bits) = data.op {
                return T::constant(self, ty, bits);
            }
        }
        self.result(value)
    }

    /// The register a value is to be defined in; a new one if nobody asked for it.
    pub fn result(&mut self, value: Value) -> VReg {
        if let Some(reg) = self.regs[value.index()] {
            return reg;
        }
        let reg = self.fresh_for(self.ty(value));
        self.regs[value.index()] = Some(reg);
        reg
    }

    /// The register a value is to be defined in, if anybody asked for it.
    pub fn asked(&self, value: Value) -> Option<VReg> {
        self.regs[value.index()]
    }

    /// The instance context.
    pub fn context(&self) -> VReg {
        self.context
    }

    /// The first byte of memory 0.
    pub fn memory_base(&mut self) -> VReg {
        if let Some(reg) = self.memory_base {
            return reg;
        }
        let reg = self.fresh(RegClass::Int);
        self.memory_base = Some(reg);
        reg
    }

    /// The same, if anybody asked for it.
    pub(super) fn memory_base_asked(&self) -> Option<VReg> {
        self.memory_base
    }

    /// Appends an instruction that goes on to the next.
    pub fn push(&mut self, op: T::Op, operands: Vec<Operand>) {
        self.push_flow(op, operands, PRegSet::empty(), Flow::Next);
    }

    /// Appends an instruction.
    pub fn push_flow(&mut self, op: T::Op, operands: Vec<Operand>, clobbers: PRegSet, flow: Flow) {
        self.buffer.push(VInst { op, operands, clobbers, flow });
    }
}
