//! A step of a frame's prolog or epilog as an instruction whose numbers are still open.
//!
//! ```text
//! sub rsp, adjust  ──adapter──▶  row `sub`, operands rsp and a number, which fits if −2³¹ ≤ adjust < 2³¹
//! ```

use crate::decoded::Decoded;
use framewright_spec::Reg;

/// An operand of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepOperand {
    /// A full-width register.
    Register(Reg),
    /// A number.
    Number,
    /// Memory at a register plus a number.
    Memory(Reg),
    /// A place in the code.
    Place,
}

/// An instruction with open numbers.
#[derive(Clone, Debug)]
pub struct Template {
    /// The instruction; its open numbers stand for nothing.
    pub decoded: Decoded,
    /// The open numbers, in the order of the step.
    pub numbers: Vec<Number>,
}

/// An open number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The operand that it is, or whose displacement it is.
    pub operand: usize,
    /// Whether it is a displacement.
    pub displacement: bool,
    /// The smallest that can be encoded.
    pub least: i128,
    /// The largest.
    pub most: i128,
    /// It must be a multiple of this.
    pub multiple: i128,
    /// Values between them that cannot be encoded.
    pub excluded: Vec<i128>,
    /// It must be a mask without some low bits: minus a power of two.
    pub mask: bool,
}

impl Number {
    /// A number in two's complement.
    pub fn signed(operand: usize, bits: u32) -> Number {
        let half = 1_i128 << (bits - 1);
        let excluded = Vec::new();
        Number {
            operand,
            displacement: false,
            least: -half,
            most: half - 1,
            multiple: 1,
            excluded,
            mask: false,
        }
    }

    /// Whether it can be encoded.
    pub fn fits(&self, value: i128) -> bool {
        (self.least..=self.most).contains(&value)
            && value % self.multiple == 0
            && !self.excluded.contains(&value)
            && (!self.mask || value < -1 && value.unsigned_abs().is_power_of_two())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_in_range_a_multiple_not_excluded_and_a_mask_where_one_is_wanted() {
        let number = Number { multiple: 8, excluded: vec![16], ..Number::signed(0, 8) };
        let fits = [-136, -128, -124, -8, 0, 8, 16, 120, 127, 128].map(|value| number.fits(value));
        assert_eq!(fits, [false, true, false, true, true, true, false, true, false, false]);
        let mask = Number { mask: true, ..Number::signed(0, 64) };
        let fits = [-64, -2, -1, 0, 1, 2, 64, -24].map(|value| mask.fits(value));
        assert_eq!(fits, [true, true, false, false, false, false, false, false]);
    }
}
