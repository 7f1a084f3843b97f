#!/bin/bash
# Every mutant that cargo-mutants lists for the verifier, run against the small tests. usage: run.sh WORK
# Results go to WORK/results.txt, a line a mutant; a run that is ended goes on where it was.
# Needs `cargo install cargo-mutants --locked`.
set -e
ROOT=$(cd "$(dirname "$0")/../../.." && pwd)
mkdir -p "$1"
WORK=$(cd "$1" && pwd)
[ -d "$WORK/venv" ] || { python3 -m venv "$WORK/venv"; "$WORK/venv/bin/pip" install -q tree-sitter tree-sitter-rust; }
export PATH=$WORK/venv/bin:$PATH
cd "$ROOT"
[ -f "$WORK/list.json" ] || cargo mutants -p framewright-verifier --list --json > "$WORK/list.json"
python3 proofs/tests/mutation/build.py "$ROOT" "$WORK"
python3 proofs/tests/mutation/order.py "$WORK"
touch "$WORK/results.txt"
awk 'FNR == NR { done[$1]; next } !($1 in done)' "$WORK/results.txt" "$WORK/order.txt" > "$WORK/left.txt"
cd "$WORK/tree/proofs"
CARGO_TARGET_DIR=$WORK/target HUSH=1 cargo test -p framewright-proofs --test judged -- "$WORK/left.txt" "$WORK/results.txt"
python3 "$ROOT/proofs/tests/mutation/report.py" "$WORK"
