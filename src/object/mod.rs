//! Object files, executables and shared libraries: their functions, judged.
//!
//! ```text
//! file ──▶ image in memory ──▶ functions: symbols, unwind data, PLT ──▶ judged one by one ──▶ verdicts
//!          (loaded, or laid      merged by first byte; parts placed       what is learnt of one (it does not
//!           out and relocated)   elsewhere found by who jumps there)      return) may decide others: rounds
//! ```
//!
//! Nothing of a file is believed but what a loader does with it and where functions begin; and that only of them.

mod around;
mod frames;
mod functions;
mod image;
mod judging;
mod linked;
mod pads;
mod relocatable;
pub mod relocations;
mod told;

pub use around::{Around, Asked, Learnt};
pub use frames::Frame;
pub use functions::{Function, Kind, Origin};
pub use image::{Area, Image, Symbol, Text, Word};
pub use judging::{Answer, Judging};
pub use told::Told;

use framewright_spec::{Platform, Spec};
use framewright_verifier::foreign::Judge;
use object::read::elf::{ElfFile, FileHeader};
use object::{LittleEndian, elf};

pub(crate) type Elf = elf::FileHeader64<LittleEndian>;

/// Why a file cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct ObjectError {
    /// What is wrong.
    pub what: String,
}

pub(crate) fn bad(what: impl Into<String>) -> ObjectError {
    ObjectError { what: what.into() }
}

/// A program with its functions.
#[derive(Debug)]
pub struct Program<'d> {
    /// The platform of the specification that it is for.
    pub platform: String,
    /// The convention that its functions keep.
    pub abi: String,
    /// What is in memory.
    pub image: Image<'d>,
    /// By text and first byte.
    pub functions: Vec<Function<'d>>,
    /// Ranges with unwind data, ascending.
    pub frames: Vec<Frame>,
    /// What was odd about the file and does not keep it from being judged.
    pub notes: Vec<String>,
}

/// Whether the bytes begin as an ELF file or an archive of some does.
pub fn is_object(bytes: &[u8]) -> bool {
    bytes.starts_with(&elf::ELFMAG) || is_archive(bytes)
}

fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(&object::archive::MAGIC) || bytes.starts_with(&object::archive::THIN_MAGIC)
}

/// An ELF file, or one in an archive.
#[derive(Clone, Copy, Debug)]
pub struct Member<'d> {
    /// Its name in the archive.
    pub name: Option<&'d str>,
    /// What is in it.
    pub bytes: &'d [u8],
}

/// The ELF files that a file is made of: itself, or the members of an archive that are such files.
///
/// # Errors
/// The archive lies, or its members are elsewhere.
pub fn members(bytes: &[u8]) -> Result<Vec<Member<'_>>, ObjectError> {
    if !is_archive(bytes) {
        return Ok(vec![Member { name: None, bytes }]);
    }
    let no_good = |error| bad(format!("no good archive: {error}"));
    let archive = object::read::archive::ArchiveFile::parse(bytes).map_err(no_good)?;
    if archive.is_thin() {
        return Err(bad("it is a thin archive, whose members are other files: give those"));
    }
    let mut members = Vec::new();
    for member in archive.members() {
        let member = member.map_err(no_good)?;
        let data = member.data(bytes).map_err(no_good)?;
        if data.starts_with(&elf::ELFMAG) {
            members.push(Member { name: std::str::from_utf8(member.name()).ok(), bytes: data });
        }
    }
    Ok(members)
}

impl<'d> Program<'d> {
    /// Reads an ELF file; `abi` is the convention, where it is not the platform's.
    ///
    /// # Errors
    /// Bytes that are no ELF file, that lie about themselves, or are for a machine that the specification does not have.
    pub fn read(spec: &Spec, bytes: &'d [u8], abi: Option<&str>) -> Result<Program<'d>, ObjectError> {
        let platform = platform(spec, bytes)?;
        let file = ElfFile::<Elf>::parse(bytes).map_err(|error| bad(format!("no good ELF file: {error}")))?;
        let table = relocations::Table::of(&platform.machine);
        let kind = file.elf_header().e_type(LittleEndian);
        let mut notes = Vec::new();
        let image = match kind {
            elf::ET_EXEC | elf::ET_DYN => linked::load(&file, table)?,
            elf::ET_REL => relocatable::load(&file, table)?,
            elf::ET_CORE => return Err(bad("it is a core dump, which has no code of its own")),
            other => return Err(bad(format!("ELF files of type {:#x} are not supported", other.0))),
        };
        let (mut frames, wrong) = frames::frames(&image);
        notes.extend(wrong);
        frames.sort_by_key(|frame| frame.begin);
        let functions = functions::functions(&image, &frames, &mut notes);
        let abi = match abi {
            Some(name) => spec.abi(name).map_err(|error| bad(error.to_string()))?.name.clone(),
            None => platform.abi.clone(),
        };
        Ok(Program { platform: platform.name.clone(), abi, image, functions, frames, notes })
    }

    /// The judge of its convention; it may judge other programs of the same.
    ///
    /// # Errors
    /// Nothing decodes the machine.
    pub fn judge<'s>(&self, spec: &'s Spec) -> Result<Judge<'s>, ObjectError> {
        Judge::new(spec, &self.abi).map_err(|error| bad(error.to_string()))
    }

    /// The function or part at a place, by number, and whether that is its first byte.
    pub fn function(&self, text: usize, offset: u32) -> Option<(u32, bool)> {
        let after = self.functions.partition_point(|f| (f.text, f.begin) <= (text, offset));
        // Ranges may lie in others; of those around a place the innermost begins last.
        const MAX_NESTING: usize = 8;
        let around = (after.saturating_sub(MAX_NESTING)..after).rev();
        let mut around = around.map(|number| (number, &self.functions[number]));
        let (number, function) = around.find(|(_, f)| f.text == text && offset < f.end)?;
        Some((number as u32, function.begin == offset))
    }
}

/// The platform of the specification that a file is for.
fn platform<'s>(spec: &'s Spec, bytes: &[u8]) -> Result<&'s Platform, ObjectError> {
    let Some(ident) = bytes.get(..16).filter(|ident| ident.starts_with(&elf::ELFMAG)) else {
        return Err(bad("it is no ELF file"));
    };
    let (class, data) = (ident[4], ident[5]);
    if class != elf::ELFCLASS64.0 {
        return Err(bad("32-bit ELF files are not supported"));
    }
    if data != elf::ELFDATA2LSB.0 {
        return Err(bad("big-endian ELF files are not supported"));
    }
    let header = Elf::parse(bytes).map_err(|error| bad(format!("no good ELF file: {error}")))?;
    let machine = header.e_machine(LittleEndian).0;
    let Some(platform) = spec.platforms.values().find(|platform| platform.elf_machine == machine) else {
        let known: Vec<_> =
            spec.platforms.values().map(|p| format!("{} ({})", p.elf_machine, p.machine)).collect();
        return Err(bad(format!("it is for ELF machine {machine}; known are {}", known.join(", "))));
    };
    let (flags, mask) = (header.e_flags(LittleEndian).0, platform.elf_abi_mask);
    if flags & mask != platform.elf_flags & mask {
        return Err(bad(format!(
            "its code keeps another convention than `{}`: ABI flags are {:#x}, expected {:#x}",
            platform.abi,
            flags & mask,
            platform.elf_flags & mask
        )));
    }
    Ok(platform)
}
