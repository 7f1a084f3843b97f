//! Executables and shared libraries (System V gABI 4.2, chapters 4 and 5).
//!
//! What is loaded is what the program headers say. Sections, where there are any, tell data from data beside it.

use super::image::{Area, Image, Symbol, Text, Word};
use super::relocations::{Formula, Table};
use super::{Elf, ObjectError, bad};
use object::read::elf::{ElfFile, ProgramHeader, SectionHeader, Sym};
use object::{LittleEndian, elf};
use std::borrow::Cow;

const LITTLE: LittleEndian = LittleEndian;

/// What a linked file is in memory.
///
/// # Errors
/// The headers lie, or it has no code.
pub(super) fn load<'d>(file: &ElfFile<'d, Elf>, table: &Table) -> Result<Image<'d>, ObjectError> {
    let mut image = Image { texts: texts(file)?, areas: areas(file)?, ..Image::default() };
    if image.texts.is_empty() {
        return Err(bad("it has no code that is loaded (a file with debugging information only?)"));
    }
    let symbols = |table: &object::read::elf::SymbolTable<'d, Elf>| -> Vec<Symbol<'d>> {
        table.symbols().iter().filter_map(|symbol| function(table, symbol)).collect()
    };
    image.symbols = symbols(file.elf_symbol_table());
    image.symbols.extend(symbols(file.elf_dynamic_symbol_table()));
    words(file, table, &mut image)?;
    image.frames = frames(file, &image);
    Ok(image)
}

fn texts<'d>(file: &ElfFile<'d, Elf>) -> Result<Vec<Text<'d>>, ObjectError> {
    let mut texts = Vec::new();
    for segment in file.elf_program_headers() {
        let executed = segment.p_flags(LITTLE).contains(elf::PF_X);
        if segment.p_type(LITTLE) != elf::PT_LOAD || !executed || segment.p_filesz(LITTLE) == 0 {
            continue;
        }
        let data = segment.data(LITTLE, file.data());
        let bytes = data.map_err(|()| bad("a segment with code reaches past the end of the file"))?;
        let address = segment.p_vaddr(LITTLE);
        if u32::try_from(bytes.len()).is_err() || address.checked_add(bytes.len() as u64).is_none() {
            return Err(bad("more than 4 GiB of code are not supported"));
        }
        texts.push(Text { address, bytes: Cow::Borrowed(bytes) });
    }
    texts.sort_by_key(|text| text.address);
    match texts.windows(2).any(|two| two[1].address - two[0].address < two[0].bytes.len() as u64) {
        true => Err(bad("segments with code overlap")),
        false => Ok(texts),
    }
}

/// Sections that are loaded; segments where there are none.
fn areas<'d>(file: &ElfFile<'d, Elf>) -> Result<Vec<Area<'d>>, ObjectError> {
    // What is written only while the program is loaded.
    let relro = file.elf_program_headers().iter().find(|segment| segment.p_type(LITTLE) == elf::PT_GNU_RELRO);
    let relro = relro.map(|segment| (segment.p_vaddr(LITTLE), segment.p_memsz(LITTLE)));
    let in_relro = |address: u64, bytes: u64| {
        relro.is_some_and(|(begin, size)| address >= begin && address - begin < size && bytes <= size)
    };
    let sections = file.elf_section_table();
    let mut areas = Vec::new();
    for section in sections.iter() {
        let flags = section.sh_flags(LITTLE);
        if !flags.contains(elf::SHF_ALLOC) || section.sh_type(LITTLE) == elf::SHT_NOBITS {
            continue;
        }
        // The initial image of thread-local variables is not where they are.
        if flags.contains(elf::SHF_TLS) {
            continue;
        }
        let name = sections.section_name(LITTLE, section).unwrap_or_default();
        let name = std::str::from_utf8(name).unwrap_or_default();
        let data = section.data(LITTLE, file.data());
        let bytes = data.map_err(|_| bad(format!("section `{name}` reaches past the end of the file")))?;
        let address = section.sh_addr(LITTLE);
        let written = flags.contains(elf::SHF_WRITE);
        areas.push(Area {
            name,
            address,
            bytes: Cow::Borrowed(bytes),
            constant: !written || in_relro(address, bytes.len() as u64),
            code: flags.contains(elf::SHF_EXECINSTR),
            entry_bytes: section.sh_entsize(LITTLE),
        });
    }
    if areas.is_empty() {
        areas = segments(file)?;
    }
    areas.retain(|area| !area.bytes.is_empty());
    areas.sort_by_key(|area| area.address);
    let ends = |area: &Area<'_>| area.address.checked_add(area.bytes.len() as u64);
    if let Some(area) = areas.iter().find(|area| ends(area).is_none()) {
        return Err(bad(format!("section `{}` reaches past the end of memory", area.name)));
    }
    match areas.windows(2).find(|two| ends(&two[0]) > Some(two[1].address)) {
        Some(two) => Err(bad(format!("sections `{}` and `{}` overlap", two[0].name, two[1].name))),
        None => Ok(areas),
    }
}

