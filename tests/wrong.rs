//! One statement of each kind that a proof rests on, wrong by a little: the meaning of an instruction, a
//! step of a frame, a byte of unwinding data, a claim. Each is refuted, and its counterexample replays; a row that is not the
//! processor's is told apart, since there the processor does something else.

use framewright::replay::{Processor, ReplayReport, replay};
use framewright_compiler::Compiled;
use framewright_compiler::sample::{Role, sample};
use framewright_spec::lang::Source;
use framewright_spec::{Claim, CodeOffset, Shape, Spec};
use framewright_verifier::{Property, Verdict, Verifier};

const FRAME: &str = "sysv.native";

/// A function with two saved registers and 40 bytes of locals.
fn code(spec: &Spec) -> Compiled {
    let machine = spec.machine_of_frame(FRAME).expect("the machine");
    let saved = ["rbx", "r12"].map(|name| machine.reg(name).expect("a register")).into_iter().collect();
    let shape = Shape {
        sets: [("saved".to_owned(), saved)].into(),
        sizes: [("locals".to_owned(), 40), ("outgoing".to_owned(), 0)].into(),
        source: None,
    };
    sample(spec, FRAME, &shape, Role::Called).expect("code")
}

/// The item of the embedded specification that begins so, with one edit.
fn edited(heading: &str, from: &str, to: &str) -> Spec {
    let sources = Spec::embedded_sources();
    let found = sources.iter().find_map(|source| {
        let text = source.text();
        let start = text.find(heading)?;
        let machine = text[..start].lines().rev().find(|line| line.starts_with("on "));
        let length = text[start..].find("\n}\n")?;
        Some(format!("{}\n{}", machine.unwrap_or_default(), &text[start..start + length + 3]))
    });
    let text = found.unwrap_or_else(|| panic!("no `{heading}`"));
    assert!(text.contains(from), "{from:?} is not in `{heading}`");
    Spec::load(&[Source::new("wrong.fw", text.replacen(from, to, 1))]).expect("it loads")
}

/// The refutation of right code by a specification, or of a claim, replayed.
fn refuted(spec: &Spec, code: &Compiled, claim: Claim) -> (Property, ReplayReport) {
    match Verifier::new(spec).verify("wrong", code.bytes.clone(), claim, None) {
        Verdict::Refuted(found) => (found.property, replay(&found, spec).expect("it replays")),
        Verdict::Proven(_) => panic!("it is proven"),
        Verdict::Undecided(why) | Verdict::Unsupported(why) => panic!("{why}"),
    }
}

/// Without unwinding data, which says the same again.
fn claim_of(code: &Compiled) -> Claim {
    Claim { unwind: Vec::new(), ..code.claim.clone() }
}

#[test]
fn the_code_is_right() {
    let spec = Spec::embedded();
    let code = code(spec);
    let verdict = Verifier::new(spec).verify("right", code.bytes, code.claim, None);
    assert!(matches!(verdict, Verdict::Proven(_)), "{verdict:?}");
}

#[test]
fn a_wrong_meaning_of_an_instruction() {
    let code = code(Spec::embedded());
    let wrong = edited("instruction pop.64 d {", "rsp + 8", "rsp + 16");
    let (property, report) = refuted(&wrong, &code, claim_of(&code));
    assert!([Property::P1, Property::P2, Property::P3].contains(&property), "{property:?}");
    assert!(report.interpreter.is_some_and(|seen| seen.as_predicted), "{report}");
    // The processor pops eight bytes.
    if !matches!(report.processor, Processor::Absent(_)) {
        assert!(!report.confirms(), "{report}");
    }
}

#[test]
fn a_wrong_step_of_a_frame() {
    let code = code(Spec::embedded());
    let order = edited("frame sysv.native {", "for r in saved descending", "for r in saved ascending");
    let made = self::code(&order);
    let (property, report) = refuted(Spec::embedded(), &made, claim_of(&code));
    assert_eq!(property, Property::P3);
    assert!(report.confirms(), "{report}");
}

#[test]
fn a_wrong_byte_of_unwinding_data() {
    let spec = Spec::embedded();
    let code = code(spec);
    let mut replayed = 0;
    for at in 0..code.claim.unwind[0].bytes.len() {
        let mut claim = code.claim.clone();
        claim.unwind[0].bytes[at] ^= 1;
        let verdict = Verifier::new(spec).verify("wrong", code.bytes.clone(), claim, None);
        let Verdict::Refuted(found) = verdict else { continue };
        assert_eq!(found.property, Property::P10);
        if found.disputed.is_some() {
            let report = replay(&found, spec).expect("it replays");
            assert!(report.confirms(), "byte {at}: {report}");
            replayed += 1;
        }
    }
    assert!(replayed >= 5, "only {replayed} bytes");
}

#[test]
fn a_wrong_claim() {
    let spec = Spec::embedded();
    let code = code(spec);
    let right = claim_of(&code);
    // Without rbx it would still be right: what is pushed second would be padding.
    let r12 = spec.machine_of_frame(FRAME).expect("the machine").reg("r12").expect("a register");
    let mut fewer = right.clone();
    fewer.shape.sets.values_mut().for_each(|set| *set = set.without(r12));
    let mut larger = right.clone();
    larger.shape.sizes.insert("locals".to_owned(), 72);
    let mut earlier = right.clone();
    earlier.body = CodeOffset(0);
    for (what, claim) in
        [("a register less is saved", fewer), ("larger", larger), ("an earlier body", earlier)]
    {
        let (_, report) = refuted(spec, &code, claim);
        assert!(report.confirms(), "{what}: {report}");
    }
}
