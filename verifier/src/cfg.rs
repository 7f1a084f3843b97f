//! The control-flow graph, from the bytes: what is reachable, in which blocks, with which edges.
//!
//! ```text
//! roots (entry, landings) ──decode──▶ instructions ──cut at targets──▶ blocks ──▶ reverse postorder
//! ```
//!
//! Edges of indirect jumps are those of the claim's tables and patchpoints; that the jump goes nowhere else is for
//! the obligations to prove. Two instructions that share a byte, and indirect jumps that no claim explains, are
//! not supported. An edge out of the code is kept as such and refuted later.

use crate::decoded::{Decoded, Operand, Unsupported};
use crate::target::Decoder;
use framewright_spec::meaning::{Expr, Flow};
use framewright_spec::{Claim, CodeOffset, Machine};
use std::collections::{BTreeMap, BTreeSet};

/// Reachable code.
pub(crate) struct Cfg {
    /// Blocks by ascending address.
    pub(crate) blocks: Vec<Block>,
    /// Block indices in reverse postorder.
    pub(crate) order: Vec<usize>,
    starts: BTreeMap<u32, usize>,
}

/// A run of instructions entered at the top only.
pub(crate) struct Block {
    /// Its instructions.
    pub(crate) code: Vec<Decoded>,
    /// How it ends.
    pub(crate) exit: Exit,
    /// Blocks that may follow.
    pub(crate) next: Vec<usize>,
    /// Blocks that may precede, roots not counted.
    pub(crate) before: Vec<usize>,
    /// Edges and entries that lead here, each counted.
    pub(crate) arrivals: usize,
    /// Place in the reverse postorder.
    pub(crate) rank: usize,
}

/// How a block ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The next block follows without a jump.
    Fall(i64),
    /// A jump to a fixed place.
    Jump(i64),
    /// Taken or not.
    Branch { taken: i64, fall: i64 },
    /// The claim's jump table of that index.
    Table { index: usize, targets: Vec<i64> },
    /// The claim's patchpoint of that index.
    Patchpoint(usize),
    /// A return.
    Return,
    /// The instruction raises an exception.
    Trap,
}

impl Exit {
    /// Where control may go, as bytes from the code's start.
    pub(crate) fn targets(&self) -> Vec<i64> {
        match self {
            Exit::Fall(to) | Exit::Jump(to) => vec![*to],
            Exit::Branch { taken, fall } => vec![*taken, *fall],
            Exit::Table { targets, .. } => targets.clone(),
            Exit::Patchpoint(_) | Exit::Return | Exit::Trap => Vec::new(),
        }
    }
}

impl Cfg {
    /// Decodes all that is reachable.
    ///
    /// # Errors
    /// Instructions without meaning, overlapping instructions, unexplained indirect jumps, claims that point
    /// outside the bytes.
    pub(crate) fn build(
        machine: &Machine,
        decoder: &dyn Decoder,
        bytes: &[u8],
        claim: &Claim,
    ) -> Result<Cfg, Unsupported> {
        let end = claim.data.0;
        if end as usize > bytes.len() {
            return Err(wrong(claim.data, "the claim's data starts after the last byte"));
        }
        let reader = Reader { machine, decoder, code: &bytes[..end as usize], bytes, claim };
        let reached = reader.reach()?;
        reader.cut(reached)
    }

    /// The block that starts there.
    pub(crate) fn at(&self, offset: i64) -> Option<usize> {
        self.starts.get(&u32::try_from(offset).ok()?).copied()
    }

    /// How many instructions there are.
    pub(crate) fn instructions(&self) -> usize {
        self.blocks.iter().map(|b| b.code.len()).sum()
    }
}

impl Block {
    /// Its first byte.
    pub(crate) fn start(&self) -> CodeOffset {
        self.code[0].at
    }
}

fn wrong(at: CodeOffset, what: &str) -> Unsupported {
    Unsupported { at, what: what.to_owned() }
}

struct Reader<'a> {
    machine: &'a Machine,
    decoder: &'a dyn Decoder,
    code: &'a [u8],
    bytes: &'a [u8],
    claim: &'a Claim,
}

#[derive(Default)]
struct Reached {
    instructions: BTreeMap<u32, (Decoded, Option<Exit>)>,
    leaders: BTreeSet<u32>,
}

