//! Where exceptions are caught: call-site tables (Itanium C++ ABI, Exception Handling, 7 "LSDA"; as GCC and LLVM write
//! them, with DWARF exception header encodings of LSB 5.0, 10.5).

use super::image::Image;

/// Calls in one range, and where control goes on after an exception from one of them. Addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pad {
    /// First byte of the calls.
    pub begin: u64,
    /// Their end.
    pub end: u64,
    /// Where it goes on.
    pub landing: u64,
}

/// Most entries of one table; more is no table.
const MAX_PADS: usize = 1 << 20;

const OMITTED: u8 = 0xff;

/// The landing pads that a table at `address` gives for code that begins at `start`; `None`: it cannot be read.
pub fn pads(image: &Image<'_>, address: u64, start: u64) -> Option<Vec<Pad>> {
    let mut reader = Reader { bytes: image.constant(address)?, at: address };
    let from = match reader.byte()? {
        OMITTED => start,
        encoding => reader.pointer(encoding)?,
    };
    if reader.byte()? != OMITTED {
        reader.unsigned()?;
    }
    let encoding = reader.byte()?;
    let bytes = reader.unsigned()?;
    let end = reader.at.checked_add(bytes)?;
    let mut pads = Vec::new();
    while reader.at < end {
        let (begin, length) = (reader.pointer(encoding)?, reader.pointer(encoding)?);
        let landing = reader.pointer(encoding)?;
        reader.unsigned()?;
        if landing != 0 {
            let begin = start.checked_add(begin)?;
            pads.push(Pad { begin, end: begin.checked_add(length)?, landing: from.checked_add(landing)? });
        }
        if pads.len() > MAX_PADS {
            return None;
        }
    }
    Some(pads)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: u64,
}

impl Reader<'_> {
    fn take(&mut self, count: usize) -> Option<u64> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        (self.bytes, self.at) = (rest, self.at + count as u64);
        Some(super::relocations::word(taken))
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte as u8)
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let unused = 57 - shift;
                return Some(((value << unused) as i64 >> unused) as u64);
            }
        }
        None
    }

    /// A value encoded as DW_EH_PE constants say: format in the low bits, what it is relative to in the high ones.
    fn pointer(&mut self, encoding: u8) -> Option<u64> {
        let at = self.at;
        let value = match encoding & 0x0f {
            0x00 | 0x04 | 0x0c => self.take(8)?,
            0x01 => self.unsigned()?,
            0x02 => self.take(2)?,
            0x03 => self.take(4)?,
            0x09 => self.signed()?,
            0x0a => self.take(2)? as i16 as u64,
            0x0b => self.take(4)? as i32 as u64,
            _ => return None,
        };
        match encoding & 0xf0 {
            0x00 => Some(value),
            0x10 => Some(at.wrapping_add(value)),
            _ => None,
        }
    }
}
