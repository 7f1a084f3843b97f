//! What is demanded of frames, and what code must be: by what it is for parameters of any kind, those that no shape has
//! among them.

use super::values::{Bench, decoder};
use super::{Digest, mix};
use crate::classes::form::{AtomIs, Fact, Form};
use crate::classes::placed::Holds;
use crate::classes::state::{Cpu, State};
use crate::classes::steps::Node;
use crate::classes::value::{Tag, Value};
use crate::classes::values::Values;
use crate::eval::State as _;
use framewright_spec::Spec;

/// Frames of all kinds by entry, with what their states, conditions and steps are.
const FRAMES: [(&str, Option<&str>, [u64; 3]); 12] = [
    ("sysv.native", None, [0x3605_a8b9_39e5_146d, 0x6b97_6aee_0550_48fe, 0x2cfc_d3d3_4330_db15]),
    ("sysv.probed", None, [0x7977_8b32_692e_db19, 0x5b42_30e1_f4f0_0f46, 0xc86d_80f0_bce6_6c08]),
    ("sysv.realigned_dynamic", None, [0xf071_5902_2000_85db, 0xd95c_4e9b_21d0_a84d, 0xa724_4705_3eef_3706]),
    ("sysv.osr", Some("sysv.ryujit"), [0x15d4_6335_df05_dee2, 0x0317_b461_c556_93de, 0x7fcd_c400_da43_ecb6]),
    (
        "sysv.osr_unwind",
        Some("sysv.ryujit_unwind"),
        [0x8d42_3509_4338_5eb3, 0x781e_ff0f_6a0f_7866, 0xde9e_fc8d_7e3f_bfaa],
    ),
    ("windows_x64.probed", None, [0x040a_2f59_94e2_a6e9, 0xd114_fefa_cca1_2585, 0xfecf_3bc5_ba9a_65a4]),
    ("windows_x64.realigned", None, [0x83e1_eea8_b546_f6f1, 0x7ed2_910a_acbc_79d7, 0x54e9_be96_14f8_1a41]),
    ("aapcs64.native", None, [0x8560_35a7_2ef5_1575, 0xe083_4b58_ec88_cf70, 0x64a6_6bba_5920_1456]),
    (
        "aapcs64.osr_unwind1",
        Some("aapcs64.ryujit_unwind1"),
        [0x4e53_c021_8ce9_5d93, 0x803d_c492_6691_7a56, 0x387a_d9f7_e329_d302],
    ),
    (
        "aapcs64.realigned_dynamic",
        None,
        [0xa8d8_af57_6b23_7085, 0x7c9a_4f2e_2b05_fdfd, 0x0978_6533_602d_1732],
    ),
    (
        "lp64d.osr",
        Some("lp64d.ryujit"),
        [0x20bf_e8bd_955b_5d2c, 0x053c_bb34_feb6_7e3c, 0x9819_470d_7f9e_8863],
    ),
    ("lp64d_loongarch.probed", None, [0x84c2_e7c3_ca94_f3bd, 0x577d_4ead_bc4d_233a, 0x5122_99fa_785a_db01]),
];

/// Parameters of any kind.
fn wild(bench: &Bench<'_>) -> Vec<Values> {
    const SIZES: [i128; 10] = [0, 1, 8, 24, 500, 2040, 4096, 40_000, 0x100_0000, 0x7fff_ff00];
    let value = |place: usize, number: usize| {
        let parameter = &bench.study.parameters[number];
        let seed = mix((place * 1000 + number) as u64) as usize;
        match parameter.reg {
            Some(_) => (seed % 2) as i128,
            None if parameter.free => (seed % 16) as i128,
            None => SIZES[seed % SIZES.len()],
        }
    };
    let parameters = bench.study.parameters.len();
    (0..24).map(|place| Values::new((0..parameters).map(|number| value(place, number)).collect())).collect()
}

