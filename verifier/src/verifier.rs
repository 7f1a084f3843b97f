//! The front door: bytes and a claim in, a verdict out.
//!
//! ```text
//! claim ──▶ contract ──▶ entry states ──▶ summary (all paths) ──▶ one query ──▶ proven
//!                                              └── a model ──▶ one path, exactly ──▶ counterexample
//! ```

mod admit;

use crate::answers::{Answers, Memory};
use crate::boundary;
use crate::cfg::Cfg;
use crate::classes::Design;
use crate::contract::Contract;
use crate::counterexample::Counterexample;
use crate::decoded::Unsupported;
use crate::entry::{self, Refusal, Source};
use crate::exec::Judge;
use crate::fixpoint::Summary;
use crate::refute::Outcome;
use crate::smt::{Query, Script};
use crate::solver::{Answer, Solver, constant};
use crate::state::{State, World};
use crate::story;
use crate::target::{self, Decoder};
use crate::term::{Symbol, Terms};
use crate::unwind::{Fault, UnwindError};
use crate::vc::{Goal, Vc};
use crate::verdict::{Certificate, Property, Proven, Verdict};
use framewright_spec::claim::Entry;
use framewright_spec::{Claim, CodeOffset, Spec};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::time::Instant;
use z3::ast::Bool;

/// Assumption that an OSR entry rests on.
const ENTERED: &str = "osr-entry";
/// Assumption that a landing rests on.
const LANDED: &str = "trap-handler";

/// Code is placed at a multiple of this.
const CODE_ALIGN: u32 = 16;

/// A judge for one specification. Holds the solver and what it remembers between functions; one per thread.
pub struct Verifier {
    spec: Spec,
    decoders: FxHashMap<String, Box<dyn Decoder>>,
    solver: Solver,
    /// Frames whose precondition has two models, with their sizes modulo the stack's alignment.
    satisfiable: FxHashSet<(String, i64, i64)>,
    /// What was asked of the solver, where that is wanted.
    queries: Option<Sink>,
    /// Answers of other runs, where they are wanted.
    memory: Option<Memory>,
    /// Proofs for all sizes that code was to be compared with, by frame and transition.
    designs: FxHashMap<(String, Option<String>), Option<Box<Design>>>,
}

/// Where questions go.
type Sink = Box<dyn FnMut(Query) + Send>;

/// Why there is no proof.
enum Stop {
    Unsupported(String),
    Undecided(String),
    Refuted(Box<Counterexample>),
}

impl Verifier {
    /// A judge that demands what `spec` states.
    pub fn new(spec: &Spec) -> Verifier {
        let decoders = spec.machines.values();
        let decoders = decoders.filter_map(|m| Some((m.name.clone(), target::decoder(m)?))).collect();
        let (solver, satisfiable) = (Solver::new(), FxHashSet::default());
        let (spec, designs) = (spec.clone(), FxHashMap::default());
        Verifier { spec, decoders, solver, satisfiable, queries: None, memory: None, designs }
    }

    /// From now on `sink` is given what is asked of the solver, as text: preconditions before the code that rests on
    /// them. Repeated preconditions are asked, and given, once.
    pub fn give_queries(&mut self, sink: impl FnMut(Query) + Send + 'static) {
        self.queries = Some(Box::new(sink));
    }

    /// From now on proofs are looked up in `answers` first, and put there. `tool` stands for this program: another
    /// version of it has other answers.
    pub fn remember(&mut self, answers: impl Answers + 'static, tool: &[u8]) {
        self.memory = Some(Memory::new(Box::new(answers), &self.spec, tool));
    }

