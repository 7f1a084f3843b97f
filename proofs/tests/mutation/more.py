#!/usr/bin/env python3
"""Runs other tests of the project for the mutants that the cases left: any test binary of the copy, with one switch turned.

usage: more.py WORK [FILES [TESTS]]       two regular expressions; without them all files, all tests of the list below

A test is run once to see which mutants it reaches (`REACHED` names a file for that), then once for each of those that is still
left (`MUTANT` is the switch). One that fails, or takes four times as long, has noticed. What was tried is kept in WORK/more.txt;
results.txt is changed in place.
"""
import json, os, re, subprocess, sys, time

WORK = os.path.abspath(sys.argv[1])
FILES = re.compile(sys.argv[2] if len(sys.argv) > 2 else "")
ONLY = re.compile(sys.argv[3] if len(sys.argv) > 3 else "")

# Package, test, arguments; the quick ones first.
TESTS = [
    ("verifier", "lib", []),
    ("verifier", "rows", []),
    ("verifier", "decoder", []),
    ("verifier", "unwind", []),
    ("verifier", "meaning", []),
    ("verifier", "answers", []),
    ("verifier", "cfi_mutants", []),
    ("proofs", "replay", []),
    ("proofs", "made_up", []),
    ("proofs", "rows", []),
    ("proofs", "windows_unwind", []),
    ("proofs", "real_code", []),
    ("proofs", "probes", []),
    ("proofs", "rows_oracle", []),
    ("proofs", "mutants", ["native"]),
    ("proofs", "mutants", ["osr"]),
    ("proofs", "cfi_bytes", []),
]

def path(name):
    return os.path.join(WORK, name)

def binaries(package):
    """The test binaries of a package, by name. One package at a time: so features of what it needs stay those of other runs."""
    tests = sorted({test for of, test, _ in TESTS if of == package})
    command = ["cargo", "test", "--no-run", "--message-format=json", "-p", f"framewright-{package}"]
    command += [a for t in tests for a in (["--lib"] if t == "lib" else ["--test", t])]
    env = dict(os.environ, CARGO_TARGET_DIR=path("target"))
    made = subprocess.run(command, cwd=path("tree"), env=env, stdout=subprocess.PIPE, check=True)
    found = {}
    for line in made.stdout.splitlines():
        j = json.loads(line)
        if j.get("reason") == "compiler-artifact" and j.get("executable"):
            found["lib" if "lib" in j["target"]["kind"] else j["target"]["name"]] = j["executable"]
    return found

def run(binary, package, args, env, limit):
    """Whether the test passed, and how long it took."""
    begun = time.time()
    try:
        ended = subprocess.run([binary, *args], cwd=os.path.join(path("tree"), package), env=dict(os.environ, **env),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=limit)
        return ended.returncode == 0, time.time() - begun
    except subprocess.TimeoutExpired:
        return False, limit

def module(file):
    """The name that tests inside the verifier's source have in common for a file: that of its folder, or its own."""
    return os.path.relpath(file, "verifier/src").split("/")[0].removesuffix(".rs")

def main():
    mutants = json.load(open(path("list.json")))
    lines = open(path("results.txt")).read().splitlines()
    results = {int(line.split()[0]): line for line in lines}
    tried = set(open(path("more.txt")).read().splitlines()) if os.path.exists(path("more.txt")) else set()
    built = {}
    for package, test, args in TESTS:
        name = "/".join([package, test, *args])
        if not ONLY.search(name):
            continue
        if package not in built:
            built[package] = binaries(package)
        reached = path("reached.txt")
        if os.path.exists(reached):
            os.remove(reached)
        passed, base = run(built[package][test], package, args, {"MUTANT": "0", "REACHED": reached}, 900)
        if not passed:
            print(f"BASELINE FAILS {name}", flush=True)
            continue
        ids = {int(x) for x in open(reached).read().split()} if os.path.exists(reached) else set()
        left = [i for i, line in results.items() if i in ids and line.split()[1] in ("survived", "unreached")]
        left = [i for i in left if FILES.search(mutants[i - 1]["file"]) and f"{i} {name}" not in tried]
        noticed = 0
        for i in left:
            own = [module(mutants[i - 1]["file"])] if test == "lib" else args
            passed, seconds = run(built[package][test], package, own, {"MUTANT": str(i)}, 5 + 4 * base)
            with open(path("more.txt"), "a") as out:
                out.write(f"{i} {name}\n")
            results[i] = f"{i} survived - {seconds:.2f} 1"
            if not passed:
                noticed += 1
                results[i] = f"{i} killed {name} {seconds:.2f} 1"
            with open(path("results.new"), "w") as out:
                out.write("\n".join(results.values()) + "\n")
            os.replace(path("results.new"), path("results.txt"))
        print(f"{name}: {base:.1f} s, {len(left)} left that it reaches, {noticed} noticed", flush=True)

main()
