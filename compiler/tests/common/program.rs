//! Random programs that end: nested loops with values on the operand stack across them, several results,
//! tables of branches, calls. Unlike wasm-smith's they mostly run for long and seldom trap.

use super::Random;
use framewright_compiler::ir::{LoadOp, NumOp, StoreOp, Type};

/// A module of `functions` functions exported as `f0`, `f1`, …; each calls only later ones. Every loop takes
/// from a common amount of fuel and returns when it is gone.
pub(crate) fn program(seed: u64, functions: usize, statements: u32) -> String {
    let mut random = Random::new(seed);
    let types = [Type::I32, Type::I64, Type::F32, Type::F64];
    let signatures: Vec<Signature> = (0..functions)
        .map(|_| Signature { params: random.types(&types, 4), results: random.types(&types, 3) })
        .collect();
    let mut text = String::from("(module (memory 1 3) (global $fuel (mut i32) (i32.const 60))\n");
    text += "  (global $g (mut i64) (i64.const 7)) (table 8 funcref) (elem (i32.const 1)";
    (0..functions.min(7)).for_each(|n| text += &format!(" $f{n}"));
    text += ")\n";
    for (n, signature) in signatures.iter().enumerate() {
        text += &format!("  (type $t{n} (func {signature}))\n");
    }
    for (n, signature) in signatures.iter().enumerate() {
        let mut locals = signature.params.clone();
        let extra = random.types(&types, 5);
        locals.extend(&extra);
        let mut writer = Writer {
            random: &mut random,
            signatures: &signatures,
            this: n,
            text: String::new(),
            locals,
            stack: vec![],
            labels: vec![Label { types: signature.results.clone(), base: 0 }],
            left: statements,
        };
        writer.body();
        let body = writer.text;
        text += &format!("  (func $f{n} (export \"f{n}\") {signature} (local{})\n{body}  )\n", list(&extra));
    }
    text + ")\n"
}

/// Parameters and results of a function of [`program`].
pub(crate) struct Signature {
    params: Vec<Type>,
    results: Vec<Type>,
}

impl std::fmt::Display for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "(param{}) (result{})", list(&self.params), list(&self.results))
    }
}

fn list(types: &[Type]) -> String {
    types.iter().map(|ty| format!(" {ty}")).collect()
}

impl Random {
    fn types(&mut self, of: &[Type], limit: u64) -> Vec<Type> {
        (0..self.below(limit + 1)).map(|_| *self.pick(of)).collect()
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }
}

struct Label {
    types: Vec<Type>,
    base: usize,
}

struct Writer<'a> {
    random: &'a mut Random,
    signatures: &'a [Signature],
    this: usize,
    text: String,
    locals: Vec<Type>,
    stack: Vec<Type>,
    labels: Vec<Label>,
    left: u32,
}

const TYPES: &[Type] = &[Type::I32, Type::I64, Type::F32, Type::F64];

