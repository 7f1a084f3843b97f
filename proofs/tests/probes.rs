//! Faults in frames that touch their pages, round SP down or lower it: each is one edit of the declared text, is refuted
//! as what it is, and its counterexample replays.
//!
//! The edited text is loaded over the embedded specification, code is made from it, and the regions and contract of the
//! same frame judge it.

use framewright::design::{Prover, statements};
use framewright::replay::replay;
use framewright_spec::lang::Source;
use framewright_spec::{Shape, Spec};
use framewright_verifier::Property::{self, P1, P3, P4, P5, P7, P8, P9, P10, P13, P14};

/// Shapes that are tried of each frame.
const SHAPES: usize = 90;

/// A frame, what is written there, what is written instead, and what is then wrong.
type Fault = (&'static str, &'static str, &'static str, &'static [Property]);

#[rustfmt::skip]
const FAULTS: &[Fault] = &[
    // Probes of the prolog.
    ("sysv.probed", "[rsp - 4096 * pages]", "[rsp - 4096 * pages + 4096]", &[P14]),          // the loop stops a page early
    // The last page is not touched.
    ("sysv.probed", "pages = adjust[31:12]\n  let rest = adjust[11:0]", "pages = if adjust > 4096 then adjust[31:12] - 1 else 0\n  let rest = adjust - 4096 * pages", &[P9]),
    ("sysv.probed", "[rsp - 4096 * pages]", "[rsp - 4096 * pages - 8]", &[P9]),              // never equal: the loop does not end
    ("sysv.probed", "sub rsp, 4096\n      test [rsp], r11\n      cmp", "sub rsp, 8192\n      test [rsp], r11\n      cmp", &[P9]),
    ("sysv.probed", "      test [rsp], r11\n      cmp", "      cmp", &[P9]),                 // lowered page by page, not touched
    ("sysv.probed", "rest > 3968", "rest > 4080", &[P9]),                                    // the red zone passes the guard
    ("sysv.probed", "scratch {r11}", "scratch {}", &[P13]),
    ("sysv.probed", "jne page", "jg page", &[P9, P14]),                                      // addresses have no sign
    ("windows_x64.probed", "adjust > 4088", "adjust > 8184", &[P9]),
    ("windows_x64.probed", "mov rax, adjust\n", "mov rax, adjust - 4096\n", &[P8, P9, P14]),
    ("windows_x64.probed", "scratch {rax, r10, r11}", "scratch {rax, r10}", &[P13]),
    ("aapcs64.probed", "rest > 1024", "rest > 2048", &[P9]),                                 // more than a callee may find untouched
    ("aapcs64.probed", "      str x16, [sp]\n      subs", "      subs", &[P9]),
    ("aapcs64.probed", "subs.extended.x x17, sp, x16", "subs.extended.x x7, sp, x16", &[P7]),
    ("lp64d.probed", "sd t0, [sp + above]", "sd t0, [sp]", &[P9]),                           // a word too far for the first page
    ("lp64d_loongarch.probed", "bne sp, t0, page", "bne sp, t1, page", &[P9, P14]),               // compared with the step, not the end
    // Rounding.
    ("sysv.realigned", "and rsp, -64", "and rsp, -32", &[P5]),
    ("sysv.realigned", "lea rsp, [rbp + at(saves) - at(saved_fp)]", "add rsp, lower", &[P1, P3]),
    ("windows_x64.realigned", "[rbp + slot(v) - at(saved_fp)]", "[rsp + total + slot(v)]", &[P3, P10]),
    ("aapcs64.realigned", "and.imm sp, x16, -64", "and.imm sp, x16, -16", &[P5]),
    ("lp64d.realigned", "andi sp, sp, -64", "andi sp, sp, -32", &[P5]),
    ("lp64d_loongarch.realigned", "ori t0, t0, 4032", "ori t0, t0, 4064", &[P5]),
    // SP lowered by the body.
    ("sysv.dynamic", "lea rsp, [rbp + at(saves) - at(saved_fp)]", "add rsp, adjust", &[P1, P3]),
    ("sysv.dynamic", "    and rax, -16\n", "", &[P5]),
    ("sysv.dynamic", "    last:\n    sub rsp, rax\n    test [rsp], rax", "    last:\n    sub rsp, rax", &[P9]),
    ("sysv.dynamic", "    sub rsp, 4096\n    test [rsp], rax\n    sub rax", "    sub rsp, 4096\n    sub rax", &[P9]),
    ("aapcs64.dynamic", "    last:\n    sub.extended.x sp, sp, x9, uxtx, 0\n    ldr x17, [sp]", "    last:\n    sub.extended.x sp, sp, x9, uxtx, 0", &[P9]),
    // The base register.
    ("sysv.realigned_dynamic", "mov rbx, rsp", "mov rbx, rbp", &[P4]),
    ("sysv.realigned_dynamic", "  allocate rax {\n", "  allocate rax {\n    mov rbx, rax\n", &[P4]),
    ("aapcs64.realigned_dynamic", "add.imm x19, sp, 0", "add.imm x19, sp, 16", &[P4]),
];

