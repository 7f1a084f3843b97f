//! OSR entries: started from the state at a loop header, the OSR function ends as the whole function does.

mod common;

use common::{Random, program::program, smith};
use framewright_compiler::interp::{Instance, Standalone, Trap, run, run_osr};
use framewright_compiler::ir::{self, Op};
use framewright_compiler::opt::{Options, optimize};
use framewright_compiler::tier0::{self, Tier0Options};
use framewright_compiler::wasm::Module;
use framewright_spec::claim::StateValue;
use framewright_spec::{RegSet, Spec};

/// Functions from here on observe loop headers.
const OBSERVER: u32 = 1 << 30;

/// Runs one observed function and keeps what it and its instance held at some arrivals at its loops.
struct Observed {
    instance: Standalone,
    arrivals: Vec<Arrival>,
    /// Arrivals to pass before the next is kept.
    skip: u32,
}

struct Arrival {
    loop_id: u32,
    values: Vec<u64>,
    instance: Standalone,
}

impl Instance for Observed {
    fn memory(&mut self) -> &mut [u8] {
        self.instance.memory()
    }

    fn memory_grow(&mut self, pages: u32) -> u32 {
        self.instance.memory_grow(pages)
    }

    fn global_get(&mut self, index: u32) -> u64 {
        self.instance.global_get(index)
    }

    fn global_set(&mut self, index: u32, bits: u64) {
        self.instance.global_set(index, bits);
    }

    fn call(&mut self, function: u32, args: &[u64]) -> Result<Vec<u64>, Trap> {
        let Some(loop_id) = function.checked_sub(OBSERVER) else { return self.instance.call(function, args) };
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.arrivals.len() < 8 {
            self.skip = self.arrivals.len() as u32;
            self.arrivals.push(Arrival { loop_id, values: args.to_vec(), instance: self.instance.clone() });
        }
        Ok(vec![])
    }

    fn call_indirect(&mut self, type_index: u32, element: u32, args: &[u64]) -> Result<Vec<u64>, Trap> {
        self.instance.call_indirect(type_index, element, args)
    }

    fn step(&mut self) -> Result<(), framewright_compiler::TrapCode> {
        self.instance.step()
    }
}

/// Result, globals, and the sum of memory's bytes.
type Ending = (Result<Vec<u64>, Trap>, Vec<u64>, u64);

/// Everything that can be seen of how a call ended.
fn ended(result: Result<Vec<u64>, Trap>, instance: &Standalone) -> Ending {
    (result, instance.globals().to_vec(), instance.bytes().iter().map(|&b| u64::from(b)).sum::<u64>())
}

/// Compares all kept arrivals of one call; how many there were.
fn compare(module: &Module, index: u32, args: &[u64], what: &str) -> usize {
    let Ok(instance) = Standalone::new(module) else { return 0 };
    let observed = ir::build_observed(module, index, OBSERVER).expect("it builds");
    if let Err(message) = ir::verify(&observed) {
        panic!("{what}: {message}\n{observed}");
    }
    let mut run_of = Observed { instance: instance.with_fuel(3000), arrivals: vec![], skip: 0 };
    let result = run(&observed, args, &mut run_of);
    if run_of.instance.is_exhausted() {
        return 0;
    }
    let plain = ir::build(module, index).expect("it builds");
    let mut instance = Standalone::new(module).expect("as before").with_fuel(6000);
    let whole = run(&plain, args, &mut instance);
    let expected = ended(result, &run_of.instance);
    assert_eq!(expected, ended(whole, &instance), "{what}: observing changes nothing\n{plain}\n{observed}");
    let loops = ir::loops(module, index).expect("it builds");
    let kept = run_of.arrivals.len();
    for Arrival { loop_id, values, mut instance } in run_of.arrivals {
        let operands = loops[loop_id as usize].operands.len();
        let locals = (values.len() - operands) as u32;
        let names = (0..locals).map(StateValue::Local).chain((0..operands as u32).map(StateValue::Operand));
        let state: Vec<_> = names.zip(values).collect();
        let osr = ir::build_osr(module, index, loop_id).expect("it builds");
        for inst in &osr.insts {
            if let Op::State(value, ty) = inst.op {
                assert!(state.iter().any(|(known, _)| *known == value), "{what}: {value:?}\n{osr}");
                if let StateValue::Operand(depth) = value {
                    assert_eq!(ty, loops[loop_id as usize].operands[depth as usize], "{what}\n{osr}");
                }
            }
        }
        let mut optimized = osr.clone();
        optimize(&mut optimized, &Options::default());
        if let Err(message) = ir::verify_in(&optimized, module) {
            panic!("{what} loop {loop_id}: {message}\n{osr}\n{optimized}");
        }
        let mut again = instance.clone();
        let result = run_osr(&osr, &state, &mut instance);
        assert_eq!(ended(result, &instance), expected, "{what} loop {loop_id}\n{plain}\n{state:?}\n{osr}");
        let result = run_osr(&optimized, &state, &mut again);
        assert_eq!(ended(result, &again), expected, "{what} loop {loop_id}\n{state:?}\n{osr}\n{optimized}");
    }
    kept
}

