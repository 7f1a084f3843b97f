//! ELF files, executable and relocatable (System V gABI 4.2, chapter 4; program headers: chapter 5).
//!
//! ```text
//! executable   header │ segments │ text, unwinding, data at pages │ symbols │ names │ sections     fixed addresses
//! relocatable  header │ text │ unwinding │ its relocations │ symbols │ names │ sections    code needs no relocations
//! ```

use super::freeze::{DATA, FrozenData};
use super::pieces::TEXT;
use super::{ImageError, Piece};
use crate::object::relocations::Table;
use crate::unwinding::{Fragment, Frames};
use framewright_spec::Platform;

const HEADER_BYTES: u64 = 64;
const SEGMENT_BYTES: u64 = 56;
const SECTION_BYTES: u64 = 64;
const SYMBOL_BYTES: u64 = 24;
const RELOCATION_BYTES: u64 = 24;
/// Text and symbols in a relocatable file begin at multiples of this.
const ALIGN: u64 = 32;

/// e_type
const RELOCATABLE: u16 = 1;
const EXECUTABLE: u16 = 2;
/// p_type; those of GNU are of Linux, include/uapi/linux/elf.h, and LSB 5.0 Core, 11.2.
const LOAD: u32 = 1;
const GNU_EH_FRAME: u32 = 0x6474_e550;
const GNU_STACK: u32 = 0x6474_e551;
/// p_flags
const EXECUTE: u32 = 1;
const WRITE: u32 = 2;
const READ: u32 = 4;
/// sh_type
const PROGRAM: u32 = 1;
const SYMBOLS: u32 = 2;
const STRINGS: u32 = 3;
const RELOCATIONS: u32 = 4;
const NO_BITS: u32 = 8;
/// sh_flags
const WRITTEN: u64 = 1;
const LOADED: u64 = 2;
const EXECUTED: u64 = 4;
const INFO_IS_SECTION: u64 = 0x40;
/// st_info of a global function.
const GLOBAL_FUNCTION: u8 = 1 << 4 | 2;

/// A section header.
#[derive(Clone, Copy, Debug, Default)]
struct Section {
    name: &'static str,
    kind: u32,
    flags: u64,
    address: u64,
    offset: u64,
    bytes: u64,
    link: u32,
    info: u32,
    align: u64,
    entry_bytes: u64,
}

/// Code to be written.
#[derive(Clone, Copy)]
pub(super) struct Code<'a> {
    /// What symbols are made of.
    pub(super) pieces: &'a [Piece],
    /// What unwinders are told of each.
    pub(super) frames: &'a [Option<Fragment<'a>>],
    /// All of it, from [`TEXT`] on.
    pub(super) text: &'a [u8],
}

/// The executable of a text and its data. Its entry is the first byte of the text.
///
/// # Errors
/// There is no room for the unwinding data between text and data.
pub(super) fn executable(
    platform: &Platform,
    code: Code<'_>,
    data: &FrozenData,
) -> Result<Vec<u8>, ImageError> {
    let page = u64::from(platform.page_bytes).max(ALIGN);
    let mut file = header(platform, EXECUTABLE, TEXT, 5);
    let text_bytes = code.text.len() as u64;
    let mut frames = Frames::default();
    for (piece, fragment) in code.pieces.iter().zip(code.frames) {
        fragment.map(|fragment| frames.add(fragment, piece.address));
    }
    let index_at = (TEXT + text_bytes).next_multiple_of(page);
    let frames_at = (index_at + frames.index_bytes() as u64).next_multiple_of(8);
    let section = frames.section();
    let end = frames_at + section.len() as u64;
    let (bytes, limit) = (end - TEXT, DATA - TEXT);
    let index = frames.index(index_at, frames_at, 0).filter(|_| bytes <= limit);
    let index = index.ok_or(ImageError::Large { what: "text and unwinding data", bytes, limit })?;
    let index_offset = page + index_at - TEXT;
    let data_offset = (page + bytes).next_multiple_of(page);
    let data_bytes = data.bytes.len() as u64;
    let all_data = data_bytes + data.zero_bytes;
    segment(&mut file, [LOAD, READ | EXECUTE], [page, TEXT, text_bytes, text_bytes, page]);
    let unwinding = end - index_at;
    segment(&mut file, [LOAD, READ], [index_offset, index_at, unwinding, unwinding, page]);
    segment(&mut file, [LOAD, READ | WRITE], [data_offset, data.base, data_bytes, all_data, page]);
    segment(&mut file, [GNU_STACK, READ | WRITE], [0, 0, 0, 0, 16]);
    let index_bytes = index.len() as u64;
    segment(&mut file, [GNU_EH_FRAME, READ], [index_offset, index_at, index_bytes, index_bytes, 4]);
    let text = place(&mut file, page, code.text, Section { address: TEXT, ..text_section() });
    let named = Section { name: ".eh_frame_hdr", address: index_at, align: 4, ..frames_section() };
    let index = place(&mut file, page, &index, named);
    let named = Section { address: frames_at, ..frames_section() };
    let section = place(&mut file, 8, &section, named);
    let variables = Section { name: ".data", kind: PROGRAM, flags: WRITTEN | LOADED, ..Section::default() };
    let data = place(&mut file, page, &data.bytes, Section { address: data.base, align: 16, ..variables });
    Ok(finish(file, code.pieces, 0, vec![text, index, section, data]))
}

