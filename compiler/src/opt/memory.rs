//! What is known of the contents of memory 0, of the globals and of the memory's size, on the way through a block.
//!
//! ```text
//! i32.store a+8  x        memory[a+8 .. a+12] = x
//! v = i32.load a+8        v = x, no load
//! f32.store b    y        everything but what is at b+… is forgotten: a and b may be close
//! ```
//!
//! An address is a base class and an offset, which do not wrap together (the effective address has more than 32
//! bits). Two accesses are apart only when they have one base. A known access has been made, so it does not trap.

use super::node::{Graph, Head, Node};
use crate::ir::{Inst, LoadOp, NumOp, Op, Type};
use egg::Id;

/// How many facts are kept; the oldest go first.
const MAX_FACTS: usize = 32;

/// Bytes of memory 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Access {
    /// The address, or none when it is a constant, then part of the offset.
    base: Option<Id>,
    offset: u64,
    bytes: u32,
}

impl Access {
    /// Of so many bytes at an address class and a static offset.
    pub(super) fn new(address: Id, offset: u32, bytes: u32, graph: &Graph) -> Access {
        match graph[address].data.constant {
            Some(constant) => Access { base: None, offset: constant + u64::from(offset), bytes },
            None => Access { base: Some(address), offset: u64::from(offset), bytes },
        }
    }

    fn apart(&self, other: &Access) -> bool {
        let before = |a: &Access, b: &Access| a.offset + u64::from(a.bytes) <= b.offset;
        self.base == other.base && (before(self, other) || before(other, self))
    }

    /// Whether the first bytes of `self` are all of `other`.
    fn starts_with(&self, other: &Access) -> bool {
        self.base == other.base && self.offset == other.offset && self.bytes >= other.bytes
    }
}

/// Something that is read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Bytes of memory 0: the lowest of the value.
    Memory(Access),
    /// A global.
    Global(u32),
    /// The size of memory 0.
    Size,
}

/// What is known at one point of the program.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    known: Vec<(Place, Id)>,
    /// The last store, if nothing since could tell whether it happened.
    unobserved: Option<(Access, Inst)>,
    /// A store of which nobody can tell any more that it happened.
    pub(super) overwritten: Option<Inst>,
}

/// Whether an instruction may change what is known.
pub(super) fn clobbers(op: Op) -> bool {
    matches!(op, Op::Store(..) | Op::Call(_) | Op::CallIndirect(_) | Op::GlobalSet(_) | Op::MemoryGrow)
}

impl Memory {
    /// Learns that a place holds a value.
    pub(super) fn know(&mut self, place: Place, value: Id) {
        self.known.retain(|(at, _)| *at != place);
        if self.known.len() == MAX_FACTS {
            self.known.remove(0);
        }
        self.known.push((place, value));
    }

    /// Keeps what the other knows, too.
    pub(super) fn intersect(&mut self, other: &Memory) {
        self.known.retain(|fact| other.known.contains(fact));
    }

    /// Somebody may look at memory now, or at least whoever handles a trap.
    pub(super) fn observe(&mut self) {
        self.unobserved = None;
    }

    /// Forgets all that an instruction, executed any number of times with any arguments, may change.
    pub(super) fn clobber(&mut self, op: Op) {
        self.unobserved = None;
        self.known.retain(|(place, _)| match (op, place) {
            (Op::Call(_) | Op::CallIndirect(_), _) => false,
            (Op::Store(..), Place::Memory(_)) | (Op::MemoryGrow, Place::Size) => false,
            (Op::GlobalSet(set), Place::Global(index)) => set != *index,
            _ => true,
        });
    }

