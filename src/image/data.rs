//! Bytes at a fixed address that are filled in bit by bit.

/// A growing range of memory, zero at first.
#[derive(Debug)]
pub(super) struct Data {
    base: u64,
    bytes: Vec<u8>,
}

impl Data {
    /// Nothing yet, from an address on that is a multiple of 16.
    pub(super) fn new(base: u64) -> Data {
        Data { base, bytes: Vec::new() }
    }

    /// Zeroed room at the end, at a multiple of 16; its address.
    pub(super) fn room(&mut self, bytes: u64) -> u64 {
        let at = self.bytes.len().next_multiple_of(16);
        self.bytes.resize(at + bytes as usize, 0);
        self.base + at as u64
    }

    /// These bytes at the end; their address.
    pub(super) fn add(&mut self, bytes: &[u8]) -> u64 {
        let at = self.room(bytes.len() as u64);
        let from = (at - self.base) as usize;
        self.bytes[from..from + bytes.len()].copy_from_slice(bytes);
        at
    }

    /// Sets the 64-bit word at an address within the room.
    pub(super) fn set(&mut self, at: u64, value: u64) {
        let from = (at - self.base) as usize;
        self.bytes[from..from + 8].copy_from_slice(&value.to_le_bytes());
    }

    /// Sets the 32-bit half word at an address within the room.
    pub(super) fn set_half(&mut self, at: u64, value: u64) {
        let from = (at - self.base) as usize;
        self.bytes[from..from + 4].copy_from_slice(&(value as u32).to_le_bytes());
    }

    /// 32-bit numbers at the end, and the address after the last; both addresses.
    pub(super) fn halves(&mut self, values: &[u64]) -> [u64; 2] {
        let bytes: Vec<u8> = values.iter().flat_map(|&value| (value as u32).to_le_bytes()).collect();
        let at = self.add(&bytes);
        [at, at + bytes.len() as u64]
    }

    /// Address of the first byte.
    pub(super) fn base(&self) -> u64 {
        self.base
    }

    /// All bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