/// The code of an image without its data, as a file for linkers. No address in it is known but relative ones.
///
/// # Errors
/// Nothing is known of the machine's relocations.
pub(super) fn relocatable(platform: &Platform, code: Code<'_>) -> Result<Vec<u8>, ImageError> {
    let mut file = header(platform, RELOCATABLE, 0, 0);
    let text = place(&mut file, ALIGN, code.text, text_section());
    let missing = || ImageError::Run(format!("no relocation of {} puts an address", platform.machine));
    let number = Table::of(&platform.machine).address().ok_or_else(missing)?;
    let (mut frames, mut relocations) = (Frames::default(), Vec::new());
    for (fragment, symbol) in code.frames.iter().zip(1_u64..) {
        let Some(fragment) = fragment else { continue };
        let at = frames.add(*fragment, 0) as u64;
        let words = [at, symbol << 32 | u64::from(number), fragment.addend() as u64];
        relocations.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }
    let section = place(&mut file, 8, &frames.section(), frames_section());
    // Symbols are the fourth section, after the null one; the data is the second.
    let table =
        Section { name: ".rela.eh_frame", kind: RELOCATIONS, flags: INFO_IS_SECTION, ..Section::default() };
    let table = Section { link: 4, info: 2, align: 8, entry_bytes: RELOCATION_BYTES, ..table };
    let relocations = place(&mut file, 8, &relocations, table);
    Ok(finish(file, code.pieces, TEXT, vec![text, section, relocations]))
}

/// Symbols and unwinding data of code that is in memory, for a debugger: none of the code itself.
pub(crate) fn in_memory(
    platform: &Platform,
    names: &[(String, u64, u64)],
    frames: &Frames,
    range: (u64, u64),
) -> Vec<u8> {
    let mut file = header(platform, EXECUTABLE, 0, 0);
    let (address, bytes) = range;
    let offset = file.len() as u64;
    let text = Section { kind: NO_BITS, address, offset, bytes, ..text_section() };
    let section = place(&mut file, 8, &frames.section(), frames_section());
    let functions = names.iter().map(|(name, address, bytes)| (name.as_str(), *address, *bytes));
    finish_with(file, functions, vec![text, section])
}

fn frames_section() -> Section {
    Section { name: ".eh_frame", kind: PROGRAM, flags: LOADED, align: 8, ..Section::default() }
}

fn text_section() -> Section {
    Section { name: ".text", kind: PROGRAM, flags: LOADED | EXECUTED, align: ALIGN, ..Section::default() }
}

