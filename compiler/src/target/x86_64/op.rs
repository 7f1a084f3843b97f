//! Operations over virtual registers.
//!
//! Most are one machine instruction ([`Op::Code`]): its encoder code and its operands, which name registers by
//! their index in the instruction's operand list. The rest are short fixed sequences: branches, and arithmetic
//! whose rare cases go out of line.
//!
//! # Mnemonics
//! All that optimized code consists of, frame steps apart:
//!
//! | kind | mnemonics |
//! |---|---|
//! | moves | `mov` `movzx` `movsx` `movsxd` `lea` `movss` `movsd` `movaps` `movd` `movq` |
//! | integers | `add` `sub` `and` `or` `xor` `neg` `imul` `mul` `div` `idiv` `cdq` `cqo` `shl` `shr` `sar` `rol` `ror` `lzcnt` `tzcnt` `popcnt` |
//! | flags | `cmp` `test` `ucomiss` `ucomisd` `set`*cc* `cmov`*cc* |
//! | control | `jmp` `j`*cc* `call` `ud2` (`ret` is a frame step) |
//! | floats | `addss` `subss` `mulss` `divss` `minss` `maxss` `sqrtss` `roundss`, the same with `sd` |
//! | float bits | `andps` `andnps` `orps` `xorps` |
//! | conversions | `cvtsi2ss` `cvtsi2sd` `cvttss2si` `cvttsd2si` `cvtss2sd` `cvtsd2ss` |
//!
//! *cc* is any of the sixteen conditions.

use crate::TrapCode;
use framewright_spec::CfaOffset;
use framewright_spec::claim::ValueKind;
use iced_x86::Code;
use smallvec::SmallVec;

/// A condition on the flags, in the order of its encoding (Intel SDM vol. 2, B.1.4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
#[rustfmt::skip]
pub(crate) enum Cc { O, No, B, Ae, E, Ne, Be, A, S, Ns, P, Np, L, Ge, Le, G }

impl Cc {
    #[rustfmt::skip]
    const ALL: [Cc; 16] = [
        Cc::O, Cc::No, Cc::B, Cc::Ae, Cc::E, Cc::Ne, Cc::Be, Cc::A, Cc::S, Cc::Ns, Cc::P, Cc::Np, Cc::L, Cc::Ge, Cc::Le, Cc::G,
    ];

    /// The condition that holds when this one does not.
    pub(crate) fn not(self) -> Cc {
        Cc::ALL[self as usize ^ 1]
    }

    /// `jcc` with a 32-bit displacement.
    #[rustfmt::skip]
    pub(crate) fn jump(self) -> Code {
        use Code::*;
        [Jo_rel32_64, Jno_rel32_64, Jb_rel32_64, Jae_rel32_64, Je_rel32_64, Jne_rel32_64, Jbe_rel32_64, Ja_rel32_64,
         Js_rel32_64, Jns_rel32_64, Jp_rel32_64, Jnp_rel32_64, Jl_rel32_64, Jge_rel32_64, Jle_rel32_64, Jg_rel32_64]
            [self as usize]
    }

    /// `setcc`.
    #[rustfmt::skip]
    pub(crate) fn set(self) -> Code {
        use Code::*;
        [Seto_rm8, Setno_rm8, Setb_rm8, Setae_rm8, Sete_rm8, Setne_rm8, Setbe_rm8, Seta_rm8,
         Sets_rm8, Setns_rm8, Setp_rm8, Setnp_rm8, Setl_rm8, Setge_rm8, Setle_rm8, Setg_rm8][self as usize]
    }

    /// `cmovcc`, of 32 or 64 bits.
    #[rustfmt::skip]
    pub(crate) fn cmov(self, width: Width) -> Code {
        use Code::*;
        width.pick(
            [Cmovo_r32_rm32, Cmovno_r32_rm32, Cmovb_r32_rm32, Cmovae_r32_rm32, Cmove_r32_rm32, Cmovne_r32_rm32,
             Cmovbe_r32_rm32, Cmova_r32_rm32, Cmovs_r32_rm32, Cmovns_r32_rm32, Cmovp_r32_rm32, Cmovnp_r32_rm32,
             Cmovl_r32_rm32, Cmovge_r32_rm32, Cmovle_r32_rm32, Cmovg_r32_rm32][self as usize],
            [Cmovo_r64_rm64, Cmovno_r64_rm64, Cmovb_r64_rm64, Cmovae_r64_rm64, Cmove_r64_rm64, Cmovne_r64_rm64,
             Cmovbe_r64_rm64, Cmova_r64_rm64, Cmovs_r64_rm64, Cmovns_r64_rm64, Cmovp_r64_rm64, Cmovnp_r64_rm64,
             Cmovl_r64_rm64, Cmovge_r64_rm64, Cmovle_r64_rm64, Cmovg_r64_rm64][self as usize],
        )
    }
}

