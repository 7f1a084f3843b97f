"""The results by file; those that no test noticed and no reason explains, by name.

usage: report.py WORK

Reasons stand in `reasons/`, a file for each of the verifier's (`_` for `/`): a line `KIND: why`, then the mutants, indented, by
name without file and place; ` @2` means the second of that name in the file, a `*` at the end any rest. KIND says what kind of reason it is:

same       no answer can differ
stricter   can only refuse, or give up, where an answer was given
cost       order or amount of work
words      what a message says
guarded    what an earlier check keeps away
elsewhere  a test outside this run notices it

Ends with 1 if a reason speaks of no mutant that is left, or is of no known kind.
"""
import collections, json, os, re, sys

KINDS = {"same", "stricter", "cost", "words", "guarded", "elsewhere"}
HERE = os.path.dirname(os.path.abspath(__file__))
WORK = sys.argv[1]
mutants = json.load(open(os.path.join(WORK, "list.json")))


def names():
    """For each mutant its file, its name without places, and which of that name it is."""
    seen = collections.Counter()
    for mutant in mutants:
        file, name = mutant["file"], re.sub(r"^[^ ]+?:\d+:\d+: ", "", mutant["name"])
        seen[file, name] += 1
        yield file, name, seen[file, name]


def reasons():
    """(file, pattern, ordinal or None, kind, where it stands) of each line; complaints about the rest."""
    found, wrong = [], []
    texts = [f for f in os.listdir(os.path.join(HERE, "reasons")) if f.endswith(".txt")]
    for entry in sorted(texts):
        kind = None
        for number, line in enumerate(open(os.path.join(HERE, "reasons", entry)), 1):
            where = f"{entry}:{number}"
            if not line.strip() or line.startswith("#"):
                continue
            if line[0] != " ":
                kind = line.split(":")[0]
                if kind not in KINDS:
                    wrong.append(f"{where}: no such kind of reason: {kind}")
                continue
            name, ordinal = re.fullmatch(r"(.*?)(?: @(\d+))?", line.strip()).groups()
            found.append((entry.removesuffix(".txt"), name, ordinal and int(ordinal), kind, where))
    return found, wrong


def fits(name, ordinal, reason):
    pattern = reason[1]
    alike = name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
    return alike and reason[2] in (None, ordinal)


results = dict(line.split()[:2] for line in open(os.path.join(WORK, "results.txt")))
found, wrong = reasons()
files, left, used = {}, [], set()
for number, (file, name, ordinal) in enumerate(names(), 1):
    word = results.get(str(number))
    if word is None:
        continue
    if word in ("survived", "unreached"):
        short = file.removeprefix("verifier/src/").removesuffix(".rs").replace("/", "_")
        reason = next((r for r in found if r[0] == short and fits(name, ordinal, r)), None)
        if reason:
            used.update(r[4] for r in found if r[0] == short and fits(name, ordinal, r))
            word = reason[3]
        else:
            left.append(f"{word} {mutants[number - 1]['name']}" + (f" @{ordinal}" if ordinal > 1 else ""))
            word = "left"
    files.setdefault(file, collections.Counter())[word] += 1
wrong += [f"{r[4]}: no mutant that is left: {r[1]}" for r in found if r[4] not in used]

columns = ["killed", "no end", *sorted(KINDS), "left"]
print("| file | " + " | ".join(columns) + " |\n|---" + "|--:" * len(columns) + "|")
total = collections.Counter()
for file, counts in sorted(files.items()):
    counts["killed"] += counts.pop("crashed", 0)
    counts["no end"] += counts.pop("timeout", 0)
    total.update(counts)
    print(f"| `{file}` | " + " | ".join(str(counts[c]) for c in columns) + " |")
print("| all | " + " | ".join(str(total[c]) for c in columns) + " |")
with open(os.path.join(WORK, "left.md"), "w") as out:
    out.write("\n".join(sorted(left)) + "\n")
print("\n".join(wrong), file=sys.stderr)
sys.exit(bool(wrong))