    /// Proves or refutes that `bytes` do what `claim` says. A claim entered by a transition needs its `source`:
    /// the proven code whose patchpoint it names.
    pub fn verify(&mut self, name: &str, bytes: Vec<u8>, claim: Claim, source: Option<&Proven>) -> Verdict {
        let start = Instant::now();
        let Verifier { spec, decoders, solver, satisfiable, queries, memory, .. } = self;
        let key = memory.as_ref().map(|memory| memory.key(&bytes, &claim, source));
        let mut memory = memory.as_mut().zip(key);
        if let Some(mut certificate) = memory.as_mut().and_then(|(memory, key)| memory.get(key)) {
            certificate.nanos = nanos(start);
            return Verdict::Proven(Proven::new(bytes, claim, certificate));
        }
        solver.clear();
        let queries = queries.as_mut();
        let mut case = Case { spec, solver, satisfiable, queries, name, bytes: &bytes, claim: &claim };
        let result = match decoders.get(&claim.machine) {
            Some(decoder) => case.judge(decoder.as_ref(), source),
            None => Err(Stop::Unsupported(format!("machine `{}`", claim.machine))),
        };
        match result {
            Ok(mut certificate) => {
                certificate.nanos = nanos(start);
                if let Some((memory, key)) = memory {
                    memory.put(&key, &certificate);
                }
                Verdict::Proven(Proven::new(bytes, claim, certificate))
            }
            Err(Stop::Refuted(counterexample)) => Verdict::Refuted(counterexample),
            Err(Stop::Undecided(why)) => Verdict::Undecided(format!("{name}: {why}")),
            Err(Stop::Unsupported(what)) => Verdict::Unsupported(format!("{name}: {what}")),
        }
    }
}

/// One function before the judge.
struct Case<'a> {
    spec: &'a Spec,
    solver: &'a mut Solver,
    satisfiable: &'a mut FxHashSet<(String, i64, i64)>,
    queries: Option<&'a mut Sink>,
    name: &'a str,
    bytes: &'a [u8],
    claim: &'a Claim,
}

impl<'a> Case<'a> {
    fn judge(&mut self, decoder: &dyn Decoder, proven: Option<&Proven>) -> Result<Certificate, Stop> {
        let claim = self.claim;
        let contract = self.contract()?;
        let source = self.source(&contract, proven)?;
        self.check_vacuity(&contract, source.as_ref())?;
        let cfg = Cfg::build(contract.machine, decoder, self.bytes, claim)?;
        let homes = entry::homes(claim);
        let mut judge = self.prepare(&contract, &cfg, source.as_ref(), &homes)?;
        let roots = self.roots(&mut judge, source.as_ref());
        let facts = self.assert_world(&contract, &mut judge.terms);
        let summary = judge.summarize(self.solver, roots.clone())?;
        self.prove(judge, &facts, &summary, &roots, decoder)
    }

