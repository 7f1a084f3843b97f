//! Dominators and loops against their definitions, on random graphs.

mod common;

use common::Random;
use framewright_compiler::ir::{
    Block, BlockData, Dominators, Function, LoopForest, Target, Terminator, Value, verify,
};
use smallvec::smallvec;

/// A function of bare blocks: each ends with a table of its successors.
fn graph(successors: &[Vec<u32>]) -> Function {
    let blocks = successors.iter().map(|to| {
        let targets = to.iter().map(|&block| Target { block: Block(block), args: smallvec![] }).collect();
        let end = if to.is_empty() { Terminator::Trap(0) } else { Terminator::Table(Value(0), targets) };
        BlockData { end: Some(end), ..BlockData::default() }
    });
    let mut function = Function { blocks: blocks.collect(), order: vec![Block(0)], ..Function::default() };
    function.reorder();
    function
}

/// What can be reached from the entry without passing a block.
fn reached(successors: &[Vec<u32>], without: Option<usize>) -> Vec<bool> {
    let mut seen = vec![false; successors.len()];
    let mut work = vec![0];
    while let Some(block) = work.pop() {
        if Some(block) != without && !std::mem::replace(&mut seen[block], true) {
            work.extend(successors[block].iter().map(|&to| to as usize));
        }
    }
    seen
}

#[test]
fn dominators_and_loops_are_what_they_are_defined_to_be() {
    let mut random = Random::new(3);
    let mut loops_seen = 0;
    for _ in 0..400 {
        let count = 2 + random.below(14);
        let successors: Vec<Vec<u32>> = (0..count)
            .map(|_| (0..random.below(4)).map(|_| 1 + random.below(count - 1) as u32).collect())
            .collect();
        let function = graph(&successors);
        let dominators = Dominators::new(&function);
        let count = count as usize;
        let all = reached(&successors, None);
        let dominates: Vec<Vec<bool>> = (0..count)
            .map(|a| {
                let without = reached(&successors, Some(a));
                (0..count).map(|b| all[a] && all[b] && !without[b]).collect()
            })
            .collect();
        for (a, row) in dominates.iter().enumerate() {
            for (b, &expected) in row.iter().enumerate() {
                let (x, y) = (Block(a as u32), Block(b as u32));
                assert_eq!(dominators.dominates(x, y), expected, "{successors:?}: {a} {b}");
                assert_eq!(dominators.subtree(x).contains(&y), expected);
            }
        }
        for b in (1..count).filter(|&b| all[b]) {
            let strict = |a: &usize| *a != b && dominates[*a][b];
            let closest =
                (0..count).filter(strict).find(|&a| (0..count).filter(strict).all(|c| dominates[c][a]));
            assert_eq!(
                dominators.idom(Block(b as u32)),
                closest.map(|a| Block(a as u32)),
                "{successors:?}: {b}"
            );
        }
        loops_seen += check_loops(&successors, &function, &dominators, &dominates);
    }
    assert!(loops_seen > 100, "only {loops_seen} loops");
}

fn check_loops(
    successors: &[Vec<u32>],
    function: &Function,
    dominators: &Dominators,
    dominates: &[Vec<bool>],
) -> usize {
    let forest = LoopForest::new(function, dominators);
    let mut headers = vec![];
    for header in 0..successors.len() {
        let edge = |from: &usize| successors[*from].contains(&(header as u32));
        let latches: Vec<usize> =
            (0..successors.len()).filter(|from| edge(from) && dominates[header][*from]).collect();
        if latches.is_empty() {
            continue;
        }
        headers.push(header);
        let mut members = vec![false; successors.len()];
        members[header] = true;
        let mut work = latches;
        while let Some(block) = work.pop() {
            if !std::mem::replace(&mut members[block], true) {
                let from = |&from: &usize| successors[from].contains(&(block as u32)) && dominates[0][from];
                work.extend((0..successors.len()).filter(from));
            }
        }
        let found = forest.loops().find(|(_, data)| data.header == Block(header as u32));
        let (index, data) = found.unwrap_or_else(|| panic!("{successors:?}: no loop at {header}"));
        for (block, &expected) in members.iter().enumerate() {
            let block = Block(block as u32);
            assert_eq!(forest.contains(index, block), expected, "{successors:?}: {header} {block}");
            assert_eq!(forest.members(index).contains(&block), expected);
        }
        if let Some(parent) = data.parent {
            assert!(parent < index && forest.contains(parent, data.header));
            assert_eq!(forest.get(parent).depth + 1, data.depth);
        }
    }
    for block in (0..successors.len()).filter(|&b| dominates[0][b]) {
        let depth = forest.loops().filter(|&(index, _)| forest.contains(index, Block(block as u32))).count();
        assert_eq!(forest.depth(Block(block as u32)) as usize, depth, "{successors:?}: {block}");
    }
    assert_eq!(forest.loops().count(), headers.len());
    headers.len()
}

