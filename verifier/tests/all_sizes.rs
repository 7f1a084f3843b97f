//! Frames and transitions are proven for every set of saved registers and every size at once; errors that bite at one
//! size or with one set only are found, with the smallest shape.

use framewright_spec::claim::Entry;
use framewright_spec::{Claim, CodeOffset, RegSet, Shape, Source, Spec};
use framewright_verifier::{AllSizes, Verifier};

/// Frames and transitions that are proven in every run, and how much that is.
const PROVEN: [(&str, Option<&str>, &str); 12] = [
    ("sysv.native", None, "4 classes, 10 arms, 32 sets, 16 to 2147483632 bytes, 144 conditions"),
    ("sysv.osr", Some("sysv.ryujit"), "2 classes, 15 arms, 243 sets, 80 to 2147483632 bytes, 195 conditions"),
    (
        "windows_x64.osr",
        Some("windows_x64.ryujit"),
        "2 classes, 41 arms, 2239488 sets, 96 to 2147483632 bytes, 370 conditions",
    ),
    ("aapcs64.native", None, "12 classes, 182 arms, 262144 sets, 16 to 2147483632 bytes, 1409 conditions"),
    ("lp64d.native", None, "9 classes, 46 arms, 8388608 sets, 16 to 2147483632 bytes, 463 conditions"),
    (
        "lp64d_loongarch.native",
        None,
        "9 classes, 34 arms, 131072 sets, 16 to 2147483632 bytes, 385 conditions",
    ),
    ("aapcs64.type3", None, "42 classes, 588 arms, 262144 sets, 528 to 2147483632 bytes, 15144 conditions"),
    (
        "aapcs64.osr5",
        Some("aapcs64.ryujit5"),
        "12 classes, 273 arms, 68719476736 sets, 1056 to 2147483632 bytes, 2048 conditions",
    ),
    ("sysv.probed", None, "8 classes, 10 arms, 32 sets, 16 to 2147483632 bytes, 194 conditions"),
    ("windows_x64.probed", None, "6 classes, 34 arms, 131072 sets, 16 to 2147483632 bytes, 364 conditions"),
    ("lp64d.probed", None, "14 classes, 46 arms, 8388608 sets, 16 to 2147483632 bytes, 596 conditions"),
    ("aapcs64.realigned", None, "6 classes, 182 arms, 262144 sets, 16 to 2147483632 bytes, 1403 conditions"),
];

/// How much was proven of a frame, but for the cost.
fn figures(frame: &str, transition: Option<&str>) -> String {
    let mut verifier = Verifier::new(Spec::embedded());
    let AllSizes::Proven(design) = verifier.all_sizes(frame, transition) else {
        return "not proven".to_owned();
    };
    assert_eq!((design.frame(), design.transition()), (frame, transition));
    let figures = design.figures();
    let (classes, arms, (least, most)) = (figures.classes, figures.arms, figures.bytes);
    assert_eq!(figures.witnessed, classes, "{frame}: each class has two shapes");
    assert!(most > 0x7fff_0000, "{frame}: up to 2 GiB, not {most}");
    let (sets, conditions) = (figures.sets, figures.conditions);
    format!("{classes} classes, {arms} arms, {sets} sets, {least} to {most} bytes, {conditions} conditions")
}

#[test]
fn frames_prove_for_all_shapes() {
    for (frame, transition, expected) in PROVEN {
        assert_eq!(figures(frame, transition), expected, "{frame}");
    }
}

/// An error in a declaration, and the shape that shows it.
struct Planted {
    text: &'static str,
    from: &'static str,
    to: &'static str,
    frame: &'static str,
    transition: Option<&'static str>,
    /// The property, what is wrong, and the smallest shape that shows it.
    shown: &'static str,
}

const NATIVE: &str = include_str!("../../spec/frames/native.fw");
const RYUJIT: &str = include_str!("../../spec/frames/ryujit.fw");
const A64: &str = include_str!("../../spec/frames/aapcs64.fw");
const LP64D: &str = include_str!("../../spec/frames/lp64d.fw");
const PROBED: &str = include_str!("../../spec/frames/probed.fw");
const MOVING: &str = include_str!("../../spec/frames/moving.fw");
const A64_MOVING: &str = include_str!("../../spec/frames/aapcs64_moving.fw");
const LP64D_MOVING: &str = include_str!("../../spec/frames/lp64d_moving.fw");

