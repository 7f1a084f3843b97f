//! The transitions of an image as records (`spec/RECORDS.md`), for `framewright check` and other judges.

use super::Image;
use crate::engine::code::Ready;
use crate::records::{Body, Hex, Local, Method, Pair, Part, PatchpointInfo, Record};
use framewright_spec::claim::{Entry, StateValue};
use framewright_spec::{Spec, SpecError};

/// Code that is left and code that is entered.
#[derive(Clone, Debug)]
pub struct Transition {
    /// The patchpoint's number in its function.
    pub patchpoint: u32,
    /// Tier-0 code.
    pub source: Ready,
    /// The OSR method.
    pub target: Ready,
}

impl Image {
    /// A record for each transition, in order.
    ///
    /// # Errors
    /// The specification is not the one that the image was made with.
    pub fn records(&self, spec: &Spec) -> Result<Vec<Record>, SpecError> {
        self.transitions.iter().map(|transition| record(spec, transition)).collect()
    }
}

fn record(spec: &Spec, transition: &Transition) -> Result<Record, SpecError> {
    let Transition { patchpoint, source, target } = transition;
    let abi = &spec.frame(&source.proven.claim().frame)?.abi;
    let scheme = match &target.proven.claim().entry {
        Entry::Osr { transition, .. } => Some(transition.clone()),
        Entry::Call => None,
    };
    // A record names a scheme without the convention.
    let scheme = scheme.map(|name| name.rsplit('.').next().unwrap_or(&name).to_owned());
    let pair = Pair {
        il_offset: Some(*patchpoint),
        patchpoint_info: information(spec, source, *patchpoint)?,
        tier0: method(source),
        osr: method(target),
    };
    Ok(Record {
        method: target.name.clone(),
        target: abi.clone(),
        abi: None,
        runtime: Some("framewright".to_owned()),
        transition: scheme,
        unwind_format: None,
        body: Body::Pair(Box::new(pair)),
    })
}

/// No unwinding data is made yet.
fn method(ready: &Ready) -> Method {
    let part = Part { begin: 0, end: ready.proven.claim().data.0, unwind: Hex(Vec::new()) };
    Method { code: Hex(ready.proven.bytes().to_vec()), parts: vec![part] }
}

/// What tier-0 says of its frame: its claim in the record's terms.
fn information(spec: &Spec, source: &Ready, patchpoint: u32) -> Result<PatchpointInfo, SpecError> {
    let claim = source.proven.claim();
    let layout = spec.layout(&claim.frame, &claim.shape)?;
    let (machine, abi) = (spec.machine(&claim.machine)?, spec.abi(&spec.frame(&claim.frame)?.abi)?);
    let pushed = i64::from(abi.pushed_return);
    let fp = layout.fp.map_or(0, |fp| fp.0);
    let mut saved = claim.shape.sets.values().flat_map(|set| set.iter()).collect::<Vec<_>>();
    // Where a call pushes nothing, FP and link register count if nothing lies above them.
    let at_top = fp == -16 || pushed > 0;
    saved.extend(at_top.then_some(machine.fp));
    saved.extend(machine.link.filter(|_| at_top));
    let total = layout.total_bytes;
    let total_frame_size = if pushed > 0 { total + fp + 8 } else { total };
    let state = claim.patchpoints.iter().find(|p| p.id == patchpoint).map(|p| p.state.as_slice());
    let origin = if pushed > 0 { fp } else { 0 };
    let locals = state.unwrap_or_default().iter().filter(|slot| matches!(slot.value, StateValue::Local(_)));
    let locals = locals.map(|slot| Local { offset: slot.home.0 - origin, exposed: false }).collect();
    let callee_saves = saved.iter().map(|&reg| machine.name_of(reg).to_owned()).collect();
    Ok(PatchpointInfo { callee_saves, total_frame_size, locals, ..PatchpointInfo::default() })
}