    /// The contract of the claim's frame.
    fn contract(&self) -> Result<Contract<'a>, Stop> {
        let claim = self.claim;
        let contract = Contract::new(self.spec, &claim.frame, &claim.shape)
            .map_err(|error| Stop::Unsupported(error.to_string()))?;
        if contract.machine.name != claim.machine {
            return Err(Stop::Unsupported(format!("frame `{}` on machine `{}`", claim.frame, claim.machine)));
        }
        Ok(contract)
    }

    /// The code that the claim's is entered from, if it is; both statements fit each other.
    fn source<'p>(
        &self,
        contract: &Contract<'_>,
        proven: Option<&'p Proven>,
    ) -> Result<Option<Source<'p>>, Stop>
    where
        'a: 'p,
    {
        let claim = self.claim;
        let source = entry::source(self.spec, claim, proven).map_err(|refusal| match refusal {
            Refusal::Unsupported(what) => Stop::Unsupported(what),
            Refusal::Refuted(what) => self.statement(CodeOffset(0), what),
        })?;
        if contract.source.is_some() != source.is_some() {
            return Err(Stop::Unsupported(format!("entry of frame `{}` by another kind", claim.frame)));
        }
        if let Some((index, what)) = entry::wrong_home(contract, claim) {
            return Err(self.statement(claim.patchpoints[index].jump, what));
        }
        Ok(source)
    }

    /// Names what is assumed of how the code is entered.
    fn assume_entries(&self, certificate: &mut Certificate) {
        if !self.claim.landings.is_empty() {
            certificate.assumptions.insert(LANDED.into(), self.claim.landings.len() as u32);
        }
        if self.claim.entry != Entry::Call {
            certificate.assumptions.insert(ENTERED.into(), 1);
        }
    }

    /// A statement that contradicts itself or its source, whatever the code does.
    fn statement(&self, at: CodeOffset, what: String) -> Stop {
        self.refused(Property::P12, &format!("frame {}: state map", self.claim.frame), at, what)
    }

    fn refused(&self, property: Property, item: &str, at: CodeOffset, what: String) -> Stop {
        let of = (property, item);
        Stop::Refuted(Box::new(Counterexample::of_statement(self.name, self.bytes, self.claim, of, at, what)))
    }

    /// Unwinding data that is none, or that says something for which there is no meaning.
    fn unreadable(&self, error: &UnwindError) -> Stop {
        if error.fault == Fault::Unsupported {
            return Stop::Unsupported(error.to_string());
        }
        self.refused(Property::P10, "claim: unwind", CodeOffset(0), error.to_string())
    }

    fn prepare<'c>(
        &self,
        contract: &'c Contract<'c>,
        cfg: &'c Cfg,
        source: Option<&Source<'_>>,
        homes: &'c [(i64, u32)],
    ) -> Result<Judge<'c>, Stop>
    where
        Self: 'c,
    {
        let mut terms = Terms::default();
        let body = contract.body(&mut terms);
        let body_sp = contract.sp_in_body(&mut terms);
        let exit = contract.exit(&mut terms);
        let state_map = match source {
            Some(source) => entry::state_map(self.claim, source.patchpoint, contract.machine, &mut terms)
                .map_err(|what| self.statement(CodeOffset(0), what))?,
            None => Vec::new(),
        };
        let unwinders =
            boundary::unwinders(self.claim, self.bytes, contract.machine, &contract.abi.callee_saved)
                .map_err(|error| self.unreadable(&error))?;
        let entry_sp = source.map_or(-i64::from(contract.abi.pushed_return), |s| s.entry_sp());
        let words = entry::words(self.claim, self.bytes).map_err(Stop::Unsupported)?;
        Ok(Judge {
            contract,
            claim: self.claim,
            cfg,
            world: World { bytes: self.bytes, words, homes, entry_sp },
            terms,
            body,
            exit,
            state_map,
            body_sp,
            lowest: None,
            rounds: FxHashMap::default(),
            trial: false,
            writable: [contract.prolog_writable(), contract.body_writable()],
            entry_registers: Vec::new(),
            may_change: entry::may_change(contract, self.claim),
            table_reads: FxHashMap::default(),
            unwinders: unwinders.into(),
            fine: Vec::new(),
            every: self.queries.is_some(),
            plain: 0,
            found: Vec::new(),
            assumed: BTreeMap::new(),
            record: None,
        })
    }

    /// Code offsets and states that the code starts from.
    fn roots(&self, judge: &mut Judge<'_>, source: Option<&Source<'_>>) -> Vec<(i64, State)> {
        let homes = judge.world.homes.len();
        let first = match source {
            Some(source) => entry::transferred(source, &mut judge.terms),
            None => entry::called(judge.contract, &mut judge.terms, homes),
        };
        judge.entry_registers = first.registers.clone();
        let mut roots = vec![(0, first)];
        for landing in &self.claim.landings {
            let state = entry::landed(judge.contract, &judge.body, &mut judge.terms, homes);
            roots.push((i64::from(landing.0), state));
        }
        roots
    }

    /// The precondition has a model, and another one.
    fn check_vacuity(&mut self, contract: &Contract<'_>, source: Option<&Source<'_>>) -> Result<(), Stop> {
        let from = source.map_or(0, |s| s.contract.layout.total_bytes);
        let align = i64::from(contract.abi.stack_align);
        let rest = |bytes: i64| bytes.rem_euclid(align);
        let key = (contract.frame.name.clone(), rest(contract.layout.total_bytes), rest(from));
        if self.satisfiable.contains(&key) {
            return Ok(());
        }
        let mut terms = Terms::default();
        self.solver.clear();
        let mut facts = self.assert_world(contract, &mut terms);
        let before = match source {
            Some(source) => source.contract.sp_in_body(&mut terms),
            None => terms.cfa(0),
        };
        for sp in [contract.sp_in_body(&mut terms), before] {
            let sp = Goal::Multiple { value: sp, of: contract.abi.stack_align };
            let aligned = sp.formula(&mut terms, self.solver);
            self.solver.assert(&aligned);
            facts.push(sp);
        }
        let cfa = terms.cfa(0);
        let answer = self.solver.check();
        let first = match answer {
            Answer::Sat => self.solver.model(&terms, &[cfa]),
            _ => None,
        };
        let name = format!("preconditions of {} {} {}", key.0, key.1, key.2);
        self.keep(&name, contract, &terms, &facts, &[], answer);
        let other = first.is_some_and(|model| {
            let same = self.solver.form(&terms, cfa).eq(constant(model[&cfa], 64));
            self.solver.assert(&same.not());
            self.solver.check() == Answer::Sat
        });
        self.solver.clear();
        if !other {
            let frame = &contract.frame.name;
            return Err(Stop::Unsupported(format!("the contract of frame `{frame}`: no state satisfies it")));
        }
        self.satisfiable.insert(key);
        Ok(())
    }

    /// What is known of every entry state, which the solver is told.
    fn assert_world(&mut self, contract: &Contract<'_>, terms: &mut Terms) -> Vec<Goal> {
        let cfa = terms.cfa(0);
        let code = terms.code(0);
        let address = terms.symbol(Symbol::ReturnAddress, contract.machine.word_bytes * 8);
        let instruction_align = contract.machine.instruction_align();
        let aligned = [(cfa, contract.abi.stack_align), (code, CODE_ALIGN), (address, instruction_align)];
        let mut facts = Vec::new();
        for (value, of) in aligned {
            self.solver.align(terms, value, of);
            facts.push(Goal::Multiple { value, of });
        }
        for &(reg, _) in contract.abi.control_bits.iter() {
            // A control bit of its own is clear at every call.
            if contract.machine.register(reg).bits == 1 {
                let (actual, expected) = (terms.symbol(Symbol::Entry(reg), 1), terms.constant(0, 1));
                facts.push(Goal::Equal { actual, expected });
            }
        }
        for fact in &facts {
            let fact = fact.formula(terms, self.solver);
            self.solver.assert(&fact);
        }
        facts
    }

    /// Keeps a question as text, if somebody wants it.
    fn keep(
        &mut self,
        name: &str,
        contract: &Contract<'_>,
        terms: &Terms,
        facts: &[Goal],
        conditions: &[Vc],
        answer: Answer,
    ) {
        let Some(sink) = &mut self.queries else { return };
        let text = Script { machine: contract.machine, terms, facts, conditions }.text();
        let satisfiable = match answer {
            Answer::Sat => Some(true),
            Answer::Unsat => Some(false),
            Answer::Unknown => None,
        };
        sink(Query { name: name.to_owned(), text, satisfiable });
    }

    fn prove(
        &mut self,
        mut judge: Judge<'_>,
        facts: &[Goal],
        summary: &Summary,
        roots: &[(i64, State)],
        decoder: &dyn Decoder,
    ) -> Result<Certificate, Stop> {
        let start = Instant::now();
        let mut certificate = Certificate {
            assumptions: summary.assumed.iter().map(|(&name, &times)| (name.into(), times)).collect(),
            instructions: judge.cfg.instructions() as u32,
            ..Certificate::default()
        };
        if summary.plain > 0 {
            certificate.obligations.insert(Property::P10, summary.plain);
            certificate.plain = summary.plain;
        }
        self.assume_entries(&mut certificate);
        let wrong = self.wrong(&mut judge, &summary.conditions, &mut certificate);
        let answer = self.solver.any(&wrong);
        certificate.solver_nanos = nanos(start);
        self.keep(self.name, judge.contract, &judge.terms, facts, &summary.conditions, answer);
        match answer {
            Answer::Unsat => Ok(certificate),
            Answer::Unknown => Err(Stop::Undecided("the solver's limit is reached".to_owned())),
            Answer::Sat => Err(self.explain(&mut judge, summary, roots, decoder)),
        }
    }

    /// The negation of each condition under its branches, each once.
    fn wrong(
        &mut self,
        judge: &mut Judge<'_>,
        conditions: &[Vc],
        certificate: &mut Certificate,
    ) -> Vec<Bool> {
        let mut seen = FxHashSet::default();
        let mut wrong = Vec::new();
        for vc in conditions {
            *certificate.obligations.entry(vc.property).or_default() += 1;
            let plain = vc.goal.plain(&judge.terms);
            certificate.plain += u32::from(plain);
            if plain && !seen.insert(vc.goal) {
                continue;
            }
            let mut parts = vec![vc.goal.formula(&mut judge.terms, self.solver).not()];
            if !plain {
                let under = vc.conditions();
                parts.extend(under.into_iter().map(|c| self.solver.holds(&judge.terms, c)));
            }
            wrong.push(Bool::and(&parts));
        }
        wrong
    }

    fn explain(
        &mut self,
        judge: &mut Judge<'_>,
        summary: &Summary,
        roots: &[(i64, State)],
        decoder: &dyn Decoder,
    ) -> Stop {
        let mut found = None;
        let outcome = judge.refute(self.solver, &summary.conditions, roots, |judge, solver, failure| {
            found = story::tell(judge, solver, failure, decoder, self.name);
            found.is_some()
        });
        match (outcome, found) {
            (Outcome::Failure, Some(found)) => Stop::Refuted(Box::new(found)),
            (Outcome::Nothing(why), _) => Stop::Undecided(why),
            (Outcome::Failure, None) => Stop::Undecided("a failure that could not be told".to_owned()),
        }
    }
}