#[test]
fn the_verifier_refuses_what_is_wrong() {
    let refused = [
        (
            "a use before its definition",
            "block0(v0: i32):\n v1 = i32.add v2, v0\n v2 = i32.eqz v0\n return v2",
        ),
        (
            "a use past a branch",
            "block0(v0: i32):\n br_if v0, block1, block2\n block1:\n v1 = i32.eqz v0\n jump block2\n block2:\n return v1",
        ),
        ("a type", "block0(v0: i32):\n v1 = i64.add v0, v0\n return v0"),
        ("a result type", "block0(v0: i32):\n v1: i64 = i32.eqz v0\n return v0"),
        ("too few arguments", "block0(v0: i32):\n v1 = i32.add v0\n return v0"),
        ("a target's arguments", "block0(v0: i32):\n jump block1\n block1(v1: i32):\n return v1"),
        ("a target's types", "block0(v0: i32):\n jump block1(v0)\n block1(v1: i64):\n return v0"),
        ("a jump to the entry", "block0(v0: i32):\n jump block0(v0)"),
        ("results", "block0(v0: i32):\n return"),
        ("parameters", "block0(v0: i64):\n trap"),
        ("a block that is not there", "block0(v0: i32):\n jump block7"),
        ("a block out of reach", "block0(v0: i32):\n return v0\n block1:\n trap"),
        ("order", "block0(v0: i32):\n jump block1\n block2:\n return v0\n block1:\n jump block2"),
        (
            "state in the middle",
            "block0(v0: i32):\n jump block1\n block1:\n v1 = i32.state local 0\n jump block2\n block2:\n return v1",
        ),
        ("an undefined value", "block0(v0: i32):\n return v9"),
        (
            "an address of another type",
            "block0(v0: i32):\n v1 = f32.const 0x1\n v2 = i32.load v1\n return v0",
        ),
    ];
    for (what, body) in refused {
        let text = format!("func \"f\"(i32) -> (i32) {{\n {body}\n}}");
        let function =
            framewright_compiler::ir::parse(&text).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(verify(&function).is_err(), "{what} is not noticed:\n{function}");
    }
    let fine = "func \"f\"(i32) -> (i32) {\n block0(v0: i32):\n jump block1\n block1:\n return v0\n}";
    assert_eq!(verify(&framewright_compiler::ir::parse(fine).expect("it reads")), Ok(()));
}

#[test]
fn text_that_is_no_function_is_refused() {
    for text in [
        "",
        "func",
        "func \"f",
        "func \"f\"() -> () {",
        "func \"f\"() -> () { block0: bogus }",
        "func \"f\"() -> () { block0: v1 = call 3 return }",
        "func \"f\"() -> () { block0: return } x",
        "func \"f\"(i33) -> () { block0: return }",
        "func \"f\"() -> () { block99999999: return }",
        "func \"f\"() -> () { block0(v0: i32, v0: i32): return }",
        "func \"f\"() -> () { block0: return block0: return }",
        "func \"f\"() -> () { block0: v0 = i32.const 4294967296 return }",
        "func \"\\u{110000}\"() -> () {}",
    ] {
        assert!(framewright_compiler::ir::parse(text).is_err(), "{text}");
    }
}
