//! What an object file tells unwinders of its functions, as records have it: a fragment of `.eh_frame` for one function at
//! address 0, or one record of `.xdata`.

use object::{Object as _, ObjectSection as _, ObjectSymbol as _, RelocationTarget};
use std::collections::BTreeMap;

/// The data of one function, and the name of its format.
#[derive(Clone, Debug)]
pub(crate) struct Unwind {
    pub(crate) format: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// All data by the offset of a function's first byte in the code.
pub(crate) fn unwinds(object: &object::File<'_>) -> Result<BTreeMap<u64, Unwind>, String> {
    if let Some(section) = object.section_by_name(".eh_frame") {
        let places = relocations(object, &section)?;
        return frames(section.data().map_err(|error| error.to_string())?, &places);
    }
    let (Some(table), Some(data)) = (object.section_by_name(".pdata"), object.section_by_name(".xdata"))
    else {
        return Ok(BTreeMap::new());
    };
    let places = relocations(object, &table)?;
    let records = data.data().map_err(|error| error.to_string())?;
    let fields = table.data().map_err(|error| error.to_string())?;
    let arm = object.architecture() == object::Architecture::Aarch64;
    let (entry, at_record, format) = if arm { (8, 4, "windows_arm64") } else { (12, 8, "windows_x64") };
    let place = |at: usize| {
        let base = places.get(&(at as u64)).ok_or("an entry of .pdata is not relocated");
        base.map(|base| base + i64::from(word(fields, at)))
    };
    let mut starts = Vec::new();
    for at in (0..fields.len()).step_by(entry) {
        starts.push((place(at)? as u64, place(at + at_record)? as usize));
    }
    let end = |start: usize| {
        starts.iter().map(|&(_, other)| other).filter(|&other| other > start).min().unwrap_or(records.len())
    };
    let unwind =
        |&(code, start): &(u64, usize)| (code, Unwind { format, bytes: records[start..end(start)].to_vec() });
    Ok(starts.iter().map(unwind).collect())
}

/// Where the relocated fields of a section lead: offsets in the section of what they name.
fn relocations(
    object: &object::File<'_>,
    section: &object::Section<'_, '_>,
) -> Result<BTreeMap<u64, i64>, String> {
    let target = |relocation: &object::Relocation| match relocation.target() {
        RelocationTarget::Symbol(index) => {
            let symbol = object.symbol_by_index(index).map_err(|error| error.to_string())?;
            Ok(symbol.address() as i64 + relocation.addend())
        }
        other => Err(format!("a relocation to {other:?}")),
    };
    section.relocations().map(|(at, relocation)| Ok((at, target(&relocation)?))).collect()
}

/// The FDEs of a section, each with its CIE and made that of code at address 0.
///
/// Clang's pointers are four bytes relative to their own place. No other field may be relocated.
fn frames(section: &[u8], places: &BTreeMap<u64, i64>) -> Result<BTreeMap<u64, Unwind>, String> {
    let mut found = BTreeMap::new();
    let (mut at, mut relocated) = (0, 0);
    while at + 8 <= section.len() {
        let end = at + 4 + word(section, at) as usize;
        let back = word(section, at + 4) as usize;
        if back != 0 {
            let cie = at + 4 - back;
            let cie = &section[cie..cie + 4 + word(section, cie) as usize];
            let code = places.get(&(at as u64 + 8)).ok_or("an FDE whose code is not relocated")?;
            relocated += 1;
            let mut bytes = [cie, &section[at..end], &[0; 4]].concat();
            let fde = cie.len();
            bytes[fde + 4..fde + 8].copy_from_slice(&(fde as u32 + 4).to_le_bytes());
            bytes[fde + 8..fde + 12].copy_from_slice(&(fde as u32 + 8).wrapping_neg().to_le_bytes());
            found.insert(*code as u64, Unwind { format: "dwarf", bytes });
        }
        at = end;
    }
    if relocated == places.len() {
        Ok(found)
    } else {
        Err("an instruction of an FDE is relocated".to_owned())
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}
