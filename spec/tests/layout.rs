//! Layouts: worked examples, and the laws for every set and size.

mod generate;

use framewright_spec::frame::{AsmOperand, AsmStep, Debt, RegionRole};
use framewright_spec::{Layout, Machine, RegSet, Shape, Spec};
use generate::FrameShape;
use quickcheck::{TestResult, quickcheck};

fn set(machine: &Machine, names: &[&str]) -> RegSet {
    machine.set_of(names.iter().copied()).expect("names of registers")
}

fn shape(machine: &Machine, saved: &[&str], locals: u32, outgoing: u32) -> Shape {
    let sizes = [("locals".to_owned(), locals), ("outgoing".to_owned(), outgoing)];
    Shape { sets: [("saved".to_owned(), set(machine, saved))].into(), sizes: sizes.into(), source: None }
}

fn listing(machine: &Machine, steps: &[AsmStep]) -> Vec<String> {
    let operand = |operand: &AsmOperand| match *operand {
        AsmOperand::Register(reg) => machine.name_of(reg).to_owned(),
        AsmOperand::Immediate(value) => value.to_string(),
        AsmOperand::Memory { base, offset } => format!("[{}+{offset}]", machine.name_of(base)),
        AsmOperand::Step(number) => format!("step {number}"),
        AsmOperand::Helper(number) => format!("helper {number}"),
    };
    let line = |step: &AsmStep| {
        let operands: Vec<String> = step.operands.iter().map(operand).collect();
        format!("{} {}", step.mnemonic, operands.join(", ")).trim_end().to_owned()
    };
    steps.iter().map(line).collect()
}

/// Tier-0 saved rbp only and has 168 bytes without return address and saved FP, with the 8-byte step; the OSR
/// method saves r15, r14, rbx and has 8 bytes of its own. RyuJIT: saves at the top of tier-0's room, in
/// descending order, one `add`, pops rbx, r14, r15, rbp.
#[test]
fn osr_saves_lie_under_tier0s() {
    let spec = Spec::embedded();
    let machine = &spec.machines["x86_64"];
    let tier0 = shape(machine, &[], 120, 0);
    let osr = Shape { source: Some(Box::new(tier0)), ..shape(machine, &["rbx", "r14", "r15"], 8, 0) };
    let layout = spec.layout("sysv.osr", &osr).expect("a layout");
    assert_eq!(layout.total_bytes, 208);
    assert_eq!(
        listing(machine, &layout.prolog),
        [
            "push [rbp+8]",
            "push [rbp+0]",
            "sub rsp, 16",
            "mov [rsp+184], r15",
            "mov [rsp+176], r14",
            "mov [rsp+168], rbx",
            "lea rbp, [rsp+16]",
        ]
    );
    assert_eq!(
        listing(machine, &layout.epilog),
        ["add rsp, 168", "pop rbx", "pop r14", "pop r15", "pop rbp", "ret"]
    );
}

#[test]
fn padding_goes_above_the_region() {
    let spec = Spec::embedded();
    let machine = &spec.machines["x86_64"];
    let layout = spec.layout("sysv.native", &shape(machine, &["rbx"], 20, 0)).expect("a layout");
    let regions: Vec<_> = layout.regions.iter().map(|r| (r.name.as_str(), r.offset.0, r.bytes)).collect();
    assert_eq!(
        regions,
        [
            ("return_address", -8, 8),
            ("saved_fp", -16, 8),
            ("saves", -24, 8),
            ("padding", -28, 4),
            ("locals", -48, 20),
            ("outgoing", -48, 0),
        ]
    );
    assert_eq!(listing(machine, &layout.prolog), ["push rbp", "mov rbp, rsp", "push rbx", "sub rsp, 24"]);
}

