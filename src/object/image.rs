//! A program as its loader leaves it in memory: what is where, and which words are addresses.

use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// A program in memory. Addresses are as linked; for relocatable files they are made up.
#[derive(Debug, Default)]
pub struct Image<'d> {
    /// Ranges from which code may be executed, ascending.
    pub texts: Vec<Text<'d>>,
    /// Ranges with bytes that the file brings, ascending and disjoint.
    pub areas: Vec<Area<'d>>,
    /// Words that the loader makes addresses.
    pub pointers: FxHashMap<u64, Word<'d>>,
    /// Symbols of functions, in no order.
    pub symbols: Vec<Symbol<'d>>,
    /// Places that stand for functions of other programs, in relocatable files.
    pub imports: FxHashMap<u64, &'d str>,
    /// Fields whose relocation is not known, and its number, ascending. What they hold is anything.
    pub unknown: Vec<(u64, u32)>,
    /// Address and bytes of `.eh_frame`.
    pub frames: Option<(u64, Cow<'d, [u8]>)>,
}

/// Executable bytes without a gap.
#[derive(Debug)]
pub struct Text<'d> {
    /// Of the first byte.
    pub address: u64,
    /// Fewer than 4 GiB.
    pub bytes: Cow<'d, [u8]>,
}

/// A section, or a segment of a program without sections.
#[derive(Debug)]
pub struct Area<'d> {
    /// Name of the section.
    pub name: &'d str,
    /// Of the first byte.
    pub address: u64,
    /// Content.
    pub bytes: Cow<'d, [u8]>,
    /// Whether it keeps its content while the program runs, once relocated.
    pub constant: bool,
    /// Whether code may be executed from it.
    pub code: bool,
    /// Bytes of one entry, where it is said.
    pub entry_bytes: u64,
}

/// What the loader makes of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word<'d> {
    /// An address in the same program.
    To(u64),
    /// The address of a function or variable of that name.
    Import(&'d str),
    /// What the function at that address returns.
    Resolved(u64),
}

/// A function's symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol<'d> {
    /// Its name, without a version.
    pub name: &'d str,
    /// Address of the first byte.
    pub address: u64,
    /// Length in bytes; 0: not said.
    pub bytes: u64,
    /// Whether other programs see it.
    pub global: bool,
    /// Whether calling it gives the address of the function that is meant.
    pub resolver: bool,
}

impl<'d> Image<'d> {
    /// The text that an address lies in, by number, and the offset from its first byte.
    pub fn text(&self, address: u64) -> Option<(usize, u32)> {
        let index = self.texts.partition_point(|text| text.address <= address).checked_sub(1)?;
        let offset = address - self.texts[index].address;
        (offset < self.texts[index].bytes.len() as u64).then_some((index, offset as u32))
    }

    /// The area that an address lies in.
    pub fn area(&self, address: u64) -> Option<&Area<'d>> {
        let index = self.areas.partition_point(|area| area.address <= address).checked_sub(1)?;
        let area = &self.areas[index];
        (address - area.address < area.bytes.len() as u64).then_some(area)
    }

    /// The word at an address.
    pub fn word(&self, address: u64) -> Option<u64> {
        let area = self.area(address)?;
        let from = (address - area.address) as usize;
        area.bytes.get(from..from.checked_add(8)?).map(super::relocations::word)
    }

    /// Bytes from an address to the end of its area, where they are constant.
    pub fn constant(&self, address: u64) -> Option<&[u8]> {
        let area = self.area(address).filter(|area| area.constant)?;
        area.bytes.get((address - area.address) as usize..)
    }
}
