//! The published formats by name.

use super::{Table, UnwindError, dwarf, windows_arm64, windows_x64};
use framewright_spec::Machine;
use std::ops::Range;

/// A format of unwind data of one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `UNWIND_INFO`.
    WindowsX64,
    /// `.xdata`.
    WindowsArm64,
    /// A fragment of `.eh_frame`, as claims have it.
    Dwarf,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 3] = [Format::WindowsX64, Format::WindowsArm64, Format::Dwarf];

    /// Its name in records.
    pub fn name(self) -> &'static str {
        match self {
            Format::WindowsX64 => "windows_x64",
            Format::WindowsArm64 => "windows_arm64",
            Format::Dwarf => "dwarf",
        }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The rows for the code in `range` of `code`.
    ///
    /// # Errors
    /// Data that is not as published, or not supported.
    pub fn read(
        self,
        data: &[u8],
        code: &[u8],
        range: Range<u32>,
        machine: &Machine,
    ) -> Result<Table, UnwindError> {
        match self {
            Format::WindowsX64 => windows_x64::read(data, code, range, machine),
            Format::WindowsArm64 => windows_arm64::read(data, range, machine),
            Format::Dwarf if range.start == 0 => dwarf::fragment(machine, data, range.end),
            Format::Dwarf => Err(UnwindError::unsupported(0, "a fragment for code that does not begin at 0")),
        }
    }
}