/// Tier-0 saved two registers, the OSR method adds two: memory from the top is rbp, tier-0's descending, then
/// the extra ones descending, so that the pops are two ascending runs.
#[test]
fn epilog_pops_two_groups() {
    let spec = Spec::embedded();
    let machine = &spec.machines["x86_64"];
    let tier0 = shape(machine, &["r12", "r15"], 32, 0);
    let osr = Shape { source: Some(Box::new(tier0)), ..shape(machine, &["rbx", "r14"], 0, 0) };
    let layout = spec.layout("sysv.osr", &osr).expect("a layout");
    let slots: Vec<_> = layout.slots.iter().map(|(&reg, slot)| (machine.name_of(reg), slot.0)).collect();
    assert_eq!(slots, [("rbx", -48), ("rbp", -16), ("r12", -32), ("r14", -40), ("r15", -24)]);
    let epilog = listing(machine, &layout.epilog);
    assert_eq!(epilog[1..], ["pop rbx", "pop r14", "pop r12", "pop r15", "pop rbp", "ret"]);
    assert_eq!(layout.fp_relative(layout.sp()), Some(0));
}

#[test]
fn shapes_are_checked() {
    let spec = Spec::embedded();
    let machine = &spec.machines["x86_64"];
    let refused = |frame: &str, shape: &Shape| spec.layout(frame, shape).expect_err("refused").to_string();
    let good = shape(machine, &["rbx"], 0, 0);

    assert!(refused("sysv.native", &shape(machine, &["rdi"], 0, 0)).contains("has {rdi}, not within"));
    assert!(refused("sysv.native", &shape(machine, &["rbp"], 0, 0)).contains("has {rbp}, not within"));
    assert!(refused("sysv.native", &Shape::default()).contains("missing parameter `saved`"));
    let more = Shape {
        sizes: [("locals", 0), ("outgoing", 0), ("x", 0)].map(|(n, b)| (n.to_owned(), b)).into(),
        ..good.clone()
    };
    assert!(refused("sysv.native", &more).contains("unknown parameter `x`"));
    assert!(refused("sysv.osr", &good).contains("missing shape of extended frame `sysv.tier0`"));
    let overlapping = Shape { source: Some(Box::new(good.clone())), ..good.clone() };
    assert!(refused("sysv.osr", &overlapping).contains("has {rbx}, not within"));
    assert!(refused("sysv.native", &shape(machine, &[], u32::MAX, 0)).contains("past the limit"));
    assert!(refused("sysv.native", &shape(machine, &[], i32::MAX as u32, 1)).contains("past the limit"));
    assert!(refused("natif", &good).contains("unknown frame `natif`"));
}

