"""Writes which mutants are run in which order: what decides verdicts first; what only words them is left out.

usage: order.py WORK
"""
import json, re, sys

WORK = sys.argv[1]
l=json.load(open(WORK + '/list.json')); ex=set(json.load(open(WORK + '/excluded.json')))
sk={i for i,_ in json.load(open(WORK + '/skipped.json'))}
groups=[ # soundness first
 r'src/(boundary|eval|exec|entry|obligations|contract|touch|ring|moving|live|fixpoint|state|memory|cfg|vc|paths)\.rs',
 r'src/unwind/', r'src/foreign/(walk|control|state|value|memory|unwind|transfer|code|tables|resume|callees|arrival|mod|paths)\.rs',
 r'src/(solver|term|verifier|decoded|effects)\.rs', r'src/target/(rows|mod|template)', r'src/target/x86_64/(mod|effects|template)',
 r'src/foreign/(feasible|refute|run|trial)', r'src/classes/', r'src/']
# Words for people, and tools of tests: what they say decides no verdict.
skip=re.compile(r'src/(story|narrate|render|probe/|target/x86_64/(probe|stage)|replay/|answers|smt|counterexample)|fmt::Display|fmt::Debug|::fmt |headline|impl Debug|impl Display')
out=[];left=[]
for i,m in enumerate(l):
    i+=1
    if i in ex or i in sk: continue
    if skip.search(m['file']) or skip.search(m['name']): left.append(i); continue
    g=[n for n,r in enumerate(groups) if re.search(r,m['file'])][0]
    out.append((g,i))
out.sort()
open(WORK + '/order.txt', 'w').write(''.join(f'{i}\n' if 'classes/' in l[i - 1]['file'] else f'{i} -\n' for _, i in out))
print(len(out),len(left)); 
