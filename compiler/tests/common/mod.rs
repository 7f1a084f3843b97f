//! Random modules from seeds: the same seed gives the same module everywhere.

#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod program;

use arbitrary::Unstructured;
use framewright_compiler::wasm::Module;

/// A sequence of pseudorandom numbers (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// Less than `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// A value of 64 bits that is often on an edge.
    pub(crate) fn bits(&mut self) -> u64 {
        match self.below(4) {
            0 => self.below(4),
            1 => EDGES[self.below(EDGES.len() as u64) as usize],
            2 => EDGES[self.below(EDGES.len() as u64) as usize].wrapping_add(self.below(3)).wrapping_sub(1),
            _ => self.next(),
        }
    }
}

/// Bit patterns at which something changes in some type.
pub(crate) const EDGES: &[u64] = &[
    0,
    1,
    0x7f,
    0x80,
    0x7fff,
    0x8000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0xffff_ffff_ffff_ffff,
    0x0000_0001,
    0x0080_0000, // f32: least normal
    0x3f00_0000, // 0.5
    0x3f80_0000, // 1
    0x3fc0_0000, // 1.5
    0x4b00_0000, // 2^23
    0x4eff_ffff, // the greatest below 2^31
    0x4f00_0000, // 2^31
    0x4f80_0000, // 2^32
    0x5f00_0000, // 2^63
    0x5f80_0000, // 2^64
    0x7f7f_ffff, // greatest
    0x7f80_0000, // infinity
    0x7f80_0001, // signalling NaN
    0x7fc0_0000, // quiet NaN
    0xbf80_0000, // -1
    0xcf00_0000, // -2^31
    0xdf00_0000, // -2^63
    0xff80_0000, // -infinity
    0xffc0_0000,
    0x0010_0000_0000_0000, // f64: least normal
    0x3fe0_0000_0000_0000, // 0.5
    0x3ff0_0000_0000_0000, // 1
    0x3ff8_0000_0000_0000, // 1.5
    0x41df_ffff_ffc0_0000, // 2^31 - 1
    0x41e0_0000_0000_0000, // 2^31
    0x41ef_ffff_ffe0_0000, // 2^32 - 1
    0x41f0_0000_0000_0000, // 2^32
    0x4330_0000_0000_0000, // 2^52
    0x43e0_0000_0000_0000, // 2^63
    0x43f0_0000_0000_0000, // 2^64
    0x7fef_ffff_ffff_ffff, // greatest
    0x7ff0_0000_0000_0000, // infinity
    0x7ff0_0000_0000_0001, // signalling NaN
    0x7ff8_0000_0000_0000, // quiet NaN
    0xbff0_0000_0000_0000, // -1
    0xc1e0_0000_0000_0000, // -2^31
    0xc1e0_0000_0020_0000, // -2^31 - 1
    0xc3e0_0000_0000_0000, // -2^63
    0xfff0_0000_0000_0000, // -infinity
    0xfff8_0000_0000_0000,
];

/// A module of wasm-smith without imports, of the features the compiler has.
pub(crate) fn smith(seed: u64, instructions: usize) -> (Vec<u8>, Module) {
    let mut random = Random::new(seed);
    let input: Vec<u8> = (0..instructions * 4 + 500).map(|_| random.next() as u8).collect();
    let config = wasm_smith::Config {
        max_imports: 0,
        min_funcs: 2,
        max_funcs: 6,
        min_exports: 1,
        export_everything: true,
        max_instructions: instructions,
        max_memory32_bytes: 4 << 16,
        memory_max_size_required: true,
        table_max_size_required: true,
        max_table_elements: 100,
        max_memories: 1,
        max_tables: 1,
        canonicalize_nans: true,
        bulk_memory_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        memory64_enabled: false,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        extended_const_enabled: false,
        compact_imports_enabled: false,
        ..wasm_smith::Config::default()
    };
    let module = wasm_smith::Module::new(config, &mut Unstructured::new(&input)).expect("enough input");
    let bytes = module.to_bytes();
    let module = Module::parse(&bytes).expect("wasm-smith makes valid modules");
    (bytes, module)
}
