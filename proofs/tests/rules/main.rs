//! Every rewrite rule, at every width, from the table the optimizer uses.

mod meaning;
mod prove;

use framewright_compiler::ir::NumOp;
use framewright_compiler::opt::rule::{Rule, expand, rules};
use framewright_compiler::opt::term::Term;
use prove::{Answer, prove};

#[test]
fn every_rule_is_proven() {
    let mut failures = Vec::new();
    let only = std::env::var("RULES").unwrap_or_default();
    for rule in rules().iter().filter(|rule| rule.name.contains(&only)) {
        let start = std::time::Instant::now();
        match prove(rule) {
            Answer::Proven => {}
            answer => failures.push(format!("{}: {answer:?}", rule.name)),
        }
        if start.elapsed().as_millis() > 100 {
            eprintln!("{} {:?}", rule.name, start.elapsed());
        }
    }
    assert!(failures.is_empty(), "{} of {} rules:\n{}", failures.len(), rules().len(), failures.join("\n"));
}

#[test]
fn dropping_a_guard_refutes() {
    let mut failures = Vec::new();
    for rule in rules().iter().filter(|rule| rule.when.is_some()) {
        match prove(&Rule { when: None, ..rule.clone() }) {
            Answer::Refuted(_) => {}
            answer => failures.push(format!("{}: {answer:?}", rule.name)),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
