//! Numbers that find faults: edges often, anything otherwise. Deterministic.

/// SplitMix64.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(crate) fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.word() % limit
    }

    pub(crate) fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    /// An integer: edges of all widths, small numbers, anything.
    pub(crate) fn integer(&mut self) -> u64 {
        match self.below(4) {
            0 => {
                let edge = 1_u64 << self.pick(&[0, 7, 8, 15, 16, 31, 32, 63]);
                let near = self.pick(&[0, 1, 2, u64::MAX]);
                let value = edge.wrapping_sub(near);
                if self.one_in(2) { value } else { value.wrapping_neg() }
            }
            1 => self.below(70),
            _ => self.word(),
        }
    }

    /// Bits of a 64-bit float: special ones, whole ones, ones near the integers' limits, anything.
    pub(crate) fn float64(&mut self) -> u64 {
        const SPECIAL: [u64; 10] = [
            0,
            1 << 63,
            0x7ff0_0000_0000_0000,
            0xfff0_0000_0000_0000,
            0x7ff8_0000_0000_1234,
            0xfff8_0000_0000_0000,
            0x7ff0_0000_dead_beef,
            0xfff4_5678_0000_0001,
            1,
            0x000f_ffff_ffff_ffff,
        ];
        match self.below(6) {
            5 => self.float_of(11, 52),
            0 => self.pick(&SPECIAL),
            1 => (self.below(2000) as f64 / 2.0 - 500.0).to_bits(),
            2 => (self.integer() as i64 as f64 * self.pick(&[1.0, 0.5, 2.0])).to_bits(),
            3 => ((self.below(1 << 20) as f64 - 500_000.3) * 1.0e-3).to_bits(),
            _ => self.word(),
        }
    }

    /// Bits of a float whose exponent and fraction are at an end, or a bit from it: so many bits of each.
    fn float_of(&mut self, exponent: u32, fraction: u32) -> u64 {
        let mut end = |bits: u32| {
            let all = (1_u64 << bits) - 1;
            let bit = 1 << self.below(u64::from(bits));
            self.pick(&[0, all, bit, all ^ bit])
        };
        let (exponent, fraction, width) = (end(exponent) << fraction, end(fraction), exponent + fraction);
        self.below(2) << width | exponent | fraction
    }

    /// Bits of a 32-bit float, as above.
    pub(crate) fn float32(&mut self) -> u32 {
        const SPECIAL: [u32; 8] =
            [0, 1 << 31, 0x7f80_0000, 0xff80_0000, 0x7fc0_1234, 0xff80_0001, 0x7fa5_5aa5, 1];
        match self.below(4) {
            3 => self.float_of(8, 23) as u32,
            0 => self.pick(&SPECIAL),
            1 => (f64::from_bits(self.float64()) as f32).to_bits(),
            _ => self.word() as u32,
        }
    }

    /// A register of NaNs: 64-bit ones, or 32-bit ones in as many lanes as a register has, or one above ones.
    pub(crate) fn nans(&mut self, bits: u32) -> u128 {
        let quiet = [0, 0x0008_0000_0000_0000][self.below(2) as usize];
        let wide = u128::from(0x7ff0_0000_0000_0000 | quiet | self.word() >> 13 | 1 | self.below(2) << 63);
        let quiet = [0, 0x0040_0000][self.below(2) as usize];
        let narrow =
            u128::from(0x7f80_0000 | quiet | (self.word() >> 42) as u32 | 1 | (self.below(2) as u32) << 31);
        match (bits, self.one_in(2)) {
            (64, true) => wide,
            (64, false) => narrow | 0xffff_ffff << 32,
            (_, true) => wide << 64 | wide,
            (_, false) => narrow << 96 | narrow << 64 | narrow << 32 | narrow,
        }
    }

    /// A vector register: two 64-bit floats, four 32-bit ones, or integers.
    pub(crate) fn vector(&mut self) -> u128 {
        let mut half = || match self.below(3) {
            0 => self.float64(),
            1 => u64::from(self.float32()) << 32 | u64::from(self.float32()),
            _ => self.integer(),
        };
        u128::from(half()) << 64 | u128::from(half())
    }
}
