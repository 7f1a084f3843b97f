//! A piece of code as text: what it claims, then its instructions with what is known of each.

use framewright_compiler::Compiled;
use framewright_spec::CodeOffset;
use iced_x86::{Decoder, DecoderOptions, Formatter, Instruction, IntelFormatter};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The listing; addresses are bytes from the first byte of the code.
pub(crate) fn listing(compiled: &Compiled) -> String {
    let claim = &compiled.claim;
    let mut text = format!("{}:\n", compiled.name);
    for p in &claim.patchpoints {
        let homes: Vec<String> =
            p.state.iter().map(|s| format!("{:?} {:?} {}", s.value, s.kind, s.home)).collect();
        writeln!(text, "  patchpoint {} at {} to {}: {}", p.id, p.jump, p.resume, homes.join(", "))
            .expect("valid");
    }
    for t in &claim.jump_tables {
        writeln!(text, "  table at {} of {} for {}", t.table, t.entries, t.jump).expect("valid");
    }
    let notes = notes(compiled);
    let code = &compiled.bytes[..claim.data.0 as usize];
    let mut formatter = IntelFormatter::new();
    formatter.options_mut().set_branch_leading_zeros(false);
    formatter.options_mut().set_space_after_operand_separator(true);
    let mut instruction = Instruction::default();
    let mut decoder = Decoder::with_ip(64, code, 0, DecoderOptions::NONE);
    while decoder.can_decode() {
        decoder.decode_out(&mut instruction);
        let at = CodeOffset(instruction.ip() as u32);
        let mut line = String::new();
        formatter.format(&instruction, &mut line);
        let note = notes.get(&at).map_or(String::new(), |n| format!("  ; {}", n.join(", ")));
        writeln!(text, "  {at}  {line}{note}").expect("valid");
    }
    let data = &compiled.bytes[claim.data.0 as usize..];
    if !data.is_empty() {
        writeln!(text, "  {}  data {data:02x?}", claim.data).expect("valid");
    }
    text
}

fn notes(compiled: &Compiled) -> BTreeMap<CodeOffset, Vec<String>> {
    let claim = &compiled.claim;
    let mut notes: BTreeMap<CodeOffset, Vec<String>> = BTreeMap::new();
    let mut note = |at: CodeOffset, text: String| notes.entry(at).or_default().push(text);
    note(claim.body, "body".to_owned());
    claim.epilogs.iter().for_each(|&e| note(e, "epilog".to_owned()));
    claim.landings.iter().for_each(|&e| note(e, "landing".to_owned()));
    claim.patchpoints.iter().for_each(|p| note(p.resume, format!("patchpoint {} resumes", p.id)));
    compiled.traps.iter().for_each(|t| note(t.at, format!("trap: {}", t.code)));
    notes
}
