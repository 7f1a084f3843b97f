//! Every rewrite rule, at every width, from the table the optimizer uses.

mod meaning;
mod prove;

use framewright_compiler::opt::rule::{Rule, expand, rules};
use prove::{Answer, prove};
use std::collections::BTreeMap;

/// Proves rules on all processors; what became of each, in order.
fn prove_all(rules: &[Rule]) -> Vec<Answer> {
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get());
    let mut answers = BTreeMap::new();
    std::thread::scope(|scope| {
        let work = |worker: usize| {
            let mine = rules.iter().enumerate().skip(worker).step_by(workers);
            mine.map(|(n, rule)| (n, prove(rule))).collect::<Vec<_>>()
        };
        let handles: Vec<_> = (0..workers).map(|worker| scope.spawn(move || work(worker))).collect();
        handles.into_iter().for_each(|handle| answers.extend(handle.join().expect("no panic")));
    });
    answers.into_values().collect()
}

#[test]
fn every_rule_is_proven() {
    let answers = prove_all(rules());
    let failures = rules().iter().zip(answers).filter(|(_, answer)| !matches!(answer, Answer::Proven));
    let failures: Vec<String> = failures.map(|(rule, answer)| format!("{}: {answer:?}", rule.name)).collect();
    assert!(failures.is_empty(), "{} of {} rules:\n{}", failures.len(), rules().len(), failures.join("\n"));
}

#[test]
fn dropping_a_guard_refutes() {
    let guarded = rules().iter().filter(|rule| rule.when.is_some());
    let rules: Vec<Rule> = guarded.map(|rule| Rule { when: None, ..rule.clone() }).collect();
    let answers = prove_all(&rules);
    let survivors = rules.iter().zip(answers).filter(|(_, answer)| !matches!(answer, Answer::Refuted(_)));
    let survivors: Vec<String> =
        survivors.map(|(rule, answer)| format!("{}: {answer:?}", rule.name)).collect();
    assert!(survivors.is_empty(), "{}", survivors.join("\n"));
}

/// Rules somebody might write, each with what is wrong.
#[rustfmt::skip]
const WRONG: &[(&str, &str, &str, &str)] = &[
    ("sides-swapped",           "({i}.sub ?C ?x)",                      "({i}.sub ?x ?C)",                          ""),
    ("comparison-not-swapped",  "({i}.lt_s ?C ?x)",                     "({i}.lt_s ?x ?C)",                         ""),
    ("signed-for-unsigned",     "({i}.lt_u ?x ?C)",                     "({i}.lt_s ?x ?C)",                         ""),
    ("shift-off-by-one",        "({i}.mul ?x ?C)",                      "({i}.shl ?x ({i}.add ({i}.ctz ?C) 1))",    "({i}.eq ({i}.popcnt ?C) 1)"),
    ("mask-off-by-one",         "({i}.rem_u ?x ?C)",                    "({i}.and ?x ?C)",                          "({i}.eq ({i}.popcnt ?C) 1)"),
    ("division-rounds-down",    "({i}.div_s ?x ?C)",                    "({i}.shr_s ?x ({i}.ctz ?C))",              "(i32.and ({i}.eq ({i}.popcnt ?C) 1) ({i}.gt_s ?C 1))"),
    ("shifts-add-up",           "({i}.shl ({i}.shl ?x ?C) ?D)",         "({i}.shl ?x ({i}.add ?C ?D))",             ""),
    ("shift-there-and-back",    "({i}.shr_u ({i}.shl ?x ?C) ?C)",       "?x",                                       ""),
    ("add-before-compare",      "({i}.lt_s ({i}.add ?x ?C) ?D)",        "({i}.lt_s ?x ({i}.sub ?D ?C))",            ""),
    ("strict-at-the-edge",      "({i}.le_u ?x ?C)",                     "({i}.lt_u ?x ({i}.add ?C 1))",             ""),
    ("divide-and-multiply",     "({i}.mul ({i}.div_u ?x ?C) ?C)",       "?x",                                       ""),
    ("extend-wrong-sign",       "(i64.extend_i32_u ?x)",                "(i64.extend_i32_s ?x)",                    ""),
    ("wrap-forgets",            "(i64.extend_i32_u (i32.wrap_i64 ?x))", "?x",                                       ""),
    ("select-arms",             "(select (i32.eqz ?c) ?x ?y)",          "(select ?c ?x ?y)",                        ""),
    ("nan-is-not-less",         "(i32.eqz ({f}.lt ?x ?y))",             "({f}.ge ?x ?y)",                           ""),
    ("nan-equals-itself",       "({f}.eq ?x ?x)",                       "1",                                        ""),
    ("zero-has-a-sign",         "({f}.add ?x 0)",                       "?x",                                       ""),
    ("negated-nan",             "({f}.sub ?x ?C)",                      "({f}.add ?x ({f}.neg ?C))",                ""),
    ("abs-keeps-sign",          "({f}.abs ?x)",                         "?x",                                       ""),
    ("conversion-of-negative",  "({f}.convert_{i}_u ?x)",               "({f}.convert_{i}_s ?x)",                   ""),
];

#[test]
fn wrong_rules_are_refuted() {
    for &(name, left, right, when) in WRONG {
        for rule in expand(name, left, right, when, 0).expect("well formed") {
            match prove(&rule) {
                Answer::Refuted(values) => println!("{}: {values}", rule.name),
                answer => panic!("{}: {answer:?}", rule.name),
            }
        }
    }
}

/// What [`meaning`] puts in place of the bit counts of guards.
#[test]
fn one_bit_lemma_holds() {
    for width in [32, 64] {
        let x = z3::ast::BV::new_const("x", width);
        let solver = z3::Solver::new();
        let one = meaning::count("popcnt", &x).eq(z3::ast::BV::from_u64(1, width));
        solver.assert(one.eq(meaning::one_bit(&x)).not());
        assert_eq!(solver.check(), z3::SatResult::Unsat);
    }
}
