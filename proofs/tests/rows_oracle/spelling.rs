//! Encodings and spellings against LLVM's assembler and disassembler.
//!
//! ```text
//! row + numbers ──our word──▶ decoder ──text──▶ assembler    ──▶ our bytes
//!                    └──────────────────────▶ disassembler ──▶ our text
//! ```
//!
//! The must-fail twin: with any one fixed bit of any row flipped, its words are no longer the assembler's.

use crate::llvm::{assemble, disassemble, normal};
use crate::machines::Subject;
use crate::random::Random;
use crate::samples::{self, Sample};
use framewright_spec::Machine;
use framewright_spec::encoding::Encoding;
use framewright_verifier::target;
use libtest_mimic::Failed;
use std::collections::BTreeMap;

/// Rows shown of those that differ.
const SHOWN: usize = 100;

/// Checks every row of a machine.
pub(crate) fn check(subject: &Subject) -> Result<(), Failed> {
    let machine = subject.machine;
    let samples = all_samples(machine)?;
    let texts: Vec<(&str, usize)> = samples.iter().map(|s| (s.text.as_str(), s.bytes.len())).collect();
    let assembled = assemble(subject, &texts)?;
    let words: Vec<&[u8]> = samples.iter().map(|s| s.bytes.as_slice()).collect();
    let disassembled = disassemble(subject, &words)?;
    let mut wrong: BTreeMap<&str, String> = BTreeMap::new();
    let mut respelled: BTreeMap<&str, String> = BTreeMap::new();
    let mut compared: BTreeMap<usize, Vec<(&Sample, &[u8])>> = BTreeMap::new();
    for ((sample, theirs), text) in samples.iter().zip(&assembled).zip(&disassembled) {
        let name = name(machine, sample.row);
        let Sample { bytes, text: ours, .. } = sample;
        let place = match theirs {
            Err(what) if subject.unpredictable.iter().any(|said| what.contains(said)) => continue,
            Ok(theirs) if theirs == bytes => {
                compared.entry(sample.row).or_default().push((sample, theirs));
                None
            }
            Ok(theirs) => Some(format!("is {bytes:02x?}, by the assembler {theirs:02x?}")),
            Err(what) => Some(format!("({bytes:02x?}): the assembler says {what}")),
        };
        if let Some(what) = place {
            wrong.entry(name).or_insert(format!("{name}: `{ours}` {what}"));
        }
        let what = match text {
            Ok(text) if normal(subject, text) == normal(subject, ours) => continue,
            Ok(text) => format!("({bytes:02x?}) is `{}` by the disassembler", text.trim()),
            Err(what) => format!("({bytes:02x?}): the disassembler says {what}"),
        };
        respelled.entry(name).or_insert(format!("{name}: `{ours}` {what}"));
    }
    exceptions(subject, &mut respelled)?;
    let lines: Vec<String> = wrong.into_values().chain(respelled.into_values()).collect();
    if !lines.is_empty() {
        let shown = lines.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n");
        return Err(format!("{} rows differ:\n{shown}", lines.len()).into());
    }
    flips(machine, &compared)
}

/// Samples of all rows that are written. A row that has none could never be noticed to be wrong.
fn all_samples(machine: &Machine) -> Result<Vec<Sample>, Failed> {
    let decoder = target::decoder(machine).ok_or("no decoder")?;
    let mut random = Random::new(0x5eed_0f0f);
    let mut samples = Vec::new();
    for (row, instruction) in machine.instructions.values().enumerate() {
        let Some(encoding) = &instruction.encoding else { continue };
        let own = samples::samples(machine, decoder.as_ref(), row, &mut random);
        if own.is_empty() {
            return Err(format!("{}: all its words are another row's", instruction.name).into());
        }
        if !encoding.decode_only {
            samples.extend(own);
        }
    }
    Ok(samples)
}

/// Takes out the rows that are known to be spelled otherwise; one that is not must not be listed.
fn exceptions(subject: &Subject, respelled: &mut BTreeMap<&str, String>) -> Result<(), Failed> {
    for (row, why) in &subject.disassembled_otherwise {
        if respelled.remove(row.as_str()).is_none() {
            return Err(format!("{row} is spelled as LLVM does; machines.json says otherwise: {why}").into());
        }
    }
    Ok(())
}

/// A flipped bit of a pattern must be noticed by the comparison that was made.
fn flips(machine: &Machine, compared: &BTreeMap<usize, Vec<(&Sample, &[u8])>>) -> Result<(), Failed> {
    for (row, instruction) in machine.instructions.values().enumerate() {
        let Some(encoding) = instruction.encoding.as_ref().filter(|encoding| !encoding.decode_only) else {
            continue;
        };
        let known = compared.get(&row).map_or(&[][..], Vec::as_slice);
        for bit in (0..32).filter(|bit| encoding.mask >> bit & 1 == 1) {
            let flipped = Encoding { value: encoding.value ^ 1 << bit, ..encoding.clone() };
            let word =
                |sample: &Sample| samples::bytes(&flipped, samples::word(&flipped, &sample.numbers, 0));
            if known.iter().all(|(sample, theirs)| word(sample) == *theirs) {
                return Err(format!("{}: bit {bit} flipped is not noticed", instruction.name).into());
            }
        }
    }
    Ok(())
}

fn name(machine: &Machine, row: usize) -> &str {
    machine.instructions.get_index(row).map_or("?", |(name, _)| name)
}
