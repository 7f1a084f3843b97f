//! Unwinding data of many pieces of code, put together for those who look at a program: `.eh_frame` and its index.
//!
//! ```text
//! claim: CIE │ FDE at 0 │ 0        one a piece
//!    │  address added
//!    ▼
//! .eh_frame      CIE │ FDE │ CIE │ FDE │ … │ 0
//! .eh_frame_hdr  version, encodings │ where .eh_frame is │ count │ (code, FDE) by address, relative to the header
//! ```
//!
//! Source: LSB 5.0 Core, 10.6 Exception Frames. Nothing is proven here: a piece's data was proven with the piece, for
//! its first byte at 0; here its address is added, in one place.

use framewright_spec::Claim;
use framewright_spec::claim::UnwindFormat;

/// Size of the index without its entries, and of an entry.
const INDEX_BYTES: usize = 12;
const ENTRY_BYTES: usize = 8;
/// How an FDE's address is written: absolute in 8 bytes, and relative to itself in 8 bytes (LSB 5.0 Core, 10.5.1).
const ABSOLUTE_8: u8 = 0x04;
const RELATIVE_8: u8 = 0x1c;

/// A claim's call frame information, found its way in.
#[derive(Clone, Copy, Debug)]
pub struct Fragment<'a> {
    /// CIE and FDE, without the terminator.
    bytes: &'a [u8],
    /// First byte of the FDE.
    fde: usize,
    /// The CIE's byte that says how addresses are written.
    encoding: usize,
    /// Bytes in front of the code that the data is for, too.
    ahead: u64,
}

/// `.eh_frame` in the making.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    /// All but the terminator.
    bytes: Vec<u8>,
    /// Address of the code, and place of its FDE, of each piece.
    entries: Vec<(u64, usize)>,
}

impl<'a> Fragment<'a> {
    /// What is claimed of a piece of code, if anything is.
    pub fn of(claim: &'a Claim) -> Option<Fragment<'a>> {
        let unwind = claim.unwind.iter().find(|unwind| unwind.format == UnwindFormat::DwarfCfi)?;
        Fragment::read(&unwind.bytes)
    }

    /// A CIE and its FDE; none if the bytes are not such.
    pub fn read(bytes: &'a [u8]) -> Option<Fragment<'a>> {
        let length = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize);
        let fde = 4 + length(0)?;
        let end = fde + 4 + length(fde)?;
        let augmentation = bytes.get(9..)?;
        let numbers = augmentation.strip_prefix(b"zR\0").or_else(|| augmentation.strip_prefix(b"zRS\0"))?;
        let mut at = bytes.len() - numbers.len();
        // Code alignment, data alignment, return address, size of the augmentation's data: LEB128 each.
        for _ in 0..4 {
            at += 1 + bytes.get(at..)?.iter().position(|byte| byte & 0x80 == 0)?;
        }
        let known = *bytes.get(at)? == ABSOLUTE_8 && at < fde && end <= bytes.len() && fde + 16 <= end;
        known.then(|| Fragment { bytes: &bytes[..end], fde, encoding: at, ahead: 0 })
    }

    /// The same, for code whose data begins so many bytes in front of it.
    #[must_use]
    pub fn ahead(self, bytes: u64) -> Fragment<'a> {
        Fragment { ahead: bytes, ..self }
    }

    /// Where the data begins, relative to the code's first byte.
    pub fn addend(&self) -> i64 {
        -(self.ahead as i64)
    }
}

impl Frames {
    /// Adds the data of code at an address; where in the section the address stands.
    pub fn add(&mut self, fragment: Fragment<'_>, address: u64) -> usize {
        let address = address.wrapping_add_signed(fragment.addend());
        let start = self.bytes.len();
        self.bytes.extend_from_slice(fragment.bytes);
        let place = start + fragment.fde + 8;
        self.bytes[place..place + 8].copy_from_slice(&address.to_le_bytes());
        self.entries.push((address, start + fragment.fde));
        place
    }

    /// The data of one piece, which is to lie so many bytes behind the code's first byte.
    pub fn behind(fragment: Fragment<'_>, distance: u64) -> Frames {
        let mut frames = Frames::default();
        let place = frames.add(fragment, 0);
        let back = (distance + place as u64).wrapping_neg();
        frames.bytes[fragment.encoding] = RELATIVE_8;
        frames.bytes[place..place + 8].copy_from_slice(&back.to_le_bytes());
        frames
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The section.
    pub fn section(&self) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        bytes.extend_from_slice(&[0; 4]);
        bytes
    }

    /// Size of the index.
    pub fn index_bytes(&self) -> usize {
        INDEX_BYTES + ENTRY_BYTES * self.entries.len()
    }

    /// The index at an address, of the section at another, with code at the addresses that were given plus `base`; none if
    /// something is more than 2 GiB away.
    pub fn index(&self, at: u64, section: u64, base: u64) -> Option<Vec<u8>> {
        let from = |place: u64, origin: u64| i32::try_from(place.wrapping_sub(origin) as i64).ok();
        // Version 1; the section's address relative to itself, the count as it is, entries relative to the index; 4 bytes.
        let mut bytes = vec![1, 0x1b, 0x03, 0x3b];
        bytes.extend(from(section, at + 4)?.to_le_bytes());
        bytes.extend(u32::try_from(self.entries.len()).ok()?.to_le_bytes());
        let mut entries = self.entries.clone();
        entries.sort_unstable();
        for (address, fde) in entries {
            bytes.extend(from(address.wrapping_add(base), at)?.to_le_bytes());
            bytes.extend(from(section + fde as u64, at)?.to_le_bytes());
        }
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use framewright_compiler::sample::{Role, sample};
    use framewright_spec::{Shape, Spec};
    use gimli::{BaseAddresses, EhFrame, EhFrameHdr, LittleEndian, UnwindSection};

    #[test]
    fn every_piece_is_found_by_the_index() {
        let sizes = [("locals".to_owned(), 16), ("outgoing".to_owned(), 0)].into();
        let shape = Shape { sets: [("saved".to_owned(), Default::default())].into(), sizes, source: None };
        let code = sample(Spec::embedded(), "aapcs64.native", &shape, Role::Called).expect("code");
        let fragment = Fragment::of(&code.claim).expect("call frame information");
        let mut frames = Frames::default();
        for address in [0x3000, 0x1000, 0x2000] {
            frames.add(fragment, address);
        }
        let (section, index) = (frames.section(), frames.index(0x8000, 0x9000, 0).expect("near"));
        assert_eq!(index.len(), frames.index_bytes());
        let bases = BaseAddresses::default().set_eh_frame_hdr(0x8000).set_eh_frame(0x9000);
        let index = EhFrameHdr::new(&index, LittleEndian).parse(&bases, 8).expect("an index");
        let table = index.table().expect("a table");
        let section = EhFrame::new(&section, LittleEndian);
        for address in [0x1000, 0x2004, 0x3008] {
            let found = table.fde_for_address(&section, &bases, address, EhFrame::cie_from_offset);
            let fde = found.expect("an FDE");
            assert_eq!(fde.initial_address(), address & !0xfff);
        }
        let behind = Frames::behind(fragment, 0x40).section();
        let bases = BaseAddresses::default().set_eh_frame(0x5040);
        let section = EhFrame::new(&behind, LittleEndian);
        let fde = section.fde_for_address(&bases, 0x5000, EhFrame::cie_from_offset).expect("an FDE");
        assert_eq!(fde.initial_address(), 0x5000);
    }
}
