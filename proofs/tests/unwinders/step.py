"""Steps through a program in gdb and compares, before every instruction, what gdb unwinds with what has happened.

Calls and returns are told by the instructions themselves. At a call the return address, SP and the callee-saved
registers are noted; before every later instruction gdb must find them again, for all callers. The last line says how
it ended: `RESULT ENDED instructions deepest frames`, then the functions met; or what differs, and where.

Variables of gdb: $calls and $returns are patterns of instructions, $saved names registers, $stack the stack pointer,
$steps is the most instructions, $log a file for states (or empty): a line of JSON each.
"""

import json
import re

import gdb


def text(name):
    return gdb.convenience_variable(name).string()


CALLS, RETURNS = re.compile(text("calls")), re.compile(text("returns"))
SAVED, SP, STEPS = text("saved").split(), text("stack"), int(gdb.convenience_variable("steps"))
LOG = open(text("log"), "w", encoding="ascii") if text("log") else None
WORD = gdb.selected_frame().architecture().integer_type(64, False)
STACK_BYTES = 4096


def read(frame, name):
    value = frame.read_register(name)
    if value.is_optimized_out:
        return "lost"
    if value.type.sizeof == 8 and value.type.code == gdb.TYPE_CODE_UNION:
        value = value["u"]
    return int(value.cast(WORD)) & (2**64 - 1)


def chain(frame):
    found = []
    while frame is not None and len(found) < 64:
        found.append([frame.pc(), read(frame, SP)] + [read(frame, name) for name in SAVED])
        frame = frame.older()
    return found


def shown(frames):
    return "; ".join(" ".join(v if v == "lost" else hex(v) for v in frame) for frame in frames)


def log(frame, pc, callers):
    sp = read(frame, SP)
    stack = bytes(gdb.selected_inferior().read_memory(sp, min(STACK_BYTES, TOP - sp)))
    names = {"x86-64": ["rbp", "rbp"], "aarch64": ["x29", "x30"]}
    kind = next((n for key, n in names.items() if key in frame.architecture().name()), None)
    if kind:
        fp, link = (read(frame, name) for name in kind)
        state = {"pc": pc, "sp": sp, "fp": fp, "link": link, "stack": stack.hex()}
        LOG.write(json.dumps(state | {"callers": [caller[0] for caller in callers[::-1]]}) + "\n")


def run():
    callers, compared, deepest, names = [], 0, 0, set()
    for step in range(STEPS):
        frame = gdb.newest_frame()
        pc = frame.pc()
        found = chain(frame)[1:]
        if found != callers[::-1]:
            at = f"{pc:#x} ({frame.name()}), instruction {step}"
            return f"WRONG at {at}\n  gdb: {shown(found)}\n  is:  {shown(callers[::-1])}"
        compared, deepest = compared + len(found), max(deepest, len(found))
        names.add(str(frame.name()))
        if LOG:
            log(frame, pc, callers)
        instruction = frame.architecture().disassemble(pc)[0]
        asm = re.split("[#<;]", instruction["asm"])[0].strip()
        if CALLS.match(asm):
            state = [read(frame, SP)] + [read(frame, name) for name in SAVED]
            callers.append([pc + instruction["length"]] + state)
        elif RETURNS.match(asm):
            callers.pop()
        try:
            gdb.execute("stepi", to_string=True)
        except gdb.error as error:
            return f"BROKEN after {pc:#x}: {error}"
        if not gdb.selected_inferior().pid:
            return f"ENDED {step + 1} {deepest} {compared} {'|'.join(sorted(names))}"
    return f"STOPPED {STEPS} {deepest} {compared} {'|'.join(sorted(names))}"


# Nobody called the program: what lies above its first SP is the kernel's.
TOP = read(gdb.newest_frame(), SP)
print("RESULT " + run())
if gdb.selected_inferior().pid:
    gdb.execute("kill", to_string=True)
