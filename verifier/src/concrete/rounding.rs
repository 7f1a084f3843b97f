//! Exact binary numbers, and how they become floats and integers: IEEE 754 arithmetic for every rounding mode.
//!
//! ```text
//! raw bits ──unpack──▶ Number ──sum, product, quotient, root──▶ Exact ──pack──▶ raw bits
//!                              (no bit of the true result lost)        (one rounding)
//! ```
//!
//! An operation computes enough bits of the true result, and whether anything lies below them; only packing rounds.
//! NaNs have no payload here: which NaN an operation gives is a rule of the machine's, not of arithmetic.

/// How a result between two floats is rounded (IEEE 754-2019, 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// To the nearest, to the even one of two.
    NearestEven,
    /// Towards zero.
    Zero,
    /// Towards negative infinity.
    Down,
    /// Towards positive infinity.
    Up,
    /// To the nearest, away from zero of two.
    NearestAway,
}

impl Mode {
    /// By the number that rows use: 0 to 4 in the order above.
    pub(super) fn from_number(number: u128) -> Option<Mode> {
        let modes = [Mode::NearestEven, Mode::Zero, Mode::Down, Mode::Up, Mode::NearestAway];
        modes.get(usize::try_from(number).ok()?).copied()
    }
}

/// A binary interchange format (IEEE 754-2019, 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    /// Width, bits.
    pub width: u32,
    /// Bits of the trailing significand.
    pub fraction: u32,
}

/// `binary32`.
pub(super) const SINGLE: Format = Format { width: 32, fraction: 23 };
/// `binary64`.
pub(super) const DOUBLE: Format = Format { width: 64, fraction: 52 };

/// ± magnitude × 2^exponent, and with `more` a little further from zero: less than one unit of the magnitude.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exact {
    pub negative: bool,
    pub magnitude: u128,
    pub exponent: i32,
    pub more: bool,
}

/// What a float stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Nan,
    Infinity { negative: bool },
    Finite(Exact),
}

/// Where the highest bit of a normalised magnitude is: room for a carry and for the sign of a difference.
const TOP: u32 = 125;

impl Exact {
    /// An integer.
    pub(super) fn integer(value: i128) -> Exact {
        Exact { negative: value < 0, magnitude: value.unsigned_abs(), exponent: 0, more: false }
    }

    fn is_zero(self) -> bool {
        self.magnitude == 0
    }

    /// The same number with its highest bit at [`TOP`]; zero stays.
    fn normalised(self) -> Exact {
        let room = self.magnitude.leading_zeros().saturating_sub(127 - TOP);
        if self.is_zero() {
            return self;
        }
        Exact { magnitude: self.magnitude << room, exponent: self.exponent - room as i32, ..self }
    }

    /// The sum. A zero sum of two numbers of different signs is negative when rounding down only.
    pub(super) fn sum(self, other: Exact, mode: Mode) -> Exact {
        let zero = Exact { negative: mode == Mode::Down, magnitude: 0, exponent: 0, more: false };
        match (self.is_zero(), other.is_zero()) {
            (true, true) if self.negative == other.negative => return self,
            (true, true) => return zero,
            (true, false) => return other,
            (false, true) => return self,
            (false, false) => {}
        }
        let (x, y) = (self.normalised(), other.normalised());
        let (high, low) =
            if (x.exponent, x.magnitude) >= (y.exponent, y.magnitude) { (x, y) } else { (y, x) };
        let distance = (high.exponent - low.exponent) as u32;
        let aligned = low.magnitude.checked_shr(distance).unwrap_or(0);
        let more = distance > low.magnitude.trailing_zeros();
        if high.negative == low.negative {
            return Exact { magnitude: high.magnitude + aligned, more, ..high };
        }
        // What is lost of the lower one leaves the difference below its whole bits.
        let magnitude = high.magnitude - aligned - u128::from(more);
        if magnitude == 0 { zero } else { Exact { magnitude, more, ..high } }
    }

    /// The product, of significands of at most 64 bits.
    pub(super) fn product(self, other: Exact) -> Exact {
        Exact {
            negative: self.negative != other.negative,
            magnitude: self.magnitude * other.magnitude,
            exponent: self.exponent + other.exponent,
            more: false,
        }
    }