const PLANTED: [Planted; 22] = [
    // Off by 8 at one size.
    Planted {
        text: NATIVE,
        from: "add rsp, adjust\n",
        to: "add rsp, adjust + 8 * (adjust == 504)\n",
        frame: "sysv.native",
        transition: None,
        shown: "callee saves: epilog of sysv.native: pop rbx: saved {rbx}, locals 0, outgoing 489",
    },
    // For an odd number of saves of a certain size only.
    Planted {
        text: NATIVE,
        from: "add rsp, adjust\n",
        to: "add rsp, adjust + 16 * (count(saved)[0:0] && adjust > 65536)\n",
        frame: "sysv.native",
        transition: None,
        shown: "callee saves: epilog of sysv.native: pop rbx: saved {rbx}, locals 0, outgoing 65529",
    },
    // A slot is wrong for one register where another is saved too.
    Planted {
        text: RYUJIT,
        from: "mov [rsp + total + slot(r)], r\n",
        to: "mov [rsp + total + slot(r) - 8 * (count(saved & {r14, r15}) == 2 && slot(r) == 0 - 24)], r\n",
        frame: "sysv.osr",
        transition: Some("sysv.ryujit"),
        shown: "own frame only: prolog of sysv.osr: mov [rsp + …], r15: saved {r14, r15}, locals 0, outgoing 0; extended frame: saved {}, locals 0, outgoing 0",
    },
    // The order of two groups is wrong, which shows where neither is empty.
    Planted {
        text: RYUJIT,
        from: "for r in saved ascending {\n      pop r\n    }\n    for r in tier0.saved ascending {\n      pop r\n    }",
        to: "for r in tier0.saved ascending {\n      pop r\n    }\n    for r in saved ascending {\n      pop r\n    }",
        frame: "sysv.osr",
        transition: Some("sysv.ryujit"),
        shown: "callee saves: epilog of sysv.osr: pop rbx: saved {r15}, locals 0, outgoing 0; extended frame: saved {rbx}, locals 0, outgoing 0",
    },
    // Two registers that are stored as a pair are loaded one word apart, where they are not neighbours.
    Planted {
        text: A64,
        from: "ldp r, s, [sp + upper + slot(r)]",
        to: "ldp r, s, [sp + upper + slot(r) + 8 * (count(saved) == 4)]",
        frame: "aapcs64.native",
        transition: None,
        shown: "callee saves: epilog of aapcs64.native: ldp x19, x20, [sp + …]: saved {x19, x20, v14, v15}, locals 0, outgoing 0",
    },
    // One past what an immediate holds.
    Planted {
        text: LP64D,
        from: "if lower > 2032 {",
        to: "if lower > 2048 {",
        frame: "lp64d.native",
        transition: None,
        shown: "encodable: epilog of lp64d.native: addi sp, sp, …: saved {}, locals 0, outgoing 2033",
    },
    // The last size of all.
    Planted {
        text: NATIVE,
        from: "sub rsp, adjust\n",
        to: "sub rsp, adjust - 16 * (total == 2147483632)\n",
        frame: "sysv.native",
        transition: None,
        shown: "stack balance: SP in the body of sysv.native: saved {}, locals 0, outgoing 2147483601",
    },
    // The smallest number of pages for which there is a loop: it runs past its end.
    Planted {
        text: PROBED,
        from: "lea r11, [rsp - 4096 * pages]\n",
        to: "lea r11, [rsp - 4096 * pages - 8 * (pages == 5)]\n",
        frame: "sysv.probed",
        transition: None,
        shown: "probes: the loop ends at its bound: saved {}, locals 0, outgoing 20465",
    },
    // The last page is left untouched where the red zone reaches past it.
    Planted {
        text: PROBED,
        from: "if rest > 3968 {",
        to: "if rest > 3984 {",
        frame: "sysv.probed",
        transition: None,
        shown: "probes: what is touched where the body of sysv.probed begins: saved {}, locals 0, outgoing 3969",
    },
    // One page too few is touched, at the largest number that is touched without a loop.
    Planted {
        text: PROBED,
        from: "repeat pages {\n        sub rsp, 4096\n        test [rsp], r11\n      }",
        to: "repeat pages - (pages == 4) {\n        sub rsp, 4096\n        test [rsp], r11\n      }\n      if pages == 4 {\n        sub rsp, 4096\n      }",
        frame: "sysv.probed",
        transition: None,
        shown: "probes: what is touched where the body of sysv.probed begins: saved {}, locals 0, outgoing 16369",
    },
    // Windows' helper is called from a size on that is too large by 8.
    Planted {
        text: PROBED,
        from: "if adjust > 4088 {",
        to: "if adjust > 4096 {",
        frame: "windows_x64.probed",
        transition: None,
        shown: "probes: what is touched where the body of windows_x64.probed begins: saved {}, locals 0, outgoing 4081",
    },
    // More is left untouched than a callee may find, in frames of seven pages only.
    Planted {
        text: A64_MOVING,
        from: "if rest > 1024 {",
        to: "if rest > 1024 && pages != 7 {",
        frame: "aapcs64.probed",
        transition: None,
        shown: "probes: what is touched where the body of aapcs64.probed begins: saved {}, locals 0, outgoing 29697",
    },
    // What lies between SP and the record is forgotten, where there is something.
    Planted {
        text: LP64D_MOVING,
        from: "if rest + above > 1024 {",
        to: "if rest > 1024 {",
        frame: "lp64d.probed",
        transition: None,
        shown: "probes: what is touched where the body of lp64d.probed begins: saved {fs11}, locals 0, outgoing 1017",
    },
    // Six bits are cleared, but not the lowest six.
    Planted {
        text: MOVING,
        from: "and rsp, -64",
        to: "and rsp, -96",
        frame: "sysv.realigned",
        transition: None,
        shown: "Unsupported(\"SP at a place that is not known: Any(64)\")",
    },
    // The second of two ways out goes elsewhere.
    Planted {
        text: A64,
        from: "    ldp.post x29, x30, [sp + upper]\n    ret\n",
        to: "    ldp.post x29, x30, [sp + upper]\n    if locals != 48 {\n      ret\n    } else {\n      ret.by x16\n    }\n",
        frame: "aapcs64.native",
        transition: None,
        shown: "return: where the return goes: saved {}, locals 48, outgoing 0",
    },
    // SP is above what was saved for a moment in each round, and below where the round began at its end.
    Planted {
        text: PROBED,
        from: "page:\n      sub rsp, 4096\n",
        to: "page:\n      add rsp, 512\n      sub rsp, 4608\n",
        frame: "sysv.probed",
        transition: None,
        shown: "Unsupported(\"a loop whose rounds differ\")",
    },
    // Each round stores over the saved FP.
    Planted {
        text: PROBED,
        from: "page:\n      sub rsp, 4096\n",
        to: "page:\n      sub rsp, 4096\n      mov [rbp + 0], r11\n",
        frame: "sysv.probed",
        transition: None,
        shown: "Unsupported(\"a loop whose rounds differ\")",
    },
    // A branch that ends no loop.
    Planted {
        text: PROBED,
        from: "    if pages > 4 {\n      lea r11, [rsp - 4096 * pages]\n      page:\n      sub rsp, 4096\n      test [rsp], r11\n      cmp rsp, r11\n      jne page\n    } else {\n      repeat pages {\n        sub rsp, 4096\n        test [rsp], r11\n      }\n    }\n    if rest {\n      sub rsp, rest\n    }\n    if rest > 3968 {\n      test [rsp], r11\n    }\n",
        to: "    lea r11, [rsp - 4096 * pages]\n    page:\n    sub rsp, 4096\n    test [rsp], r11\n    cmp rsp, r11\n    jne page\n    jne page\n",
        frame: "sysv.probed",
        transition: None,
        shown: "Unsupported(\"a branch that does not end a loop\")",
    },
    // A branch that ends no loop, in one of two arms.
    Planted {
        text: PROBED,
        from: "    } else {\n      repeat pages {\n        sub rsp, 4096\n        test [rsp], r11\n      }\n    }\n    if rest {",
        to: "    } else {\n      lea r11, [rsp - 4096 * pages]\n      again:\n      sub rsp, 4096\n      test [rsp], r11\n      cmp rsp, r11\n      jne again\n      jne again\n    }\n    if rest {",
        frame: "sysv.probed",
        transition: None,
        shown: "Unsupported(\"a branch in one arm\")",
    },
    // The return address of a helper's call is pushed past the guard page.
    Planted {
        text: PROBED,
        from: "      mov rax, adjust\n",
        to: "      sub rsp, 4096\n      mov rax, adjust - 4096\n",
        frame: "windows_x64.probed",
        transition: None,
        shown: "probes: call windows_x64.chkstk: saved {}, locals 0, outgoing 4081",
    },
    // An offset that the instruction does not scale to.
    Planted {
        text: A64,
        from: "    ldp.post x29, x30, [sp + upper]\n    ret\n",
        to: "    ldr x16, [sp + 4 * (locals == 40)]\n    ldp.post x29, x30, [sp + upper]\n    ret\n",
        frame: "aapcs64.native",
        transition: None,
        shown: "encodable: epilog of aapcs64.native: ldr x16, [sp + …]: saved {}, locals 40, outgoing 0",
    },
    // A register that may be changed for some shapes only.
    Planted {
        text: NATIVE,
        from: "scratch {}",
        to: "scratch saved",
        frame: "sysv.native",
        transition: None,
        shown: "Unsupported(\"a scratch set that depends on the shape\")",
    },
];

