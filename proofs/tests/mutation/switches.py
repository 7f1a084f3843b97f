#!/usr/bin/env python3
"""Puts every mutant of a list behind a switch of its own, so that one build holds them all.

usage: switches.py LIST ROOT COPY EXCLUDED SKIPPED
"""
import json, os, re, sys
import tree_sitter_rust as tsr
from tree_sitter import Language, Parser

parser = Parser(Language(tsr.language()))
CONST = {"const_item", "static_item", "array_type", "macro_definition", "enum_variant"}

def offsets(data):
    starts = [0]
    for line in data.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts

def place(data, starts, p):
    # Columns count characters from 1.
    line = data[starts[p["line"] - 1]:starts[p["line"]]].decode()
    return starts[p["line"] - 1] + len(line[:p["column"] - 1].encode())

class Edit:
    def __init__(self, kind, start, end):
        self.kind, self.start, self.end = kind, start, end
        self.mutants, self.inner = [], []

def in_const(node):
    while node is not None:
        if node.type in CONST:
            return True
        if node.type == "function_item":
            for c in node.children:
                if c.type == "function_modifiers" and b"const" in c.text.split():
                    return True
        node = node.parent
    return False

def transform(data, mutants, skipped):
    tree = parser.parse(data)
    root = tree.root_node
    starts = offsets(data)
    edits = {}
    def edit(kind, s, e):
        return edits.setdefault((kind, s, e), Edit(kind, s, e))
    for m in mutants:
        s, e = place(data, starts, m["span"]["start"]), place(data, starts, m["span"]["end"])
        genre, new = m["genre"], m["replacement"].encode()
        node = root.descendant_for_byte_range(s, e)
        if in_const(node):
            skipped.append((m, "constant")); continue
        if genre == "FnValue":
            while node.type != "function_item": node = node.parent
            node = node.child_by_field_name("body")
            ed = edit("body", node.start_byte, node.end_byte)
            ed.mutants.append((m["id"], new))
        elif genre == "BinaryOperator":
            while node is not None and node.type not in ("binary_expression", "compound_assignment_expr", "let_chain"): node = node.parent
            if node is None or node.type == "let_chain":
                skipped.append((m, "let chain")); continue
            op = node.child_by_field_name("operator")
            if (op.start_byte, op.end_byte) != (s, e):
                skipped.append((m, "operator")); continue
            ed = edit("assign" if node.type != "binary_expression" else "expr", node.start_byte, node.end_byte)
            l, r = data[node.start_byte:s], data[e:node.end_byte]
            ed.mutants.append((m["id"], l + b" " + new + b" " + r))
        elif genre == "UnaryOperator":
            while node.type != "unary_expression": node = node.parent
            ed = edit("expr", node.start_byte, node.end_byte)
            ed.mutants.append((m["id"], new + data[node.children[0].end_byte:node.end_byte]))
        elif genre == "MatchArm":
            while node.type != "match_arm": node = node.parent
            pat = node.child_by_field_name("pattern")
            ed = edit("guard", pat.start_byte, pat.end_byte)
            ed.pattern = pat
            ed.mutants.append((m["id"], None))
        elif genre == "MatchArmGuard":
            while node.type != "match_arm": node = node.parent
            pat = node.child_by_field_name("pattern")
            ed = edit("guard", pat.start_byte, pat.end_byte)
            ed.pattern = pat
            ed.mutants.append((m["id"], new))
        elif genre == "StructField":
            # The place has the comma, too.
            node = root.descendant_for_byte_range(s, s + 1)
            while node.type not in ("field_initializer", "shorthand_field_initializer"): node = node.parent
            base = [c for c in node.parent.children if c.type == "base_field_initializer"][0].children[-1]
            short = node.type != "field_initializer"
            value = node if short else node.child_by_field_name("value")
            name = node.text if short else node.child_by_field_name("field").text
            ed = edit("short" if short else "expr", value.start_byte, value.end_byte)
            ed.mutants.append((m["id"], b"(" + base.text + b")." + name))
        else:
            skipped.append((m, genre))
    # A tree of edits by inclusion; a body includes an expression of the same range.
    order = sorted(edits.values(), key=lambda x: (x.start, -x.end, {"body": 0, "guard": 1, "assign": 2, "short": 3, "expr": 4}[x.kind]))
    top, stack = [], []
    for ed in order:
        while stack and not (stack[-1].start <= ed.start and ed.end <= stack[-1].end):
            stack.pop()
        (stack[-1].inner if stack else top).append(ed)
        stack.append(ed)
    def render(s, e, inner):
        out, at = [], s
        for ed in inner:
            out.append(data[at:ed.start]); out.append(one(ed)); at = ed.end
        out.append(data[at:e])
        return b"".join(out)
    def on(i): return b"crate::__mutant(%d)" % i
    def one(ed):
        body = render(ed.start, ed.end, ed.inner)
        if ed.kind == "body":
            ifs = b"".join(b" if %s { return %s; }" % (on(i), new) for i, new in ed.mutants)
            return b"{" + ifs + body[1:]
        if ed.kind in ("expr", "short", "assign"):
            text = body + b": " if ed.kind == "short" else b""
            end = b";" if ed.kind == "assign" else b""
            for i, new in ed.mutants:
                text += b"if %s { %s%s } else " % (on(i), new, end)
            text += b"{ %s%s }" % (body, end)
            return b"(" + text + b")" if ed.kind == "expr" else text
        pat = ed.pattern
        cond = pat.child_by_field_name("condition")
        deletes = [i for i, new in ed.mutants if new is None]
        trues = [i for i, new in ed.mutants if new == b"true"]
        falses = [i for i, new in ed.mutants if new == b"false"]
        if cond is None:
            assert not trues and not falses
            return body + b" if " + b" && ".join(b"!" + on(i) for i in deletes)
        inner = [x for x in ed.inner if x.start >= cond.start_byte]
        outer = [x for x in ed.inner if x.start < cond.start_byte]
        head = render(ed.start, cond.start_byte, outer)
        if cond.type in ("let_condition", "let_chain"):
            for i, new in ed.mutants: skipped.append((by_id[i], "let guard"))
            return body
        g = b"(" + render(cond.start_byte, cond.end_byte, inner) + b")"
        for i in trues: g = b"(%s || %s)" % (on(i), g)
        for i in falses + deletes: g += b" && !" + on(i)
        return head + g + data[cond.end_byte:ed.end]
    by_id = {m["id"]: m for m in mutants}
    return render(0, len(data), top)

def main():
    listed, root, out, left_out, not_done = sys.argv[1:6]
    excluded = set(json.load(open(left_out))) if os.path.exists(left_out) else set()
    mutants = json.load(open(listed))
    for i, m in enumerate(mutants): m["id"] = i + 1
    files = {}
    for m in mutants:
        if m["id"] not in excluded: files.setdefault(m["file"], []).append(m)
    skipped = []
    for f, ms in files.items():
        data = open(os.path.join(root, f), "rb").read()
        text = transform(data, ms, skipped)
        open(os.path.join(out, f), "wb").write(text)
    print(len(mutants), "mutants,", len(excluded), "excluded,", len(skipped), "skipped")
    json.dump([[m["id"], why] for m, why in skipped], open(not_done, "w"))

main()
