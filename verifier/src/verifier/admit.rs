//! Frames proven for all sizes, and code that is admitted because its frame is one of them.
//!
//! ```text
//! declaration ── once ──▶ design          code, claim ── is a member, its statement fits ──▶ proven, but for its body
//! ```

use super::Verifier;
use super::{Case, Stop, nanos};
use crate::cfg::Cfg;
use crate::classes::{self, AllSizes, Design};
use crate::entry;
use crate::target::Decoder;
use crate::term::Terms;
use crate::verdict::{Certificate, Proven};
use framewright_spec::claim::Entry;
use framewright_spec::{Claim, CodeOffset};
use std::time::Instant;

/// Assumption that code rests on which is only compared with a design.
const BODY: &str = "body";

impl Verifier {
    /// Proves a frame for all its shapes, entered by a call or by a transition. What a frame that is extended
    /// establishes is another proof's business. Questions to the solver are given as those of [`Verifier::verify`] are.
    pub fn all_sizes(&mut self, frame: &str, transition: Option<&str>) -> AllSizes {
        let machine = self.spec.machine_of_frame(frame).map(|machine| machine.name.clone());
        let decoder = machine.as_ref().ok().and_then(|name| self.decoders.get(name));
        match decoder {
            Some(decoder) => {
                let sink = self.queries.as_mut().map(|sink| &mut **sink as _);
                classes::prove(&self.spec, frame, transition, decoder.as_ref(), sink)
            }
            None => AllSizes::Unsupported(format!("the machine of frame `{frame}`")),
        }
    }

    /// Whether code is of a design that is proven for all shapes: its shape is one of them, and the bytes of its prolog
    /// and its epilogs are the design's. Of the body nothing is said.
    ///
    /// # Errors
    /// In words: what is not so.
    pub fn is_member(&self, design: &Design, bytes: &[u8], claim: &Claim) -> Result<(), String> {
        let decoder =
            self.decoders.get(&claim.machine).ok_or_else(|| format!("machine `{}`", claim.machine))?;
        let machine = self.spec.machine(&claim.machine).map_err(|error| error.to_string())?;
        design.admits(bytes, claim, machine, decoder.as_ref())
    }
}

impl Verifier {
    /// Admits code whose frame is proven for all sizes, which is done at the first piece of it: its shape is one of
    /// those, its prolog and its epilogs are the design's, its statement fits its source. What is in between is
    /// *assumed* (`body`) to keep the frame, the unwinding data and the state map to be right: prove some of the code,
    /// chosen at random, by [`Verifier::verify`]. `None`: the frame is not proven for all sizes.
    ///
    /// # Errors
    /// In words: how the code differs from what is proven.
    pub fn admit(
        &mut self,
        name: &str,
        bytes: &[u8],
        claim: &Claim,
        source: Option<&Proven>,
    ) -> Result<Option<Proven>, String> {
        let start = Instant::now();
        let transition = match &claim.entry {
            Entry::Call => None,
            Entry::Osr { transition, .. } => Some(transition.clone()),
        };
        let key = (claim.frame.clone(), transition);
        if !self.designs.contains_key(&key) {
            let design = match self.all_sizes(&key.0, key.1.as_deref()) {
                AllSizes::Proven(design) => Some(design),
                _ => None,
            };
            self.designs.insert(key.clone(), design);
        }
        let Verifier { spec, decoders, solver, satisfiable, designs, .. } = self;
        let Some(design) = designs.get(&key).and_then(Option::as_deref) else { return Ok(None) };
        let decoder = decoders.get(&claim.machine).ok_or_else(|| format!("machine `{}`", claim.machine))?;
        let machine = spec.machine(&claim.machine).map_err(|error| error.to_string())?;
        design.admits(bytes, claim, machine, decoder.as_ref())?;
        let case = Case { spec, solver, satisfiable, queries: None, name, bytes, claim };
        let mut certificate = case.admitted(decoder.as_ref(), source).map_err(|stop| match stop {
            Stop::Unsupported(what) => format!("unsupported: {what}"),
            Stop::Undecided(why) => why,
            Stop::Refuted(found) => found.headline.clone(),
        })?;
        certificate.nanos = nanos(start);
        Ok(Some(Proven::new(bytes.to_vec(), claim.clone(), certificate)))
    }
}

impl Case<'_> {
    /// What is required of code that is compared with a design: its statement fits its source, and it can be decoded.
    fn admitted(&self, decoder: &dyn Decoder, proven: Option<&Proven>) -> Result<Certificate, Stop> {
        let contract = self.contract()?;
        if let Some(source) = self.source(&contract, proven)? {
            entry::state_map(self.claim, source.patchpoint, contract.machine, &mut Terms::default())
                .map_err(|what| self.statement(CodeOffset(0), what))?;
        }
        entry::words(self.claim, self.bytes).map_err(Stop::Unsupported)?;
        let cfg = Cfg::build(contract.machine, decoder, self.bytes, self.claim)?;
        let mut certificate =
            Certificate { instructions: cfg.instructions() as u32, ..Certificate::default() };
        certificate.assumptions.insert(BODY.into(), 1);
        self.assume_entries(&mut certificate);
        Ok(certificate)
    }
}