impl Planted {
    /// The declaration with the error.
    fn spec(&self) -> Spec {
        assert!(self.text.contains(self.from), "{}: no `{}`", self.frame, self.from);
        let text = self.text.replace(self.from, self.to);
        Spec::load(&[Source::new("planted.fw", text)]).expect("a specification")
    }

    /// What is said of it.
    fn found(&self, spec: &Spec) -> String {
        let machine = spec.machine_of_frame(self.frame).expect("a machine");
        match Verifier::new(spec).all_sizes(self.frame, self.transition) {
            AllSizes::Refuted { shape, property, what } => {
                format!("{property}: {what}: {}", machine.display_shape(&shape))
            }
            other => format!("{other:?}").chars().take(80).collect(),
        }
    }
}

#[test]
fn errors_at_one_size_or_with_one_set_are_found() {
    let found = PLANTED.iter().map(|planted| (planted.found(&planted.spec()), planted));
    let wrong: Vec<_> = found.filter(|(found, planted)| found != planted.shown).collect();
    for (found, planted) in &wrong {
        println!("{}\n  {found}\n  not {}", planted.to, planted.shown);
    }
    assert_eq!(wrong.len(), 0);
}

/// A class of one shape is told from the others, and the largest frame is one that there is.
#[test]
fn figures_of_a_small_frame_are_exact() {
    let arms = "if count(saved) == 5 && locals == 0 && outgoing == 9 {
      add rsp, adjust
    } else {
      add rsp, adjust
    }\n";
    let text = NATIVE
        .replace("add rsp, adjust\n", arms)
        .replace("- 16 - 8 * count(saved)\n", "- 16 - count(saved) * 8\n")
        .replace("  chain return\n", "  chain return\n  requires total <= 5000\n");
    let spec = Spec::load(&[Source::new("small.fw", text)]).expect("a specification");
    let AllSizes::Proven(design) = Verifier::new(&spec).all_sizes("sysv.native", None) else {
        panic!("not proven");
    };
    let figures = design.figures();
    assert_eq!((figures.classes, figures.witnessed), (6, 5));
    assert_eq!((figures.sets, figures.bytes), (32, (16, 4992)));
}

