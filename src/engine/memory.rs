//! A WebAssembly memory.
//!
//! ```text
//! base                     base + size                                base + 8 GiB + 64 KiB
//!  | accessible, zero at first | not accessible ............................ |
//! ```
//!
//! The whole range that a 32-bit index plus a 32-bit offset can address is reserved, so that the base never moves
//! and any such address is either inside the memory or faults.

use crate::native::{MemoryKey, Reservation};
use crate::stay::NativeError;

/// Bytes of a WebAssembly page.
pub const PAGE_BYTES: u64 = 64 << 10;
/// Most pages of a memory with 32-bit indices.
pub const MAX_PAGES: u32 = 65536;

/// A WebAssembly memory.
#[derive(Debug)]
pub struct LinearMemory {
    room: Reservation,
    max: Option<u32>,
}

impl LinearMemory {
    /// A zeroed memory of `min` pages that may grow to `max`.
    ///
    /// # Errors
    /// The address space or the pages are not to be had.
    pub fn new(min: u32, max: Option<u32>) -> Result<LinearMemory, NativeError> {
        let room = Reservation::new("a linear memory", (8 << 30) + PAGE_BYTES as usize)?;
        room.commit(min as usize * PAGE_BYTES as usize)?;
        Ok(LinearMemory { room, max })
    }

    /// Grows by `delta` pages; the size before in pages, or none if it cannot grow so far.
    pub fn grow(&self, delta: u32) -> Option<u32> {
        let old = self.size();
        let new =
            old.checked_add(delta).filter(|&new| new <= self.max.unwrap_or(MAX_PAGES).min(MAX_PAGES))?;
        if delta > 0 {
            self.room.commit(new as usize * PAGE_BYTES as usize).ok()?;
        }
        Some(old)
    }

    /// Size in pages.
    pub fn size(&self) -> u32 {
        (self.byte_len() / PAGE_BYTES) as u32
    }

    /// Size in bytes.
    pub fn byte_len(&self) -> u64 {
        self.room.byte_len()
    }

    /// Most pages, where declared.
    pub fn max(&self) -> Option<u32> {
        self.max
    }

    /// Address of the first byte.
    pub fn base(&self) -> u64 {
        self.room.base()
    }

    /// Address of the word that holds the size in bytes.
    pub fn size_word(&self) -> u64 {
        self.room.size_word()
    }

    /// All bytes, for as long as the key is borrowed.
    pub fn bytes<'a>(&'a self, key: &'a mut MemoryKey) -> &'a mut [u8] {
        self.room.bytes(key)
    }

    /// Copies bytes out; none if any lies outside.
    pub fn read(&self, at: u64, out: &mut [u8]) -> Option<()> {
        self.room.read(at, out)
    }

    /// Copies bytes in; none, and nothing written, if any lies outside.
    pub fn write(&self, at: u64, data: &[u8]) -> Option<()> {
        self.room.write(at, data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_in_place_and_keeps_its_bounds() {
        let memory = LinearMemory::new(1, Some(3)).expect("address space");
        let base = memory.base();
        assert_eq!(memory.write(PAGE_BYTES - 1, &[7]), Some(()));
        assert_eq!(memory.write(PAGE_BYTES - 1, &[7, 8]), None);
        assert_eq!(memory.grow(2), Some(1));
        assert_eq!(memory.grow(1), None);
        let mut bytes = [1; 2];
        assert_eq!(memory.read(PAGE_BYTES - 1, &mut bytes), Some(()));
        assert_eq!((bytes, memory.base(), memory.size()), ([7, 0], base, 3));
    }
}