    /// The quotient, to 60 bits at least; `other` is not zero and has at most 64 bits.
    pub(super) fn quotient(self, other: Exact) -> Exact {
        let dividend = self.normalised();
        Exact {
            negative: self.negative != other.negative,
            magnitude: dividend.magnitude / other.magnitude,
            exponent: dividend.exponent - other.exponent,
            more: !dividend.magnitude.is_multiple_of(other.magnitude),
        }
    }

    /// The square root of a number that is not negative, to 62 bits at least.
    pub(super) fn root(self) -> Exact {
        let radicand = self.normalised();
        let odd = radicand.exponent.rem_euclid(2);
        let magnitude = radicand.magnitude << odd;
        let root = magnitude.isqrt();
        let exponent = (radicand.exponent - odd) / 2;
        Exact { magnitude: root, exponent, more: root * root != magnitude, ..self }
    }

    /// The magnitude in units of 2^unit, rounded.
    fn rounded(self, unit: i32, mode: Mode) -> u128 {
        if unit <= self.exponent {
            return self.magnitude << (self.exponent - unit);
        }
        let dropped = (unit - self.exponent) as u32;
        let kept = self.magnitude.checked_shr(dropped).unwrap_or(0);
        let rest = self.magnitude - kept.checked_shl(dropped).unwrap_or(0);
        // Beyond 128 bits the rest is less than half a unit.
        let half = 1_u128.checked_shl(dropped - 1);
        let (above, tie) = half.map_or((false, false), |half| (rest > half, rest == half));
        let inexact = rest != 0 || self.more;
        let away = match mode {
            Mode::NearestEven => above || tie && (self.more || kept % 2 == 1),
            Mode::NearestAway => above || tie,
            Mode::Zero => false,
            Mode::Down => self.negative && inexact,
            Mode::Up => !self.negative && inexact,
        };
        kept + u128::from(away)
    }

    /// The integer it rounds to, or the nearest of the range.
    pub(super) fn to_integer(self, mode: Mode, lowest: i128, highest: i128) -> i128 {
        let top = self.exponent + 128 - self.magnitude.leading_zeros() as i32;
        // From 2^100 on it is out of every range, and its bits might not fit.
        let magnitude = if !self.is_zero() && top > 100 { i128::MAX } else { self.rounded(0, mode) as i128 };
        (if self.negative { -magnitude } else { magnitude }).clamp(lowest, highest)
    }
}

impl Format {
    /// By its name in rows.
    pub(super) fn named(name: &str) -> Option<Format> {
        match name {
            "f32" => Some(SINGLE),
            "f64" => Some(DOUBLE),
            _ => None,
        }
    }

    fn exponent_ones(self) -> u128 {
        (1 << (self.width - 1 - self.fraction)) - 1
    }

    /// The exponent of the lowest bit of subnormal numbers.
    fn lowest_unit(self) -> i32 {
        1 - (self.exponent_ones() >> 1) as i32 - self.fraction as i32
    }

    fn signed(self, negative: bool, magnitude: u128) -> u128 {
        u128::from(negative) << (self.width - 1) | magnitude
    }

    /// Infinity of a sign.
    pub(super) fn infinity(self, negative: bool) -> u128 {
        self.signed(negative, self.exponent_ones() << self.fraction)
    }

    /// The quiet NaN without sign and payload.
    pub(super) fn quiet_nan(self) -> u128 {
        self.infinity(false) | 1 << (self.fraction - 1)
    }

    /// What the bits stand for.
    pub(super) fn unpack(self, raw: u128) -> Number {
        let negative = raw >> (self.width - 1) & 1 == 1;
        let exponent = raw >> self.fraction & self.exponent_ones();
        let fraction = raw & ((1 << self.fraction) - 1);
        if exponent == self.exponent_ones() {
            return if fraction == 0 { Number::Infinity { negative } } else { Number::Nan };
        }
        let hidden = u128::from(exponent != 0) << self.fraction;
        let exponent = self.lowest_unit() + (exponent as i32 - 1).max(0);
        Number::Finite(Exact { negative, magnitude: hidden | fraction, exponent, more: false })
    }