/// What is said of the frame that a text declares: the bytes of the smallest and the largest, or what is wrong at which sizes.
fn said_of(frame: &str, text: &str) -> String {
    let spec = Spec::load(&[Source::new("frame.fw", text.to_owned())]).expect("a specification");
    match Verifier::new(&spec).all_sizes(frame, None) {
        AllSizes::Proven(design) => format!("{:?}", design.figures().bytes),
        AllSizes::Refuted { shape, property, what } => format!("{property}: {what}: {:?}", shape.sizes),
        other => format!("{other:?}"),
    }
}

/// A frame that leaves the return address in its register, and no FP.
const LEAF: &str = r#"
frame aapcs64.leaf {
  why "Calls nothing, so nothing is to be saved"
  abi aapcs64
  size locals
  scratch {x16}

  region locals: body of locals align 16

  prolog {
    if locals {
      sub.imm sp, sp, total
    }
  }

  epilog {
    if locals {
      add.imm sp, sp, total
    }
    ret
  }
}
"#;

#[test]
fn a_return_address_may_stay_in_its_register() {
    let proven = |text: &str| said_of("aapcs64.leaf", text);
    let few = LEAF.replace("  region", "  requires total <= 4080\n  region");
    assert_eq!(proven(&few), "(0, 4080)");
    assert_eq!(proven(LEAF), "encodable: prolog of aapcs64.leaf: sub.imm sp, sp, …: {\"locals\": 4081}");
    assert_eq!(
        proven(&few.replace("sub.imm sp, sp, total\n", "sub.imm sp, sp, total\n      movz x30, 0, 0\n")),
        "return: the return address in the body of aapcs64.leaf: {\"locals\": 1}"
    );
}

