//! A counterexample for people: headline, table with the arrow, expected against actual; or as a Rust test.

use crate::counterexample::{Counterexample, DisputedPlace};
use framewright_spec::Spec;
use std::fmt::Write;

impl Counterexample {
    /// The whole report as text; with `colour`, ANSI escapes mark the wrong line.
    pub fn render(&self, spec: &Spec, colour: bool) -> String {
        let mut out = String::new();
        self.write_head(&mut out, colour);
        self.write_table(&mut out, colour);
        self.write_dispute(spec, &mut out);
        self.write_context(spec, &mut out);
        out
    }

    /// The counterexample as a Rust test that fails as long as the code is wrong.
    pub fn emit_test(&self) -> String {
        let name: String =
            self.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let json = serde_json::to_string_pretty(self).unwrap_or_default();
        format!(
            "/// {}\n#[test]\nfn {}_{:?}() {{\n    let json = r###\"{json}\"###;\n    \
             let found: framewright_verifier::Counterexample = serde_json::from_str(json).unwrap();\n    \
             let spec = framewright_spec::Spec::embedded();\n    \
             let mut verifier = framewright_verifier::Verifier::new(spec);\n    \
             let verdict = verifier.verify(&found.name, found.bytes.clone(), found.claim.clone(), None);\n    \
             assert!(matches!(verdict, framewright_verifier::Verdict::Proven(_)), \"{{verdict:?}}\");\n}}\n",
            self.headline.replace('\n', " "),
            name.to_lowercase(),
            self.property,
        )
    }

    fn write_head(&self, out: &mut String, colour: bool) {
        let (red, off) = if colour { ("\x1b[31m", "\x1b[0m") } else { ("", "") };
        let _ = writeln!(out, "{red}refuted {:?} ({}){off}: {}", self.property, self.property, self.headline);
        let _ = writeln!(out, "  in {} at {}\n", self.name, self.at);
    }

    fn write_table(&self, out: &mut String, colour: bool) {
        let (red, off) = if colour { ("\x1b[31m", "\x1b[0m") } else { ("", "") };
        let text =
            self.trace.iter().map(|l| l.text.chars().count()).max().unwrap_or(0).max("instruction".len());
        let sp = self.trace.iter().map(|l| sp_text(l.sp).len()).max().unwrap_or(0).max("SP".len());
        let has_rules = self.trace.iter().any(|l| !l.rule.is_empty());
        let change = self.trace.iter().map(|l| l.change.chars().count()).max().unwrap_or(0);
        let change = if has_rules { change.max("what changed".len()) } else { 0 };
        let head = format!("      at    {:text$} | {:sp$} | {:change$}", "instruction", "SP", "what changed");
        let _ = writeln!(out, "{head}{}", if has_rules { " | unwind rule" } else { "" });
        let mut before = "";
        for line in &self.trace {
            let (mark, red, off) = if line.wrong { ("-->", red, off) } else { ("   ", "", "") };
            let rule = if line.rule == before { "″" } else { &line.rule };
            before = &line.rule;
            let mut row = format!(
                "{mark} {:>6}  {:text$} | {:sp$} | {:change$}",
                line.at.to_string(),
                line.text,
                sp_text(line.sp),
                line.change
            );
            if has_rules {
                let _ = write!(row, " | {rule}");
            }
            let _ = writeln!(out, "{red}{}{off}", row.trim_end());
        }
    }

    fn write_dispute(&self, spec: &Spec, out: &mut String) {
        let Some(disputed) = &self.disputed else { return };
        let place = match disputed.place {
            DisputedPlace::Register { reg, mask } => {
                let name =
                    spec.machines.get(&self.claim.machine).and_then(|m| m.registers.get(usize::from(reg.0)));
                let bits = name.map_or(128, |r| r.bits);
                let name = name.map_or_else(|| format!("register {}", reg.0), |r| r.name.clone());
                let whole = bits == 128 || mask == (1 << bits) - 1;
                if whole { name } else { format!("{name} & {mask:#x}") }
            }
            DisputedPlace::Memory { offset, bytes } => format!("{bytes} bytes at {offset}"),
            DisputedPlace::Pc => "pc".to_owned(),
            DisputedPlace::Unwound { pc, given, .. } => {
                let register = |reg: framewright_spec::Reg| {
                    let machine = spec.machines.get(&self.claim.machine);
                    let name = machine.and_then(|m| m.registers.get(usize::from(reg.0)));
                    name.map_or_else(|| format!("register {}", reg.0), |r| r.name.clone())
                };
                format!("{} by the unwinding row of {pc}", given.text(register))
            }
            DisputedPlace::Access { bytes } => format!("address of {bytes} bytes"),
        };
        let _ = writeln!(
            out,
            "\n  {place}\n    expected {:#018x}\n    actual   {:#018x}",
            disputed.expected, disputed.actual
        );
    }

    fn write_context(&self, spec: &Spec, out: &mut String) {
        let only = if self.unique { "\n  these values are the only ones (unique)" } else { "" };
        let _ = writeln!(out, "{only}\n  entry: {}", self.entry_text(spec));
        for (name, times) in &self.assumptions {
            let _ = writeln!(out, "  assumed: {name} ({times}×)");
        }
        for item in &self.spec_items {
            let _ = writeln!(out, "  stated by: {item}");
        }
        let _ = writeln!(out, "  replay: framewright replay FILE");
    }

    fn entry_text(&self, spec: &Spec) -> String {
        let machine = spec.machines.get(&self.claim.machine);
        let mut parts = vec![format!("cfa={:#x}", self.cfa), format!("return={:#x}", self.return_address)];
        for r in self.registers.iter().filter(|r| r.value != 0) {
            let name = machine.and_then(|m| m.registers.get(usize::from(r.reg.0))).map(|r| r.name.as_str());
            parts.push(format!("{}={:#x}", name.unwrap_or("?"), r.value));
        }
        parts.join(" ")
    }
}

fn sp_text(sp: Option<framewright_spec::CfaOffset>) -> String {
    sp.map_or_else(|| "?".to_owned(), |sp| sp.to_string())
}
