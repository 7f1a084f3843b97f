"""The results by file, and those that no test noticed, by name.

usage: report.py WORK
"""
import collections, json, os, sys

WORK = sys.argv[1]
mutants = json.load(open(os.path.join(WORK, "list.json")))
files, left = {}, []
for line in open(os.path.join(WORK, "results.txt")):
    number, word = line.split()[:2]
    mutant = mutants[int(number) - 1]
    files.setdefault(mutant["file"], collections.Counter())[word] += 1
    if word in ("survived", "unreached"):
        left.append(f"{word} {mutant['name']}")
print("| file | killed | no end | survived | not reached |\n|---|--:|--:|--:|--:|")
for file, counts in sorted(files.items()):
    killed = counts["killed"] + counts["crashed"]
    print(f"| `{file}` | {killed} | {counts['timeout']} | {counts['survived']} | {counts['unreached']} |")
total = sum(files.values(), collections.Counter())
print(f"| all | {total['killed'] + total['crashed']} | {total['timeout']} | {total['survived']} | {total['unreached']} |")
with open(os.path.join(WORK, "left.md"), "w") as out:
    out.write("\n".join(sorted(left)) + "\n")
