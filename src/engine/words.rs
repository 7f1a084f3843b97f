//! An array of 64-bit words that generated code and the engine share: contexts, tables, single cells.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Words at a fixed address, addressed by byte offset. Clones share them.
#[derive(Clone, Debug)]
pub struct Words(Arc<[AtomicU64]>);

impl Words {
    /// Zeroed room for so many bytes, rounded up to whole words; never empty.
    pub fn new(bytes: u32) -> Words {
        Words((0..bytes.div_ceil(8).max(1)).map(|_| AtomicU64::new(0)).collect())
    }

    fn word(&self, offset: u32) -> &AtomicU64 {
        &self.0[(offset / 8) as usize]
    }

    /// Address of the word at a byte offset.
    pub fn address(&self, offset: u32) -> u64 {
        std::ptr::from_ref(self.word(offset)) as u64
    }

    /// The word at a byte offset, a multiple of 8.
    pub fn get(&self, offset: u32) -> u64 {
        self.word(offset).load(Ordering::Relaxed)
    }

    /// Sets the word at a byte offset, a multiple of 8.
    pub fn set(&self, offset: u32, value: u64) {
        self.word(offset).store(value, Ordering::Relaxed);
    }

    /// Sets the 32-bit half word at a byte offset, a multiple of 4.
    pub fn set_u32(&self, offset: u32, value: u32) {
        let shift = offset % 8 * 8;
        let old = self.get(offset) & !(0xffff_ffff << shift);
        self.set(offset, old | u64::from(value) << shift);
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no word; never.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A mutable 64-bit cell within some words: a global.
#[derive(Clone, Debug)]
pub struct Cell {
    words: Words,
    offset: u32,
}

impl Cell {
    /// The cell at a byte offset of some words.
    pub fn new(words: &Words, offset: u32) -> Cell {
        Cell { words: words.clone(), offset }
    }

    /// Its address.
    pub fn address(&self) -> u64 {
        self.words.address(self.offset)
    }

    /// Its value.
    pub fn get(&self) -> u64 {
        self.words.get(self.offset)
    }

    /// Sets its value.
    pub fn set(&self, value: u64) {
        self.words.set(self.offset, value);
    }
}
