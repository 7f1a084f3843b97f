#!/bin/bash
# Copies the project, with switches in the verifier and the test that turns them. usage: copy.sh ROOT WORK
set -e
SRC=$1; WORK=$2; OUT=$WORK/tree
mkdir -p $OUT
(cd $SRC; git ls-files -co --exclude-standard | grep -v ^fuzz/ | tar cf - -T -) | tar xf - -C $OUT
python3 $SRC/proofs/tests/mutation/switches.py $WORK/list.json $SRC $OUT $WORK/excluded.json $WORK/skipped.json
N=$(python3 -c "import json;print(len(json.load(open('$WORK/list.json')))+1)")
cat > $OUT/verifier/src/mutants.rs <<R
//! Switches.
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering::Relaxed};
/// On.
pub static ACTIVE: AtomicU32 = AtomicU32::new(u32::MAX);
/// Seen.
pub static REACHED: [AtomicU8; $N] = [const { AtomicU8::new(0) }; $N];
#[inline(always)]
pub(crate) fn switch(id: u32) -> bool {
    if REACHED[id as usize].load(Relaxed) == 0 {
        reach(id);
    }
    let active = ACTIVE.load(Relaxed);
    active == id || (active == u32::MAX && first(id))
}
/// Notes that a mutant is reached, for others in the file that the variable REACHED names.
#[cold]
fn reach(id: u32) {
    use std::io::Write;
    REACHED[id as usize].store(1, Relaxed);
    if let Some(name) = std::env::var_os("REACHED") {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(name);
        let _ = file.and_then(|mut file| file.write_all(format!("{id}\n").as_bytes()));
    }
}
#[cold]
fn first(id: u32) -> bool {
    let active = std::env::var("MUTANT").ok().and_then(|m| m.parse().ok()).unwrap_or(0);
    ACTIVE.store(active, Relaxed);
    active == id
}
R
sed -i 's/^pub mod answers;/pub mod mutants;\npub(crate) use mutants::switch as __mutant;\npub mod answers;/; s/^#!\[forbid(unsafe_code)\]/#![forbid(unsafe_code)]\n#![allow(warnings)]/' $OUT/verifier/src/lib.rs
mkdir -p $OUT/proofs/tests/judged
cp $SRC/proofs/tests/mutation/judged.rs $OUT/proofs/tests/judged/main.rs
cp $SRC/proofs/tests/mutation/{cases,programs}.rs $OUT/proofs/tests/judged/
# Tests of the package above, as modules.
for TEST in foreign check flips unwind_flips objects/main; do
    sed -i 's|env!("CARGO_MANIFEST_DIR")|concat!(env!("CARGO_MANIFEST_DIR"), "/..")|; /^#\[test\]$/d; s/^fn /pub(crate) fn /; s/^const /pub(crate) const /; s/^struct /pub(crate) struct /' \
        $OUT/tests/$TEST.rs
done
# Tests inside of the judge of other people's code, as functions.
sed -i 's/^mod foreign;/pub mod foreign;/' $OUT/verifier/src/lib.rs
sed -i '/^#\[cfg(test)\]$/d; s/^mod tests;/pub mod tests;/' $OUT/verifier/src/foreign/mod.rs
T=$OUT/verifier/src/foreign/tests.rs
TESTS=$(grep -A1 '^#\[test\]$' $T | sed -n 's/^fn \([a-z_]*\).*/("\1", \1 as fn()),/p')
sed -i '/^#\[test\]$/d' $T
echo "pub fn all() -> Vec<(&'static str, fn())> { vec![$TESTS] }" >> $T
# What is made once and lent.
sed -i "s/Verifier::new(Spec::embedded())/crate::cases::lent()/" $OUT/proofs/tests/known_bugs/claims.rs
sed -i "s/Checker::new(Spec::embedded(), None)/crate::cases::checker()/" $OUT/proofs/tests/known_bugs/foreign.rs
M=$OUT/proofs/tests/known_bugs/main.rs
sed -i 's/^mod \(claims\|contract\|foreign\|objects\|table\|unwind\);/use crate::\1;/; s/^fn read()/pub(crate) fn read()/; s/^fn check(/pub(crate) fn check(/; s/^fn main()/pub(crate) fn main()/' $M
cat >> $OUT/verifier/tests/all_sizes.rs <<'R'
pub fn cases(cases: &mut Vec<(String, crate::Run)>) {
    let same = |expected: &str, found: String| if expected == found { Ok(()) } else { Err(found) };
    for (frame, transition, expected) in PROVEN {
        let run = move || same(expected, figures(frame, transition));
        cases.push((format!("sizes/{frame}"), Box::new(run)));
    }
    for (n, planted) in PLANTED.into_iter().enumerate() {
        let spec = planted.spec();
        let run = move || same(planted.shown, planted.found(&spec));
        cases.push((format!("sizes/planted{n}"), Box::new(run)));
    }
    cases.push(("sizes/small".to_owned(), Box::new(|| { figures_of_a_small_frame_are_exact(); Ok(()) })));
    cases.push(("sizes/questions".to_owned(), Box::new(|| { questions_about_all_shapes_are_given_as_text(); Ok(()) })));
    cases.push(("sizes/member".to_owned(), Box::new(|| { code_of_another_shape_is_no_member(); Ok(()) })));
}
R
sed -i '/^#\[test\]$/d' $OUT/verifier/tests/all_sizes.rs
cat >> $OUT/proofs/tests/probes.rs <<'R'
pub fn cases(cases: &mut Vec<(String, crate::Run)>) {
    for (n, fault) in FAULTS.iter().enumerate() {
        cases.push((format!("fault/{}/{n}", fault.0), Box::new(move || judged(fault).map_or(Ok(()), Err))));
    }
    cases.push(("fault/pages".to_owned(), Box::new(|| { conditions_do_not_grow_with_the_pages(); Ok(()) })));
}
R
sed -i '/^#\[test\]$/d' $OUT/proofs/tests/probes.rs
cat >> $OUT/proofs/Cargo.toml <<'R'

[[test]]
name = "judged"
path = "tests/judged/main.rs"
harness = false
R
sed -i 's/^libtest-mimic.workspace = true/libtest-mimic.workspace = true\nlibc.workspace = true/' $OUT/proofs/Cargo.toml