/// A condition that selection speaks of. Floats compare equal when ZF and not PF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cond {
    /// One condition on the flags.
    Is(Cc),
    /// Floats are equal: E and NP.
    Equal,
    /// Floats are not equal, or one is not a number: NE or P.
    Unequal,
}

impl Cond {
    /// The opposite.
    pub(crate) fn not(self) -> Cond {
        match self {
            Cond::Is(cc) => Cond::Is(cc.not()),
            Cond::Equal => Cond::Unequal,
            Cond::Unequal => Cond::Equal,
        }
    }
}

/// Width of an integer operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// 32 bits.
    W32,
    /// 64 bits.
    W64,
}

impl Width {
    /// The first for 32 bits, the second for 64.
    pub(crate) fn pick<V>(self, narrow: V, wide: V) -> V {
        match self {
            Width::W32 => narrow,
            Width::W64 => wide,
        }
    }

    /// In bytes.
    pub(crate) fn bytes(self) -> u32 {
        self.pick(4, 8)
    }
}

/// What a memory operand is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// A register operand.
    Reg(u8),
    /// The CFA.
    Frame(CfaOffset),
    /// SP: the outgoing area.
    Sp,
    /// A constant of 4 or 8 bytes in the data.
    Constant(u32, u64),
}

/// A memory operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mem {
    pub(crate) base: Base,
    /// A register operand and what it is multiplied by.
    pub(crate) index: Option<(u8, u8)>,
    /// Bytes.
    pub(crate) offset: i32,
}

/// An operand of a machine instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arg {
    /// A register, or a spill slot where the instruction takes memory too.
    Reg(u8),
    /// Memory.
    Mem(Mem),
    /// A number.
    Imm(i32),
}

/// A trap an instruction may raise, and the byte offset in the Wasm module.
pub(crate) type Trap = (TrapCode, u32);

/// An operation. Register operands are listed as `definitions <- uses`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Op {
    /// One machine instruction.
    Code { code: Code, args: SmallVec<[Arg; 3]>, trap: Option<Trap> },
    /// `d <- `: a constant.
    Constant(u64),
    /// `d <- a, b`: `a + b * scale + offset`, as `add` where it can, else `lea`; b may be missing.
    Sum { width: Width, scale: u8, offset: i32 },
    /// `d <- a`: `a << count`, as `lea` where that saves a move.
    ShiftLeft { width: Width, count: u8 },
    /// `<- a`: sets the zero flag for a, if it does not speak of a already. The other flags are not defined.
    IsZero(Width),
    /// To the only successor.
    Jump,
    /// To the first successor if it holds, else to the second.
    Branch(Cond),
    /// `<- index; temps t, u`: to the successor of the table's entry, or of its last when out of range.
    Table(Vec<usize>),
    /// Traps if it holds.
    TrapIf(Cc, Trap),
    /// Traps.
    Trap(Trap),
    /// `results <- arguments`: calls the address at the operand.
    Call(Mem),
    /// `parameters <-`: nothing to do.
    Arrive,
    /// `values <-`: loads each from its home.
    Import(Vec<(ValueKind, CfaOffset)>),
    /// Epilog.
    Leave,
    /// `<- n, d`: traps if the quotient overflows.
    QuotientCheck(Width, Trap),
    /// `quotient, remainder <- low, d`: signed remainder, also of the smallest number by -1.
    Remainder(Width),
    /// `d <- a, b`: WebAssembly's `min` or `max`; d is a.
    MinMax { max: bool, width: Width },
    /// `d <- other, value`: the value if it holds, d being the other.
    SelectFloat(Cond),
    /// `d <- zero, n; temps t, u`: unsigned 64-bit integer to float; d is zero.
    FromUnsigned(Width),
    /// `d <- x; temps`: float to integer; what does not fit traps or saturates.
    Truncate { from: Width, to: Width, signed: bool, trap: Option<u32> },
}

impl std::fmt::Display for Op {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Op::Code { code, args, .. } = self else { return write!(f, "{self:?}") };
        write!(f, "{}", format!("{code:?}").to_lowercase())?;
        for (n, arg) in args.iter().enumerate() {
            let comma = if n == 0 { " " } else { ", " };
            match arg {
                Arg::Reg(operand) => write!(f, "{comma}%{operand}")?,
                Arg::Imm(value) => write!(f, "{comma}{value}")?,
                Arg::Mem(mem) => write!(f, "{comma}{mem}")?,
            }
        }
        Ok(())
    }
}

impl std::fmt::Display for Mem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.base {
            Base::Reg(operand) => write!(f, "[%{operand}")?,
            Base::Frame(at) => write!(f, "[{at}")?,
            Base::Sp => write!(f, "[outgoing")?,
            Base::Constant(bytes, bits) => write!(f, "[constant{}={bits:#x}", bytes * 8)?,
        }
        if let Some((operand, scale)) = self.index {
            write!(f, "+%{operand}*{scale}")?;
        }
        match self.offset {
            0 => write!(f, "]"),
            offset => write!(f, "{offset:+}]"),
        }
    }
}