fn arguments(module: &Module, index: u32, random: &mut Random) -> Vec<u64> {
    let types = &module.function_type(index).params;
    let narrow = |ty: &ir::Type| matches!(ty, ir::Type::I32 | ir::Type::F32);
    types.iter().map(|ty| random.bits() & if narrow(ty) { 0xffff_ffff } else { u64::MAX }).collect()
}

#[test]
fn random_programs_go_on_from_their_loops() {
    let mut compared = 0;
    for seed in 0..400 {
        let text = program(seed, 3, 25);
        let module = Module::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let mut random = Random::new(seed);
        for index in 0..3 {
            let args = arguments(&module, index, &mut random);
            compared += compare(&module, index, &args, &format!("seed {seed} function {index}"));
        }
    }
    assert!(compared > 1000, "only {compared} arrivals");
}

#[test]
fn random_modules_go_on_from_their_loops() {
    let mut compared = 0;
    for seed in 0..300 {
        let (_, module) = smith(seed, 300);
        let mut random = Random::new(seed);
        for index in 0..module.functions.len() as u32 {
            let args = arguments(&module, index, &mut random);
            compared += compare(&module, index, &args, &format!("seed {seed} function {index}"));
        }
    }
    assert!(compared > 60, "only {compared} arrivals");
}

/// Tier-0's patchpoints and the loops of the OSR functions are the same, with the same state.
#[test]
fn patchpoints_are_the_loops() {
    let spec = Spec::embedded();
    let options = Tier0Options { extra_saves: RegSet::EMPTY, patchpoints: true, call_counter: false };
    let mut seen = 0;
    for seed in 0..60 {
        let text = program(seed, 3, if seed == 4 { 60 } else { 25 });
        let module = Module::parse(text.as_bytes()).expect("it is valid");
        for index in 0..3 {
            let compiled =
                tier0::compile(spec.convention("sysv").expect("declared"), &module, index, &options)
                    .expect("it compiles");
            let mut loops = ir::loops(&module, index).expect("it builds");
            loops.retain(|found| found.reachable);
            let ids: Vec<u32> = compiled.claim.patchpoints.iter().map(|point| point.id).collect();
            assert_eq!(
                ids,
                loops.iter().map(|found| found.loop_id).collect::<Vec<_>>(),
                "seed {seed}\n{text}"
            );
            for (point, found) in compiled.claim.patchpoints.iter().zip(&loops) {
                assert_eq!(point.wasm_offset, found.wasm_offset, "seed {seed}");
                let osr = ir::build_osr(&module, index, found.loop_id).expect("it builds");
                for (value, ty) in osr.insts.iter().filter_map(|inst| match inst.op {
                    Op::State(value, ty) => Some((value, ty)),
                    _ => None,
                }) {
                    let slot = point.state.iter().find(|slot| slot.value == value);
                    let kind = slot.map(|slot| format!("{:?}", slot.kind));
                    assert_eq!(kind, Some(format!("{ty:?}")), "seed {seed}: {value:?}\n{osr}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 500, "only {seen} state values");
}
