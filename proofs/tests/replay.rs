//! Counterexamples replay: the interpreter and the processor both show the wrong value, and a prediction that is
//! not what happens is not confirmed.

use framewright::replay::{Processor, replay};
use framewright_spec::claim::{Claim, Entry};
use framewright_spec::{CfaOffset, CodeOffset, Reg, Shape, Spec};
use framewright_verifier::counterexample::{CFA, CODE_BASE, RETURN_ADDRESS};
use framewright_verifier::counterexample::{
    Counterexample, Disputed, DisputedPlace, Havoc, HavocValue, MemoryValue, RegisterValue,
};
use framewright_verifier::replay::ReplayError;
use framewright_verifier::verdict::Property;
use iced_x86::{Code, Encoder, Instruction, MemoryOperand, Register};

/// A function that forgets to restore rbx, with all that a path may hold: a call, a branch, the heap, a constant.
fn forgetful() -> (Vec<u8>, Vec<CodeOffset>) {
    let at = |base, displacement| MemoryOperand::with_base_displ(base, displacement);
    let listing = [
        Instruction::with1(Code::Push_r64, Register::RBP),
        Instruction::with2(Code::Mov_r64_rm64, Register::RBP, Register::RSP),
        Instruction::with1(Code::Push_r64, Register::RBX),
        Instruction::with2(Code::Sub_rm64_imm8, Register::RSP, 24),
        Instruction::with2(Code::Mov_r64_rm64, Register::RBX, at(Register::RDI, 16)),
        Instruction::with1(Code::Call_rm64, at(Register::RDI, 8)),
        Instruction::with2(Code::Test_rm32_r32, Register::EAX, Register::EAX),
        Instruction::with_branch(Code::Je_rel8_64, 0x30),
        Instruction::with2(Code::Movsd_xmm_xmmm64, Register::XMM0, at(Register::RIP, 0x38)),
        Instruction::with2(Code::Add_rm64_imm8, Register::RSP, 32),
        Instruction::with1(Code::Pop_r64, Register::RBP),
        Ok(Instruction::with(Code::Retnq)),
    ];
    let (mut bytes, mut path) = (Vec::new(), Vec::new());
    for instruction in listing {
        let at = bytes.len() as u64;
        path.push(CodeOffset(at as u32));
        let mut encoder = Encoder::new(64);
        let instruction = instruction.expect("an instruction");
        encoder.encode(&instruction, at).expect("an encoding");
        bytes.extend(encoder.take_buffer());
    }
    bytes.resize(0x30, 0xcc);
    bytes.extend([0x0f, 0x0b]);
    bytes.resize(0x38, 0xcc);
    bytes.extend(1.5_f64.to_le_bytes());
    (bytes, path)
}

fn counterexample() -> (&'static Spec, Counterexample) {
    let spec = Spec::embedded();
    let machine = spec.machine("x86_64").expect("the machine");
    let reg = |name: &str| machine.reg(name).expect("a register");
    let (bytes, path) = forgetful();
    let mut registers: Vec<RegisterValue> = (0..machine.registers.len())
        .map(|i| RegisterValue { reg: Reg(i as u8), value: 0x1111_1111_1111_1111 })
        .collect();
    let mut set = |name: &str, value: u64| registers[reg(name).0 as usize].value = u128::from(value);
    set("rsp", CFA - 8);
    set("rdi", 0x2400_0000_0000);
    set("mxcsr", 0x1f80);
    set("df", 0);
    let havoc = |step, name: &str, value| Havoc {
        step,
        value: HavocValue::Register(RegisterValue { reg: reg(name), value }),
    };
    let counterexample = Counterexample {
        name: "forgetful".to_owned(),
        property: Property::P3,
        headline: "rbx is not restored".to_owned(),
        at: path[11],
        bytes,
        claim: Claim {
            machine: "x86_64".to_owned(),
            frame: "sysv.native".to_owned(),
            shape: Shape::default(),
            entry: Entry::Call,
            body: CodeOffset(0),
            epilogs: Vec::new(),
            data: CodeOffset(0x38),
            jump_tables: Vec::new(),
            patchpoints: Vec::new(),
            helpers: Vec::new(),
            landings: Vec::new(),
            unwind: Vec::new(),
        },
        cfa: CFA,
        code_base: CODE_BASE,
        return_address: RETURN_ADDRESS,
        registers,
        memory: vec![
            MemoryValue { address: CFA - 8, bytes: RETURN_ADDRESS.to_le_bytes().to_vec() },
            MemoryValue {
                address: 0x2400_0000_0010,
                bytes: 0x4444_4444_4444_4444_u64.to_le_bytes().to_vec(),
            },
        ],
        havocs: vec![havoc(6, "rax", 5), havoc(6, "xmm3", 7 << 64 | 9), havoc(6, "cf", 1)],
        path,
        disputed: Some(Disputed {
            place: DisputedPlace::Register { reg: reg("rbx"), mask: u128::from(u64::MAX) },
            expected: 0x1111_1111_1111_1111,
            actual: 0x4444_4444_4444_4444,
        }),
        unique: false,
        trace: Vec::new(),
        assumptions: Default::default(),
        spec_items: Vec::new(),
    };
    (spec, counterexample)
}