/// A frame that keeps the return address, and nothing else.
const LINKED: &str = r#"
frame aapcs64.linked {
  why "Calls others, and uses no register that it would have to save"
  abi aapcs64
  size locals
  requires total <= 4080

  region return_address: return_address of 8
  region hole: padding of 8
  region locals: body of locals align 16

  prolog {
    sub.imm sp, sp, total
    str x30, [sp + total - 8]
  }

  epilog {
    ldr x30, [sp + total - 8]
    add.imm sp, sp, total
    ret
  }
}
"#;

#[test]
fn a_return_address_that_is_kept_is_not_in_its_register() {
    let proven = |text: &str| said_of("aapcs64.linked", text);
    assert_eq!(proven(LINKED), "(16, 4080)");
    assert_eq!(
        proven(&LINKED.replace("    ldr x30, [sp + total - 8]\n", "")),
        "return: where the return goes: {\"locals\": 0}"
    );
}

/// Below one whose SP is rounded down.
const OVER: &str = r#"
frame sysv.over extends sysv.realigned {
  why "Nobody knows how far it is from one frame to the other"
  chain return

  region return_copy: return_copy of 8
  region saved_fp: saved_fp of 8
  region hole: padding of 48

  prolog {
    push [rbp + 8]
    push [rbp]
  }

  epilog {
    add rsp, 16
    ret
  }
}
"#;

#[test]
fn a_frame_that_rounds_is_not_extended() {
    let spec = Spec::load(&[Source::new("over.fw", OVER.to_owned())]).expect("a specification");
    match Verifier::new(&spec).all_sizes("sysv.over", None) {
        AllSizes::Unsupported(what) => {
            assert_eq!(what, "sysv.over, which extends a frame with SP at no known place");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn code_of_another_shape_is_no_member() {
    let spec = Spec::embedded();
    let mut verifier = Verifier::new(spec);
    let AllSizes::Proven(design) = verifier.all_sizes("sysv.native", None) else { panic!("not proven") };
    // push rbp; mov rbp, rsp; pop rbp; ret
    let bytes = [0x55, 0x48, 0x89, 0xe5, 0x5d, 0xc3];
    let shape = Shape {
        sets: [("saved".to_owned(), RegSet::EMPTY)].into(),
        sizes: [("locals".to_owned(), 0), ("outgoing".to_owned(), 0)].into(),
        source: None,
    };
    let claim = Claim {
        machine: spec.abis["sysv"].machine.clone(),
        frame: "sysv.native".to_owned(),
        shape,
        entry: Entry::Call,
        body: CodeOffset(4),
        epilogs: vec![CodeOffset(4)],
        data: CodeOffset(6),
        jump_tables: vec![],
        patchpoints: vec![],
        helpers: vec![],
        landings: vec![],
        unwind: vec![],
    };
    assert_eq!(verifier.is_member(&design, &bytes, &claim), Ok(()));
    let admitted = verifier.admit("smallest", &bytes, &claim, None).expect("a member").expect("a design");
    assert_eq!(admitted.certificate().assumptions.keys().collect::<Vec<_>>(), ["body"]);
    let mut larger = claim.clone();
    larger.shape.sizes.insert("locals".to_owned(), 4096);
    assert!(verifier.is_member(&design, &bytes, &larger).is_err());
    assert!(verifier.admit("larger", &bytes, &larger, None).is_err());
    let other = [0x53, 0x48, 0x89, 0xe5, 0x5d, 0xc3];
    assert!(verifier.is_member(&design, &other, &claim).is_err());
    assert!(verifier.admit("other", &other, &claim, None).is_err());
}

#[test]
fn questions_about_all_shapes_are_given_as_text() {
    let mut verifier = Verifier::new(Spec::embedded());
    let (give, given) = std::sync::mpsc::channel();
    verifier.give_queries(move |query| give.send(query).expect("somebody listens"));
    let AllSizes::Proven(design) = verifier.all_sizes("sysv.native", None) else { panic!("not proven") };
    drop(verifier);
    let given: Vec<_> = given.iter().collect();
    // What members alone decide is asked of others only.
    assert!(given.len() as u64 > design.figures().queries);
    for query in &given {
        assert_eq!(query.name, "all sizes of sysv.native");
        assert!(query.text.starts_with("(set-logic QF_LIA)\n") && query.text.ends_with("(check-sat)\n"));
    }
    let count = |answer| given.iter().filter(|query| query.satisfiable == Some(answer)).count();
    assert!(count(true) > 0 && count(false) > 0 && count(true) + count(false) == given.len());
}