    /// The number rounded to this format, overflow included. With `more` it has at least two bits more than the
    /// format.
    pub(super) fn pack(self, exact: Exact, mode: Mode) -> u128 {
        if exact.is_zero() {
            return self.signed(exact.negative, 0);
        }
        let top = exact.exponent + 127 - exact.magnitude.leading_zeros() as i32;
        let unit = (top - self.fraction as i32).max(self.lowest_unit());
        let rounded = exact.rounded(unit, mode);
        // A significand with its hidden bit counts one in the exponent by itself; so does one that was carried.
        let bits = ((unit - self.lowest_unit()) as u128) << self.fraction;
        let magnitude = bits + rounded;
        if magnitude < self.infinity(false) {
            return self.signed(exact.negative, magnitude);
        }
        let away = match mode {
            Mode::NearestEven | Mode::NearestAway => true,
            Mode::Zero => false,
            Mode::Down => exact.negative,
            Mode::Up => !exact.negative,
        };
        self.infinity(exact.negative) - u128::from(!away)
    }

    /// As [`Format::pack`], of any number; `nan` is what a NaN is.
    pub(super) fn pack_number(self, number: Number, mode: Mode, nan: u128) -> u128 {
        match number {
            Number::Nan => nan,
            Number::Infinity { negative } => self.infinity(negative),
            Number::Finite(exact) => self.pack(exact, mode),
        }
    }
}

/// Arithmetic on all numbers (IEEE 754-2019, 6 and 7.2); [`Number::Nan`] also for invalid operations.
impl Number {
    pub(super) fn add(self, other: Number, mode: Mode) -> Number {
        match (self, other) {
            (Number::Nan, _) | (_, Number::Nan) => Number::Nan,
            (Number::Infinity { negative: a }, Number::Infinity { negative: b }) if a != b => Number::Nan,
            (infinity @ Number::Infinity { .. }, _) | (_, infinity @ Number::Infinity { .. }) => infinity,
            (Number::Finite(a), Number::Finite(b)) => Number::Finite(a.sum(b, mode)),
        }
    }

    pub(super) fn negated(self) -> Number {
        match self {
            Number::Nan => Number::Nan,
            Number::Infinity { negative } => Number::Infinity { negative: !negative },
            Number::Finite(exact) => Number::Finite(Exact { negative: !exact.negative, ..exact }),
        }
    }

    pub(super) fn mul(self, other: Number) -> Number {
        let negative = self.is_negative() != other.is_negative();
        match (self, other) {
            (Number::Nan, _) | (_, Number::Nan) => Number::Nan,
            (Number::Infinity { .. }, Number::Finite(zero))
            | (Number::Finite(zero), Number::Infinity { .. })
                if zero.is_zero() =>
            {
                Number::Nan
            }
            (Number::Infinity { .. }, _) | (_, Number::Infinity { .. }) => Number::Infinity { negative },
            (Number::Finite(a), Number::Finite(b)) => Number::Finite(a.product(b)),
        }
    }

    pub(super) fn div(self, other: Number) -> Number {
        let negative = self.is_negative() != other.is_negative();
        match (self, other) {
            (Number::Nan, _) | (_, Number::Nan) => Number::Nan,
            (Number::Infinity { .. }, Number::Infinity { .. }) => Number::Nan,
            (Number::Finite(a), Number::Finite(b)) if a.is_zero() && b.is_zero() => Number::Nan,
            (Number::Infinity { .. }, _) => Number::Infinity { negative },
            (_, Number::Infinity { .. }) => Number::Finite(Exact { negative, ..Exact::integer(0) }),
            (_, Number::Finite(b)) if b.is_zero() => Number::Infinity { negative },
            (Number::Finite(a), Number::Finite(b)) => Number::Finite(a.quotient(b)),
        }
    }

    pub(super) fn sqrt(self) -> Number {
        match self {
            Number::Finite(exact) if exact.is_zero() => self,
            _ if self.is_negative() => Number::Nan,
            Number::Finite(exact) => Number::Finite(exact.root()),
            _ => self,
        }
    }

    fn is_negative(self) -> bool {
        match self {
            Number::Nan => false,
            Number::Infinity { negative } => negative,
            Number::Finite(exact) => exact.negative,
        }
    }
}
