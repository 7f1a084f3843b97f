//! Relocatable files: laid out and relocated as a linker would, at addresses that are made up.
//!
//! ```text
//! code sections │ data sections │ words of addresses (GOT) │ a place for each function of other files
//! ```
//!
//! Calls of other files' functions go straight to their places. Nothing is relaxed.

use super::image::{Area, Image, Text, Word};
use super::linked::function;
use super::relocations::{Formula, Row, Table};
use super::{Elf, ObjectError, bad};
use object::read::elf::{ElfFile, SectionHeader, Sym};
use object::{LittleEndian, SymbolIndex, elf};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

const LITTLE: LittleEndian = LittleEndian;

/// Where the first section goes.
const BASE: u64 = 0x1_0000;
/// Most bytes of all sections; jumps reach across that much.
const MAX_BYTES: u64 = 1 << 31;
/// Largest alignment that is believed.
const MAX_ALIGN: u64 = 1 << 20;
/// Distance between places of functions of other files.
const PLACE_BYTES: u64 = 16;

type Symbols<'d> = object::read::elf::SymbolTable<'d, Elf>;

/// What a relocatable file is in memory.
///
/// # Errors
/// Its headers lie.
pub(super) fn load<'d>(file: &ElfFile<'d, Elf>, table: &Table) -> Result<Image<'d>, ObjectError> {
    let mut layout = Layout::new(table, file);
    layout.place()?;
    layout.relocate()?;
    layout.image()
}

/// Sections at their places.
struct Layout<'d, 'f> {
    table: &'f Table,
    file: &'f ElfFile<'d, Elf>,
    /// Address by section; none for those that are not loaded.
    addresses: Vec<Option<u64>>,
    /// From [`BASE`] on.
    memory: Vec<u8>,
    /// Bytes of the code sections, which come first.
    code_bytes: u64,
    /// First byte behind all sections.
    end: u64,
    got: FxHashMap<SymbolIndex, u64>,
    imports: FxHashMap<&'d str, u64>,
    image: Image<'d>,
    /// What relocations relative to their place were found to be, by place.
    values: FxHashMap<u64, u64>,
}

impl<'d, 'f> Layout<'d, 'f> {
    fn new(table: &'f Table, file: &'f ElfFile<'d, Elf>) -> Layout<'d, 'f> {
        Layout {
            table,
            file,
            addresses: Vec::new(),
            memory: Vec::new(),
            code_bytes: 0,
            end: BASE,
            got: FxHashMap::default(),
            imports: FxHashMap::default(),
            image: Image::default(),
            values: FxHashMap::default(),
        }
    }