/// The text of a frame's declaration.
fn declaration(frame: &str) -> String {
    let heading = format!("frame {frame} {{\n");
    let sources = Spec::embedded_sources();
    let text = sources.iter().find_map(|source| {
        let start = source.text().find(&heading)?;
        let length = source.text()[start..].find("\n}\n")?;
        Some(source.text()[start..start + length + 3].to_owned())
    });
    text.unwrap_or_else(|| panic!("no frame {frame}"))
}

/// What is wrong with how a fault is answered, if anything.
fn judged(&(frame, from, to, expected): &Fault) -> Option<String> {
    let text = declaration(frame);
    if text.matches(from).count() == 0 {
        return Some(format!("{frame}: {from:?} is not there"));
    }
    let said = |what: String| Some(format!("{frame}: {from:?} -> {to:?}: {what}"));
    let spec = match Spec::load(&[Source::new("fault.fw", text.replacen(from, to, 1))]) {
        Ok(spec) => spec,
        Err(error) => return said(format!("does not load: {error}")),
    };
    let statement = statements(&spec).into_iter().find(|s| s.frame == frame);
    let proof = statement.map(|statement| Prover::new(&spec).prove(&statement, Some(SHAPES)));
    let Some(Ok(proof)) = proof else { return said("no shapes".to_owned()) };
    let Some(failure) = proof.failure else { return said("PROVEN".to_owned()) };
    let Some(found) = failure.counterexample else { return said(failure.why) };
    if !expected.contains(&found.property) {
        return said(format!("{:?} {}", found.property, found.headline));
    }
    match replay(&found, &spec) {
        Ok(report) if report.confirms() => None,
        Ok(report) => said(format!("{}\n{report}", found.headline)),
        Err(error) => said(format!("{}: {error}", found.headline)),
    }
}

#[test]
fn faults_are_refuted_and_replay() {
    let wrong: Vec<String> = FAULTS.iter().filter_map(judged).collect();
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), FAULTS.len(), wrong.join("\n"));
}

/// A loop is one obligation whatever the number of its rounds: a frame of 2 GiB costs no more than one of ten pages.
#[test]
fn conditions_do_not_grow_with_the_pages() {
    let spec = Spec::embedded();
    let conditions = |locals: u32| {
        let mut shape: Shape = spec.example_shape("sysv.probed").expect("a shape");
        shape.sizes.insert("locals".to_owned(), locals);
        let sample = framewright_compiler::sample::Role::Called;
        let made = framewright_compiler::sample::sample(spec, "sysv.probed", &shape, sample).expect("code");
        let mut verifier = framewright_verifier::Verifier::new(spec);
        match verifier.verify("probed", made.bytes, made.claim, None) {
            framewright_verifier::Verdict::Proven(proven) => proven.certificate().obligations.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(conditions(40_000), conditions(2_000_000_000));
}