fn dispute(place: DisputedPlace, expected: u128, actual: u128) -> Option<Disputed> {
    Some(Disputed { place, expected, actual })
}

#[test]
fn a_lost_register_shows_on_the_processor() {
    let (spec, counterexample) = counterexample();
    let report = replay(&counterexample, spec).expect("it runs");
    assert!(report.confirms(), "{report}");
    let text = "interpreter: rbx = 0x4444444444444444, expected 0x1111111111111111\n\
                processor:   rbx = 0x4444444444444444, expected 0x1111111111111111 (11 instructions)\n";
    assert_eq!(report.to_string(), text);
}

#[test]
fn memory_the_return_and_values_from_outside_show_too() {
    let (spec, mut counterexample) = counterexample();
    let machine = spec.machine("x86_64").expect("the machine");
    let of =
        |name: &str| DisputedPlace::Register { reg: machine.reg(name).expect("a register"), mask: u128::MAX };
    let disputes = [
        dispute(DisputedPlace::Memory { offset: CfaOffset(-24), bytes: 8 }, 0, 0x1111_1111_1111_1111),
        dispute(DisputedPlace::Pc, 0, u128::from(RETURN_ADDRESS)),
        dispute(of("rax"), 0, 5),
        dispute(of("xmm3"), 0, 7 << 64 | 9),
        dispute(of("xmm0"), 0, u128::from(1.5_f64.to_bits())),
        dispute(of("rsp"), 0, u128::from(CFA)),
    ];
    for disputed in disputes {
        counterexample.disputed = disputed;
        let report = replay(&counterexample, spec).expect("it runs");
        assert!(report.confirms(), "{report}");
    }
}

#[test]
fn memory_that_no_process_has_is_supplied() {
    let (spec, mut counterexample) = counterexample();
    let machine = spec.machine("x86_64").expect("the machine");
    let rdi = machine.reg("rdi").expect("a register");
    counterexample.registers[rdi.0 as usize].value = 0xffff_8000_0000_0000;
    counterexample.memory[1].address = 0xffff_8000_0000_0010;
    let report = replay(&counterexample, spec).expect("it runs");
    assert!(report.confirms(), "{report}");
    assert!(matches!(report.processor, Processor::Ran(shown) if shown.replaced_steps == 1), "{report}");
}

#[test]
fn a_wrong_prediction_is_not_confirmed() {
    let (spec, mut counterexample) = counterexample();
    if let Some(disputed) = &mut counterexample.disputed {
        disputed.actual = 0x5555;
    }
    let report = replay(&counterexample, spec).expect("it runs");
    assert!(
        !report.confirms() && report.to_string().contains("not what the counterexample predicts"),
        "{report}"
    );
}

#[test]
fn a_path_that_these_inputs_do_not_take_is_an_error() {
    let (spec, mut counterexample) = counterexample();
    counterexample.havocs.clear();
    counterexample.havocs.push(Havoc {
        step: 6,
        value: HavocValue::Register(RegisterValue {
            reg: spec.machine("x86_64").expect("the machine").reg("rax").expect("a register"),
            value: 0,
        }),
    });
    let error = replay(&counterexample, spec).expect_err("it strays");
    assert!(matches!(error, ReplayError::Strays { step: 7, .. }), "{error}");
}

#[test]
fn an_exception_is_what_the_processor_raises() {
    let (spec, mut counterexample) = counterexample();
    // movaps xmm0, [rdi + 8]
    counterexample.bytes = vec![0x0f, 0x28, 0x47, 8];
    counterexample.path = vec![CodeOffset(0)];
    let address = 0x2400_0000_0008;
    counterexample.disputed = dispute(DisputedPlace::Access { bytes: 16 }, address - 8, address);
    let report = replay(&counterexample, spec).expect("it runs");
    assert!(matches!(report.processor, Processor::Stopped { expected: true, .. }), "{report}");
    assert!(report.confirms(), "{report}");
}
