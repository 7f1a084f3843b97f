//! Proofs that were found before are found again by their content, and by nothing less.

use framewright_spec::claim::Entry;
use framewright_spec::{Claim, CodeOffset, RegSet, Shape, Source, Spec};
use framewright_verifier::answers::Answers;
use framewright_verifier::{Certificate, Verdict, Verifier};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Table(Arc<Mutex<HashMap<String, Certificate>>>);

impl Answers for Table {
    fn get(&mut self, key: &str) -> Option<Certificate> {
        self.0.lock().expect("no panics").get(key).cloned()
    }

    fn put(&mut self, key: &str, certificate: &Certificate) {
        self.0.lock().expect("no panics").insert(key.to_owned(), certificate.clone());
    }
}

/// Push FP, set FP │ restore FP, return.
const CODE: [u8; 6] = [0x55, 0x48, 0x89, 0xe5, 0x5d, 0xc3];

fn claim(locals: u32) -> Claim {
    let shape = Shape {
        sets: [("saved".to_owned(), RegSet::EMPTY)].into(),
        sizes: [("locals".to_owned(), locals), ("outgoing".to_owned(), 0)].into(),
        source: None,
    };
    Claim {
        machine: Spec::embedded().abis["sysv"].machine.clone(),
        frame: "sysv.native".to_owned(),
        shape,
        entry: Entry::Call,
        body: CodeOffset(4),
        epilogs: vec![CodeOffset(4)],
        data: CodeOffset(6),
        jump_tables: vec![],
        patchpoints: vec![],
        landings: vec![],
        unwind: vec![],
        helpers: vec![],
    }
}

/// What comes of the code, and whether it was remembered.
fn judge(table: &Table, spec: &Spec, tool: &[u8], bytes: &[u8], claim: Claim) -> (String, bool) {
    let mut verifier = Verifier::new(spec);
    verifier.remember(table.clone(), tool);
    match verifier.verify("code", bytes.to_vec(), claim, None) {
        Verdict::Proven(proven) => {
            let remembered = proven.certificate().assumptions.contains_key("remembered-answer");
            assert_eq!(proven.bytes(), bytes);
            ("proven".to_owned(), remembered)
        }
        Verdict::Refuted(found) => (format!("{:?}", found.property), false),
        other => (format!("{other:?}"), false),
    }
}

#[test]
fn a_proof_is_remembered() {
    let (table, spec) = (Table::default(), Spec::embedded());
    assert_eq!(judge(&table, spec, b"1", &CODE, claim(0)), ("proven".to_owned(), false));
    assert_eq!(judge(&table, spec, b"1", &CODE, claim(0)), ("proven".to_owned(), true));
}

#[test]
fn another_question_has_another_key() {
    let (table, spec) = (Table::default(), Spec::embedded());
    judge(&table, spec, b"1", &CODE, claim(0));
    let mut pops_another = CODE;
    pops_another[4] = 0x5b;
    assert_eq!(judge(&table, spec, b"1", &pops_another, claim(0)), ("P3".to_owned(), false));
    assert_eq!(judge(&table, spec, b"1", &CODE, claim(16)), ("P14".to_owned(), false));
    assert_eq!(judge(&table, spec, b"2", &CODE, claim(0)), ("proven".to_owned(), false));
    // The same name, another statement.
    let text = include_str!("../../spec/frames/native.fw").replace("descending) of 8", "ascending) of 8");
    let other = Spec::load(&[Source::new("mine.fw", text)]).expect("the specification is good");
    assert_eq!(judge(&table, &other, b"1", &CODE, claim(0)), ("proven".to_owned(), false));
}

#[test]
fn what_is_refuted_is_not_remembered() {
    let (table, spec) = (Table::default(), Spec::embedded());
    assert_eq!(judge(&table, spec, b"1", &CODE, claim(16)).0, "P14");
    assert!(table.0.lock().expect("no panics").is_empty());
}
