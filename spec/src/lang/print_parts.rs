//! What stands within one line, as documents of the crate `pretty`.

use super::ast::*;
use super::parse_effects::RANKS;
use super::parse_frame::SUM_RANKS;
use pretty::{Arena, DocAllocator, DocBuilder};

pub(super) type Doc<'a> = DocBuilder<'a, Arena<'a>>;

/// Columns by which a broken line goes on further right.
const NEST: isize = 4;

/// Makes documents.
pub(super) struct Parts<'a> {
    pub(super) arena: &'a Arena<'a>,
}

impl<'a> Parts<'a> {
    fn text(&self, text: impl Into<std::borrow::Cow<'a, str>>) -> Doc<'a> {
        self.arena.text(text)
    }

    /// Words with spaces between them; an empty last word leaves a space at the end.
    pub(super) fn words(&self, words: &[&str]) -> Doc<'a> {
        self.text(words.join(" "))
    }

    pub(super) fn keyword(&self, keyword: &'static str, doc: Doc<'a>) -> Doc<'a> {
        self.text(keyword).append(self.arena.space()).append(doc)
    }

    fn name(&self, name: &Name) -> Doc<'a> {
        self.text(name.text.clone())
    }

    fn number(&self, number: &Number) -> Doc<'a> {
        let text = if number.hex { format!("{:#x}", number.value) } else { number.value.to_string() };
        self.text(text)
    }

    /// Words of a text wrap, since white space in it does not count.
    fn quoted(&self, text: &Text) -> Doc<'a> {
        let escaped = text.text.replace('\\', "\\\\").replace('"', "\\\"");
        let words = escaped.split(' ').map(|word| self.text(word.to_owned()));
        let words = self.arena.intersperse(words, self.arena.softline());
        self.text("\"").append(words.nest(NEST)).append(self.text("\""))
    }

    /// `a, b, c`, filled.
    fn list(&self, docs: impl Iterator<Item = Doc<'a>>) -> Doc<'a> {
        self.arena.intersperse(docs, self.text(",").append(self.arena.softline()))
    }

    pub(super) fn names(&self, names: &[Name]) -> Doc<'a> {
        self.list(names.iter().map(|name| self.name(name)))
    }

    pub(super) fn params(&self, params: &[Param]) -> Doc<'a> {
        self.list(params.iter().map(|param| match &param.kind {
            Some(kind) => self.text(format!("{}: {}", param.name.text, kind.text)),
            None => self.name(&param.name),
        }))
    }

    pub(super) fn operand_kind(&self, name: &Name, kind: &Kind) -> Doc<'a> {
        let head = self.words(&["operand", &name.text]).append(": ");
        match kind {
            Kind::Register { prefix, entries } => {
                let mut doc = head.append("register ");
                if let Some(prefix) = prefix {
                    doc = doc.append(self.quoted(prefix)).append(" ");
                }
                let entries = entries.iter().map(|entry| match &entry.spelling {
                    Some(spelling) => self.name(&entry.name).append(" ").append(self.quoted(spelling)),
                    None => self.name(&entry.name),
                });
                self.choices(doc, entries.collect())
            }
            Kind::Names { entries } => {
                let entries = entries.iter().map(|entry| match entry {
                    Label::Name(name) => self.name(name),
                    Label::Text(text) => self.quoted(text),
                });
                self.choices(head.append("names "), entries.collect())
            }
            Kind::Number { word, bits, but } => {
                let mut doc = head.append(self.name(word)).append(" ").append(self.number(bits));
                if !but.is_empty() {
                    let but = self.list(but.iter().map(|(negative, number)| {
                        self.text(if *negative { "-" } else { "" }).append(self.number(number))
                    }));
                    doc = doc.append(" ").append(self.keyword("but", but));
                }
                doc.nest(NEST).group()
            }
        }
    }

    /// `head { entry, … }`, on as few lines as they need.
    fn choices(&self, head: Doc<'a>, entries: Vec<Doc<'a>>) -> Doc<'a> {
        if entries.is_empty() {
            return head.append("{}");
        }
        let entries = self.arena.line().append(self.list(entries.into_iter()));
        head.append("{").append(entries.nest(NEST / 2).append(self.arena.line())).append("}").group()
    }

    /// `left op right`; the right side goes to the next line if it does not fit.
    pub(super) fn assignment(&self, left: Doc<'a>, op: &'static str, right: Doc<'a>) -> Doc<'a> {
        let right = self.arena.line().append(right).nest(NEST);
        left.append(self.arena.space()).append(self.text(op)).append(right).group()
    }

    pub(super) fn definition(&self, name: &Name, params: &[Name]) -> Doc<'a> {
        self.words(&["define", &name.text])
            .append(self.text("("))
            .append(self.names(params))
            .append(self.text(")"))
    }

    // Records and registers

    pub(super) fn field(&self, field: &Field) -> Doc<'a> {
        let mut doc = self.name(&field.name).append(self.text(":"));
        if !field.atoms.is_empty() {
            let atoms = self.list(field.atoms.iter().map(|atom| self.atom(atom)));
            doc = doc.append(self.arena.space()).append(atoms);
        }
        if let Some(cite) = &field.cite {
            doc = doc.append(self.arena.line()).append(self.keyword("cite", self.quoted(cite)));
        }
        doc.nest(NEST).group()
    }

    fn atom(&self, atom: &Atom) -> Doc<'a> {
        match atom {
            Atom::Name(name) => self.name(name),
            Atom::Bits(name, high, low) => self.name(name).append(self.range(high, low)),
            Atom::In(name, place) => self.words(&[&name.text, "in", &place.text]),
            Atom::Number(number) => self.number(number),
            Atom::Text(text) => self.quoted(text),
        }
    }

    fn range(&self, high: &Number, low: &Number) -> Doc<'a> {
        self.text("[").append(self.number(high)).append(":").append(self.number(low)).append("]")
    }

    pub(super) fn register_line(&self, line: &RegisterLine) -> Doc<'a> {
        match line {
            RegisterLine::Cite(text) => self.keyword("cite", self.quoted(text)),
            RegisterLine::Register { class, name, bits, dwarf, parts } => {
                let mut doc = self.words(&[&class.text, &name.text]).append(": ").append(self.number(bits));
                if let Some(dwarf) = dwarf {
                    doc = doc.append(" dwarf ").append(self.number(dwarf));
                }
                if !parts.is_empty() {
                    doc = doc.append(" parts ").append(self.list(parts.iter().map(|part| self.part(part))));
                }
                doc.nest(NEST).group()
            }
        }
    }

    fn part(&self, part: &Part) -> Doc<'a> {
        let above = if part.zeroes { " zeroes" } else { " keeps" };
        self.name(&part.name).append(self.range(&part.high, &part.low)).append(above)
    }

    // Effects and terms

    pub(super) fn effect(&self, effect: &Effect) -> Doc<'a> {
        match effect {
            Effect::Set(place, value) => {
                self.assignment(self.operand_of(place, Rank::Postfix), ":=", self.term(value))
            }
            Effect::Let(name, value) => {
                self.assignment(self.words(&["let", &name.text]), "=", self.term(value))
            }
            Effect::Use(name, args) => self.application(name, args),
            // Printed as a block by the printer; its heading alone here.
            Effect::When(condition, _) => self.keyword("when", self.term(condition)),
            Effect::Jump(target) => self.keyword("jump", self.term(target)),
            Effect::Branch(condition, target) => {
                let target = self.keyword("->", self.term(target));
                let doc =
                    self.keyword("branch", self.term(condition)).append(self.arena.line()).append(target);
                doc.nest(NEST).group()
            }
            Effect::Call(target) => self.keyword("call", self.term(target)),
            Effect::Return(target) => self.keyword("return", self.term(target)),
            Effect::Trap(None) => self.text("trap"),
            Effect::Trap(Some(condition)) => self.keyword("trap if", self.term(condition)),
            Effect::Asm(text) => self.keyword("asm", self.quoted(text)),
            Effect::Bits(text) => self.keyword("bits", self.quoted(text)),
            Effect::Cite(text) => self.keyword("cite", self.quoted(text)),
        }
    }

    fn application(&self, name: &Name, args: &[Term]) -> Doc<'a> {
        let args = self
            .arena
            .intersperse(args.iter().map(|arg| self.term(arg)), self.text(",").append(self.arena.line()));
        let args = self.arena.line_().append(args).nest(NEST).append(self.arena.line_());
        self.name(name).append("(").append(args).append(")").group()
    }

    pub(super) fn term(&self, term: &Term) -> Doc<'a> {
        self.operand_of(term, Rank::Any)
    }

    /// A term where only those of a rank (or tighter) may stand without parentheses.
    fn operand_of(&self, term: &Term, least: Rank) -> Doc<'a> {
        let doc = match term {
            Term::Name(name) => self.name(name),
            Term::Number(number) => self.number(number),
            Term::Memory(address, width) => {
                let address = self.term(address).append("; ").append(self.width(width));
                self.text("mem[").append(address).append("]")
            }
            Term::Apply(name, args) => self.application(name, args),
            Term::As(inner, width) => {
                self.operand_of(inner, Rank::Postfix).append(" as ").append(self.width(width))
            }
            Term::Slice(inner, high, low) => {
                self.operand_of(inner, Rank::Postfix).append(self.range(high, low))
            }
            Term::Unary(op, value) => self.text(*op).append(self.operand_of(value, Rank::Unary)),
            Term::Binary(op, sides) => {
                let rank = rank(op);
                let left = self.operand_of(&sides[0], side_rank(op, &sides[0], rank));
                let right = self.operand_of(&sides[1], side_rank(op, &sides[1], rank + 1));
                let right = self.arena.line().append(self.text(*op)).append(" ").append(right);
                left.append(right.nest(NEST)).group()
            }
            Term::If(parts) => {
                let [condition, then, otherwise] = parts.as_ref().each_ref().map(|part| self.term(part));
                let line = || self.arena.line();
                let then = line().append(self.keyword("then", then));
                let otherwise = line().append(self.keyword("else", otherwise));
                self.keyword("if", condition).append(then.append(otherwise).nest(NEST)).group()
            }
        };
        if Rank::of(term) >= least { doc } else { doc.parens() }
    }

    fn width(&self, width: &Width) -> Doc<'a> {
        match width {
            Width::Bits(number) => self.number(number),
            Width::Of(name) => self.text(format!("width({})", name.text)),
        }
    }

    // Frames. Steps have no breaks: operands must stay on the line of their mnemonic.

    pub(super) fn frame_part(&self, part: &FramePart) -> Doc<'a> {
        match part {
            FramePart::Why(text) => self.keyword("why", self.quoted(text)),
            FramePart::Abi(name) => self.words(&["abi", &name.text]),
            FramePart::Set(name, within) => {
                self.words(&["set", &name.text, "within", ""]).append(self.set(within))
            }
            FramePart::Size(name) => self.words(&["size", &name.text]),
            FramePart::Scratch(set) => self.keyword("scratch", self.set(set)),
            FramePart::Chain { with_return } => {
                self.text(if *with_return { "chain return" } else { "chain fp" })
            }
            FramePart::Requires(sum) => self.keyword("requires", self.sum(sum)),
            FramePart::Debt { own } => self.text(if *own { "debt own" } else { "debt shared" }),
            FramePart::Region { name, role, bytes, align } => {
                let mut doc = self.words(&["region", &name.text]).append(": ").append(self.role(role));
                if let Some(bytes) = bytes {
                    doc = doc.append(" of ").append(self.sum(bytes));
                }
                if let Some(align) = align {
                    doc = doc.append(" align ").append(self.number(align));
                }
                doc
            }
            FramePart::Let(name, value) => self.words(&["let", &name.text, "=", ""]).append(self.sum(value)),
            FramePart::Probed => self.text("probed"),
            FramePart::Realign(number) => self.keyword("realign", self.number(number)),
            FramePart::Base(name) => self.words(&["base", &name.text]),
            FramePart::Allocate(name, _) => self.words(&["allocate", &name.text, ""]),
            // Printed as blocks by the printer; their headings alone here.
            FramePart::Prolog(_) => self.text("prolog"),
            FramePart::Epilog(_) => self.text("epilog"),
        }
    }

    fn role(&self, role: &Role) -> Doc<'a> {
        match role {
            Role::Plain(word) => self.name(word),
            Role::Saves(set, order) => {
                self.text("saves(").append(self.set(set)).append(", ").append(word_of(*order)).append(")")
            }
            Role::Inherited(region, set, order) => {
                let set = self.name(region).append(", ").append(self.set(set));
                self.text("inherited_saves(").append(set).append(", ").append(word_of(*order)).append(")")
            }
        }
    }

    fn set(&self, set: &SetTerm) -> Doc<'a> {
        match set {
            SetTerm::Name(name) => self.name(name),
            SetTerm::Members(names) => {
                let names: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
                self.text(format!("{{{}}}", names.join(", ")))
            }
            SetTerm::Pick(name, set, number) => {
                let set = self.set(set).append(", ").append(self.number(number));
                self.name(name).append("(").append(set).append(")")
            }
            SetTerm::Binary(op, sides) => {
                let right = self.set(&sides[1]);
                let nested = matches!(sides[1], SetTerm::Binary(..));
                let right = if nested { right.parens() } else { right };
                self.set(&sides[0]).append(format!(" {op} ")).append(right)
            }
        }
    }

    pub(super) fn sum(&self, sum: &Sum) -> Doc<'a> {
        match sum {
            Sum::Number(number) => self.number(number),
            Sum::Name(name) => self.name(name),
            Sum::OfSet(name, set) => self.name(name).append("(").append(self.set(set)).append(")"),
            Sum::Place(kind, name) => self.text(format!("{}({})", kind.text, name.text)),
            Sum::AlignUp(sides) => {
                let sides = self.sum(&sides[0]).append(", ").append(self.sum(&sides[1]));
                self.text("align_up(").append(sides).append(")")
            }
            Sum::Signed(value, bits) => {
                let value = self.sum(value).append(", ").append(self.number(bits));
                self.text("signed(").append(value).append(")")
            }
            Sum::Negate(value) => self.text("-").append(self.side(value, NEGATE)),
            Sum::Slice(value, high, low) => self.side(value, NEGATE + 1).append(self.range(high, low)),
            Sum::If(parts) => {
                let [condition, then, otherwise] = parts.as_ref().each_ref().map(|part| self.sum(part));
                let then = self.text(" then ").append(then);
                self.text("if ").append(condition).append(then).append(" else ").append(otherwise)
            }
            Sum::Binary(op, sides) => {
                let rank = sum_rank(sum);
                let right = self.side(&sides[1], rank + 1);
                self.side(&sides[0], rank).append(format!(" {op} ")).append(right)
            }
        }
    }

    /// A sum where only those of a rank, or tighter, may stand without parentheses.
    fn side(&self, sum: &Sum, least: usize) -> Doc<'a> {
        let doc = self.sum(sum);
        if sum_rank(sum) >= least { doc } else { doc.parens() }
    }

    pub(super) fn asm(&self, mnemonic: &Name, operands: &[Operand]) -> Doc<'a> {
        let operand = |operand: &Operand| match operand {
            Operand::Plain(sum) => self.sum(sum),
            Operand::Memory(sum) => self.text("[").append(self.sum(sum)).append("]"),
        };
        let space = if operands.is_empty() { "" } else { " " };
        let operands = self.arena.intersperse(operands.iter().map(operand), self.text(", "));
        self.name(mnemonic).append(space).append(operands)
    }

    pub(super) fn for_heading(&self, names: &[Name], set: &SetTerm, order: Order) -> Doc<'a> {
        let names: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
        self.words(&["for", &names.join(", "), "in", ""])
            .append(self.set(set))
            .append(format!(" {} ", word_of(order)))
    }
}

