//! Code is a member of a frame that is proven for all sizes only if its shape, its entry, and each instruction of its prolog
//! and epilogs are those of the frame: whatever is changed of them is noticed.

use framewright_compiler::sample::{Role, sample};
use framewright_spec::claim::Entry;
use framewright_spec::{Claim, CodeOffset, Spec};
use framewright_verifier::classes::Design;
use framewright_verifier::target::{Decoder, decoder};
use framewright_verifier::{AllSizes, Verifier};

/// Frames by entry: with pushes, pairs, a helper, loops, and after a transition.
const FRAMES: [(&str, Option<&str>); 6] = [
    ("sysv.probed", None),
    ("sysv.osr", Some("sysv.ryujit")),
    ("windows_x64.probed", None),
    ("aapcs64.realigned", None),
    ("aapcs64.osr", Some("aapcs64.ryujit")),
    ("lp64d.probed", None),
];

/// Shapes of each.
const SHAPES: usize = 7;

struct Code<'a> {
    verifier: &'a mut Verifier,
    design: &'a Design,
    decoder: &'a dyn Decoder,
    bytes: Vec<u8>,
    claim: Claim,
}

impl Code<'_> {
    fn is_member(&mut self, bytes: &[u8], claim: &Claim) -> bool {
        self.verifier.is_member(self.design, bytes, claim).is_ok()
    }

    /// Where the instructions of prolog and epilogs begin, with their text.
    fn instructions(&self, bytes: &[u8]) -> Vec<(CodeOffset, String)> {
        let end = |from: CodeOffset| if from.0 == 0 { self.claim.body } else { self.claim.data };
        let mut list = Vec::new();
        for from in [CodeOffset(0)].into_iter().chain(self.claim.epilogs.iter().copied()) {
            let mut at = from;
            while at < end(from) {
                let text = self.decoder.text(bytes, at);
                let Ok(found) = self.decoder.decode(bytes, at) else { break };
                list.push((at, text.clone()));
                at = found.next();
                if text.starts_with("ret") {
                    break;
                }
            }
        }
        list
    }

    /// One bit after another is turned: what is still a member is written otherwise only.
    fn turn_bits(&mut self) -> usize {
        let (bytes, claim) = (self.bytes.clone(), self.claim.clone());
        let places = self.instructions(&bytes);
        let mut turned = 0;
        for (at, _) in &places {
            let next = self.decoder.decode(&bytes, *at).expect("an instruction").next();
            for bit in at.0 * 8..next.0 * 8 {
                let mut other = bytes.clone();
                other[bit as usize / 8] ^= 1 << (bit % 8);
                if self.is_member(&other, &claim) {
                    assert_eq!(self.instructions(&other), places, "bit {bit} of {}", claim.frame);
                }
                turned += 1;
            }
        }
        turned
    }

    /// Claims of something else.
    fn change_claims(&mut self) {
        let (bytes, claim) = (self.bytes.clone(), self.claim.clone());
        let mut refuse = |what: &str, change: &dyn Fn(&mut Claim)| {
            let mut other = claim.clone();
            change(&mut other);
            assert!(!self.is_member(&bytes, &other), "{what}: {}", claim.frame);
        };
        refuse("frame", &|claim| claim.frame.push('x'));
        refuse("entry", &|claim| {
            claim.entry = match &claim.entry {
                Entry::Call => {
                    Entry::Osr { transition: "sysv.ryujit".to_owned(), patchpoint: 0, state: Vec::new() }
                }
                Entry::Osr { .. } => Entry::Call,
            };
        });
        if claim.entry == Entry::Call {
            refuse("body", &|claim| claim.body = CodeOffset(claim.body.0 + 4));
        }
        refuse("an earlier body", &|claim| claim.body = CodeOffset(claim.body.0 - 1));
        refuse("epilogs", &|claim| claim.epilogs.push(CodeOffset(1)));
        refuse("size", &|claim| *claim.shape.sizes.values_mut().next().expect("a size") += 4096);
        refuse("a size less", &|claim| drop(claim.shape.sizes.pop_first()));
        refuse("another size", &|claim| claim.shape.sizes.values_mut().for_each(|size| *size = u32::MAX));
        refuse("a set less", &|claim| drop(claim.shape.sets.pop_first()));
        if let Some(set) = claim.shape.sets.values().copied().find(|set| !set.is_empty()) {
            refuse("another set", &|claim| {
                claim.shape.sets.insert("others".to_owned(), set);
            });
        }
        refuse("a register that is not in the bound", &|claim| {
            let set = claim.shape.sets.values_mut().next().expect("a set");
            *set = set.with(framewright_spec::Reg(0));
        });
        refuse("source", &|claim| match claim.shape.source {
            Some(_) => claim.shape.source = None,
            None => claim.shape.source = Some(Box::default()),
        });
        for number in 0..claim.helpers.len() {
            refuse("no helper", &|claim| drop(claim.helpers.remove(number)));
            refuse("another helper", &|claim| claim.helpers[number].helper.push('x'));
            refuse("helper elsewhere", &|claim| claim.helpers[number].at.0 += 1);
            refuse("another word", &|claim| claim.helpers[number].word.0 += 8);
        }
    }
}

#[test]
fn other_code_and_other_claims_are_no_members() {
    let spec = Spec::embedded();
    let mut verifier = Verifier::new(spec);
    let (mut turned, mut helpers) = (0, 0);
    for (frame, transition) in FRAMES {
        let AllSizes::Proven(design) = verifier.all_sizes(frame, transition) else { panic!("{frame}") };
        let decoder = decoder(spec.machine_of_frame(frame).expect("a machine")).expect("a decoder");
        let shapes = spec.covering_shapes(frame).expect("shapes");
        for shape in shapes.iter().step_by(shapes.len().div_ceil(SHAPES)) {
            let role = transition.map_or(Role::Called, Role::Target);
            let made = sample(spec, frame, shape, role).expect("code");
            let mut code = Code {
                verifier: &mut verifier,
                design: &design,
                decoder: &*decoder,
                bytes: made.bytes,
                claim: made.claim,
            };
            let (bytes, claim) = (code.bytes.clone(), code.claim.clone());
            assert!(code.is_member(&bytes, &claim), "{frame}");
            helpers += claim.helpers.len();
            turned += code.turn_bits();
            code.change_claims();
        }
    }
    assert!(turned > 20_000 && helpers > 0, "{turned} bits, {helpers} calls of helpers");
}
