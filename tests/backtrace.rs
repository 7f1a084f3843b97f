//! A host function that WebAssembly calls walks up the stack, and finds who called it: through an OSR method that was entered
//! in the middle of a loop, up to the engine. The unwinder is the process's own, that of panics and exceptions.

use framewright::engine::{Config, Store, Tier};
use framewright_compiler::wasm::Module;
use framewright_compiler::wasm::module::FuncType;
use framewright_spec::Spec;
use std::sync::{Arc, Mutex};

/// `look` is called from tier-0's code, from the OSR method of `turn`, and from what that calls.
const PROGRAM: &str = r#"
(module
  (import "host" "look" (func $look))
  (func $inner (param $i i32) (result i32)
    (if (i32.eq (local.get $i) (i32.const 40)) (then (call $look)))
    (i32.add (local.get $i) (i32.const 1)))
  (func $turn (param $n i32) (result i32)
    (local $i i32)
    (loop $again
      (local.set $i (call $inner (local.get $i)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (call $look)
    (local.get $i))
  (func (export "main") (result i32)
    (call $look)
    (i32.add (call $turn (i32.const 50)) (i32.const 1))))
"#;

type Stacks = Arc<Mutex<Vec<Vec<u64>>>>;

/// The callers at each call of `look`, innermost first: `.` for the engine's own functions, one for all in a row.
fn callers(abi: &str, is_told: bool) -> Vec<Vec<String>> {
    let config =
        Config { tier: Tier::Auto, abi: Some(abi.to_owned()), osr_threshold: 3, ..Config::default() };
    let mut store = Store::new(Arc::new(Spec::embedded().clone()), config);
    if is_told {
        store.watchers().unwinder();
    }
    let stacks = Stacks::default();
    let seen = Arc::clone(&stacks);
    let look = move |_: &[u64]| {
        let mut stack = Vec::new();
        backtrace::trace(|frame| {
            stack.push(frame.ip() as u64);
            true
        });
        seen.lock().expect("no panic").push(stack);
        Ok(Vec::new())
    };
    let nothing = FuncType { params: Vec::new(), results: Vec::new() };
    store.world_mut().define_host("host", "look", &nothing, Box::new(look));
    let module = Arc::new(Module::parse(&wat::parse_str(PROGRAM).expect("text")).expect("a module"));
    let instance = store.instantiate(module).expect("an instance");
    let main = store.exported_function(instance, "main").expect("main");
    assert_eq!(store.invoke(main, &[]).expect("it runs"), [51]);
    let name = |pc: &u64| {
        store.code().locate(pc.wrapping_sub(1)).map_or(".".to_owned(), |(name, _)| name.to_owned())
    };
    let named = |stack: &Vec<u64>| {
        let mut names: Vec<String> = stack.iter().map(name).collect();
        names.dedup();
        names
    };
    stacks.lock().expect("no panic").iter().map(named).collect()
}

fn check(abi: &str) {
    let found = callers(abi, true);
    let expected = [
        [".", "host ()", "main", "entry () -> i32", "."].as_slice(),
        &[".", "host ()", "inner", "turn@loop0", "main", "entry () -> i32", "."],
        &[".", "host ()", "turn@loop0", "main", "entry () -> i32", "."],
    ];
    assert_eq!(found, expected, "{abi}");
    // Who is not told finds the first piece of code and no way on.
    for stack in callers(abi, false) {
        assert!(stack.len() <= 2, "{abi}: {stack:?}");
    }
}

#[test]
fn a_host_function_finds_its_callers() {
    check("sysv");
    // What one store's code was has been taken back.
    check("sysv");
}

#[test]
fn so_it_does_under_the_other_convention() {
    check("windows_x64");
}
