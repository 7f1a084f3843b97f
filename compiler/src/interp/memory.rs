//! Loads and stores: little-endian, bounds-checked at the full 33-bit address.

use crate::TrapCode;
use crate::ir::{LoadOp, StoreOp};

/// Bytes of a page of memory.
pub const PAGE_BYTES: u64 = 65536;

/// Loads at `address + offset`.
///
/// # Errors
/// [`TrapCode::MemoryOutOfBounds`].
pub fn load(memory: &[u8], op: LoadOp, address: u64, offset: u32) -> Result<u64, TrapCode> {
    let at = place(memory.len(), op.bytes(), address, offset)?;
    let mut word = [0; 8];
    word[..at.len()].copy_from_slice(&memory[at]);
    let bits = u64::from_le_bytes(word);
    Ok(match op {
        LoadOp::I32Load8S => u64::from(bits as i8 as u32),
        LoadOp::I32Load16S => u64::from(bits as i16 as u32),
        LoadOp::I64Load8S => bits as i8 as u64,
        LoadOp::I64Load16S => bits as i16 as u64,
        LoadOp::I64Load32S => bits as i32 as u64,
        _ => bits,
    })
}

/// Stores the low bytes of `bits` at `address + offset`.
///
/// # Errors
/// [`TrapCode::MemoryOutOfBounds`]; nothing is written then.
pub fn store(memory: &mut [u8], op: StoreOp, address: u64, offset: u32, bits: u64) -> Result<(), TrapCode> {
    let at = place(memory.len(), op.bytes(), address, offset)?;
    let bytes = at.len();
    memory[at].copy_from_slice(&bits.to_le_bytes()[..bytes]);
    Ok(())
}

fn place(len: usize, bytes: u32, address: u64, offset: u32) -> Result<std::ops::Range<usize>, TrapCode> {
    let start = u64::from(address as u32) + u64::from(offset);
    let end = start + u64::from(bytes);
    if end > len as u64 { Err(TrapCode::MemoryOutOfBounds) } else { Ok(start as usize..end as usize) }
}
