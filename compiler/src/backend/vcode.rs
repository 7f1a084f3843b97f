//! Code over virtual registers: what selection makes and the register allocator reads.
//!
//! An instruction is the target's operation and, apart from it, the list of its register operands in the words
//! of the allocator. Virtual registers are in SSA form; blocks pass values to the parameters of the next.

use regalloc2::{Block, Inst, InstRange, Operand, PRegSet, RegClass, VReg};

/// How an instruction ends its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It does not.
    Next,
    /// On to the block's successors.
    Branch,
    /// Out of the function.
    Leave,
}

/// One instruction.
#[derive(Clone, Debug)]
pub struct VInst<Op> {
    /// What it does.
    pub op: Op,
    /// Its register operands; the operation refers to them by index.
    pub operands: Vec<Operand>,
    /// Registers it spoils besides.
    pub clobbers: PRegSet,
    /// Where control goes.
    pub flow: Flow,
}

/// One block.
#[derive(Clone, Debug, Default)]
pub struct VBlock {
    /// First instruction and the one after the last.
    pub range: (usize, usize),
    /// Parameters.
    pub params: Vec<VReg>,
    /// Successors.
    pub succs: Vec<Block>,
    /// For each successor, the values of its parameters.
    pub args: Vec<Vec<VReg>>,
    /// Predecessors.
    pub preds: Vec<Block>,
}

/// A function over virtual registers, its blocks in reverse postorder.
#[derive(Clone, Debug)]
pub struct VCode<Op> {
    /// All instructions.
    pub insts: Vec<VInst<Op>>,
    /// Blocks; the entry first.
    pub blocks: Vec<VBlock>,
    /// Number of virtual registers.
    pub vregs: usize,
}

impl<Op> regalloc2::Function for VCode<Op> {
    fn num_insts(&self) -> usize {
        self.insts.len()
    }

    fn num_blocks(&self) -> usize {
        self.blocks.len()
    }

    fn entry_block(&self) -> Block {
        Block::new(0)
    }

    fn block_insns(&self, block: Block) -> InstRange {
        let (from, to) = self.blocks[block.index()].range;
        InstRange::new(Inst::new(from), Inst::new(to))
    }

    fn block_succs(&self, block: Block) -> &[Block] {
        &self.blocks[block.index()].succs
    }

    fn block_preds(&self, block: Block) -> &[Block] {
        &self.blocks[block.index()].preds
    }

    fn block_params(&self, block: Block) -> &[VReg] {
        &self.blocks[block.index()].params
    }

    fn is_ret(&self, inst: Inst) -> bool {
        self.insts[inst.index()].flow == Flow::Leave
    }

    fn is_branch(&self, inst: Inst) -> bool {
        self.insts[inst.index()].flow == Flow::Branch
    }

    fn branch_blockparams(&self, block: Block, _: Inst, succ: usize) -> &[VReg] {
        &self.blocks[block.index()].args[succ]
    }

    fn inst_operands(&self, inst: Inst) -> &[Operand] {
        &self.insts[inst.index()].operands
    }

    fn inst_clobbers(&self, inst: Inst) -> PRegSet {
        self.insts[inst.index()].clobbers
    }

    fn num_vregs(&self) -> usize {
        self.vregs
    }

    fn spillslot_size(&self, _: RegClass) -> usize {
        1
    }
}

impl<Op: std::fmt::Display> std::fmt::Display for VCode<Op> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, block) in self.blocks.iter().enumerate() {
            write!(f, "block{at}")?;
            list(f, &block.params)?;
            writeln!(f, ":")?;
            for inst in &self.insts[block.range.0..block.range.1] {
                write!(f, "  {}", inst.op)?;
                for (n, operand) in inst.operands.iter().enumerate() {
                    write!(f, "{}{operand}", if n == 0 { "  ; " } else { ", " })?;
                }
                writeln!(f)?;
            }
            for (succ, args) in block.succs.iter().zip(&block.args) {
                write!(f, "  -> block{}", succ.index())?;
                list(f, args)?;
                writeln!(f)?;
            }
        }
        Ok(())
    }
}

fn list(f: &mut std::fmt::Formatter<'_>, regs: &[VReg]) -> std::fmt::Result {
    if regs.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = regs.iter().map(VReg::to_string).collect();
    write!(f, "({})", names.join(", "))
}
