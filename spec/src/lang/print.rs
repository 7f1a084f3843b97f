//! Tree to text, in the one layout that all files have: two spaces a level, 110 columns, comments where they
//! were, at most one blank line in a row. Printing what was printed changes nothing.
//!
//! Blocks are laid out here line by line; what breaks inside a line is left to the crate `pretty`.

use super::ast::*;
use super::print_lowering;
use super::print_parts::{Doc, Parts};
use pretty::Arena;

const COLUMNS: usize = 110;

/// The text of a tree.
pub fn print(file: &File) -> String {
    let mut printer = Printer { out: String::new(), indent: 0 };
    printer.lines(file, Printer::item);
    printer.out
}

struct Printer {
    out: String,
    indent: usize,
}

impl Printer {
    /// A new line at the current indentation.
    fn start(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.extend(std::iter::repeat_n(' ', self.indent));
    }

    fn blank(&mut self, wanted: bool) {
        if wanted && !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn comment(&mut self, text: &str) {
        self.out.push_str("//");
        if !text.is_empty() {
            self.out.push(' ');
            self.out.push_str(text);
        }
    }

    fn comments(&mut self, comments: &[Comment]) {
        for comment in comments {
            self.blank(comment.blank_before);
            self.start();
            self.comment(&comment.text);
        }
    }

    /// The lines of a block; at the file's level the text ends with a line break.
    fn lines<T>(&mut self, block: &Block<T>, node: impl Fn(&mut Self, &T)) {
        for line in &block.lines {
            self.comments(&line.above);
            self.blank(line.blank_before);
            self.start();
            node(self, &line.node);
            if let Some(beside) = &line.beside {
                self.out.push_str("  ");
                self.comment(beside);
            }
        }
        self.comments(&block.below);
        if self.indent == 0 && !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn block<T>(&mut self, block: &Block<T>, node: impl Fn(&mut Self, &T)) {
        if block.lines.is_empty() && block.below.is_empty() {
            self.out.push_str("{}");
            return;
        }
        self.out.push('{');
        self.indent += 2;
        self.lines(block, node);
        self.indent -= 2;
        self.start();
        self.out.push('}');
    }

    /// What is within one line, broken where it is too long.
    fn flow(&mut self, doc: impl for<'a> FnOnce(&'a Parts<'a>) -> Doc<'a>) {
        let arena = Arena::new();
        let parts = Parts { arena: &arena };
        let width = COLUMNS.saturating_sub(self.indent).max(40);
        let text = doc(&parts).into_doc().pretty(width).to_string();
        for (i, line) in text.split('\n').enumerate() {
            if i > 0 {
                self.start();
            }
            self.out.push_str(line);
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::On(name) => self.flow(|p| p.words(&["on", &name.text])),
            Item::Record { kind, name, fields } => {
                let kind = match kind {
                    RecordKind::Machine => "machine",
                    RecordKind::Abi => "abi",
                    RecordKind::Helper => "helper",
                    RecordKind::Transition => "transition",
                    RecordKind::Platform => "platform",
                    RecordKind::Contract => "contract",
                };
                self.flow(|p| p.words(&[kind, &name.text, ""]));
                self.block(fields, |printer, field| printer.flow(|p| p.field(field)));
            }
            Item::Registers(block) => {
                self.out.push_str("registers ");
                self.block(block, |printer, line| printer.flow(|p| p.register_line(line)));
            }
            Item::Operand { name, kind } => self.flow(|p| p.operand_kind(name, kind)),
            Item::Instruction { name, operands, body } => {
                self.flow(|p| p.words(&["instruction", &name.text, ""]));
                if !operands.is_empty() {
                    self.flow(|p| p.params(operands));
                    self.out.push(' ');
                }
                self.block(body, Printer::effect);
            }
            Item::DefineEffects { name, params, body } => {
                self.flow(|p| p.definition(name, params));
                self.out.push(' ');
                self.block(body, Printer::effect);
            }
            Item::DefineTerm { name, params, value } => {
                self.flow(|p| p.assignment(p.definition(name, params), "=", p.term(value)));
            }
            Item::Compile(block) => {
                self.out.push_str("compile ");
                self.block(block, |printer, field| printer.flow(|p| p.field(field)));
            }
            Item::Lower(lower) => {
                let heading = print_lowering::heading(lower);
                self.out.push_str(&heading);
                if let Some(step) =
                    print_lowering::only_step(lower).filter(|s| heading.len() + s.len() <= COLUMNS)
                {
                    return self.out.push_str(&step);
                }
                self.block(&lower.body, |printer, step| printer.out.push_str(&print_lowering::step(step)));
            }
            Item::Frame { name, extends, body } => {
                self.flow(|p| p.words(&["frame", &name.text, ""]));
                if let Some(extends) = extends {
                    self.flow(|p| p.words(&["extends", &extends.text, ""]));
                }
                self.block(body, Printer::frame_part);
            }
        }
    }

    fn effect(&mut self, effect: &Effect) {
        match effect {
            Effect::When(condition, body) => {
                self.flow(|p| p.keyword("when", p.term(condition)));
                self.out.push(' ');
                self.block(body, Printer::effect);
            }
            other => self.flow(|p| p.effect(other)),
        }
    }

    fn frame_part(&mut self, part: &FramePart) {
        match part {
            FramePart::Prolog(steps) => {
                self.out.push_str("prolog ");
                self.block(steps, Printer::step);
            }
            FramePart::Epilog(steps) => {
                self.out.push_str("epilog ");
                self.block(steps, Printer::step);
            }
            FramePart::Allocate(_, steps) => {
                self.flow(|p| p.frame_part(part));
                self.block(steps, Printer::step);
            }
            other => self.flow(|p| p.frame_part(other)),
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Asm(mnemonic, operands) => self.flow(|p| p.asm(mnemonic, operands)),
            Step::Label(name) => {
                self.out.push_str(&name.text);
                self.out.push(':');
            }
            Step::Repeat(times, steps) => {
                self.flow(|p| p.keyword("repeat", p.sum(times)));
                self.out.push(' ');
                self.block(steps, Printer::step);
            }
            Step::For(names, set, order, steps, rest) => {
                self.flow(|p| p.for_heading(names, set, *order));
                self.block(steps, Printer::step);
                if let Some(rest) = rest {
                    self.out.push_str(" else ");
                    self.block(rest, Printer::step);
                }
            }
            Step::If(condition, then, otherwise) => {
                self.flow(|p| p.keyword("if", p.sum(condition)));
                self.out.push(' ');
                self.block(then, Printer::step);
                if let Some(otherwise) = otherwise {
                    self.out.push_str(" else ");
                    self.block(otherwise, Printer::step);
                }
            }
        }
    }
}
