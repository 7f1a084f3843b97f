//! One script of the suite as images: each module with the calls that follow it.

use crate::values::{argument, matches};
use framewright::image::{Form, Makers, Outcome, Program};
use framewright_compiler::wasm::Module;
use libtest_mimic::Failed;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use wast::lexer::Lexer;
use wast::parser::{ParseBuffer, parse};
use wast::{Wast, WastDirective, WastExecute, WastInvoke, WastRet};

/// What came of assertions.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) images: u32,
    /// Files whose modules import from each other: an image links all its modules before it runs.
    pub(crate) linked: u32,
    /// Where and why.
    pub(crate) failures: Vec<String>,
}

/// What a step is to come to.
enum Wanted<'a> {
    Anything,
    Results(Vec<WastRet<'a>>),
    Trap(&'a str),
}

/// A module, and steps with their lines.
struct Group<'a> {
    id: Option<String>,
    program: Program,
    instance: usize,
    wanted: Vec<(usize, Wanted<'a>)>,
}

/// Runs the program's image from a file of its own.
pub(crate) fn outcomes(program: &Program, makers: &mut Makers) -> Result<Vec<Outcome>, Failed> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("{}-{number}.image", std::process::id()));
    let outcomes = program.image(makers, Form::Bits)?.outcomes(&file);
    std::fs::remove_file(&file)?;
    Ok(outcomes?)
}

/// Runs all modules of a script.
pub(crate) fn run(name: &str, text: &str, makers: &mut Makers, tally: &mut Tally) -> Result<(), Failed> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer)?;
    let script: Wast<'_> = parse(&buffer)?;
    if script.directives.iter().any(|d| matches!(d, WastDirective::Register { .. })) {
        tally.linked += 1;
        return Ok(());
    }
    let mut groups: Vec<Group<'_>> = Vec::new();
    for directive in script.directives {
        let line = directive.span().linecol_in(text).0 + 1;
        if let WastDirective::Module(mut module) = directive {
            let id = module.name().map(|id| id.name().to_owned());
            let module = Module::parse(&module.encode()?)?;
            let mut program = Program::new(makers.platform()?)?;
            let start = module.start.map(|_| (line, Wanted::Anything));
            let instance = program.instantiate(Arc::new(module))?;
            groups.push(Group { id, program, instance, wanted: start.into_iter().collect() });
            continue;
        }
        let Some((step, wanted)) = step(directive) else { continue };
        let id = match &step {
            WastExecute::Invoke(call) => call.module,
            WastExecute::Get { module, .. } => *module,
            WastExecute::Wat(_) => continue,
        };
        let named = |group: &&mut Group<'_>| id.is_none_or(|id| group.id.as_deref() == Some(id.name()));
        let group = groups.iter_mut().rev().find(named).ok_or("an assertion without a module")?;
        match step {
            WastExecute::Invoke(call) => group.call(&call)?,
            WastExecute::Get { global, .. } => {
                if !group.program.read(group.instance, global) {
                    return Err(format!("no global {global}").into());
                }
            }
            WastExecute::Wat(_) => continue,
        }
        group.wanted.push((line, wanted));
    }
    groups.into_iter().try_for_each(|group| finish(name, group, makers, tally))
}

/// What is to be done and what is to come of it; none for assertions about modules that are refused.
fn step(directive: WastDirective<'_>) -> Option<(WastExecute<'_>, Wanted<'_>)> {
    match directive {
        WastDirective::Invoke(call) => Some((WastExecute::Invoke(call), Wanted::Anything)),
        WastDirective::AssertReturn { exec, results, .. } => Some((exec, Wanted::Results(results))),
        WastDirective::AssertTrap { exec, message, .. } => Some((exec, Wanted::Trap(message))),
        WastDirective::AssertExhaustion { call, message, .. } => {
            Some((WastExecute::Invoke(call), Wanted::Trap(message)))
        }
        _ => None,
    }
}

impl Group<'_> {
    fn call(&mut self, call: &WastInvoke<'_>) -> Result<(), Failed> {
        let at = self.program.world().exported_function(self.instance, call.name)?;
        let args = call.args.iter().map(argument).collect::<Result<Vec<u64>, String>>()?;
        Ok(self.program.call(at, &args)?)
    }
}

/// Runs what is there of a group and compares.
fn finish(
    name: &str,
    Group { program, wanted, .. }: Group<'_>,
    makers: &mut Makers,
    tally: &mut Tally,
) -> Result<(), Failed> {
    if wanted.is_empty() {
        return Ok(());
    }
    tally.images += 1;
    let outcomes = match outcomes(&program, makers) {
        Ok(outcomes) => outcomes,
        Err(failed) => {
            let why = failed.message().unwrap_or("no reason");
            tally.failures.push(format!("{name}:{}: {why}", wanted[0].0));
            return Ok(());
        }
    };
    for ((line, wanted), outcome) in wanted.iter().zip(outcomes) {
        let holds = match (wanted, &outcome) {
            (Wanted::Anything, outcome) => matches!(outcome, Outcome::Returned(_)),
            (Wanted::Results(wanted), Outcome::Returned(bits)) => {
                bits.len() == wanted.len() && bits.iter().zip(wanted).all(|(&bits, want)| matches(bits, want))
            }
            (Wanted::Trap(message), Outcome::Trapped(trap)) => {
                // The suite adds the element's number to some messages.
                let core = message.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
                trap.to_string().contains(core)
            }
            _ => false,
        };
        match (holds, wanted) {
            (true, Wanted::Anything) => {}
            (true, _) => tally.passed += 1,
            (false, _) => tally.failures.push(format!("{name}:{line}: {outcome:x?}")),
        }
    }
    Ok(())
}