impl Writer<'_> {
    fn line(&mut self, line: impl std::fmt::Display) {
        let indent = 2 * self.labels.len() + 2;
        self.text += &format!("{:indent$}{line}\n", "");
    }

    fn body(&mut self) {
        let results = self.labels[0].types.clone();
        self.line("block");
        self.labels.push(Label { types: vec![], base: 0 });
        self.statements(&[]);
        self.labels.pop();
        self.line("end");
        (0..self.locals.len()).for_each(|local| self.tell(local));
        results.iter().for_each(|&ty| self.expression(ty, 2));
    }

    /// Statements up to the end of a construct with these results.
    fn statements(&mut self, results: &[Type]) {
        let base = self.labels.last().map_or(0, |label| label.base);
        while self.left > 0 && self.random.below(7) != 0 {
            self.left -= 1;
            if !self.statement() {
                self.stack.truncate(base);
                return;
            }
        }
        while self.stack.len() > base {
            self.consume();
        }
        results.iter().for_each(|&ty| self.expression(ty, 2));
        self.stack.truncate(base);
    }

    /// One statement; false if control does not come past it.
    fn statement(&mut self) -> bool {
        let ty = *self.random.pick(TYPES);
        match self.random.below(24) {
            0..=3 => self.expression(ty, 3),
            4..=6 => self.consume(),
            7..=9 => self.set_local(),
            10..=12 if self.labels.len() < 6 => self.construct("loop"),
            13 if self.labels.len() < 6 => self.construct("block"),
            14..=15 if self.labels.len() < 6 => {
                self.expression(Type::I32, 2);
                self.stack.pop();
                self.construct("if");
            }
            16..=17 => self.branch_if(),
            18 => return self.leave(),
            19..=20 => self.call(),
            21 => {
                self.expression(Type::I32, 1);
                self.line("i32.const 0xffff");
                self.line("i32.and");
                let op = *self.random.pick(StoreOp::ALL);
                self.expression(op.ty(), 2);
                let offset = self.random.below(40);
                self.line(format!("{} offset={offset}", op.name()));
                self.stack.truncate(self.stack.len() - 2);
            }
            22 => {
                self.expression(Type::I64, 2);
                self.line("global.set $g");
                self.stack.pop();
            }
            _ => self.set_local(),
        }
        true
    }

    fn set_local(&mut self) {
        if self.locals.is_empty() {
            return;
        }
        let local = self.random.below(self.locals.len() as u64) as usize;
        self.expression(self.locals[local], 3);
        self.line(format!("local.set {local}"));
        self.stack.pop();
    }

    /// Does something with the topmost operand of the construct, if there is one.
    fn consume(&mut self) {
        let base = self.labels.last().map_or(0, |label| label.base);
        if self.stack.len() <= base {
            return;
        }
        let ty = self.stack[self.stack.len() - 1];
        let fitting: Vec<usize> = (0..self.locals.len()).filter(|&n| self.locals[n] == ty).collect();
        if fitting.is_empty() || self.random.below(4) == 0 {
            self.line("drop");
        } else {
            let local = *self.random.pick(&fitting);
            self.line(format!("local.set {local}"));
        }
        self.stack.pop();
    }

    fn construct(&mut self, kind: &str) {
        let open = self.stack.len() - self.labels.last().map_or(0, |label| label.base);
        let params =
            self.stack.split_off(self.stack.len() - self.random.below(open as u64 + 1).min(2) as usize);
        let results = self.random.types(TYPES, 2);
        let signature = Signature { params, results };
        self.line(format!("{kind} {signature}"));
        let types = if kind == "loop" { &signature.params } else { &signature.results }.clone();
        let base = self.stack.len();
        self.labels.push(Label { types, base });
        self.stack.extend(&signature.params);
        if kind == "loop" {
            self.burn();
        }
        self.statements(&signature.results);
        if kind == "if" && (signature.params != signature.results || self.random.below(2) == 0) {
            self.labels.last_mut().expect("inside").base = base;
            self.line("else");
            self.stack.extend(&signature.params);
            self.statements(&signature.results);
        }
        self.labels.pop();
        self.line("end");
        self.stack.extend(&signature.results);
    }

    /// Takes fuel; without any, returns, and sometimes tells what some local holds.
    fn burn(&mut self) {
        self.line("(global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))");
        let zeros: String = self.labels[0].types.iter().map(|ty| format!(" ({ty}.const 0)")).collect();
        self.line("(if (i32.le_s (global.get $fuel) (i32.const 0)) (then");
        if !self.locals.is_empty() && self.random.below(2) == 0 {
            let local = self.random.below(self.locals.len() as u64) as usize;
            self.tell(local);
        }
        self.line(format!("{zeros} return))"));
    }

    /// Mixes what a local holds into a global.
    fn tell(&mut self, local: usize) {
        let convert = match self.locals[local] {
            Type::I32 => "i64.extend_i32_u",
            Type::I64 => "i64.clz",
            Type::F32 => "i64.trunc_sat_f32_s",
            Type::F64 => "i64.trunc_sat_f64_s",
        };
        let mixed = "i64.xor (i64.rotl (global.get $g) (i64.const 7))";
        self.line(format!("(global.set $g ({mixed} ({convert} (local.get {local}))))"));
    }

    fn branch_if(&mut self) {
        let depth = self.operands_of_some_label();
        self.expression(Type::I32, 2);
        self.line(format!("br_if {depth}"));
        self.stack.pop();
    }

    fn operands_of_some_label(&mut self) -> usize {
        let depth = self.random.below(self.labels.len() as u64) as usize;
        let types = self.labels[self.labels.len() - 1 - depth].types.clone();
        types.into_iter().for_each(|ty| self.expression(ty, 1));
        depth
    }

    fn leave(&mut self) -> bool {
        if self.random.below(3) > 0 {
            return true;
        }
        let depth = self.operands_of_some_label();
        let types = &self.labels[self.labels.len() - 1 - depth].types;
        let alike: Vec<usize> = (0..self.labels.len())
            .filter(|&depth| &self.labels[self.labels.len() - 1 - depth].types == types)
            .collect();
        let dead = if self.random.below(2) == 0 { "i64.const 5 drop loop br 0 end" } else { "" };
        if self.random.below(2) == 0 {
            self.line(format!("br {depth} {dead}"));
        } else {
            self.expression(Type::I32, 2);
            self.line("i32.const 7");
            self.line("i32.and");
            let targets: String = (0..8).map(|_| format!(" {}", self.random.pick(&alike))).collect();
            self.line(format!("br_table{targets} {dead}"));
        }
        false
    }

    fn call(&mut self) {
        let later = self.signatures.len() - self.this - 1;
        if later == 0 {
            return;
        }
        let callee = self.this + 1 + self.random.below(later as u64) as usize;
        let signature = &self.signatures[callee];
        signature.params.iter().for_each(|&ty| self.expression(ty, 2));
        if callee < 7 && self.random.below(2) == 0 {
            self.line(format!("i32.const {}", callee + 1));
            self.line(format!("call_indirect (type $t{callee})"));
        } else {
            self.line(format!("call $f{callee}"));
        }
        self.stack.truncate(self.stack.len() - signature.params.len());
        self.stack.extend(&signature.results);
    }

    /// Pushes a value of a type.
    fn expression(&mut self, ty: Type, depth: u32) {
        let fitting: Vec<usize> = (0..self.locals.len()).filter(|&n| self.locals[n] == ty).collect();
        match self.random.below(if depth == 0 { 3 } else { 9 }) {
            0..=1 if !fitting.is_empty() => {
                let local = *self.random.pick(&fitting);
                self.line(format!("local.get {local}"));
            }
            0..=2 => {
                let bits = self.random.bits();
                self.constant(ty, bits);
            }
            3 => {
                let loads: Vec<LoadOp> = LoadOp::ALL.iter().copied().filter(|op| op.ty() == ty).collect();
                let op = *self.random.pick(&loads);
                self.expression(Type::I32, depth - 1);
                self.stack.pop();
                self.line("i32.const 0xff");
                self.line("i32.and");
                self.line(op.name());
            }
            4 if ty == Type::I64 => self.line("global.get $g"),
            4 if ty == Type::I32 => self.line("memory.size"),
            5 => {
                self.expression(ty, depth - 1);
                self.expression(ty, depth - 1);
                self.expression(Type::I32, depth - 1);
                self.line("select");
                self.stack.truncate(self.stack.len() - 3);
            }
            _ => {
                let ops: Vec<NumOp> =
                    NumOp::ALL.iter().copied().filter(|op| op.result() == ty && !op.traps()).collect();
                let op = *self.random.pick(&ops);
                op.args().iter().for_each(|&ty| self.expression(ty, depth - 1));
                self.line(op.name());
                self.stack.truncate(self.stack.len() - op.args().len());
            }
        }
        self.stack.push(ty);
    }

    fn constant(&mut self, ty: Type, bits: u64) {
        match ty {
            Type::I32 => self.line(format!("i32.const {}", bits as i32)),
            Type::I64 => self.line(format!("i64.const {}", bits as i64)),
            Type::F32 => {
                self.line(format!("i32.const {}", bits as i32));
                self.line("f32.reinterpret_i32");
            }
            Type::F64 => {
                self.line(format!("i64.const {}", bits as i64));
                self.line("f64.reinterpret_i64");
            }
        }
    }
}