/// The rank of a negated sum, past those of [`SUM_RANKS`].
const NEGATE: usize = SUM_RANKS.len() + 1;

/// How tightly a sum holds together.
fn sum_rank(sum: &Sum) -> usize {
    match sum {
        Sum::If(_) => 0,
        Sum::Binary(op, _) => 1 + SUM_RANKS.iter().position(|rank| rank.contains(op)).unwrap_or(0),
        Sum::Negate(_) => NEGATE,
        _ => NEGATE + 1,
    }
}

fn word_of(order: Order) -> &'static str {
    match order {
        Order::Ascending => "ascending",
        Order::Descending => "descending",
    }
}

/// How tightly a term holds together, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Any,
    Binary(usize),
    Unary,
    Postfix,
}

impl Rank {
    fn of(term: &Term) -> Rank {
        match term {
            Term::If(_) => Rank::Any,
            Term::Binary(op, _) => Rank::Binary(rank(op)),
            Term::Unary(..) => Rank::Unary,
            _ => Rank::Postfix,
        }
    }
}

/// What may stand beside an operator without parentheses. Mixed bit operators have them even where the ranks
/// do not ask for them, because nobody remembers those.
fn side_rank(op: &str, side: &Term, least: usize) -> Rank {
    let is_bitwise = |op: &str| matches!(op, "|" | "^" | "&" | "<<" | ">>u" | ">>s");
    match side {
        Term::Binary(other, _) if *other != op && (is_bitwise(op) || is_bitwise(other)) => Rank::Unary,
        _ => Rank::Binary(least),
    }
}

fn rank(op: &str) -> usize {
    RANKS.iter().position(|operators| operators.contains(&op)).unwrap_or(0)
}
