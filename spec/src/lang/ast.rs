//! The tree of a `.fw` text: names as written, comments and blank lines kept, nothing resolved.
//!
//! Equality of trees ignores places: two texts are equal if they say the same with the same comments.

pub use super::ast_lowering::{Lower, LowerParam, LowerStep, LowerTerm};

/// Bytes of a source, `start..end`. All spans are equal: where something stands is no part of what it says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Bytes `start..end`. Texts past 4 GiB are cut off, which only misplaces a message.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start: start.min(u32::MAX as usize) as u32, end: end.min(u32::MAX as usize) as u32 }
    }

    /// From the start of `self` to the end of `other`.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start, end: other.end.max(self.start) }
    }
}

impl PartialEq for Span {
    fn eq(&self, _: &Span) -> bool {
        true
    }
}

impl Eq for Span {}

impl From<Span> for miette::SourceSpan {
    fn from(span: Span) -> miette::SourceSpan {
        (span.start as usize..span.end as usize).into()
    }
}

/// A comment line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its text without slashes, the space after them, and white space at the end.
    pub text: String,
    /// Whether a blank line stands before it.
    pub blank_before: bool,
}

/// Something that stands on lines of its own, with its comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<T> {
    /// Comments above it (those in its middle too).
    pub above: Vec<Comment>,
    /// Whether a blank line stands right before it.
    pub blank_before: bool,
    /// Comment at the end of its last line.
    pub beside: Option<String>,
    /// The thing.
    pub node: T,
    /// Its place.
    pub span: Span,
}

/// Lines, and the comments after the last of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<T> {
    /// The lines.
    pub lines: Vec<Line<T>>,
    /// Comments after the last line.
    pub below: Vec<Comment>,
}

impl<T> Block<T> {
    /// The lines without their comments.
    pub fn nodes(&self) -> impl Iterator<Item = &T> {
        self.lines.iter().map(|line| &line.node)
    }
}

/// A whole file.
pub type File = Block<Item>;

/// A name, dots included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A number as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its value.
    pub value: u128,
    /// Whether it was written in hexadecimal.
    pub hex: bool,
    /// Where.
    pub span: Span,
}

/// A text in quotes, white space normalised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its words.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// One declaration of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `on x86_64`: the machine that the instructions, registers and definitions below belong to.
    On(Name),
    /// `machine x86_64 { … }`, `abi sysv { … }`, `transition sysv.ryujit { … }`: fields.
    Record {
        /// Which of them.
        kind: RecordKind,
        /// Its name.
        name: Name,
        /// Its fields.
        fields: Block<Field>,
    },
    /// `registers { … }`.
    Registers(Block<RegisterLine>),
    /// `operand s12: signed 12 but 0`: what an operand can be.
    Operand {
        /// Its name.
        name: Name,
        /// What it can be.
        kind: Kind,
    },
    /// `instruction add d, s { … }`, `instruction addi d: X, s: X, i: s12 { … }`.
    Instruction {
        /// Mnemonic.
        name: Name,
        /// Operands.
        operands: Vec<Param>,
        /// What it does.
        body: Block<Effect>,
    },
    /// `define add_flags(a, b) { … }`: effects under a name.
    DefineEffects {
        /// Its name.
        name: Name,
        /// Parameters.
        params: Vec<Name>,
        /// What a use stands for.
        body: Block<Effect>,
    },
    /// `define carry(a, b) = …`: an expression under a name.
    DefineTerm {
        /// Its name.
        name: Name,
        /// Parameters.
        params: Vec<Name>,
        /// What a use stands for.
        value: Term,
    },
    /// `compile { int: a0, a1 … }`: what a compiler is to know of the machine.
    Compile(Block<Field>),
    /// `lower i32.add d, a, b { … }`: how an operation is done.
    Lower(Lower),
    /// `frame sysv.tier0 { … }`.
    Frame {
        /// Its name.
        name: Name,
        /// The frame it extends.
        extends: Option<Name>,
        /// Its parts.
        body: Block<FramePart>,
    },
}

