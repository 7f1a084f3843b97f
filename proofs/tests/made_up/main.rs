//! A machine that exists only in `machine.fw`: its frames prove, broken ones are refuted, and an activation moves from
//! one frame to another under the interpreter. No line of Rust knows it; the encoder below reads rows.

use framewright_spec::claim::{Entry, Patchpoint, StatePlace, StateSlot, StateTarget, StateValue, ValueKind};
use framewright_spec::encoding::KindForm;
use framewright_spec::frame::{AsmOperand, AsmStep};
use framewright_spec::lang::{parse, print};
use framewright_spec::{CfaOffset, Claim, CodeOffset, Layout, Machine, Reg, RegSet, Shape, Source, Spec};
use framewright_verifier::concrete::ConcreteState;
use framewright_verifier::eval::{Flow, execute};
use framewright_verifier::{Property, Proven, Verdict, Verifier, replay, target};
use std::collections::BTreeMap;

const TEXT: &str = include_str!("machine.fw");
/// Where codes and stack are under the interpreter.
const TIER0_BASE: u64 = 0x1_0000;
const OSR_BASE: u64 = 0x2_0000;
const HELPER: u64 = 0x3_0000;
const CALLER: u64 = 0x4_0000;
const STACK: u64 = 0x7fff_0000;

fn spec() -> Spec {
    Spec::load(&[Source::new("machine.fw", TEXT)]).unwrap_or_else(|e| panic!("{:?}", e))
}

/// Code in the making.
struct Code<'a> {
    machine: &'a Machine,
    bytes: Vec<u8>,
}

impl Code<'_> {
    fn at(&self) -> CodeOffset {
        CodeOffset(self.bytes.len() as u32)
    }

    /// An instruction of a row; operands are registers' numbers, immediates, distances.
    fn put(&mut self, row: &str, operands: &[i64]) {
        let encoding = self.machine.instructions[row].encoding.as_ref().expect("a pattern");
        let mut word = encoding.value;
        for field in &encoding.fields {
            let bits = operands[field.operand] as u64 >> field.low_in_value & ((1 << field.bits) - 1);
            word |= (bits as u32) << field.low_in_word;
        }
        self.bytes.extend(&word.to_le_bytes()[..encoding.bytes() as usize]);
    }

    fn number(&self, reg: Reg) -> i64 {
        let KindForm::Register { choices, .. } = &self.machine.operand_kinds["G"].form else {
            panic!("registers")
        };
        let is = |choice: &Option<framewright_spec::encoding::Choice>| {
            choice.as_ref().and_then(|choice| choice.view.as_ref()).is_some_and(|view| view.reg == reg)
        };
        choices.iter().position(is).expect("a number") as i64
    }

    fn reg(&self, name: &str) -> i64 {
        self.number(self.machine.reg(name).expect("a register"))
    }

    fn steps(&mut self, steps: &[AsmStep]) {
        for step in steps {
            let operands = step.operands.iter().flat_map(|operand| match *operand {
                AsmOperand::Register(reg) => vec![self.number(reg)],
                AsmOperand::Immediate(value) => vec![value],
                AsmOperand::Memory { base, offset } => vec![self.number(base), offset],
                AsmOperand::Step(_) | AsmOperand::Helper(_) => panic!("the machine's frames have none"),
            });
            let operands: Vec<i64> = operands.collect();
            self.put(&step.mnemonic, &operands);
        }
    }
}

fn shape(machine: &Machine, saved: &[&str], locals: u32, source: Option<Shape>) -> Shape {
    let saved: RegSet = machine.set_of(saved.iter().copied()).expect("registers");
    Shape {
        sets: BTreeMap::from([("saved".to_owned(), saved)]),
        sizes: BTreeMap::from([("locals".to_owned(), locals)]),
        source: source.map(Box::new),
    }
}