quickcheck! {
    fn regions_are_separated_in_range_and_aligned(given: FrameShape) -> bool {
        let spec = Spec::embedded();
        let layout = spec.layout(&given.frame, &given.shape).expect("a layout");
        lawful(spec, &layout)
    }

    /// The formulas of RyuJIT for its x64 OSR methods, less the room that it reserves and never uses.
    fn osr_offsets_are_those_of_ryujit(given: FrameShape) -> TestResult {
        if given.frame != "sysv.osr" {
            return TestResult::discard();
        }
        let spec = Spec::embedded();
        let layout = spec.layout("sysv.osr", &given.shape).expect("a layout");
        let source = given.shape.source.as_ref().expect("tier-0's shape");
        let tier0 = spec.layout("sysv.tier0", source).expect("a layout");
        // Bytes below tier-0's saved FP, and the 8 that the transition adds.
        let total_frame_size = tier0.total_bytes - 16 + 8;
        let own = layout.total_bytes - tier0.total_bytes - 16;
        let saved_by_tier0 = source.sets["saved"].len() as i64 + 1;
        let saved_by_osr = given.shape.sets["saved"].len() as i64;
        let add = own + total_frame_size + 8 - 8 * (saved_by_tier0 + saved_by_osr) + 8;
        let first_store = own + 8 + total_frame_size - 8 * saved_by_tier0;
        let added = layout.epilog[0].operands[1] == AsmOperand::Immediate(add);
        let stored = layout.prolog.iter().find(|step| step.mnemonic == "mov").is_none_or(|step| {
            matches!(step.operands[0], AsmOperand::Memory { offset, .. } if offset == first_store)
        });
        TestResult::from_bool(added && stored)
    }

    fn save_slots_are_distinct_words_of_save_regions(given: FrameShape) -> bool {
        let spec = Spec::embedded();
        let layout = spec.layout(&given.frame, &given.shape).expect("a layout");
        let frame = &spec.frames[&given.frame];
        let machine = spec.machine_of_frame(&given.frame).expect("a machine");
        let bytes = |reg| spec.abis[&frame.abi].slot_bytes(machine, reg);
        let mut slots: Vec<(i64, i64)> =
            layout.slots.iter().map(|(&reg, slot)| (slot.0, bytes(reg))).collect();
        slots.sort_unstable();
        let distinct = slots.windows(2).all(|pair| pair[1].0 - pair[0].0 >= pair[0].1);
        let inside = layout.slots.iter().all(|(&reg, slot)| {
            layout.regions.iter().any(|region| {
                let keeps = matches!(region.role, RegionRole::Saves { .. } | RegionRole::SavedFp);
                keeps && region.offset <= *slot && slot.0 + bytes(reg) <= region.top().0
            })
        });
        let mut saved = given.shape.sets["saved"];
        if let Some(source) = given.shape.source.as_ref().filter(|_| frame.debt == Debt::Shared) {
            saved = saved.union(source.sets["saved"]);
        }
        let kept: RegSet = layout.slots.keys().copied().collect();
        let always = frame.base.into_iter().chain([machine.fp]);
        distinct && inside && kept == always.fold(saved, RegSet::with)
    }

    fn explaining_and_drawing_never_fails(given: FrameShape) -> bool {
        framewright_spec::explain(Spec::embedded(), &given.frame, Some(&given.shape)).is_ok()
    }
}

/// Each region begins where the one above ends, so they are separated and no byte is unaccounted for; each is
/// aligned as declared, and SP as the convention demands.
fn lawful(spec: &Spec, layout: &Layout) -> bool {
    let mut edge = 0;
    let placed = layout.regions.iter().all(|region| {
        let adjacent = region.top().0 == edge && region.bytes >= 0;
        edge = region.offset.0;
        let align = declared_align(spec, &region.frame, &region.name);
        // What lies below a rounded address is aligned as that address is, which is a multiple of more.
        let rounded = layout.realign.as_ref().filter(|rounded| region.offset <= rounded.from);
        let from = rounded.map_or(0, |rounded| rounded.from.0);
        let fits = rounded.is_none_or(|rounded| i64::from(rounded.align) % align == 0);
        adjacent && fits && (region.offset.0 - from).rem_euclid(align) == 0
    });
    let from = layout.realign.as_ref().map_or(0, |rounded| rounded.from.0);
    let sp_aligned = (edge - from) % 16 == 0;
    placed && layout.total_bytes == -edge && sp_aligned && layout.total_bytes <= i64::from(i32::MAX)
}

/// The law notices a region moved by a word, and one that is a word too large.
#[test]
fn broken_layouts_are_not_lawful() {
    let spec = Spec::embedded();
    let shape = spec.example_shape("sysv.osr").expect("a shape");
    let good = spec.layout("sysv.osr", &shape).expect("a layout");
    assert!(lawful(spec, &good));
    for i in 0..good.regions.len() {
        let mut moved = good.clone();
        moved.regions[i].offset.0 -= 8;
        let mut larger = good.clone();
        larger.regions[i].bytes += 8;
        assert!(!lawful(spec, &moved) && !lawful(spec, &larger), "{:?}", good.regions[i]);
    }
}

fn declared_align(spec: &Spec, frame: &str, region: &str) -> i64 {
    let regions = &spec.frames[frame].regions;
    regions.iter().find(|r| r.name == region).map_or(1, |r| i64::from(r.align))
}