/// A kind of operands as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `register "$" { zero, ra, _, … }`
    Register {
        /// What stands before each name in assembly text.
        prefix: Option<Text>,
        /// By number.
        entries: Vec<KindEntry>,
    },
    /// `names { rne, rtz, _, "0" }`
    Names {
        /// By number.
        entries: Vec<Label>,
    },
    /// `signed 12 but 0, -1`
    Number {
        /// `signed`, `unsigned`, `code`, `bitmask`.
        word: Name,
        /// Width.
        bits: Number,
        /// Values that are not encodable: whether negative, and the amount.
        but: Vec<(bool, Number)>,
    },
}

/// One register of a kind: `ra`, `_`, `zero "xzr"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindEntry {
    /// Its name.
    pub name: Name,
    /// How it is spelled in assembly text, if not by prefix and name.
    pub spelling: Option<Text>,
}

/// How a number is spelled: `rne`, `_`, `"lsl #3"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// By a name.
    Name(Name),
    /// By any text.
    Text(Text),
}

/// An operand of an instruction: `d`, `d: X`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its kind.
    pub kind: Option<Name>,
}

/// Kinds of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// `helper`
    Helper,
    /// A machine's fixed facts.
    Machine,
    /// A calling convention.
    Abi,
    /// A transition scheme.
    Transition,
    /// An operating system on a machine.
    Platform,
    /// Functions that are known by name.
    Contract,
}

/// `name: atoms cite "…"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Field name.
    pub name: Name,
    /// What it says; may be empty (`float_callee_saved:`).
    pub atoms: Vec<Atom>,
    /// Where it stands.
    pub cite: Option<Text>,
}

/// One element of a field's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Atom {
    /// `rdi`
    Name(Name),
    /// `v8[63:0]`: some bits of a register.
    Bits(Name, Number, Number),
    /// `entry in rax`
    In(Name, Name),
    /// `16`
    Number(Number),
    /// `"why"`
    Text(Text),
}

/// A line of a `registers` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterLine {
    /// `cite "…"`
    Cite(Text),
    /// `int rax: 64 dwarf 0 parts eax[31:0] zeroes, ax[15:0] keeps`
    Register {
        /// `int`, `float`, `flag`, `control`.
        class: Name,
        /// Its name.
        name: Name,
        /// Width.
        bits: Number,
        /// DWARF number.
        dwarf: Option<Number>,
        /// Named parts.
        parts: Vec<Part>,
    },
}

/// `eax[31:0] zeroes`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: Name,
    /// Highest bit.
    pub high: Number,
    /// Lowest bit.
    pub low: Number,
    /// Whether a write zeroes the bits above (else it keeps them).
    pub zeroes: bool,
}

/// A statement of an instruction's meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `place := value`
    Set(Term, Term),
    /// `let r = value`: a name for the rest of the body.
    Let(Name, Term),
    /// `add_flags(d, s)`: a definition's effects.
    Use(Name, Vec<Term>),
    /// `when c { … }`: effects that happen only if the condition holds.
    When(Term, Block<Effect>),
    /// `jump e`
    Jump(Term),
    /// `branch c -> e`
    Branch(Term, Term),
    /// `call e`
    Call(Term),
    /// `return e`
    Return(Term),
    /// `trap`, or `trap when c`.
    Trap(Option<Term>),
    /// `asm "sw t, i(n)"`: the assembly form.
    Asm(Text),
    /// `bits "i[11:5] t n 010 i[4:0] 0100011"`: the bit pattern.
    Bits(Text),
    /// `cite "…"`
    Cite(Text),
}

/// A bit-vector expression as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// An operand, register, part, parameter, `let`, or `next`.
    Name(Name),
    /// A number, as wide as its context.
    Number(Number),
    /// `mem[address; width]`
    Memory(Box<Term>, Width),
    /// `popcount(s)`, `f64.add(d, s)`, `width(d)`, a definition.
    Apply(Name, Vec<Term>),
    /// `e as width`: a number or an uninterpreted function's result of that width.
    As(Box<Term>, Width),
    /// `~e`, `-e`
    Unary(&'static str, Box<Term>),
    /// `a + b`
    Binary(&'static str, Box<[Term; 2]>),
    /// `e[7:0]`
    Slice(Box<Term>, Number, Number),
    /// `if c then a else b`
    If(Box<[Term; 3]>),
}

/// A width as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Width {
    /// So many bits.
    Bits(Number),
    /// `width(d)`
    Of(Name),
}

