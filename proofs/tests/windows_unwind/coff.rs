//! Functions with unwind data in object files (Microsoft, PE Format, The .pdata Section).

use object::{Object, ObjectSection, ObjectSymbol, Relocation, RelocationTarget};
use std::path::Path;

/// A function that has its unwind data in `.xdata`.
pub(crate) struct Function {
    pub name: String,
    pub code: Vec<u8>,
    pub unwind: Vec<u8>,
}

/// How far away everything else is, in bytes.
const FAR: u32 = 0x100_0000;

/// The functions of an object file, in its order. Those whose data is packed into the entry itself are left out.
pub(crate) fn functions(path: &Path) -> Vec<Function> {
    let bytes = std::fs::read(path).expect("an object file");
    let file = object::File::parse(bytes.as_slice()).expect("an object file");
    let machine = file.architecture();
    let entry_bytes = if machine == object::Architecture::X86_64 { 12 } else { 8 };
    let mut functions = Vec::new();
    for pdata in file.sections().filter(|section| section.name() == Ok(".pdata")) {
        let relocations: Vec<(u64, Relocation)> = pdata.relocations().collect();
        let data = pdata.data().expect("bytes");
        for begin in (0..data.len() as u64).step_by(entry_bytes) {
            // A section and a place in it.
            let target = |field: u64| {
                let (_, relocation) = relocations.iter().find(|(at, _)| *at == begin + field)?;
                let RelocationTarget::Symbol(index) = relocation.target() else { return None };
                let symbol = file.symbol_by_index(index).ok()?;
                let field = &data[(begin + field) as usize..][..4];
                let addend = u32::from_le_bytes(field.try_into().ok()?);
                Some((symbol.section_index()?, symbol.address() + u64::from(addend)))
            };
            let (text, start) = target(0).expect("a function");
            let Some((xdata, data_at)) = target(entry_bytes as u64 - 4) else { continue };
            let length = target(4).map_or(0, |(_, end)| end.saturating_sub(start));
            let here = |symbol: &object::Symbol<'_, '_>| {
                let placed = symbol.section_index() == Some(text) && symbol.address() == start;
                placed && symbol.is_global()
            };
            let name = file.symbols().find(here).and_then(|symbol| symbol.name().ok()).unwrap_or("local");
            let section = file.section_by_index(xdata).expect("a section");
            let base = section.address();
            let unwind = section.data().expect("bytes")[(data_at - base) as usize..].to_vec();
            let length = if entry_bytes == 12 { length } else { u64::from(words(&unwind)) * 4 };
            let section = file.section_by_index(text).expect("a section");
            functions.push(Function { name: name.to_owned(), code: code(&section, start, length), unwind });
        }
    }
    functions
}

/// The length that an `.xdata` record begins with.
fn words(unwind: &[u8]) -> u32 {
    u32::from_le_bytes([unwind[0], unwind[1], unwind[2], unwind[3]]) & 0x3_ffff
}

/// Bytes of a section, calls and jumps to elsewhere led far away.
fn code<'d>(section: &impl ObjectSection<'d>, start: u64, length: u64) -> Vec<u8> {
    let base = section.address();
    let mut bytes = section.data().expect("bytes").to_vec();
    for (at, _) in section.relocations() {
        let at = (at - base) as usize;
        let old = u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
        let new = match old >> 26 {
            // bl, b
            0b100101 | 0b000101 => old | (FAR / 4),
            _ if old == 0 => FAR,
            _ => old,
        };
        bytes[at..at + 4].copy_from_slice(&new.to_le_bytes());
    }
    let start = (start - base) as usize;
    bytes[start..start + length as usize].to_vec()
}
