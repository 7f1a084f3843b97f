//! Generators of trees and shapes, for all property tests.

#![allow(dead_code, reason = "each test binary uses some of them")]

use framewright_spec::lang::ast::*;
use framewright_spec::{RegSet, Shape, Spec, SpecError};
use quickcheck::{Arbitrary, Gen};

/// A tree of the language; parsing its text gives it back.
#[derive(Clone, Debug)]
pub(crate) struct Tree(pub(crate) File);

impl Arbitrary for Tree {
    fn arbitrary(g: &mut Gen) -> Tree {
        Tree(block(g, 4, item))
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Tree>> {
        let file = self.0.clone();
        let without = (0..file.lines.len()).map(move |i| {
            let mut smaller = file.clone();
            smaller.lines.remove(i);
            normalise(&mut smaller);
            Tree(smaller)
        });
        Box::new(without)
    }
}

fn below(g: &mut Gen, limit: usize) -> usize {
    usize::arbitrary(g) % limit
}

fn some<T>(g: &mut Gen, limit: usize, mut one: impl FnMut(&mut Gen) -> T) -> Vec<T> {
    (0..below(g, limit + 1)).map(|_| one(g)).collect()
}

fn maybe<T>(g: &mut Gen, one: impl FnOnce(&mut Gen) -> T) -> Option<T> {
    bool::arbitrary(g).then(|| one(g))
}

/// The first thing of a block has no blank line before it.
fn normalise<T>(block: &mut Block<T>) {
    match (block.lines.first_mut(), block.below.first_mut()) {
        (Some(line), _) => match line.above.first_mut() {
            Some(comment) => comment.blank_before = false,
            None => line.blank_before = false,
        },
        (None, Some(comment)) => comment.blank_before = false,
        (None, None) => {}
    }
}

fn block<T>(g: &mut Gen, limit: usize, mut node: impl FnMut(&mut Gen) -> T) -> Block<T> {
    let mut block = Block {
        lines: some(g, limit, |g| Line {
            above: some(g, 2, comment),
            blank_before: bool::arbitrary(g),
            beside: maybe(g, |g| comment(g).text).filter(|_| below(g, 4) == 0),
            node: node(g),
            span: Span::default(),
        }),
        below: some(g, 1, comment),
    };
    normalise(&mut block);
    block
}

fn comment(g: &mut Gen) -> Comment {
    let texts = ["", "one", "two words", "  indented", "/ slash", "{ } \" := not code", "é"];
    Comment { text: (*g.choose(&texts).unwrap_or(&"")).to_owned(), blank_before: bool::arbitrary(g) }
}

fn name(g: &mut Gen) -> Name {
    let names = ["a", "rax", "tier0.saved", "x_1", "f64.add", "longer_name_for_wide_lines", "_", "q.1"];
    Name { text: (*g.choose(&names).unwrap_or(&"a")).to_owned(), span: Span::default() }
}

fn number(g: &mut Gen) -> Number {
    let value = *g.choose(&[0, 1, 8, 64, 0xffc0, u128::MAX]).unwrap_or(&0);
    Number { value, hex: bool::arbitrary(g), span: Span::default() }
}

fn text(g: &mut Gen) -> Text {
    let words = ["Intel", "SDM,", "vol.", "\"quoted\"", "back\\slash", "//", "ünïcode", "3.4.1"];
    let words: Vec<&str> = some(g, 30, |g| *g.choose(&words).unwrap_or(&"word"));
    Text { text: words.join(" "), span: Span::default() }
}

fn item(g: &mut Gen) -> Item {
    match below(g, 10) {
        0 => Item::On(name(g)),
        1 => {
            let kinds = [
                RecordKind::Machine,
                RecordKind::Abi,
                RecordKind::Transition,
                RecordKind::Helper,
                RecordKind::Contract,
            ];
            let kind = *g.choose(&kinds).unwrap_or(&RecordKind::Abi);
            Item::Record { kind, name: name(g), fields: block(g, 4, field) }
        }
        2 => Item::Registers(block(g, 4, register_line)),
        3 => Item::Instruction {
            name: name(g),
            operands: some(g, 3, |g| Param { name: name(g), kind: maybe(g, name) }),
            body: block(g, 5, |g| effect(g, 2)),
        },
        4 => Item::DefineEffects {
            name: name(g),
            params: some(g, 3, name),
            body: block(g, 3, |g| effect(g, 1)),
        },
        8 => Item::Compile(block(g, 4, field)),
        7 => Item::Lower(lower(g)),
        5 => Item::DefineTerm { name: name(g), params: some(g, 3, name), value: term(g, 4) },
        6 => Item::Operand { name: name(g), kind: kind(g) },
        _ => Item::Frame { name: name(g), extends: maybe(g, name), body: block(g, 6, frame_part) },
    }
}

fn kind(g: &mut Gen) -> Kind {
    if bool::arbitrary(g) {
        let entries = some(g, 40, |g| KindEntry { name: name(g), spelling: maybe(g, text) });
        return Kind::Register { prefix: maybe(g, text), entries };
    }
    if bool::arbitrary(g) {
        let label =
            |g: &mut Gen| if bool::arbitrary(g) { Label::Name(name(g)) } else { Label::Text(text(g)) };
        return Kind::Names { entries: some(g, 40, label) };
    }
    let word = ["signed", "unsigned", "code", "bitmask", "other"];
    let word = (*g.choose(&word).unwrap_or(&"signed")).to_owned();
    let word = Name { text: word, span: Span::default() };
    Kind::Number { word, bits: number(g), but: some(g, 3, |g| (bool::arbitrary(g), number(g))) }
}

fn lower(g: &mut Gen) -> Lower {
    let param = |g: &mut Gen| LowerParam { name: name(g), class: maybe(g, name) };
    Lower {
        name: name(g),
        params: some(g, 4, param),
        temps: some(g, 2, param),
        condition: maybe(g, |g| lower_term(g, 4)),
        body: block(g, 4, |g| match below(g, 4) {
            0 => LowerStep::Label(name(g)),
            _ => LowerStep::Do(name(g), some(g, 3, |g| lower_term(g, 3))),
        }),
    }
}

fn lower_term(g: &mut Gen, depth: usize) -> LowerTerm {
    if depth == 0 {
        return if bool::arbitrary(g) { LowerTerm::Name(name(g)) } else { LowerTerm::Number(number(g)) };
    }
    let inner = |g: &mut Gen| lower_term(g, depth - 1);
    match below(g, 7) {
        0 => LowerTerm::Apply(name(g), some(g, 3, inner)),
        1 => LowerTerm::Negative(Box::new(inner(g))),
        2 => LowerTerm::Slice(Box::new(inner(g)), number(g), number(g)),
        3 => LowerTerm::In(Box::new(inner(g)), name(g)),
        _ => {
            let operators = ["||", "&&", "==", "!=", "<", "<=", "+", "-", "*"];
            let op = g.choose(&operators).copied().unwrap_or("+");
            LowerTerm::Binary(op, Box::new([inner(g), inner(g)]))
        }
    }
}

fn field(g: &mut Gen) -> Field {
    Field { name: name(g), atoms: some(g, 12, atom), cite: maybe(g, text) }
}

fn atom(g: &mut Gen) -> Atom {
    match below(g, 6) {
        0 => Atom::Bits(name(g), number(g), number(g)),
        1 => Atom::In(name(g), name(g)),
        2 => Atom::Number(number(g)),
        3 => Atom::Text(text(g)),
        _ => Atom::Name(name(g)),
    }
}

fn register_line(g: &mut Gen) -> RegisterLine {
    if below(g, 5) == 0 {
        return RegisterLine::Cite(text(g));
    }
    RegisterLine::Register {
        class: name(g),
        name: name(g),
        bits: number(g),
        dwarf: maybe(g, number),
        parts: some(g, 4, |g| Part {
            name: name(g),
            high: number(g),
            low: number(g),
            zeroes: bool::arbitrary(g),
        }),
    }
}

fn effect(g: &mut Gen, depth: usize) -> Effect {
    match below(g, if depth == 0 { 12 } else { 13 }) {
        0 => Effect::Let(name(g), term(g, 4)),
        1 => Effect::Use(name(g), some(g, 4, |g| term(g, 2))),
        2 => Effect::Jump(term(g, 2)),
        3 => Effect::Branch(term(g, 3), term(g, 3)),
        4 => Effect::Call(term(g, 2)),
        5 => Effect::Return(term(g, 2)),
        6 => Effect::Trap(maybe(g, |g| term(g, 3))),
        7 => Effect::Cite(text(g)),
        8 | 9 => Effect::Set(place(g), term(g, 5)),
        10 => Effect::Asm(text(g)),
        11 => Effect::Bits(text(g)),
        _ => Effect::When(term(g, 3), block(g, 3, |g| effect(g, depth - 1))),
    }
}

fn place(g: &mut Gen) -> Term {
    match below(g, 3) {
        0 => Term::Memory(Box::new(term(g, 3)), width(g)),
        1 => Term::Slice(Box::new(Term::Name(name(g))), number(g), number(g)),
        _ => Term::Name(name(g)),
    }
}

const OPERATORS: [&str; 19] = [
    "==", "!=", "<u", "<=u", "<s", "<=s", "|", "^", "&", "<<", ">>u", ">>s", "+", "-", "*", "/u", "/s", "%u",
    "%s",
];

fn term(g: &mut Gen, depth: usize) -> Term {
    if depth == 0 {
        return if bool::arbitrary(g) { Term::Name(name(g)) } else { Term::Number(number(g)) };
    }
    let inner = |g: &mut Gen| term(g, depth - 1);
    match below(g, 9) {
        0 => Term::Memory(Box::new(inner(g)), width(g)),
        1 => Term::Apply(name(g), some(g, 3, inner)),
        2 => Term::As(Box::new(inner(g)), width(g)),
        3 => Term::Unary(if bool::arbitrary(g) { "~" } else { "-" }, Box::new(inner(g))),
        4 => Term::Slice(Box::new(inner(g)), number(g), number(g)),
        5 => Term::If(Box::new([inner(g), inner(g), inner(g)])),
        _ => {
            let op = g.choose(&OPERATORS).copied().unwrap_or("+");
            Term::Binary(op, Box::new([inner(g), inner(g)]))
        }
    }
}

fn width(g: &mut Gen) -> Width {
    if bool::arbitrary(g) { Width::Bits(number(g)) } else { Width::Of(name(g)) }
}

fn frame_part(g: &mut Gen) -> FramePart {
    match below(g, 16) {
        10 => FramePart::Requires(sum(g, 3)),
        12 => FramePart::Probed,
        13 => FramePart::Realign(number(g)),
        14 => FramePart::Base(name(g)),
        15 => FramePart::Allocate(name(g), block(g, 3, |g| step(g, 2))),
        11 => FramePart::Debt { own: bool::arbitrary(g) },
        0 => FramePart::Why(text(g)),
        1 => FramePart::Abi(name(g)),
        2 => FramePart::Set(name(g), set(g, 3)),
        3 => FramePart::Size(name(g)),
        4 => FramePart::Scratch(set(g, 2)),
        5 => FramePart::Chain { with_return: bool::arbitrary(g) },
        6 => FramePart::Let(name(g), sum(g, 4)),
        7 => FramePart::Prolog(block(g, 3, |g| step(g, 2))),
        8 => FramePart::Epilog(block(g, 3, |g| step(g, 2))),
        _ => {
            let role = match below(g, 3) {
                0 => Role::Saves(set(g, 2), order(g)),
                1 => Role::Inherited(name(g), set(g, 2), order(g)),
                _ => Role::Plain(name(g)),
            };
            FramePart::Region { name: name(g), role, bytes: maybe(g, |g| sum(g, 3)), align: maybe(g, number) }
        }
    }
}

fn order(g: &mut Gen) -> Order {
    if bool::arbitrary(g) { Order::Ascending } else { Order::Descending }
}

fn set(g: &mut Gen, depth: usize) -> SetTerm {
    match below(g, if depth == 0 { 2 } else { 5 }) {
        0 => SetTerm::Members(some(g, 4, name)),
        1 => SetTerm::Name(name(g)),
        2 => {
            let end = if bool::arbitrary(g) { "lowest" } else { "highest" };
            let end = Name { text: end.to_owned(), span: Span::default() };
            SetTerm::Pick(end, Box::new(set(g, depth - 1)), number(g))
        }
        _ => {
            let op = g.choose(&["|", "&", "-"]).copied().unwrap_or("|");
            SetTerm::Binary(op, Box::new([set(g, depth - 1), set(g, depth - 1)]))
        }
    }
}

fn sum(g: &mut Gen, depth: usize) -> Sum {
    let leaf = depth == 0;
    match below(g, if leaf { 4 } else { 11 }) {
        0 => Sum::Number(number(g)),
        1 => Sum::Name(name(g)),
        2 => {
            let kind = if bool::arbitrary(g) { "count" } else { "bytes" };
            Sum::OfSet(Name { text: kind.to_owned(), span: Span::default() }, set(g, 1))
        }
        3 => {
            let kind = if bool::arbitrary(g) { "at" } else { "slot" };
            Sum::Place(Name { text: kind.to_owned(), span: Span::default() }, name(g))
        }
        4 => Sum::AlignUp(Box::new([sum(g, depth - 1), sum(g, depth - 1)])),
        5 => Sum::Signed(Box::new(sum(g, depth - 1)), number(g)),
        6 => Sum::Negate(Box::new(sum(g, depth - 1))),
        7 => Sum::Slice(Box::new(sum(g, depth - 1)), number(g), number(g)),
        8 => Sum::If(Box::new([sum(g, depth - 1), sum(g, depth - 1), sum(g, depth - 1)])),
        _ => {
            let operators = ["+", "-", "*", "&&", "==", "!=", "<", "<=", ">", ">="];
            let op = g.choose(&operators).copied().unwrap_or("+");
            Sum::Binary(op, Box::new([sum(g, depth - 1), sum(g, depth - 1)]))
        }
    }
}

fn step(g: &mut Gen, depth: usize) -> Step {
    let steps = |g: &mut Gen| block(g, 2, |g| step(g, depth - 1));
    match below(g, if depth == 0 { 2 } else { 5 }) {
        1 => Step::Label(name(g)),
        2 => Step::Repeat(sum(g, 2), steps(g)),
        0 => {
            let operands = some(g, 3, |g| {
                if bool::arbitrary(g) { Operand::Plain(sum(g, 2)) } else { Operand::Memory(sum(g, 2)) }
            });
            Step::Asm(name(g), operands)
        }
        3 => {
            let rest = maybe(g, steps);
            let names = if rest.is_some() { vec![name(g), name(g)] } else { vec![name(g)] };
            Step::For(names, set(g, 2), order(g), steps(g), rest)
        }
        _ => Step::If(sum(g, 2), steps(g), maybe(g, steps)),
    }
}

/// A frame of the embedded specification with a shape it has.
#[derive(Clone, Debug)]
pub(crate) struct FrameShape {
    /// The frame's name.
    pub(crate) frame: String,
    /// Its shape.
    pub(crate) shape: Shape,
}

impl Arbitrary for FrameShape {
    fn arbitrary(g: &mut Gen) -> FrameShape {
        let names: Vec<&String> = Spec::embedded().frames.keys().collect();
        let frame = (*g.choose(&names).expect("a frame")).clone();
        let shape = shape_of(g, &frame);
        FrameShape { frame, shape }
    }
}

/// A shape that the frame takes.
fn shape_of(g: &mut Gen, frame: &str) -> Shape {
    loop {
        let shape = any_shape_of(g, frame);
        let layout = Spec::embedded().layout(frame, &shape);
        if !matches!(layout.as_ref().map_err(SpecError::problem), Err(SpecError::Requires { .. })) {
            return shape;
        }
    }
}

fn any_shape_of(g: &mut Gen, frame: &str) -> Shape {
    let spec = Spec::embedded();
    let declared = &spec.frames[frame];
    let source = declared.extends.as_ref().map(|extended| Box::new(shape_of(g, extended)));
    let mut shape = Shape { source, ..Shape::default() };
    for size in &declared.sizes {
        // Requirements may be of single values, like none or the eight argument registers.
        let bytes = match below(g, 5) {
            3 => 0,
            4 => 64,
            0 => u32::arbitrary(g) % 64,
            1 => u32::arbitrary(g) % 8192,
            _ => u32::arbitrary(g) % 100_000_000,
        };
        shape.sizes.insert(size.clone(), bytes);
    }
    for param in &declared.sets {
        let bound = spec.set_bound(frame, &param.name, shape.source.as_deref()).expect("a bound");
        let members: RegSet = bound.iter().filter(|_| bool::arbitrary(g)).collect();
        shape.sets.insert(param.name.clone(), members);
    }
    shape
}

/// A text near the language: words of it in any order, and a few of no language.
#[derive(Clone, Debug)]
pub(crate) struct NearText(pub(crate) String);

impl Arbitrary for NearText {
    fn arbitrary(g: &mut Gen) -> NearText {
        const WORDS: [&str; 49] = [
            "operand",
            "register { rax, _ }",
            "bits \"0 d[3:1]\"",
            "asm \"t d\"",
            "lower",
            "compile",
            "temps",
            "where",
            "i32.add",
            "instruction",
            "define",
            "frame",
            "abi",
            "machine",
            "registers",
            "on x86_64",
            "transition",
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            ":=",
            ":",
            ",",
            ";",
            "rax",
            "eax",
            "mem",
            "if",
            "then",
            "else",
            "when",
            "let",
            "cite",
            "\"text\"",
            "\"",
            "64",
            "0xffffffffffffffffffffffffffffffffff",
            "+",
            "<u",
            "as",
            "width(d)",
            "region",
            "prolog",
            "for r in",
            "// c\n",
            "\n",
        ];
        let words = (0..below(g, 60)).map(|_| *g.choose(&WORDS).unwrap_or(&""));
        NearText(words.collect::<Vec<_>>().join(" "))
    }
}

/// An embedded text with a few of its words deleted, doubled, swapped or replaced.
#[derive(Clone, Debug)]
pub(crate) struct DamagedText(pub(crate) String);

impl Arbitrary for DamagedText {
    fn arbitrary(g: &mut Gen) -> DamagedText {
        let sources = Spec::embedded_sources();
        let text = g.choose(&sources).map_or("", |source| source.text());
        let mut words: Vec<&str> = text.split_inclusive(' ').collect();
        for _ in 0..=below(g, 3) {
            let (i, j) = (below(g, words.len()), below(g, words.len()));
            match below(g, 5) {
                0 => drop(words.remove(i)),
                1 => words.insert(i, words[j]),
                2 => words.swap(i, j),
                3 => words[i] = "0 ",
                _ => words[i] = "340282366920938463463374607431768211455 ",
            }
        }
        DamagedText(words.concat())
    }
}
