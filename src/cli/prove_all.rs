//! `framewright prove --shapes`: machine × convention × frame × transition, a line each.

use super::{Common, Failure, input, output};
use framewright::answers::Folder;
use framewright::design::{self, Proof, Prover, Statement};
use framewright::engine::stats::micros;
use framewright::export::Export;
use framewright::jobs::in_order;
use framewright_spec::Spec;
use std::io::IsTerminal;
use std::time::Duration;

/// Runs the command: at most `shapes` shapes of each frame, on so many threads.
///
/// # Errors
/// Bad input, or a frame that is not proven.
pub(crate) fn run(
    common: &Common,
    frames: &[String],
    shapes: Option<usize>,
    jobs: u32,
    export: Option<&Export>,
) -> Result<(), Failure> {
    let spec = input::spec(common)?;
    let wanted = wanted(common, &spec, frames)?;
    let mut table = Table { common, statements: &wanted, proofs: Vec::new(), unproven: 0 };
    table.heading()?;
    let answers = input::answers(common)?;
    let prover = || prover(&spec, export, answers.as_ref());
    let work = |prover: &mut Prover<'_>, index: usize| prover.prove(&wanted[index], shapes);
    in_order(jobs, wanted.len(), prover, work, |_, proof| table.hear(proof?))?;
    table.finish()
}

/// A prover that writes its questions down and looks up its proofs, where that was asked for.
pub(super) fn prover<'s>(spec: &'s Spec, export: Option<&Export>, answers: Option<&Folder>) -> Prover<'s> {
    let mut prover = Prover::new(spec);
    if let Some(export) = export {
        prover.verifier().give_queries(export.sink());
    }
    if let Some(answers) = answers {
        answers.serve(prover.verifier());
    }
    prover
}

/// The statements of the machine and convention that were asked for, of all without either; of them those about the
/// frames or transitions of these names, with or without the convention's, of all without names.
///
/// # Errors
/// There is no such machine, convention, or frame.
pub(super) fn wanted(common: &Common, spec: &Spec, frames: &[String]) -> Result<Vec<Statement>, Failure> {
    if common.abi.is_some() || common.target.is_some() {
        // Says so if there is no such machine or convention.
        input::convention(common, spec)?;
    }
    let is = |wanted: &Option<String>, name: &str| wanted.as_ref().is_none_or(|wanted| wanted == name);
    let mut all = design::statements(spec);
    all.retain(|s| is(&common.target, &s.machine) && is(&common.abi, &s.abi));
    if let Some(unknown) = frames.iter().find(|name| !all.iter().any(|s| is_about(s, name))) {
        let mut names: Vec<&str> = all.iter().flat_map(|s| names(s).map(|name| short(s, name))).collect();
        names.sort_unstable();
        names.dedup();
        let names = names.join(", ");
        return Err(Failure::Input(format!("no frame or transition `{unknown}`; there are: {names}")));
    }
    all.retain(|s| frames.is_empty() || frames.iter().any(|name| is_about(s, name)));
    Ok(all)
}

/// Names of the frame and of the transition.
fn names(statement: &Statement) -> impl Iterator<Item = &str> {
    std::iter::once(statement.frame.as_str()).chain(statement.transition.as_deref())
}

/// A name without the convention's.
pub(super) fn short<'a>(statement: &Statement, name: &'a str) -> &'a str {
    let own = name.strip_prefix(statement.abi.as_str()).and_then(|rest| rest.strip_prefix('.'));
    own.unwrap_or(name)
}

fn is_about(statement: &Statement, wanted: &str) -> bool {
    names(statement).any(|name| name == wanted || short(statement, name) == wanted)
}

struct Table<'a> {
    common: &'a Common,
    statements: &'a [Statement],
    /// Of the first statements; lines are told in order.
    proofs: Vec<Proof>,
    unproven: usize,
}

impl Table<'_> {
    fn heading(&self) -> Result<(), Failure> {
        if self.common.json {
            return Ok(());
        }
        let [machine, abi, frame, entered] = ["machine", "convention", "frame", "entered by"];
        output::line(format!(
            "{:8} {machine:12} {abi:16} {frame:19} {entered:22} shapes conditions        time",
            ""
        ))
    }

    /// The proof of the next statement.
    fn hear(&mut self, proof: Proof) -> Result<(), Failure> {
        line(self.common, &self.statements[self.proofs.len()], &proof)?;
        if let Some(failure) = &proof.failure {
            self.unproven += 1;
            let message = format!("{}: {}", failure.shape, failure.why);
            match &failure.counterexample {
                Some(found) if self.unproven == 1 => {
                    output::counterexample_found(self.common, found, &message);
                }
                _ => output::note(message),
            }
        }
        self.proofs.push(proof);
        let (told, all) = (self.proofs.len(), self.statements.len());
        if std::io::stderr().is_terminal() && told < all {
            eprint!("\r{told} of {all}\r");
        }
        Ok(())
    }

    fn finish(self) -> Result<(), Failure> {
        let proofs = &self.proofs;
        let shapes: usize = proofs.iter().map(|p| p.shapes).sum();
        let conditions: u64 = proofs.iter().map(|p| p.conditions).sum();
        let time: Duration = proofs.iter().map(|p| p.time).sum();
        let statements = proofs.len();
        if self.common.json {
            output::line(serde_json::json!({ "summary": {
                "proven": statements - self.unproven, "not_proven": self.unproven,
                "shapes": shapes, "conditions": conditions, "seconds": time.as_secs_f64(),
            } }))?;
        } else {
            output::line(format!(
                "{statements} frames by entry, {} not proven; {shapes} shapes, {conditions} conditions, {}",
                self.unproven,
                micros(time)
            ))?;
        }
        if self.unproven == 0 { Ok(()) } else { Err(Failure::Found) }
    }
}

fn line(common: &Common, statement: &Statement, proof: &Proof) -> Result<(), Failure> {
    let Statement { machine, abi, frame, transition } = statement;
    let verdict = if proof.failure.is_none() { "proven" } else { "NOT" };
    if common.json {
        return output::line(serde_json::json!({
            "machine": machine, "convention": abi, "frame": frame, "transition": transition,
            "verdict": if proof.failure.is_none() { "proven" } else { "not proven" },
            "why": proof.failure.as_ref().map(|f| format!("{}: {}", f.shape, f.why)),
            "shapes": proof.shapes, "conditions": proof.conditions, "seconds": proof.time.as_secs_f64(),
        }));
    }
    let entered = transition.as_ref().map_or("a call", |name| short(statement, name));
    output::line(format!(
        "{verdict:8} {machine:12} {abi:16} {:19} {entered:22} {:6} {:10} {:>12}",
        short(statement, frame),
        proof.shapes,
        proof.conditions,
        micros(proof.time)
    ))
}