/// A part of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FramePart {
    /// `why "…"`
    Why(Text),
    /// `abi sysv`
    Abi(Name),
    /// `set saved within callee_saved - {rbp}`
    Set(Name, SetTerm),
    /// `size locals`
    Size(Name),
    /// `scratch {rax}`
    Scratch(SetTerm),
    /// `requires total <= 504`
    Requires(Sum),
    /// `debt shared` or `debt own`
    Debt {
        /// Whether what the extended frame saved no longer counts.
        own: bool,
    },
    /// `chain fp` or `chain return`
    Chain {
        /// Whether the word above the FP word is the return address too.
        with_return: bool,
    },
    /// `probed`
    Probed,
    /// `realign 64`
    Realign(Number),
    /// `base rbx`
    Base(Name),
    /// `allocate rax { … }`
    Allocate(Name, Block<Step>),
    /// `region locals: body of locals align 8`
    Region {
        /// Its name.
        name: Name,
        /// What it is for.
        role: Role,
        /// Bytes.
        bytes: Option<Sum>,
        /// Alignment.
        align: Option<Number>,
    },
    /// `let adjust = total - 16`
    Let(Name, Sum),
    /// `prolog { … }`
    Prolog(Block<Step>),
    /// `epilog { … }`
    Epilog(Block<Step>),
}

/// A region's role: a word, or a word with arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// `body`, `outgoing`, `return_address`, `saved_fp`, `return_copy`, `padding`.
    Plain(Name),
    /// `saves(set, descending)`
    Saves(SetTerm, Order),
    /// `inherited_saves(tier0.saves, set, descending)`
    Inherited(Name, SetTerm, Order),
}

pub use crate::frame::Order;

/// A set of registers as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetTerm {
    /// `callee_saved`, `saved`, `tier0.saved`.
    Name(Name),
    /// `{rbx, r12}`
    Members(Vec<Name>),
    /// `lowest(saved, 2)`, `highest(saved, 2)`
    Pick(Name, Box<SetTerm>, Number),
    /// `|`, `&`, `-`; all of one rank, from the left.
    Binary(&'static str, Box<[SetTerm; 2]>),
}

/// A number of a frame as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sum {
    /// A constant.
    Number(Number),
    /// A size, a `let`, `total`, `tier0.total`; in an operand also a register.
    Name(Name),
    /// `count(saved)`, `bytes(saved)`
    OfSet(Name, SetTerm),
    /// `at(locals)`, `slot(r)`
    Place(Name, Name),
    /// `align_up(n, 16)`
    AlignUp(Box<[Sum; 2]>),
    /// `signed(n, 12)`
    Signed(Box<Sum>, Number),
    /// `-n`
    Negate(Box<Sum>),
    /// `n[31:12]`
    Slice(Box<Sum>, Number, Number),
    /// `if c then a else b`
    If(Box<[Sum; 3]>),
    /// `&&`; `==`, `<=` and so on; `+`, `-`; `*`
    Binary(&'static str, Box<[Sum; 2]>),
}

/// A step as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `mov rbp, rsp`; operands stand on the mnemonic's line.
    Asm(Name, Vec<Operand>),
    /// `for r in saved descending { … }`, `for r, s in saved descending { … } else { … }`
    For(Vec<Name>, SetTerm, Order, Block<Step>, Option<Block<Step>>),
    /// `if adjust { … } else { … }`
    If(Sum, Block<Step>, Option<Block<Step>>),
    /// `repeat pages { … }`
    Repeat(Sum, Block<Step>),
    /// `top:`: the place of the next instruction.
    Label(Name),
}

/// An operand of a step as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A register or number.
    Plain(Sum),
    /// `[rsp + 8]`: a register first, then what is added.
    Memory(Sum),
}