    /// Goes past an instruction. Gives a class when the instruction is not needed: that of its result, or, for one
    /// without result, any.
    pub(super) fn step(&mut self, op: Op, args: &[Id], inst: Inst, graph: &mut Graph) -> Option<Id> {
        match op {
            Op::Load(op, offset) => {
                let access = Access::new(args[0], offset, op.bytes(), graph);
                self.unobserved = None;
                let known = |(place, value): &(Place, Id)| match place {
                    Place::Memory(at) if at.starts_with(&access) => Some(*value),
                    _ => None,
                };
                let value = self.known.iter().rev().find_map(known)?;
                Some(loaded(op, value, graph))
            }
            Op::Store(op, offset) => {
                let access = Access::new(args[0], offset, op.bytes(), graph);
                self.store(access, args[1], inst, graph)
            }
            Op::GlobalGet(index) => self.lookup(Place::Global(index)),
            Op::MemorySize => self.lookup(Place::Size),
            Op::GlobalSet(index) => {
                let same = self.lookup(Place::Global(index)).filter(|&value| value == args[0]);
                self.know(Place::Global(index), args[0]);
                same
            }
            _ => {
                self.clobber(op);
                None
            }
        }
    }

    fn lookup(&self, place: Place) -> Option<Id> {
        self.known.iter().find(|(at, _)| *at == place).map(|&(_, value)| value)
    }

    fn store(&mut self, access: Access, value: Id, inst: Inst, graph: &Graph) -> Option<Id> {
        let same = |(place, known): &(Place, Id)| {
            matches!(place, Place::Memory(at) if at.starts_with(&access) && at.bytes == access.bytes)
                && graph.find(*known) == value
        };
        if self.known.iter().any(same) {
            return Some(value);
        }
        self.known.retain(|(place, _)| match place {
            Place::Memory(at) => at.apart(&access),
            _ => true,
        });
        self.know(Place::Memory(access), value);
        if let Some((_, before)) = self.unobserved.take().filter(|(at, _)| *at == access) {
            self.overwritten = Some(before);
        }
        self.unobserved = Some((access, inst));
        None
    }
}

/// What a load gives of bytes that are the lowest of a value.
fn loaded(op: LoadOp, value: Id, graph: &mut Graph) -> Id {
    use LoadOp::*;
    let from = graph[value].data.ty;
    if from == op.ty() && op.bytes() == bytes(from) {
        return value;
    }
    let mut apply = |op: NumOp, x: Id| graph.add(Node::new(Head::Num(op), &[x]));
    let bits = match from {
        Type::F32 => apply(NumOp::I32ReinterpretF32, value),
        Type::F64 => apply(NumOp::I64ReinterpretF64, value),
        Type::I32 | Type::I64 => value,
    };
    if op.bytes() == 8 {
        return if op == F64Load { apply(NumOp::F64ReinterpretI64, bits) } else { bits };
    }
    let wide = matches!(from, Type::I64 | Type::F64);
    let low = if wide { apply(NumOp::I32WrapI64, bits) } else { bits };
    let extended = match op {
        I32Load8S | I64Load8S => apply(NumOp::I32Extend8S, low),
        I32Load16S | I64Load16S => apply(NumOp::I32Extend16S, low),
        I32Load8U | I64Load8U => masked(low, 0xff, graph),
        I32Load16U | I64Load16U => masked(low, 0xffff, graph),
        F32Load => apply(NumOp::F32ReinterpretI32, low),
        _ => low,
    };
    let widen = match op {
        I64Load8S | I64Load16S | I64Load32S => NumOp::I64ExtendI32S,
        I64Load8U | I64Load16U | I64Load32U => NumOp::I64ExtendI32U,
        _ => return extended,
    };
    graph.add(Node::new(Head::Num(widen), &[extended]))
}

fn masked(value: Id, mask: u64, graph: &mut Graph) -> Id {
    let mask = graph.add(Node::new(Head::Const(Type::I32, mask), &[]));
    graph.add(Node::new(Head::Num(NumOp::I32And), &[value, mask]))
}

fn bytes(ty: Type) -> u32 {
    match ty {
        Type::I32 | Type::F32 => 4,
        Type::I64 | Type::F64 => 8,
    }
}
