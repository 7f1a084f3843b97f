#!/usr/bin/env python3
"""Builds the copy, leaving out mutants that do not compile, until it does.

usage: build.py ROOT WORK
"""
import json, os, re, subprocess, sys
ROOT, WORK = sys.argv[1:3]
OUT = os.path.join(WORK, "tree")
env = dict(os.environ, CARGO_TARGET_DIR=os.path.join(WORK, "target"))
excl = os.path.join(WORK, "excluded.json")
genres = {i + 1: m["genre"] for i, m in enumerate(json.load(open(os.path.join(WORK, "list.json"))))}
excluded = set(json.load(open(excl))) if os.path.exists(excl) else set()
# No common type for these and what the functions return.
excluded |= {i + 1 for i, m in enumerate(json.load(open(os.path.join(WORK, "list.json")))) if "std::iter" in m["replacement"]}
json.dump(sorted(excluded), open(excl, "w"))

def regions(data):
    """(start, end, id, kind) of each mutant's block; for chains the whole."""
    found = []
    for m in re.finditer(rb"if crate::__mutant\((\d+)\) \{", data):
        depth, at = 1, m.end()
        at = block(data, m.end())
        found.append((m.start(), at, int(m.group(1)), "then"))
        chain_end = at
        while True:
            n = re.match(rb"\s*else\s*(if crate::__mutant\((\d+)\) )?\{", data[chain_end:chain_end + 80])
            if not n: break
            chain_end = block(data, chain_end + n.end())
        found.append((m.start(), chain_end, int(m.group(1)), "all"))
    return found

TOK = re.compile(rb'//[^\n]*|/\*.*?\*/|b?"(?:\\.|[^"\\])*"|r#"(?:.|\n)*?"#|b?\'(?:\\.[^\']*|[^\\\'])\'|[{}]', re.S)
def block(data, at):
    depth = 1
    for m in TOK.finditer(data, at):
        if m.group() == b"{": depth += 1
        elif m.group() == b"}":
            depth -= 1
            if depth == 0: return m.end()
    return len(data)

for round in range(30):
    subprocess.check_call([os.path.join(ROOT, "proofs/tests/mutation/copy.sh"), ROOT, WORK])
    r = subprocess.run(["cargo", "build", "-p", "framewright-verifier", "--lib", "--message-format=json"], cwd=OUT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    cache, new, unknown = {}, set(), []
    errors = 0
    for line in r.stdout.splitlines():
        j = json.loads(line)
        if j.get("reason") != "compiler-message" or j["message"]["level"] != "error": continue
        m = j["message"]
        if not m["spans"]: continue
        errors += 1
        def flat(m):
            yield from m["spans"]
            for c in m["children"]: yield from flat(c)
        if m.get("code") and m["code"]["code"] == "E0004":
            help = m["rendered"].split("help: ensure")[-1]
            ids = {int(x) for x in re.findall(r"__mutant\((\d+)\)", help) if genres[int(x)] == "MatchArm"}
            if not ids:
                s = [s for s in m["spans"] if s["is_primary"]][0]
                data = open(os.path.join(OUT, s["file_name"]), "rb").read()
                at = data.index(b"{", s["byte_end"]) + 1
                ids = {int(x) for x in re.findall(rb"!crate::__mutant\((\d+)\)", data[at:block(data, at)]) if genres[int(x)] == "MatchArm"}
            new |= ids
            continue
        spans = sorted(m["spans"], key=lambda s: not s["is_primary"])
        ids = set()
        for kind in ("then", "all"):
            for s in spans:
                while s.get("expansion"): s = s["expansion"]["span"]
                f = os.path.join(OUT, s["file_name"])
                if "/verifier/src" not in f: continue
                if f not in cache:
                    data = open(f, "rb").read(); cache[f] = (data, regions(data))
                data, regs = cache[f]
                inside = [x for x in regs if x[3] == kind and x[0] <= s["byte_start"] and s["byte_end"] <= x[1]]
                if inside:
                    best = min(x[1] - x[0] for x in inside)
                    ids |= {x[2] for x in inside if x[1] - x[0] == best}
                    if kind == "all":
                        start = [x for x in inside if x[1] - x[0] == best][0]
                        ids |= {x[2] for x in regs if x[3] == "all" and start[0] <= x[0] and x[1] == start[1]}
                    break
            if ids: break
        if not ids:
            for s in spans:
                f = os.path.join(OUT, s["file_name"])
                if not os.path.exists(f): continue
                lines = open(f, "rb").read().split(b"\n")
                for l in lines[s["line_start"] - 1:s["line_end"]]:
                    ids |= {int(x) for x in re.findall(rb"__mutant\((\d+)\)", l)}
        if ids: new |= ids
        else: unknown.append(m["rendered"])
    print(f"round {round}: {errors} errors, {len(new)} mutants excluded, {len(unknown)} not understood, rc {r.returncode}", flush=True)
    for u in unknown[:3]: print(u[:600])
    excluded |= new
    json.dump(sorted(excluded), open(excl, "w"))
    if r.returncode == 0: break
    if not new:
        print(r.stderr.decode()[-2000:]); sys.exit(1)