/// The file's header; where the section headers are, and how many, is filled in by [`finish`].
fn header(platform: &Platform, kind: u16, entry: u64, segments: u16) -> Vec<u8> {
    let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    file.extend([kind, platform.elf_machine].iter().flat_map(|half| half.to_le_bytes()));
    file.extend(1_u32.to_le_bytes());
    let segments_at = if segments > 0 { HEADER_BYTES } else { 0 };
    file.extend([entry, segments_at, 0].iter().flat_map(|word| word.to_le_bytes()));
    file.extend(platform.elf_flags.to_le_bytes());
    let segment_bytes = if segments > 0 { SEGMENT_BYTES as u16 } else { 0 };
    let halves = [HEADER_BYTES as u16, segment_bytes, segments, SECTION_BYTES as u16, 0, 0];
    file.extend(halves.iter().flat_map(|half| half.to_le_bytes()));
    file
}

fn segment(file: &mut Vec<u8>, halves: [u32; 2], [offset, address, bytes, memory, align]: [u64; 5]) {
    file.extend(halves.iter().flat_map(|half| half.to_le_bytes()));
    let words = [offset, address, address, bytes, memory, align];
    file.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}

/// Puts bytes at the next multiple of `align` and says so in the section.
fn place(file: &mut Vec<u8>, align: u64, bytes: &[u8], section: Section) -> Section {
    file.resize(file.len().next_multiple_of(align as usize), 0);
    let offset = file.len() as u64;
    file.extend(bytes);
    Section { offset, bytes: bytes.len() as u64, ..section }
}

fn finish(file: Vec<u8>, pieces: &[Piece], origin: u64, sections: Vec<Section>) -> Vec<u8> {
    let piece = |piece: &Piece| (piece.name.clone(), piece.address - origin, piece.bytes.len() as u64);
    let pieces: Vec<(String, u64, u64)> = pieces.iter().map(piece).collect();
    finish_with(file, pieces.iter().map(|(name, address, bytes)| (name.as_str(), *address, *bytes)), sections)
}

/// Adds symbols of functions in the first section, their names and the section headers.
fn finish_with<'a>(
    mut file: Vec<u8>,
    functions: impl Iterator<Item = (&'a str, u64, u64)>,
    mut sections: Vec<Section>,
) -> Vec<u8> {
    let (mut names, mut symbols) = (vec![0], vec![0; SYMBOL_BYTES as usize]);
    for (name, address, bytes) in functions {
        symbols.extend((names.len() as u32).to_le_bytes());
        symbols.extend([GLOBAL_FUNCTION, 0, 1, 0]);
        symbols.extend(address.to_le_bytes());
        symbols.extend(bytes.to_le_bytes());
        names.extend(name.bytes().filter(|&byte| byte != 0));
        names.push(0);
    }
    let strings = Section { kind: STRINGS, align: 1, ..Section::default() };
    // The null section comes first; the names follow the symbols.
    let link = sections.len() as u32 + 2;
    let table = Section { name: ".symtab", kind: SYMBOLS, link, info: 1, align: 8, ..Section::default() };
    sections.push(place(&mut file, 8, &symbols, Section { entry_bytes: SYMBOL_BYTES, ..table }));
    sections.push(place(&mut file, 1, &names, Section { name: ".strtab", ..strings }));
    sections.insert(0, Section::default());
    sections.push(Section { name: ".shstrtab", ..strings });
    let mut section_names = Vec::new();
    let places = sections.iter().map(|section| {
        let at = section_names.len() as u32;
        section_names.extend(section.name.bytes().chain([0]));
        at
    });
    let places: Vec<u32> = places.collect();
    if let Some(last) = sections.last_mut() {
        *last = place(&mut file, 1, &section_names, *last);
    }
    file.resize(file.len().next_multiple_of(8), 0);
    let at = file.len() as u64;
    for (s, name) in sections.iter().zip(places) {
        file.extend([name, s.kind].iter().flat_map(|half| half.to_le_bytes()));
        file.extend([s.flags, s.address, s.offset, s.bytes].iter().flat_map(|word| word.to_le_bytes()));
        file.extend([s.link, s.info].iter().flat_map(|half| half.to_le_bytes()));
        file.extend([s.align, s.entry_bytes].iter().flat_map(|word| word.to_le_bytes()));
    }
    let count = sections.len() as u16;
    // e_shoff, e_shnum, e_shstrndx
    file[40..48].copy_from_slice(&at.to_le_bytes());
    file[60..62].copy_from_slice(&count.to_le_bytes());
    file[62..64].copy_from_slice(&(count - 1).to_le_bytes());
    file
}
