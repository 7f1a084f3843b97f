//! Which code `.eh_frame` speaks of (Linux Standard Base 5.0, 10.6 Exception Frames; DWARF 5, 6.4).

use super::image::Image;
use gimli::{BaseAddresses, CallFrameInstruction, EhFrame, LittleEndian, Pointer, UnwindSection};

/// The code of one frame description entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Address of its first byte.
    pub begin: u64,
    /// Bytes.
    pub bytes: u64,
    /// Address of what is said of exceptions there.
    pub exceptions: Option<u64>,
    /// Where the entry is in `.eh_frame`.
    pub entry: usize,
    /// Whether the frame at the first byte is that of a function which has just been called.
    pub called: bool,
}

type Reader<'a> = gimli::EndianSlice<'a, LittleEndian>;

/// All entries, in the file's order, and what is wrong with the section if not all could be read.
pub fn frames(image: &Image<'_>) -> (Vec<Frame>, Option<String>) {
    let Some((address, bytes)) = &image.frames else { return (Vec::new(), None) };
    let section = EhFrame::new(bytes, LittleEndian);
    let bases = bases(image, *address);
    let mut frames = Vec::new();
    let mut entries = section.entries(&bases);
    loop {
        let partial = match entries.next() {
            Ok(Some(gimli::CieOrFde::Fde(partial))) => partial,
            Ok(Some(gimli::CieOrFde::Cie(_))) => continue,
            Ok(None) => return (frames, None),
            Err(error) => return (frames, Some(format!("`.eh_frame` is not good: {error}"))),
        };
        match partial.parse(EhFrame::cie_from_offset) {
            Ok(entry) => frames.push(Frame {
                begin: entry.initial_address(),
                bytes: entry.len(),
                exceptions: exceptions(image, &entry),
                entry: entry.offset(),
                called: called(&section, &bases, &entry),
            }),
            Err(error) => return (frames, Some(format!("`.eh_frame` is not good: {error}"))),
        }
    }
}

/// What pointers in `.eh_frame` may be relative to.
pub(crate) fn bases(image: &Image<'_>, address: u64) -> BaseAddresses {
    let bases = BaseAddresses::default().set_eh_frame(address);
    match image.texts.first() {
        Some(text) => bases.set_text(text.address),
        None => bases,
    }
}

fn exceptions(image: &Image<'_>, entry: &gimli::FrameDescriptionEntry<Reader<'_>>) -> Option<u64> {
    match entry.lsda()? {
        // An entry of a function without any has a null pointer.
        Pointer::Direct(0) => None,
        Pointer::Direct(address) => Some(address),
        Pointer::Indirect(at) => match image.pointers.get(&at)? {
            super::Word::To(address) => Some(*address),
            _ => None,
        },
    }
}

/// No instruction before the first advance moves the frame or has saved a register.
fn called(
    section: &EhFrame<Reader<'_>>,
    bases: &BaseAddresses,
    entry: &gimli::FrameDescriptionEntry<Reader<'_>>,
) -> bool {
    use CallFrameInstruction as I;
    let mut instructions = entry.instructions(section, bases);
    while let Ok(Some(instruction)) = instructions.next() {
        match instruction {
            I::AdvanceLoc { .. } => return true,
            I::DefCfa { .. }
            | I::DefCfaSf { .. }
            | I::DefCfaRegister { .. }
            | I::DefCfaOffset { .. }
            | I::DefCfaOffsetSf { .. }
            | I::DefCfaExpression { .. }
            | I::Offset { .. }
            | I::OffsetExtendedSf { .. } => return false,
            _ => {}
        }
    }
    true
}