fn claim(frame: &str, shape: &Shape) -> Claim {
    Claim {
        machine: "odd".to_owned(),
        frame: frame.to_owned(),
        shape: shape.clone(),
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

/// Prolog and epilog; the body between them overwrites all that it may.
fn bare(spec: &Spec, shape: &Shape, change: impl Fn(&mut Layout)) -> (Vec<u8>, Claim) {
    let mut layout = spec.layout("oddcall.native", shape).expect("a layout");
    change(&mut layout);
    let mut code = Code { machine: spec.machine("odd").expect("declared"), bytes: Vec::new() };
    let mut claim = claim("oddcall.native", shape);
    code.steps(&layout.prolog);
    claim.body = code.at();
    let link = code.machine.link.expect("a link register");
    for reg in shape.sets["saved"].iter().chain([link]) {
        code.put("set", &[code.number(reg), -1]);
    }
    claim.epilogs = vec![code.at()];
    code.steps(&layout.epilog);
    claim.data = code.at();
    (code.bytes, claim)
}

/// Tier-0 code that stores two values and may leave at a patchpoint.
fn tier0(spec: &Spec, shape: &Shape) -> (Vec<u8>, Claim) {
    let layout = spec.layout("oddcall.tier0", shape).expect("a layout");
    let mut code = Code { machine: spec.machine("odd").expect("declared"), bytes: Vec::new() };
    let mut claim = claim("oddcall.tier0", shape);
    let homes = [-layout.total_bytes + 8, -layout.total_bytes];
    let [g1, g2, g3, g4, sp] = ["g1", "g2", "g3", "g4", "sp"].map(|name| code.reg(name));
    code.steps(&layout.prolog);
    claim.body = code.at();
    code.put("put", &[g3, sp, homes[0] + layout.total_bytes]);
    code.put("put", &[g2, sp, homes[1] + layout.total_bytes]);
    code.put("get", &[g4, g3, 8]);
    code.put("set", &[g2, 0]);
    let here = code.at();
    code.put("here", &[g1, 8]);
    code.put("visit", &[g4]);
    let jump = code.at();
    code.put("hop", &[g1]);
    let resume = code.at();
    assert_eq!(resume.0 - here.0, 8);
    claim.epilogs = vec![resume];
    code.steps(&layout.epilog);
    claim.data = code.at();
    let slot = |value, kind, home| StateSlot { value, kind, home: CfaOffset(home) };
    let state = vec![
        slot(StateValue::Context, ValueKind::I64, homes[0]),
        slot(StateValue::Local(0), ValueKind::I64, homes[1]),
    ];
    claim.patchpoints = vec![Patchpoint { id: 0, wasm_offset: 0, jump, resume, state }];
    (code.bytes, claim)
}

/// The OSR method for it, which takes both values over.
fn osr(spec: &Spec, shape: &Shape, change: impl Fn(&mut Layout)) -> (Vec<u8>, Claim) {
    let mut layout = spec.layout("oddcall.osr", shape).expect("a layout");
    change(&mut layout);
    let source = spec.layout("oddcall.tier0", shape.source.as_deref().expect("a source")).expect("a layout");
    let mut code = Code { machine: spec.machine("odd").expect("declared"), bytes: Vec::new() };
    let mut claim = claim("oddcall.osr", shape);
    let [g7, g10, sp] = ["g7", "g10", "sp"].map(|name| code.reg(name));
    code.steps(&layout.prolog);
    let values = [(StateValue::Context, "g7", g7, 8), (StateValue::Local(0), "g10", g10, 0)];
    let state = values.map(|(value, name, number, above)| {
        code.put("get", &[number, sp, layout.total_bytes - source.total_bytes + above]);
        let reg = spec.machine("odd").expect("declared").reg(name).expect("a register");
        StateTarget { value, kind: ValueKind::I64, place: StatePlace::Register(reg) }
    });
    claim.entry = Entry::Osr {
        transition: "oddcall.hop".to_owned(),
        patchpoint: 0,
        state: state.into_iter().collect(),
    };
    claim.body = code.at();
    claim.epilogs = vec![code.at()];
    code.steps(&layout.epilog);
    claim.data = code.at();
    (code.bytes, claim)
}

fn proven(verdict: Verdict) -> Proven {
    match verdict {
        Verdict::Proven(proven) => proven,
        other => panic!("{other:?}"),
    }
}

const SAVED: [&[&str]; 4] = [&[], &["g7"], &["g7", "g10"], &["g7", "g9", "g10", "g12"]];

#[test]
fn its_file_is_laid_out() {
    let source = Source::new("machine.fw", TEXT);
    let printed = print(&parse(&source).expect("a tree"));
    if std::env::var_os("BLESS").is_some() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/made_up/machine.fw");
        std::fs::write(path, printed).expect("the file can be written");
    } else {
        assert!(printed == TEXT, "machine.fw is not formatted (BLESS=1 formats it)");
    }
}

#[test]
fn its_frames_prove() {
    let spec = spec();
    let machine = spec.machine("odd").expect("declared");
    let mut verifier = Verifier::new(&spec);
    for saved in SAVED {
        for locals in [0, 8, 16, 24, 4096, 30_000] {
            let (bytes, claim) = bare(&spec, &shape(machine, saved, locals, None), |_| {});
            proven(verifier.verify("bare", bytes, claim, None));
        }
    }
}

#[test]
fn broken_frames_are_refuted_and_the_interpreter_agrees() {
    let spec = spec();
    let machine = spec.machine("odd").expect("declared");
    let mut verifier = Verifier::new(&spec);
    let shape = shape(machine, &["g7", "g10"], 32, None);
    let forget: [(usize, Property); 3] = [(0, Property::P3), (2, Property::P2), (4, Property::P1)];
    for (step, property) in forget {
        let (bytes, claim) = bare(&spec, &shape, |layout| drop(layout.epilog.remove(step)));
        let Verdict::Refuted(found) = verifier.verify("broken", bytes, claim, None) else {
            panic!("without step {step} of the epilog it is not refuted");
        };
        assert_eq!(found.property, property, "{}", found.headline);
        let rerun = replay::rerun(&found, &spec).expect("it can be run again");
        assert!(rerun.observation.is_some_and(|seen| seen.as_predicted), "{}", found.headline);
        assert!(found.render(&spec, false).contains("%sp"), "{}", found.render(&spec, false));
    }
}

#[test]
fn an_osr_method_that_forgets_is_refuted() {
    let spec = spec();
    let machine = spec.machine("odd").expect("declared");
    let mut verifier = Verifier::new(&spec);
    let source = shape(machine, &["g9"], 32, None);
    let (bytes, claim) = tier0(&spec, &source);
    let source_proven = proven(verifier.verify("tier0", bytes, claim, None));
    let shape = shape(machine, &["g7", "g10"], 40, Some(source));
    // The first step gives back what tier-0 saved, the second the return address.
    for (step, property) in [(0, Property::P3), (1, Property::P4)] {
        let (bytes, claim) = osr(&spec, &shape, |layout| drop(layout.prolog.remove(step)));
        match verifier.verify("osr", bytes, claim, Some(&source_proven)) {
            Verdict::Refuted(found) => assert_eq!(found.property, property, "{}", found.headline),
            other => panic!("without step {step} of the prolog: {other:?}"),
        }
    }
}

/// Runs from `at` until control leaves for an address that is no code's next instruction.
fn run(spec: &Spec, state: &mut ConcreteState, base: u64, code: &[u8], at: u32) -> (&'static str, u64) {
    let machine = spec.machine("odd").expect("declared");
    let decoder = target::decoder(machine).expect("its rows have patterns");
    state.code_base = base;
    let mut at = CodeOffset(at);
    for _ in 0..1000 {
        let decoded = decoder.decode(code, at).expect("an instruction");
        match execute(machine, &decoded, state).expect("it runs") {
            Flow::Next => at = decoded.next(),
            Flow::Call(to) => return ("call", to.value as u64),
            Flow::Jump(to) => return ("jump", to.value as u64),
            Flow::Return(to) => return ("return", to.value as u64),
            other => panic!("{other:?}"),
        }
    }
    panic!("it does not end")
}

#[test]
fn an_activation_moves_from_tier0_to_osr_under_the_interpreter() {
    let spec = spec();
    let machine = spec.machine("odd").expect("declared");
    let reg = |name: &str| machine.reg(name).expect("a register");
    let mut verifier = Verifier::new(&spec);
    for (saved0, saved) in [(SAVED[0], SAVED[2]), (SAVED[1], SAVED[3]), (SAVED[3], SAVED[2])] {
        let source = shape(machine, saved0, 48, None);
        let (code0, claim0) = tier0(&spec, &source);
        let proven0 = proven(verifier.verify("tier0", code0.clone(), claim0.clone(), None));
        let (code1, claim1) = osr(&spec, &shape(machine, saved, 100, Some(source)), |_| {});
        proven(verifier.verify("osr", code1.clone(), claim1.clone(), Some(&proven0)));

        let mut state = ConcreteState::new(machine, TIER0_BASE);
        for (i, _) in machine.registers.iter().enumerate() {
            state.set_register(Reg(i as u8), 0x1111_0000 + i as u128);
        }
        let context = 0x5000_u64;
        state.memory.write(context + 8, &HELPER.to_le_bytes());
        for (name, value) in [("sp", STACK), ("lr", CALLER), ("g3", context), ("g2", 77)] {
            state.set_register(reg(name), u128::from(value));
        }
        let before = state.clone();

        assert_eq!(run(&spec, &mut state, TIER0_BASE, &code0, 0), ("call", HELPER));
        let back = state.register(reg("lr")) as u64 - TIER0_BASE;
        assert_eq!(
            back,
            u64::from(claim0.patchpoints[0].jump.0),
            "the helper returns to the patchpoint's jump"
        );
        for name in ["g0", "g2", "g3", "g4", "g5", "g6", "g8", "g11"] {
            state.set_register(reg(name), 0xdead);
        }
        state.set_register(reg("g1"), u128::from(OSR_BASE));
        assert_eq!(run(&spec, &mut state, TIER0_BASE, &code0, back as u32), ("jump", OSR_BASE));

        let body = claim1.body.0 as usize;
        let decoder = target::decoder(machine).expect("its rows have patterns");
        let mut at = CodeOffset(0);
        state.code_base = OSR_BASE;
        while (at.0 as usize) < body {
            let decoded = decoder.decode(&code1, at).expect("an instruction");
            assert_eq!(execute(machine, &decoded, &mut state).expect("it runs"), Flow::Next);
            at = decoded.next();
        }
        assert_eq!(state.register(reg("g7")) as u64, context, "the context is brought over");
        assert_eq!(state.register(reg("g10")), 77, "the local is brought over");
        assert_eq!(run(&spec, &mut state, OSR_BASE, &code1, at.0), ("return", CALLER));
        for name in ["sp", "fp", "g7", "g9", "g10", "g12"] {
            assert_eq!(state.register(reg(name)), before.register(reg(name)), "{name} is the caller's");
        }
    }
}