fn add_state(bench: &mut Bench<'_>, state: &State, digest: &mut Digest) {
    for (value, register) in state.registers.iter().zip(&bench.study.machine.registers) {
        assert_eq!(value.bits(), register.bits, "{}", register.name);
    }
    for (content, location) in state.memory.iter().zip(&bench.study.locations) {
        assert_eq!(i128::from(content.value.bits()), location.bytes * 8, "{location:?}");
    }
    let values: Vec<_> = state.registers.iter().chain(state.memory.iter().map(|c| &c.value)).collect();
    for place in 0..bench.tries.len() {
        for value in &values {
            digest.add(bench.number(place, value));
        }
        let touched = state.touched.as_ref().map(|form| bench.tries[place].form(&bench.study.space, form));
        digest.add(touched);
    }
}

/// Numbers of all instructions, arms that are taken or not.
fn add_steps(bench: &mut Bench<'_>, nodes: &[Node], digest: &mut Digest) {
    for node in nodes {
        match node {
            Node::Instruction(template, forms) => {
                digest.add((template.decoded.row, &template.decoded.operands));
                for place in 0..bench.tries.len() {
                    let space = &bench.study.space;
                    let values = &mut bench.tries[place];
                    digest.add(forms.iter().map(|form| values.form(space, form)).collect::<Vec<_>>());
                }
            }
            Node::Arms(fact, then, otherwise) => {
                let space = &bench.study.space;
                digest.add(bench.tries.iter_mut().map(|v| v.fact(space, *fact)).collect::<Vec<_>>());
                add_steps(bench, then, digest);
                add_steps(bench, otherwise, digest);
            }
            Node::Loop(round) => add_steps(bench, round, digest),
            Node::Helper(name) => digest.add(name),
        }
    }
}