    fn name(&self, section: &elf::SectionHeader64<LittleEndian>) -> &'d str {
        let name = self.file.elf_section_table().section_name(LITTLE, section).unwrap_or_default();
        std::str::from_utf8(name).unwrap_or_default()
    }

    /// Gives sections their places: code, then what has bytes in the file, then the rest.
    fn place(&mut self) -> Result<(), ObjectError> {
        let file = self.file;
        let sections = file.elf_section_table();
        self.addresses = vec![None; sections.len()];
        let rank = |section: &elf::SectionHeader64<LittleEndian>| {
            let flags = section.sh_flags(LITTLE);
            match () {
                () if !flags.contains(elf::SHF_ALLOC) => None,
                () if section.sh_type(LITTLE) == elf::SHT_NOBITS => Some(2),
                () if flags.contains(elf::SHF_EXECINSTR) => Some(0),
                () => Some(1),
            }
        };
        for wanted in 0..3 {
            for (index, section) in sections.enumerate().filter(|(_, section)| rank(section) == Some(wanted))
            {
                let align = section.sh_addralign(LITTLE).max(1);
                if !align.is_power_of_two() || align > MAX_ALIGN {
                    return Err(bad(format!("section `{}` has alignment {align:#x}", self.name(section))));
                }
                let address = self.end.next_multiple_of(align);
                let end = address.checked_add(section.sh_size(LITTLE)).filter(|end| end - BASE < MAX_BYTES);
                self.end = end.ok_or_else(|| bad("sections of more than 2 GiB are not supported"))?;
                self.addresses[index.0] = Some(address);
                if wanted < 2 {
                    let short =
                        |_| bad(format!("section `{}` reaches past the end of the file", self.name(section)));
                    let bytes = section.data(LITTLE, file.data()).map_err(short)?;
                    self.memory.resize((address - BASE) as usize, 0);
                    self.memory.extend_from_slice(bytes);
                }
            }
            if wanted == 0 {
                self.code_bytes = self.end - BASE;
            }
        }
        self.end = self.end.next_multiple_of(PLACE_BYTES);
        Ok(())
    }

    fn take(&mut self) -> u64 {
        let at = self.end;
        self.end += PLACE_BYTES;
        at
    }

    /// The address of a symbol; `None` for a kind of symbol that has none.
    fn symbol(&mut self, symbols: &Symbols<'d>, index: SymbolIndex) -> Option<Word<'d>> {
        if index.0 == 0 {
            return Some(Word::To(0));
        }
        let symbol = symbols.symbol(index).ok()?;
        if symbol.is_undefined(LITTLE) || symbol.is_common(LITTLE) {
            let name = std::str::from_utf8(symbol.name(LITTLE, symbols.strings()).ok()?).ok()?;
            return Some(Word::Import(name));
        }
        if symbol.is_absolute(LITTLE) {
            return Some(Word::To(symbol.st_value(LITTLE)));
        }
        let section = symbols.symbol_section(LITTLE, symbol, index).ok()??;
        let address = self.addresses.get(section.0).copied()??;
        Some(Word::To(address.wrapping_add(symbol.st_value(LITTLE))))
    }

    fn address(&mut self, word: Word<'d>) -> u64 {
        match word {
            Word::To(address) | Word::Resolved(address) => address,
            Word::Import(name) => {
                if let Some(&at) = self.imports.get(name) {
                    return at;
                }
                let at = self.take();
                self.imports.insert(name, at);
                self.image.imports.insert(at, name);
                at
            }
        }
    }

    fn got(&mut self, symbol: SymbolIndex, target: Word<'d>) -> u64 {
        if let Some(&at) = self.got.get(&symbol) {
            return at;
        }
        let at = self.take();
        self.got.insert(symbol, at);
        self.image.pointers.insert(at, target);
        at
    }

    fn relocate(&mut self) -> Result<(), ObjectError> {
        // What refers to the value of another relocation comes after all others.
        for paired in [false, true] {
            for section in self.file.elf_section_table().iter() {
                let short = |_| bad("a section of relocations reaches past the end of the file");
                let Some((entries, link)) = section.rela(LITTLE, self.file.data()).map_err(short)? else {
                    continue;
                };
                let into = section.sh_info(LITTLE) as usize;
                let Some(Some(address)) = self.addresses.get(into).copied() else { continue };
                let size = self.file.elf_section_table().section(object::SectionIndex(into));
                let size = size.map_or(0, |section| section.sh_size(LITTLE));
                let symbols = self.file.elf_symbol_table();
                if symbols.section() != link {
                    return Err(bad(
                        "relocations of other symbols than those of `.symtab` are not supported",
                    ));
                }
                for entry in entries {
                    let offset = entry.r_offset.get(LITTLE);
                    if offset >= size {
                        return Err(bad("a relocation is outside the section that it is for"));
                    }
                    self.apply(symbols, address + offset, entry, paired);
                }
            }
        }
        Ok(())
    }

    fn apply(&mut self, symbols: &Symbols<'d>, at: u64, entry: &elf::Rela64<LittleEndian>, paired: bool) {
        let number = entry.r_type(LITTLE, false).0;
        let Some(row) = self.table.row(number) else {
            self.image.unknown.push((at, number));
            return;
        };
        if (row.formula == Formula::At) != paired {
            return;
        }
        let index = SymbolIndex(entry.r_sym(LITTLE, false) as usize);
        match self.value(symbols, at, index, entry.r_addend.get(LITTLE) as u64, row) {
            Some(value) => self.put(at, value, row),
            None => self.image.unknown.push((at, number)),
        }
    }

    fn value(
        &mut self,
        symbols: &Symbols<'d>,
        at: u64,
        index: SymbolIndex,
        addend: u64,
        row: &Row,
    ) -> Option<u64> {
        let target = self.symbol(symbols, index)?;
        let page = |value: u64, nearest: bool| value.wrapping_add(if nearest { 0x800 } else { 0 }) & !0xfff;
        let symbol = |layout: &mut Self| layout.address(target).wrapping_add(addend);
        Some(match row.formula {
            Formula::Nothing => self.field(at, row),
            Formula::Symbol => {
                if row.bytes == 8 {
                    let pointer = match target {
                        Word::To(address) => Word::To(address.wrapping_add(addend)),
                        other => other,
                    };
                    self.image.pointers.insert(at, pointer);
                }
                symbol(self)
            }
            Formula::Relative => symbol(self).wrapping_sub(at),
            Formula::Got => self.got(index, target).wrapping_add(addend),
            Formula::GotRelative => self.got(index, target).wrapping_add(addend).wrapping_sub(at),
            Formula::Page { nearest, got } => {
                let value = if got { self.got(index, target).wrapping_add(addend) } else { symbol(self) };
                page(value, nearest).wrapping_sub(page(at, false))
            }
            Formula::At => {
                let place = self.address(target);
                *self.values.get(&place)?
            }
            Formula::Add => self.field(at, row).wrapping_add(symbol(self)),
            Formula::Subtract => self.field(at, row).wrapping_sub(symbol(self)),
            Formula::Base | Formula::Resolved => return None,
        })
    }

    fn bytes_at(&mut self, at: u64, row: &Row) -> Option<&mut [u8]> {
        let from = usize::try_from(at.checked_sub(BASE)?).ok()?;
        let field = self.memory.get_mut(from..)?;
        let length = row.length(field);
        field.get_mut(..length)
    }

    fn field(&mut self, at: u64, row: &Row) -> u64 {
        self.bytes_at(at, row).map_or(0, |field| row.value(field))
    }

    fn put(&mut self, at: u64, value: u64, row: &Row) {
        if matches!(row.formula, Formula::Relative | Formula::GotRelative) {
            self.values.insert(at, value);
        }
        // A field that reaches past all sections is a lie, which harms nobody.
        if let Some(field) = self.bytes_at(at, row) {
            row.put(field, value);
        }
    }

    fn image(mut self) -> Result<Image<'d>, ObjectError> {
        let code = self.memory.get(..self.code_bytes as usize).unwrap_or_default();
        if !code.is_empty() {
            self.image.texts = vec![Text { address: BASE, bytes: Cow::Owned(code.to_vec()) }];
        }
        let sections = self.file.elf_section_table();
        for (index, section) in sections.enumerate() {
            let Some(Some(address)) = self.addresses.get(index.0).copied() else { continue };
            let (from, bytes) = ((address - BASE) as usize, section.sh_size(LITTLE) as usize);
            let Some(bytes) = self.memory.get(from..from + bytes).filter(|bytes| !bytes.is_empty()) else {
                continue;
            };
            let (flags, name) = (section.sh_flags(LITTLE), self.name(section));
            // What is only written while it is loaded has a name by convention.
            let constant = !flags.contains(elf::SHF_WRITE) || name.starts_with(".data.rel.ro");
            let area = Area {
                name,
                address,
                bytes: Cow::Owned(bytes.to_vec()),
                constant,
                code: flags.contains(elf::SHF_EXECINSTR),
                entry_bytes: 0,
            };
            if name == ".eh_frame" && self.image.frames.is_none() {
                self.image.frames = Some((address, area.bytes.clone()));
            }
            self.image.areas.push(area);
        }
        self.image.areas.sort_by_key(|area| area.address);
        self.image.unknown.sort_unstable();
        let symbols = self.file.elf_symbol_table();
        for (index, symbol) in symbols.enumerate() {
            let Some(known) = function(symbols, symbol) else { continue };
            if let Some(Word::To(address)) = self.symbol(symbols, index) {
                self.image.symbols.push(super::Symbol { address, ..known });
            }
        }
        Ok(self.image)
    }
}