fn segments<'d>(file: &ElfFile<'d, Elf>) -> Result<Vec<Area<'d>>, ObjectError> {
    let mut areas = Vec::new();
    for segment in file.elf_program_headers().iter().filter(|s| s.p_type(LITTLE) == elf::PT_LOAD) {
        let data = segment.data(LITTLE, file.data());
        let bytes = data.map_err(|()| bad("a segment reaches past the end of the file"))?;
        let flags = segment.p_flags(LITTLE);
        areas.push(Area {
            name: "",
            address: segment.p_vaddr(LITTLE),
            bytes: Cow::Borrowed(bytes),
            constant: !flags.contains(elf::PF_W),
            code: flags.contains(elf::PF_X),
            entry_bytes: 0,
        });
    }
    Ok(areas)
}

/// A symbol, if it is of a function with code here.
pub(super) fn function<'d>(
    table: &object::read::elf::SymbolTable<'d, Elf>,
    symbol: &'d <Elf as object::read::elf::FileHeader>::Sym,
) -> Option<Symbol<'d>> {
    let kind = symbol.st_type();
    let resolver = kind == elf::STT_GNU_IFUNC;
    if (kind != elf::STT_FUNC && !resolver) || symbol.is_undefined(LITTLE) {
        return None;
    }
    let name = symbol.name(LITTLE, table.strings()).ok()?;
    let name = std::str::from_utf8(name).ok()?;
    let (address, bytes) = (symbol.st_value(LITTLE), symbol.st_size(LITTLE));
    Some(Symbol { name, address, bytes, global: !symbol.is_local(), resolver })
}

/// Reads the dynamic relocations that make words addresses.
fn words<'d>(file: &ElfFile<'d, Elf>, table: &Table, image: &mut Image<'d>) -> Result<(), ObjectError> {
    for section in file.elf_section_table().iter() {
        let short = |_| bad("a section of relocations reaches past the end of the file");
        // Those of sections that are not loaded are of debugging information.
        if !section.sh_flags(LITTLE).contains(elf::SHF_ALLOC) {
            continue;
        }
        for at in section.relr(LITTLE, file.data()).map_err(short)?.into_iter().flatten() {
            if let Some(address) = image.word(at) {
                image.pointers.insert(at, Word::To(address));
            }
        }
        let Some((entries, _)) = section.rela(LITTLE, file.data()).map_err(short)? else { continue };
        for entry in entries {
            if let Some(word) = made(file, table, entry) {
                image.pointers.insert(entry.r_offset.get(LITTLE), word);
            }
        }
    }
    Ok(())
}

/// The address that a dynamic relocation puts into a word.
fn made<'d>(file: &ElfFile<'d, Elf>, table: &Table, entry: &elf::Rela64<LittleEndian>) -> Option<Word<'d>> {
    let dynamic = file.elf_dynamic_symbol_table();
    let addend = entry.r_addend.get(LITTLE) as u64;
    match table.formula(entry.r_type(LITTLE, false).0)? {
        Formula::Base => Some(Word::To(addend)),
        Formula::Resolved => Some(Word::Resolved(addend)),
        Formula::Symbol => {
            let index = object::SymbolIndex(entry.r_sym(LITTLE, false) as usize);
            let symbol = dynamic.symbol(index).ok().filter(|_| index.0 != 0)?;
            let address = symbol.st_value(LITTLE).wrapping_add(addend);
            match (symbol.is_undefined(LITTLE), symbol.st_type() == elf::STT_GNU_IFUNC) {
                (true, _) => {
                    let name = symbol.name(LITTLE, dynamic.strings()).ok()?;
                    std::str::from_utf8(name).ok().map(Word::Import)
                }
                (false, true) => Some(Word::Resolved(address)),
                (false, false) => Some(Word::To(address)),
            }
        }
        _ => None,
    }
}

/// The section, or what the program header for it points to.
fn frames<'d>(file: &ElfFile<'d, Elf>, image: &Image<'d>) -> Option<(u64, Cow<'d, [u8]>)> {
    if let Some(area) = image.areas.iter().find(|area| area.name == ".eh_frame") {
        return Some((area.address, area.bytes.clone()));
    }
    let segment = file.elf_program_headers().iter().find(|s| s.p_type(LITTLE) == elf::PT_GNU_EH_FRAME)?;
    let address = segment.p_vaddr(LITTLE);
    let header = gimli::EhFrameHdr::new(image.constant(address)?, gimli::LittleEndian);
    let bases = gimli::BaseAddresses::default().set_eh_frame_hdr(address);
    let gimli::Pointer::Direct(address) = header.parse(&bases, 8).ok()?.eh_frame_ptr() else { return None };
    let area = image.area(address)?;
    let from = (address - area.address) as usize;
    match &area.bytes {
        Cow::Borrowed(bytes) => Some((address, Cow::Borrowed(bytes.get(from..)?))),
        Cow::Owned(bytes) => Some((address, Cow::Owned(bytes.get(from..)?.to_vec()))),
    }
}
