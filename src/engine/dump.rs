//! What each phase of the compiler makes of a function, as text.

use super::build::Builder;
use super::config::Config;
use super::stats::Stats;
use framewright_compiler::backend::{self, Kind};
use framewright_compiler::wasm::Module;
use framewright_compiler::{CompileError, Compiled, ir, opt};
use framewright_spec::{CodeOffset, Spec};
use framewright_verifier::target;
use std::cell::RefCell;
use std::fmt::Write;

/// The phases that can be shown, and what each is.
pub const PHASES: &[(&str, &str)] = &[
    ("wasm", "the operators of the body"),
    ("ir", "the function in the intermediate representation"),
    ("opt", "the same, optimized"),
    ("isel", "machine instructions before registers are assigned"),
    ("regalloc", "where each value is"),
    ("asm", "optimized code, byte by byte"),
    ("claim", "what is said about optimized code, for the verifier to prove"),
    ("tier0", "tier-0 code, byte by byte"),
    ("osr", "the OSR method of each loop"),
];

impl Builder {
    /// The text of a phase for a function with a body. Unknown phases give nothing.
    ///
    /// # Errors
    /// The function cannot be compiled so far.
    pub fn dump(&self, module: &Module, index: u32, phase: &str) -> Result<String, CompileError> {
        let (config, mut stats) = (Config::default(), Stats::default());
        let name = module.function_name(index);
        Ok(match phase {
            "wasm" => format!("{name}:\n{}", module.listing(index)?),
            "ir" => ir::build(module, index)?.to_string(),
            "opt" => self.optimized_ir(module, index)?.to_string(),
            "isel" | "regalloc" => self.back_end(module, index, phase)?,
            "asm" => listing(self.spec(), &self.optimized(module, index, &config, &mut stats)?.0),
            "claim" => {
                let claim = self.optimized(module, index, &config, &mut stats)?.0.claim;
                let text = serde_json::to_string_pretty(&claim);
                format!("{name}: {}\n", text.unwrap_or_else(|error| error.to_string()))
            }
            "tier0" => listing(self.spec(), &self.tier0(module, index, &config)?.0),
            "osr" => {
                let source = self.tier0(module, index, &config)?.0.claim;
                let mut text = String::new();
                for patchpoint in &source.patchpoints {
                    let code = self.osr(module, index, &source, patchpoint.id, &config, &mut stats)?.0;
                    text += &listing(self.spec(), &code);
                }
                text
            }
            _ => String::new(),
        })
    }

    fn optimized_ir(&self, module: &Module, index: u32) -> Result<ir::Function, CompileError> {
        let mut function = ir::build(module, index)?;
        opt::optimize(&mut function, &opt::Options::default());
        Ok(function)
    }

    fn back_end(&self, module: &Module, index: u32, phase: &str) -> Result<String, CompileError> {
        let function = self.optimized_ir(module, index)?;
        let shown = RefCell::new(String::new());
        let dump = |name: &'static str, text: &dyn std::fmt::Display| {
            if name == phase {
                let _ = writeln!(shown.borrow_mut(), "{}:\n{text}", function.name);
            }
        };
        let options = backend::Options { dump: Some(&dump), ..backend::Options::default() };
        backend::compile(self.convention()?, module, &function, Kind::Normal, options)?;
        Ok(shown.into_inner())
    }
}

/// Code as lines of address, bytes, instruction, and what is said of the place.
pub fn listing(spec: &Spec, compiled: &Compiled) -> String {
    let Compiled { name, bytes, claim, .. } = compiled;
    let machine = spec.machines.get(&claim.machine);
    let mut text = format!("{name}: frame {}", claim.frame);
    if let Some(machine) = machine {
        let _ = write!(text, ", {}", machine.display_shape(&claim.shape));
    }
    let _ = writeln!(text, "; {} bytes of code, {} of data", claim.data.0, bytes.len() as u32 - claim.data.0);
    let decoder = machine.and_then(target::decoder);
    let mut at = CodeOffset(0);
    while let Some(decoder) = decoder.as_ref().filter(|_| at < claim.data) {
        let Ok(decoded) = decoder.decode(bytes, at) else { break };
        let end = decoded.next();
        let notes = notes(compiled, at);
        let instruction = decoder.text(bytes, at);
        let line =
            format!("  {at}  {:<24} {instruction:<44}{notes}", hex(&bytes[at.0 as usize..end.0 as usize]));
        let _ = writeln!(text, "{}", line.trim_end());
        at = end;
    }
    for (row, chunk) in bytes.get(at.0 as usize..).unwrap_or_default().chunks(16).enumerate() {
        let _ = writeln!(text, "  {}  {}", CodeOffset(at.0 + row as u32 * 16), hex(chunk));
    }
    text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What the claim and the trap table say of an address.
fn notes(compiled: &Compiled, at: CodeOffset) -> String {
    let claim = &compiled.claim;
    let mut notes: Vec<String> = Vec::new();
    let mut note = |holds: bool, text: &str| {
        if holds {
            notes.push(text.to_owned());
        }
    };
    note(claim.body == at, "body");
    note(claim.epilogs.contains(&at), "epilog");
    note(claim.landings.contains(&at), "landing");
    note(claim.jump_tables.iter().any(|t| t.jump == at), "jump table");
    for patchpoint in &claim.patchpoints {
        note(patchpoint.jump == at, &format!("leaves at patchpoint {}", patchpoint.id));
        note(patchpoint.resume == at, &format!("patchpoint {} goes on", patchpoint.id));
    }
    let trap = compiled.traps.iter().find(|t| t.at == at);
    notes.extend(trap.map(|t| format!("trap: {}", t.code)));
    if notes.is_empty() { String::new() } else { format!("; {}", notes.join(", ")) }
}
