//! Frames as drawings: one row a region or save slot, from the CFA down, each with its lowest byte relative
//! to the CFA, FP and SP in the body, and whose it is.

use crate::frame::{AsmOperand, AsmStep, RegionRole};
use crate::layout::{Layout, PlacedRegion};
use crate::machine::Machine;
use crate::unit::CfaOffset;
use crate::{Abi, Spec};
use std::fmt::Write;

/// Columns inside the box.
const BOX: usize = 38;

/// Draws a laid-out frame.
pub fn draw_frame(spec: &Spec, layout: &Layout) -> String {
    let frame = layout.regions.first().map_or("", |region| &region.frame);
    let known = spec.frame(frame).and_then(|f| Ok((spec.abi(&f.abi)?, spec.machine_of_abi(&f.abi)?)));
    let Ok((abi, machine)) = known else {
        return format!("(no frame `{frame}` in this specification)\n");
    };
    let mut out = String::new();
    let bar = "─".repeat(BOX);
    let heading = format!("{:w$} {:>7} {:>8} {:>8} {:>8}", "", "bytes", "CFA", "FP", "SP", w = BOX + 1);
    let _ = writeln!(out, "{}", heading.trim_end());
    let _ = writeln!(out, "┌{bar}┐ <- CFA");
    let mut previous: Option<&PlacedRegion> = None;
    for region in layout.regions.iter().filter(|region| region.bytes > 0) {
        match previous {
            Some(before) if before.frame != region.frame => {
                let _ = writeln!(out, "╞{}╡ {} above, {} below", "═".repeat(BOX), before.frame, region.frame);
            }
            Some(_) => match layout.realign.filter(|realigned| region.top() == realigned.from) {
                Some(realigned) => {
                    let _ = writeln!(out, "╞{}╡ down to a multiple of {}", "═".repeat(BOX), realigned.align);
                }
                None => {
                    let _ = writeln!(out, "├{bar}┤");
                }
            },
            None => {}
        }
        for row in rows(machine, abi, layout, region) {
            out.push_str(&line(layout, &row));
        }
        previous = Some(region);
    }
    let below = if layout.allocate.is_some() { " when the body begins, lower later" } else { "" };
    let _ = writeln!(out, "└{bar}┘ <- SP{below}");
    out
}

/// One row of the drawing.
struct Row {
    what: String,
    owner: String,
    offset: CfaOffset,
    bytes: i64,
}

/// The rows of a region: one, or one for each save slot and the free room below.
fn rows(machine: &Machine, abi: &Abi, layout: &Layout, region: &PlacedRegion) -> Vec<Row> {
    let row = |what: String, owner: &str, offset: CfaOffset, bytes: i64| Row {
        what,
        owner: owner.to_owned(),
        offset,
        bytes,
    };
    let whole = |what: String| vec![row(what, &region.frame, region.offset, region.bytes)];
    match &region.role {
        RegionRole::ReturnAddress => whole("return address".to_owned()),
        RegionRole::ReturnCopy => whole("return address, copy".to_owned()),
        RegionRole::SavedFp => {
            let is_first = layout.slots.get(&machine.fp) == Some(&region.offset);
            let copy = if is_first { "" } else { ", copy" };
            whole(format!("caller's {}{copy}", machine.name_of(machine.fp)))
        }
        RegionRole::Padding => whole("padding".to_owned()),
        RegionRole::Outgoing => whole("outgoing arguments".to_owned()),
        RegionRole::Body | RegionRole::InheritedSaves { .. } => whole(region.name.clone()),
        RegionRole::Saves { .. } => {
            let inside = |slot: &CfaOffset| (region.offset..region.top()).contains(slot);
            let mut slots: Vec<_> = layout.slots.iter().filter(|(_, slot)| inside(slot)).collect();
            slots.sort_by_key(|(_, slot)| std::cmp::Reverse(slot.0));
            let mut rows = Vec::new();
            for &(&reg, &slot) in &slots {
                let owner = layout.saved_by.get(&reg).unwrap_or(&region.frame);
                rows.push(row(
                    format!("caller's {}", machine.name_of(reg)),
                    owner,
                    slot,
                    abi.slot_bytes(machine, reg),
                ));
            }
            let free = slots.last().map_or(region.top(), |(_, slot)| **slot).0 - region.offset.0;
            if free > 0 {
                rows.push(row("room for saves".to_owned(), &region.frame, region.offset, free));
            }
            rows
        }
    }
}

fn line(layout: &Layout, row: &Row) -> String {
    let sp = layout.sp_relative(row.offset);
    let fp = layout.fp_relative(row.offset).map_or(String::new(), |fp| format!("{fp:+}"));
    let marker = if layout.fp == Some(row.offset) { "  <- FP" } else { "" };
    let width = BOX - 2 - row.owner.chars().count();
    format!(
        "│ {:<width$}{} │ {:>7} {:>+8} {fp:>8} {sp:>+8}{marker}\n",
        row.what, row.owner, row.bytes, row.offset.0,
    )
}

impl Machine {
    /// A step as assembly text.
    pub fn display_step(&self, step: &AsmStep) -> String {
        let operand = |operand: &AsmOperand| match *operand {
            AsmOperand::Register(reg) => self.name_of(reg).to_owned(),
            AsmOperand::Immediate(value) => value.to_string(),
            AsmOperand::Step(number) => format!("step {number}"),
            AsmOperand::Helper(number) => format!("helper {number}"),
            AsmOperand::Memory { base, offset: 0 } => format!("[{}]", self.name_of(base)),
            AsmOperand::Memory { base, offset } => {
                let sign = if offset < 0 { '-' } else { '+' };
                format!("[{} {sign} {}]", self.name_of(base), offset.unsigned_abs())
            }
        };
        let operands: Vec<String> = step.operands.iter().map(operand).collect();
        let text = format!("{:<5} {}", step.mnemonic, operands.join(", "));
        text.trim_end().to_owned()
    }
}
