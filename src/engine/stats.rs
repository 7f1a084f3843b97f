//! What was compiled and proven, how often, how long.

use std::collections::BTreeMap;
use std::time::Duration;

/// What a piece of code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A function's first code.
    Tier0,
    /// A function's optimized code.
    Optimized,
    /// The optimized rest of an activation, from a loop on.
    Osr,
    /// From the engine into code.
    EntryStub,
    /// From code to a host function.
    HostStub,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Kind::Tier0 => "tier0",
            Kind::Optimized => "opt",
            Kind::Osr => "osr",
            Kind::EntryStub => "entry",
            Kind::HostStub => "host",
        })
    }
}

/// Counts and times of one kind of code.
#[derive(Clone, Copy, Debug, Default)]
pub struct KindStats {
    /// Pieces.
    pub count: u64,
    /// Bytes of code and data.
    pub bytes: u64,
    /// Time to compile.
    pub compile: Duration,
    /// Time to prove.
    pub proof: Duration,
    /// Of that, time in the solver.
    pub solver: Duration,
    /// Pieces whose proof was remembered.
    pub remembered: u64,
}

/// Code that was compared with frames that are proven for all sizes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compared {
    /// Pieces that are what was proven.
    pub members: u64,
    /// Of them, those that were proven by themselves as well.
    pub proven: u64,
    /// Pieces whose frame is not proven for all sizes; they were proven by themselves.
    pub others: u64,
    /// Time of comparing, the proofs for all sizes included.
    pub time: Duration,
}

/// Counts and times of a store.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// By kind of code.
    pub kinds: BTreeMap<Kind, KindStats>,
    /// By phase of the compiler.
    pub phases: BTreeMap<&'static str, Duration>,
    /// Comparisons, where code is not proven piece by piece.
    pub compared: Compared,
    /// Activations that went over to an OSR method.
    pub transitions: u64,
}

impl Stats {
    /// Adds the time that `run` takes to a phase.
    pub fn time<R>(&mut self, phase: &'static str, run: impl FnOnce() -> R) -> R {
        let start = std::time::Instant::now();
        let result = run();
        *self.phases.entry(phase).or_default() += start.elapsed();
        result
    }

    /// Time to compile and to prove, all kinds together.
    pub fn totals(&self) -> (Duration, Duration) {
        self.kinds.values().fold(Default::default(), |(c, p), k| (c + k.compile, p + k.proof))
    }
}

impl std::fmt::Display for Stats {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "{:8} {:>6} {:>9} {:>12} {:>12} {:>12}",
            "code", "pieces", "bytes", "compile", "proof", "solver"
        )?;
        for (kind, k) in &self.kinds {
            let [compile, proof, solver] = [k.compile, k.proof, k.solver].map(micros);
            writeln!(
                f,
                "{:8} {:>6} {:>9} {compile:>12} {proof:>12} {solver:>12}",
                kind.to_string(),
                k.count,
                k.bytes
            )?;
        }
        for (phase, time) in &self.phases {
            writeln!(f, "  {phase:20} {:>12}", micros(*time))?;
        }
        let Compared { members, proven, others, time } = self.compared;
        if members + others > 0 {
            let time = micros(time);
            writeln!(
                f,
                "compared with frames proven for all sizes: {members} pieces in {time}; of them {proven}, and {others} others, proven by themselves"
            )?;
        }
        let (compile, proof) = self.totals();
        let share = 100.0 * proof.as_secs_f64() / (compile + proof).as_secs_f64().max(f64::MIN_POSITIVE);
        writeln!(f, "proof is {share:.0} % of compile and proof; transitions: {}", self.transitions)
    }
}

/// A duration in microseconds, as in `12.3 µs`.
pub fn micros(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}
