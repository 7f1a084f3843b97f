//! ELF files, executable and relocatable (System V gABI 4.2, chapter 4; program headers: chapter 5).
//!
//! ```text
//! executable   header │ segments │ text, data at pages │ symbols │ names │ sections      fixed addresses
//! relocatable  header │ text │ symbols │ names │ sections                                code needs no relocations
//! ```

use super::Piece;
use super::freeze::FrozenData;
use super::pieces::TEXT;
use framewright_spec::Platform;

const HEADER_BYTES: u64 = 64;
const SEGMENT_BYTES: u64 = 56;
const SECTION_BYTES: u64 = 64;
const SYMBOL_BYTES: u64 = 24;
/// Text and symbols in a relocatable file begin at multiples of this.
const ALIGN: u64 = 32;

/// e_type
const RELOCATABLE: u16 = 1;
const EXECUTABLE: u16 = 2;
/// p_type; the stack's is of Linux, include/uapi/linux/elf.h.
const LOAD: u32 = 1;
const GNU_STACK: u32 = 0x6474_e551;
/// p_flags
const EXECUTE: u32 = 1;
const WRITE: u32 = 2;
const READ: u32 = 4;
/// sh_type
const PROGRAM: u32 = 1;
const SYMBOLS: u32 = 2;
const STRINGS: u32 = 3;
/// sh_flags
const WRITTEN: u64 = 1;
const LOADED: u64 = 2;
const EXECUTED: u64 = 4;
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

/// The executable of a text and its data. Its entry is the first byte of the text.
pub(super) fn executable(platform: &Platform, pieces: &[Piece], text: &[u8], data: &FrozenData) -> Vec<u8> {
    let page = u64::from(platform.page_bytes).max(ALIGN);
    let mut file = header(platform, EXECUTABLE, TEXT, 3);
    let text_bytes = text.len() as u64;
    let data_offset = (page + text_bytes).next_multiple_of(page);
    let data_bytes = data.bytes.len() as u64;
    let all_data = data_bytes + data.zero_bytes;
    segment(&mut file, [LOAD, READ | EXECUTE], [page, TEXT, text_bytes, text_bytes, page]);
    segment(&mut file, [LOAD, READ | WRITE], [data_offset, data.base, data_bytes, all_data, page]);
    segment(&mut file, [GNU_STACK, READ | WRITE], [0, 0, 0, 0, 16]);
    let text = place(&mut file, page, text, Section { address: TEXT, ..text_section() });
    let variables = Section { name: ".data", kind: PROGRAM, flags: WRITTEN | LOADED, ..Section::default() };
    let data = place(&mut file, page, &data.bytes, Section { address: data.base, align: 16, ..variables });
    finish(file, pieces, 0, vec![text, data])
}

/// The code of an image without its data, as a file for linkers. No address in it is known but relative ones.
pub(super) fn relocatable(platform: &Platform, pieces: &[Piece], text: &[u8]) -> Vec<u8> {
    let mut file = header(platform, RELOCATABLE, 0, 0);
    let text = place(&mut file, ALIGN, text, text_section());
    finish(file, pieces, TEXT, vec![text])
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

/// Adds symbols, their names and the section headers.
fn finish(mut file: Vec<u8>, pieces: &[Piece], origin: u64, mut sections: Vec<Section>) -> Vec<u8> {
    let (mut names, mut symbols) = (vec![0], vec![0; SYMBOL_BYTES as usize]);
    for piece in pieces {
        symbols.extend((names.len() as u32).to_le_bytes());
        symbols.extend([GLOBAL_FUNCTION, 0, 1, 0]);
        symbols.extend((piece.address - origin).to_le_bytes());
        symbols.extend((piece.bytes.len() as u64).to_le_bytes());
        names.extend(piece.name.bytes().filter(|&byte| byte != 0));
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