impl From<Unsupported> for Stop {
    fn from(error: Unsupported) -> Stop {
        Stop::Unsupported(error.to_string())
    }
}

fn nanos(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use framewright_spec::{RegSet, Shape};

    fn shape(locals: u32) -> Shape {
        Shape {
            sets: [("saved".to_owned(), RegSet::EMPTY)].into(),
            sizes: [("locals".to_owned(), locals), ("outgoing".to_owned(), 0)].into(),
            source: None,
        }
    }

    fn claim(frame: &str, shape: Shape) -> Claim {
        Claim {
            machine: Spec::embedded().abis["sysv"].machine.clone(),
            frame: frame.to_owned(),
            shape,
            entry: Entry::Call,
            body: CodeOffset(0),
            epilogs: Vec::new(),
            data: CodeOffset(0),
            jump_tables: Vec::new(),
            patchpoints: Vec::new(),
            helpers: Vec::new(),
            landings: Vec::new(),
            unwind: Vec::new(),
        }
    }

    /// Whether the precondition of the frame has two models once `change` was made to the contract.
    fn is_satisfiable(change: impl Fn(&mut Contract<'_>)) -> bool {
        let spec = Spec::embedded();
        let claim = claim("sysv.native", shape(32));
        let mut contract = Contract::new(spec, &claim.frame, &claim.shape).expect("the frame");
        change(&mut contract);
        let (mut solver, mut satisfiable) = (Solver::new(), FxHashSet::default());
        let (solver, satisfiable) = (&mut solver, &mut satisfiable);
        let mut case = Case { spec, solver, satisfiable, queries: None, name: "", bytes: &[], claim: &claim };
        case.check_vacuity(&contract, None).is_ok()
    }

    #[test]
    fn preconditions_have_two_models() {
        assert!(is_satisfiable(|_| {}));
    }

    #[test]
    fn a_contradictory_contract_is_refused() {
        // SP in the body cannot be aligned if the CFA is.
        assert!(!is_satisfiable(|contract| contract.layout.total_bytes += 8));
    }

    #[test]
    fn nonsense_gets_a_verdict_and_no_panic() {
        let mut verifier = Verifier::new(Spec::embedded());
        let mut far = claim("sysv.native", shape(32));
        far.data = CodeOffset(u32::MAX);
        far.landings = vec![CodeOffset(7)];
        for claim in [
            claim("sysv.native", shape(u32::MAX)),
            claim("nowhere", shape(0)),
            claim("sysv.osr", shape(0)),
            far,
        ] {
            let verdict = verifier.verify("nonsense", vec![0xc3; 4], claim, None);
            assert!(matches!(verdict, Verdict::Unsupported(_)), "{verdict:?}");
        }
        let verdict = verifier.verify("empty", Vec::new(), claim("sysv.native", shape(0)), None);
        assert!(matches!(verdict, Verdict::Unsupported(_)), "{verdict:?}");
    }
}