impl Reader<'_> {
    fn inside(&self, offset: i64) -> Option<u32> {
        u32::try_from(offset).ok().filter(|&at| (at as usize) < self.code.len())
    }

    fn reach(&self) -> Result<Reached, Unsupported> {
        let mut reached = Reached::default();
        let mut todo: Vec<u32> = vec![0];
        todo.extend(self.claim.landings.iter().map(|at| at.0));
        for at in &todo {
            if self.inside(i64::from(*at)).is_none() {
                return Err(wrong(CodeOffset(*at), "an entry of the code is outside it"));
            }
        }
        reached.leaders.extend(&todo);
        reached.leaders.insert(self.claim.body.0);
        reached.leaders.extend(self.claim.epilogs.iter().map(|at| at.0));
        while let Some(at) = todo.pop() {
            self.follow(at, &mut reached, &mut todo)?;
        }
        Ok(reached)
    }

    /// Decodes from `at` up to a jump or to code that is known.
    fn follow(&self, at: u32, reached: &mut Reached, todo: &mut Vec<u32>) -> Result<(), Unsupported> {
        let mut at = at;
        while !reached.instructions.contains_key(&at) {
            let decoded = self.decoder.decode(self.code, CodeOffset(at))?;
            let next = decoded.next().0;
            let exit = self.exit(&decoded)?;
            let mut targets: Vec<i64> = exit.as_ref().map(Exit::targets).unwrap_or_default();
            if let Some(Exit::Patchpoint(index)) = exit {
                targets.push(i64::from(self.claim.patchpoints[index].resume.0));
            }
            let goes_on = exit.is_none();
            reached.instructions.insert(at, (decoded, exit));
            for target in targets.into_iter().filter_map(|t| self.inside(t)) {
                reached.leaders.insert(target);
                todo.push(target);
            }
            if !goes_on || self.inside(i64::from(next)).is_none() {
                break;
            }
            at = next;
        }
        Ok(())
    }

    /// How an instruction ends a block, if it does.
    fn exit(&self, decoded: &Decoded) -> Result<Option<Exit>, Unsupported> {
        let row = self.machine.instructions.get_index(usize::from(decoded.row.0));
        let Some((_, row)) = row else { return Err(wrong(decoded.at, "an instruction without a row")) };
        let fixed = |target: &Expr| match target {
            Expr::Operand(index) => match decoded.operands.get(*index) {
                Some(Operand::Code(offset)) => Some(*offset),
                _ => None,
            },
            _ => None,
        };
        Ok(match &row.flow {
            Flow::Next | Flow::Call(_) => None,
            Flow::Return(_) => Some(Exit::Return),
            Flow::Trap => Some(Exit::Trap),
            Flow::Jump(target) => Some(match fixed(target) {
                Some(to) => Exit::Jump(to),
                None => self.indirect(decoded.at)?,
            }),
            Flow::Branch { target, .. } => {
                let taken = fixed(target).ok_or_else(|| wrong(decoded.at, "an indirect branch"))?;
                Some(Exit::Branch { taken, fall: i64::from(decoded.next().0) })
            }
        })
    }

    fn indirect(&self, at: CodeOffset) -> Result<Exit, Unsupported> {
        if let Some(index) = self.claim.patchpoints.iter().position(|p| p.jump == at) {
            return Ok(Exit::Patchpoint(index));
        }
        let index = self.claim.jump_tables.iter().position(|t| t.jump == at);
        let index = index.ok_or_else(|| wrong(at, "an indirect jump that the claim does not explain"))?;
        let table = &self.claim.jump_tables[index];
        let first = table.table.0 as usize;
        let last = first.checked_add(table.entries as usize * 4).filter(|&last| last <= self.bytes.len());
        let Some(last) = last.filter(|_| first >= self.code.len() && table.entries > 0) else {
            return Err(wrong(at, "a jump table outside the data"));
        };
        let entries = self.bytes[first..last].chunks_exact(4);
        let targets = entries.map(|e| first as i64 + i64::from(i32::from_le_bytes([e[0], e[1], e[2], e[3]])));
        Ok(Exit::Table { index, targets: targets.collect() })
    }

    fn cut(&self, reached: Reached) -> Result<Cfg, Unsupported> {
        let mut blocks: Vec<Block> = Vec::new();
        let (mut open, mut last_end) = (false, 0);
        for (at, (decoded, exit)) in reached.instructions {
            if at < last_end {
                return Err(wrong(CodeOffset(at), "an instruction that starts inside another"));
            }
            open &= at == last_end && !reached.leaders.contains(&at);
            last_end = decoded.next().0;
            let next = i64::from(last_end);
            match blocks.last_mut() {
                Some(block) if open => {
                    block.code.push(decoded);
                    block.exit = Exit::Fall(next);
                }
                _ => blocks.push(Block {
                    code: vec![decoded],
                    exit: Exit::Fall(next),
                    next: Vec::new(),
                    before: Vec::new(),
                    arrivals: 0,
                    rank: 0,
                }),
            }
            open = exit.is_none();
            if let (Some(exit), Some(block)) = (exit, blocks.last_mut()) {
                block.exit = exit;
            }
        }
        Ok(self.link(blocks))
    }

    fn link(&self, mut blocks: Vec<Block>) -> Cfg {
        let starts: BTreeMap<u32, usize> = blocks.iter().enumerate().map(|(i, b)| (b.start().0, i)).collect();
        for index in 0..blocks.len() {
            let mut targets = blocks[index].exit.targets();
            if let Exit::Patchpoint(number) = blocks[index].exit {
                targets.push(i64::from(self.claim.patchpoints[number].resume.0));
            }
            let mut next: Vec<usize> =
                targets.iter().filter_map(|&t| starts.get(&u32::try_from(t).ok()?).copied()).collect();
            for &to in &next {
                blocks[to].arrivals += 1;
            }
            next.sort_unstable();
            next.dedup();
            for &to in &next {
                blocks[to].before.push(index);
            }
            blocks[index].next = next;
        }
        let roots = self.claim.landings.iter().rev().map(|at| at.0).chain([0]);
        let roots: Vec<usize> = roots.filter_map(|at| starts.get(&at).copied()).collect();
        for &root in &roots {
            blocks[root].arrivals += 1;
        }
        let order = reverse_postorder(&blocks, &roots);
        for (rank, &index) in order.iter().enumerate() {
            blocks[index].rank = rank;
        }
        Cfg { blocks, order, starts }
    }
}

fn reverse_postorder(blocks: &[Block], roots: &[usize]) -> Vec<usize> {
    let mut seen = vec![false; blocks.len()];
    let mut order = Vec::with_capacity(blocks.len());
    for &root in roots {
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        let mut stack = vec![(root, 0)];
        while let Some(top) = stack.last_mut() {
            let (block, child) = *top;
            top.1 += 1;
            match blocks[block].next.get(child) {
                Some(&next) if !std::mem::replace(&mut seen[next], true) => stack.push((next, 0)),
                Some(_) => {}
                None => {
                    order.push(block);
                    stack.pop();
                }
            }
        }
    }
    order.reverse();
    order
}