#[test]
fn as_much_is_demanded_of_frames_as_before() {
    let spec = Spec::embedded();
    let mut wrong = Vec::new();
    for (frame, transition, expected) in FRAMES {
        let decoder = decoder(frame);
        let mut bench = Bench::new(frame, &*decoder);
        let judged = crate::classes::judge(&mut bench.study, spec, transition);
        let (_, steps) = judged.unwrap_or_else(|stop| panic!("{frame}: {stop:?}"));
        let conditions = std::mem::take(&mut bench.study.conditions);
        bench.tries = wild(&bench);
        let mut digests = [(); 3].map(|()| Digest::new());
        let index = bench.study.chain.len() - 1;
        let before = match transition {
            None => bench.study.called(),
            Some(name) => bench.study.transferred(&spec.transitions[name]),
        };
        let states = [before, bench.study.body_state(index, true), bench.study.body_state(index, false)];
        for state in states {
            let state = state.unwrap_or_else(|stop| panic!("{frame}: {stop:?}"));
            add_state(&mut bench, &state, &mut digests[0]);
        }
        for condition in &conditions {
            digests[1].add((condition.property, &condition.what));
            for values in &mut bench.tries {
                let space = &bench.study.space;
                let under = values.fact(space, condition.under);
                digests[1].add(under.then(|| values.fact(space, condition.goal)));
            }
        }
        for nodes in &steps {
            add_steps(&mut bench, nodes, &mut digests[2]);
        }
        let found = digests.map(|digest| digest.0);
        if found != expected {
            wrong.push((frame, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#x?}");
}

/// Whether all that was demanded since holds for the parameters at hand.
fn kept(bench: &mut Bench<'_>) -> Vec<bool> {
    let demanded = std::mem::take(&mut bench.study.conditions);
    let space = &bench.study.space;
    let mut holds = |fact: Fact| bench.tries.iter_mut().all(|values| values.fact(space, fact));
    demanded.iter().map(|condition| holds(condition.goal)).collect()
}

#[test]
fn a_helper_leaves_nothing_below_sp() {
    let decoder = decoder("sysv.native");
    let mut bench = Bench::new("sysv.native", &*decoder);
    let (study, what) = (&mut bench.study, "it".into());
    let (mut state, path) = (study.called().expect("a state"), study.whole());
    let fp = study.locations.iter().position(|l| l.holds == Holds::SavedFp).expect("a place");
    study.demand_alive(&state, fp, path.fact, &what);
    // Right below SP, in the red zone.
    assert_eq!(kept(&mut bench), [true]);
    let helper = &bench.study.spec.helpers["windows_x64.chkstk"];
    bench.study.call_helper(&mut state, helper, &path, &what).expect("a call");
    bench.study.demand_alive(&state, fp, path.fact, &what);
    assert!(kept(&mut bench).contains(&false));
    let changed = |name: &str| {
        let reg = bench.study.machine.reg(name).expect("a register");
        matches!(state.registers[usize::from(reg.0)], Value::Any(_))
    };
    assert_eq!(
        ["r10", "r11", "zf", "rax", "rbx", "mxcsr"].map(changed),
        [true, true, true, false, false, false]
    );
}

#[test]
fn addresses_are_aligned_as_the_cfa_is() {
    let decoder = decoder("sysv.native");
    let mut bench = Bench::new("sysv.native", &*decoder);
    let (mut state, path) = (bench.study.called().expect("a state"), bench.study.whole());
    for (above, align, expected) in
        [(-64, 1, true), (-63, 1, true), (-64, 16, true), (-56, 16, false), (-64, 32, false)]
    {
        let address = Value::number(bench.study.cfa().add(above), 64);
        let mut cpu = Cpu::new(&mut bench.study, &mut state, &path, "it".into());
        cpu.read_memory(&address, 128, align).expect("an address of the frame");
        assert_eq!(kept(&mut bench).iter().all(|&kept| kept), expected, "{above} {align}");
    }
    let mut cpu = Cpu::new(&mut bench.study, &mut state, &path, "it".into());
    assert!(cpu.read_memory(&Value::Any(64), 64, 1).is_err());
}

#[test]
fn rounds_of_a_loop_do_the_same() {
    let decoder = decoder("sysv.probed");
    let mut bench = Bench::new("sysv.probed", &*decoder);
    let study = &mut bench.study;
    let count = study.unsaid(0, "rounds", 100);
    let (state, always) = (study.called().expect("a state"), study.space.truth(true));
    let sum = |by: i128, from: i128| Form::number(from).with(&Form::of(count), by);
    let with = |register: usize, value: Value| {
        let mut state = state.clone();
        state.registers[register] = value;
        state
    };
    let number = |by, from| with(3, Value::number(sum(by, from), 64));
    let mut stored = state.clone();
    stored.memory[1].value = Value::number(Form::number(0), 64);
    let mut risen = state.clone();
    risen.memory[1].highs.push((always, Form::number(64)));
    let mut touched = state.clone();
    touched.touched = Some(sum(-4096, 0));
    let mut returned = state.clone();
    returned.returned = Some(Value::whole(Tag::ReturnAddress, 64));
    let pairs = [
        (&state, &state, true),
        (&number(8, 16), &number(8, 24), true),
        (&number(8, 16), &number(8, 16), false),
        (&number(8, 16), &number(7, 24), false),
        (&number(0, 16), &number(0, 16), true),
        (&with(3, Value::Any(64)), &number(8, 24), true),
        (&state, &with(3, Value::Any(64)), false),
        (&state, &stored, false),
        (&state, &risen, false),
        (&state, &touched, false),
        (&state, &returned, false),
    ];
    for (place, (head, back, same)) in pairs.into_iter().enumerate() {
        assert_eq!(study.demand_kept_up(head, back, &state, count).is_ok(), same, "{place}");
    }
    assert!(study.demand_kept_up(&state, &touched, &touched, count).is_ok());
}

#[test]
fn numbers_of_rounds_are_found_in_forms() {
    let decoder = decoder("sysv.probed");
    let mut bench = Bench::new("sysv.probed", &*decoder);
    let study = &mut bench.study;
    let (count, other) = (study.unsaid(0, "rounds", 100), study.unsaid(0, "others", 100));
    let space = &mut study.space;
    let of = |atom| Form::of(atom);
    let [zero, free] = [count, other].map(|atom| space.zero(of(atom).add(-5)));
    let (enough, not) = (space.at_most(&of(count), &Form::number(7)), space.not(zero));
    let (both, has) = (space.and([free, not]), space.has(count));
    let (floor, mixed) = (AtomIs::Floor(of(count), 8), AtomIs::Choice(free, of(other), of(count).add(1)));
    let nested = of(space.atom(floor));
    let inside = [
        AtomIs::Indicator(zero),
        AtomIs::Indicator(enough),
        AtomIs::Indicator(not),
        AtomIs::Indicator(both),
        AtomIs::Indicator(has),
        AtomIs::Floor(of(count).times(3), 8),
        AtomIs::Floor(nested.plus(&of(other)), 2),
        AtomIs::Choice(free, of(count), of(other)),
        mixed,
        AtomIs::Choice(enough, of(other), Form::number(3)),
    ];
    let outside = [
        AtomIs::Indicator(free),
        AtomIs::Floor(of(other), 8),
        AtomIs::Choice(free, of(other), Form::number(3)),
    ];
    for (atoms, expected) in [(&inside[..], true), (&outside[..], false)] {
        for is in atoms {
            let form = of(study.space.atom(is.clone())).plus(&of(other).times(2));
            assert_eq!(study.is_within(count, &form), expected, "{is:?}");
        }
    }
    // What it is itself a term of is no part of others.
    assert!(!study.is_within(count, &of(count).times(8)));
    let truth = study.space.truth(true);
    let plain = study.space.atom(AtomIs::Indicator(truth));
    assert!(!study.is_within(count, &of(plain)));
}

#[test]
fn the_round_that_leaves_is_found_where_numbers_meet() {
    let decoder = decoder("sysv.probed");
    let mut bench = Bench::new("sysv.probed", &*decoder);
    let study = &mut bench.study;
    let (count, path) = (study.unsaid(0, "rounds", 100), study.whole());
    let size = study.chain[0].sizes.values().next().cloned().expect("a size");
    let nested = study.space.atom(AtomIs::Floor(Form::of(count), 8));
    let meets = Form::of(count).times(-8).plus(&size);
    let out = study.space.zero(meets.clone());
    let (last, whole) = study.last_round(out, count, &path).expect("a number");
    for values in &mut bench.tries {
        let size = values.form(&study.space, &size);
        assert_eq!(values.form(&study.space, &last), size / 8);
        assert_eq!(values.fact(&study.space, whole), size % 8 == 0);
    }
    for form in [size.clone(), meets.plus(&Form::of(nested)), Form::of(nested).plus(&size)] {
        let out = study.space.zero(form);
        assert!(study.last_round(out, count, &path).is_err());
    }
    let never = study.space.at_most(&size, &Form::of(count));
    assert!(study.last_round(never, count, &path).is_err());
    // Before a round is touched what the round before has touched.
    let mut before = study.called().expect("a state");
    before.touched = Some(Form::number(-16));
    let mut after = before.clone();
    after.touched = Some(Form::of(count).times(-4096).add(-4112));
    let touched = study.touched_before(&before, &after, count).expect("a sum").expect("it is told");
    let number = study.parameters.len() - 1;
    for (rounds, expected) in [(0, -16), (1, -4112), (5, -20_496)] {
        let mut parameters = vec![0; number];
        parameters.push(rounds);
        assert_eq!(Values::new(parameters).form(&study.space, &touched), expected);
    }
    after.touched = Some(Form::of(nested));
    assert!(study.touched_before(&before, &after, count).is_err());
    after.touched = None;
    assert!(study.touched_before(&before, &after, count).is_ok_and(|touched| touched.is_none()));
}

#[test]
fn the_frame_is_written_where_it_may_be() {
    let decoder = decoder("sysv.native");
    let mut bench = Bench::new("sysv.native", &*decoder);
    let (state, path) = (bench.study.called().expect("a state"), bench.study.whole());
    let mut epilog = state.clone();
    epilog.prolog = false;
    let value = |bits| Value::Part { of: Tag::Entry(framewright_spec::Reg(0)), low: 0, bits };
    let saves = bench.study.chain[0].regions.iter().find(|r| r.name == "saves").map(|r| r.low.clone());
    let saves = saves.expect("a region");
    let place = |at: i128| Form::number(at);
    for (number, (at, bits, before, right)) in [
        (place(-16), 64, &state, true),
        (place(-16), 32, &state, true),
        (place(-16), 64, &epilog, false),
        (place(-16), 128, &state, false),
        // The return address is the caller's.
        (place(-8), 64, &state, false),
        (place(-12), 64, &state, false),
        (place(-4), 32, &state, false),
        (place(0), 64, &state, false),
        (saves.add(-8), 64, &state, true),
        // There is padding, which an epilog leaves alone.
        (saves.add(-8), 64, &epilog, false),
        (saves.add(-4), 64, &state, false),
        (saves.add(-4), 32, &state, true),
        (saves.add(-12), 64, &state, false),
        (saves.add(-16), 256, &state, false),
    ]
    .into_iter()
    .enumerate()
    {
        let mut state = before.clone();
        let address = Value::number(bench.study.cfa().plus(&at), 64);
        let mut cpu = Cpu::new(&mut bench.study, &mut state, &path, "it".into());
        cpu.write_memory(&address, value(bits), 1).expect("an address of the frame");
        let right_so = kept(&mut bench).iter().all(|&kept| kept);
        assert_eq!(right_so, right, "{number}: {at:?}, {bits}");
        for (content, location) in state.memory.iter().zip(&bench.study.locations) {
            assert_eq!(i128::from(content.value.bits()), location.bytes * 8, "{number}");
        }
        if at == place(-16) && bits <= 64 {
            let mut cpu = Cpu::new(&mut bench.study, &mut state, &path, "it".into());
            assert_eq!(cpu.read_memory(&address, bits, 1).ok(), Some(value(bits)));
            assert_eq!(cpu.read_memory(&address, 16, 1).ok(), Some(value(16)));
            assert_eq!(cpu.read_memory(&address, 128, 1).ok(), Some(Value::Any(128)));
            bench.study.conditions.clear();
        }
    }
}

#[test]
fn places_of_an_extended_frame_are_not_written() {
    let decoder = decoder("sysv.osr");
    let mut bench = Bench::new("sysv.osr", &*decoder);
    let (mut state, path) = (bench.study.body_state(0, true).expect("a state"), bench.study.whole());
    let fp = bench.study.locations.iter().find(|l| l.holds == Holds::SavedFp).map(|l| l.at.clone());
    let address = Value::number(bench.study.cfa().plus(&fp.expect("a place")), 64);
    let mut cpu = Cpu::new(&mut bench.study, &mut state, &path, "it".into());
    cpu.write_memory(&address, Value::Any(64), 1).expect("an address of the frame");
    assert!(kept(&mut bench).contains(&false));
}

#[test]
fn constants_are_numbers_of_their_width() {
    let decoder = decoder("sysv.native");
    let mut bench = Bench::new("sysv.native", &*decoder);
    let (mut state, path) = (bench.study.called().expect("a state"), bench.study.whole());
    let mut cpu = Cpu::new(&mut bench.study, &mut state, &path, "it".into());
    let number = |n: i128, bits| Value::number(Form::number(n), bits);
    for (value, bits, expected) in [
        (5, 64, number(5, 64)),
        (u128::from(u64::MAX), 64, number(-1, 64)),
        (1 << 63, 64, number(i128::from(i64::MIN), 64)),
        (1 << 31, 32, number(1 << 31, 32)),
        (1, 1, number(1, 1)),
        (u128::MAX, 128, number(-1, 128)),
        (1 << 64, 128, Value::Any(128)),
        (1 << 127, 128, Value::Any(128)),
    ] {
        let made = cpu.constant(value, bits);
        assert_eq!(made, expected, "{value:#x}");
        assert_eq!(cpu.known(&made), (made != Value::Any(bits)).then_some(value));
    }
    let (one, two) = (number(1, 64), number(2, 64));
    assert_eq!(cpu.ite(&number(1, 1), one.clone(), one.clone()), one);
    assert_eq!(cpu.ite(&number(1, 1), one, two), Value::Any(64));
}
