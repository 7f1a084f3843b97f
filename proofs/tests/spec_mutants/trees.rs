//! Trees with one thing changed: effects and expressions of rows and definitions.
//!
//! ```text
//! left out        an effect; a condition is turned into its opposite, a sign taken away
//! other words     an operator, a function, a width, a register, an operand
//! other numbers   one more, twice as much; bits one place higher or lower
//! other order     operands of what does not commute
//! ```

use framewright_spec::lang::ast::{Block, Effect, Name, Number, Term, Width};
use std::collections::BTreeMap;

/// A changed tree, and what was changed, in words.
pub(crate) type Changed<T> = (String, T);

/// Names that stand for one another in changed expressions: registers, operands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(pub(crate) BTreeMap<String, String>);

/// Operators that are put in place of another.
const OPERATORS: [(&str, &[&str]); 23] = [
    ("==", &["!="]),
    ("!=", &["=="]),
    ("<u", &["<=u", "<s"]),
    ("<=u", &["<u", "<=s"]),
    ("<s", &["<=s", "<u"]),
    ("<=s", &["<s", "<=u"]),
    ("|", &["&", "^"]),
    ("^", &["|", "&"]),
    ("&", &["|", "^"]),
    ("<<", &[">>u"]),
    (">>u", &[">>s", "<<"]),
    (">>s", &[">>u", "<<"]),
    ("+", &["-"]),
    ("-", &["+"]),
    ("*", &["+"]),
    ("/u", &["/s", "%u"]),
    ("/s", &["/u", "%s"]),
    ("%u", &["%s", "/u"]),
    ("%s", &["%u", "/s"]),
    ("&&", &["=="]),
    ("<", &["<=", ">"]),
    ("<=", &["<"]),
    (">", &[">="]),
];

/// Functions that are put in place of another.
const FUNCTIONS: [(&str, &str); 12] = [
    ("zext", "sext"),
    ("sext", "zext"),
    ("rotl", "rotr"),
    ("rotr", "rotl"),
    ("leading_zeros", "trailing_zeros"),
    ("trailing_zeros", "leading_zeros"),
    ("popcount", "leading_zeros"),
    ("less", "equal"),
    ("equal", "unordered"),
    ("unordered", "less"),
    ("add", "sub"),
    ("min", "max"),
];

const COMMUTES: [&str; 7] = ["==", "!=", "|", "^", "&", "+", "*"];

pub(crate) fn others(operator: &str) -> &'static [&'static str] {
    OPERATORS.iter().find(|(name, _)| *name == operator).map_or(&[], |(_, others)| others)
}

pub(crate) fn commutes(operator: &str) -> bool {
    COMMUTES.contains(&operator)
}

/// One more, and twice as much.
pub(crate) fn numbers(number: Number) -> Vec<Changed<Number>> {
    let mut values = vec![number.value.wrapping_add(1), number.value.wrapping_mul(2)];
    values.retain(|&value| value != number.value);
    values.dedup();
    values
        .into_iter()
        .map(|value| (format!("{value} for {}", number.value), Number { value, ..number }))
        .collect()
}

/// Each element left out in turn, and each element changed in each way.
pub(crate) fn blocks<T: Clone>(
    block: &Block<T>,
    words: impl Fn(&T) -> Option<String>,
    change: impl Fn(&T) -> Vec<Changed<T>>,
) -> Vec<Changed<Block<T>>> {
    let mut all = Vec::new();
    for (i, line) in block.lines.iter().enumerate() {
        if let Some(words) = words(&line.node) {
            let mut without = block.clone();
            without.lines.remove(i);
            all.push((format!("without {words}"), without));
        }
        for (what, node) in change(&line.node) {
            let mut changed = block.clone();
            changed.lines[i].node = node;
            all.push((what, changed));
        }
    }
    all
}

/// The body of a row or definition.
pub(crate) fn bodies(block: &Block<Effect>, names: &Names) -> Vec<Changed<Block<Effect>>> {
    blocks(block, effect_words, |effect| effects(effect, names))
}

fn effect_words(effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::Set(place, _) => format!("`{} := …`", brief(place)),
        Effect::Use(name, _) => format!("`{}(…)`", name.text),
        Effect::When(..) => "`when …`".to_owned(),
        Effect::Jump(_) => "`jump`".to_owned(),
        Effect::Branch(..) => "`branch`".to_owned(),
        Effect::Call(_) => "`call`".to_owned(),
        Effect::Return(_) => "`return`".to_owned(),
        Effect::Trap(_) => "`trap`".to_owned(),
        Effect::Let(..) | Effect::Asm(_) | Effect::Bits(_) | Effect::Cite(_) => return None,
    })
}

fn brief(term: &Term) -> String {
    match term {
        Term::Name(name) => name.text.clone(),
        Term::Slice(inner, high, low) => format!("{}[{}:{}]", brief(inner), high.value, low.value),
        Term::Memory(..) => "mem[…]".to_owned(),
        _ => "…".to_owned(),
    }
}

fn effects(effect: &Effect, names: &Names) -> Vec<Changed<Effect>> {
    let of = |term: &Term| terms(term, names);
    let map = |list: Vec<Changed<Term>>, make: &dyn Fn(Term) -> Effect| -> Vec<Changed<Effect>> {
        list.into_iter().map(|(what, term)| (what, make(term))).collect()
    };
    match effect {
        Effect::Set(place, value) => {
            let mut all = map(of(place), &|place| Effect::Set(place, value.clone()));
            all.extend(map(of(value), &|value| Effect::Set(place.clone(), value)));
            all
        }
        Effect::Let(name, value) => map(of(value), &|value| Effect::Let(name.clone(), value)),
        Effect::Use(name, args) => {
            let list = applications(args, names);
            list.into_iter().map(|(what, args)| (what, Effect::Use(name.clone(), args))).collect()
        }
        Effect::When(condition, block) => {
            let mut all = map(conditions(condition, names), &|c| Effect::When(c, block.clone()));
            let inner = bodies(block, names);
            all.extend(inner.into_iter().map(|(what, b)| (what, Effect::When(condition.clone(), b))));
            all
        }
        Effect::Jump(to) => map(of(to), &Effect::Jump),
        Effect::Call(to) => map(of(to), &Effect::Call),
        Effect::Return(to) => map(of(to), &Effect::Return),
        Effect::Branch(condition, to) => {
            let mut all = map(conditions(condition, names), &|c| Effect::Branch(c, to.clone()));
            all.extend(map(of(to), &|to| Effect::Branch(condition.clone(), to)));
            all
        }
        Effect::Trap(Some(condition)) => map(conditions(condition, names), &|c| Effect::Trap(Some(c))),
        Effect::Trap(None) | Effect::Asm(_) | Effect::Bits(_) | Effect::Cite(_) => Vec::new(),
    }
}

/// A condition's changes, and its opposite.
fn conditions(condition: &Term, names: &Names) -> Vec<Changed<Term>> {
    let opposite = Term::Unary("~", Box::new(condition.clone()));
    let mut all = vec![("the opposite condition".to_owned(), opposite)];
    all.extend(terms(condition, names));
    all
}

/// Arguments with one changed, and with the first two exchanged.
fn applications(args: &[Term], names: &Names) -> Vec<Changed<Vec<Term>>> {
    let mut all = Vec::new();
    if let [first, second, ..] = args
        && first != second
    {
        let mut swapped = args.to_vec();
        swapped.swap(0, 1);
        all.push(("arguments exchanged".to_owned(), swapped));
    }
    for (i, arg) in args.iter().enumerate() {
        all.extend(terms(arg, names).into_iter().map(|(what, arg)| {
            let mut args = args.to_vec();
            args[i] = arg;
            (what, args)
        }));
    }
    all
}

/// All ways to change one thing of an expression.
pub(crate) fn terms(term: &Term, names: &Names) -> Vec<Changed<Term>> {
    let mut all = own(term, names);
    let children: Vec<&Term> = children(term);
    for (i, child) in children.into_iter().enumerate() {
        for (what, changed) in terms(child, names) {
            let mut term = term.clone();
            if let Some(place) = children_mut(&mut term).into_iter().nth(i) {
                *place = changed;
            }
            all.push((what, term));
        }
    }
    all
}

fn named(name: &Name, text: &str) -> Name {
    Name { text: text.to_owned(), span: name.span }
}

/// Changes of the outermost part.
fn own(term: &Term, names: &Names) -> Vec<Changed<Term>> {
    match term {
        Term::Name(name) => {
            let other = names.0.get(&name.text).into_iter();
            other.map(|o| (format!("`{o}` for `{}`", name.text), Term::Name(named(name, o)))).collect()
        }
        Term::Number(number) => {
            numbers(*number).into_iter().map(|(what, n)| (what, Term::Number(n))).collect()
        }
        Term::Memory(address, width) => {
            let other = |(what, width)| (what, Term::Memory(address.clone(), width));
            widths(width).into_iter().map(other).collect()
        }
        Term::As(inner, width) => {
            widths(width).into_iter().map(|(what, width)| (what, Term::As(inner.clone(), width))).collect()
        }
        Term::Apply(name, args) => functions(name, args),
        Term::Unary(op, inner) => vec![(format!("without `{op}`"), inner.as_ref().clone())],
        Term::Binary(op, sides) => {
            let other =
                |other: &&'static str| (format!("`{other}` for `{op}`"), Term::Binary(other, sides.clone()));
            let mut all: Vec<Changed<Term>> = others(op).iter().map(other).collect();
            let [left, right] = sides.as_ref();
            if !commutes(op) && left != right {
                let swapped = Box::new([right.clone(), left.clone()]);
                all.push((format!("sides of `{op}` exchanged"), Term::Binary(op, swapped)));
            }
            all
        }
        Term::Slice(inner, high, low) => slices(*high, *low)
            .into_iter()
            .map(|(what, high, low)| (what, Term::Slice(inner.clone(), high, low)))
            .collect(),
        Term::If(parts) => {
            let [condition, then, otherwise] = parts.as_ref().clone();
            vec![("`then` and `else` exchanged".to_owned(), Term::If(Box::new([condition, otherwise, then])))]
        }
    }
}

/// Bits one place higher or lower, and one less.
pub(crate) fn slices(high: Number, low: Number) -> Vec<(String, Number, Number)> {
    let number = |n: Number, value: u128| Number { value, ..n };
    let mut all =
        vec![("bits one higher".to_owned(), number(high, high.value + 1), number(low, low.value + 1))];
    if let Some(below) = low.value.checked_sub(1) {
        all.push(("bits one lower".to_owned(), number(high, high.value - 1), number(low, below)));
    }
    if high.value > low.value {
        all.push(("a bit less".to_owned(), number(high, high.value - 1), low));
    }
    all
}

fn widths(width: &Width) -> Vec<Changed<Width>> {
    let Width::Bits(bits) = width else { return Vec::new() };
    let other = [bits.value / 2, bits.value * 2].into_iter().filter(|&value| value > 0);
    other
        .map(|value| (format!("width {value} for {}", bits.value), Width::Bits(Number { value, ..*bits })))
        .collect()
}

fn functions(name: &Name, args: &[Term]) -> Vec<Changed<Term>> {
    let mut all = Vec::new();
    // Of `f64.add.rounded`, `add`.
    for part in name.text.split('.') {
        for (_, other) in FUNCTIONS.iter().filter(|(from, _)| *from == part) {
            let words: Vec<&str> =
                name.text.split('.').map(|word| if word == part { other } else { word }).collect();
            let text = words.join(".");
            let what = format!("`{text}` for `{}`", name.text);
            all.push((what, Term::Apply(named(name, &text), args.to_vec())));
        }
    }
    if let [first, second, ..] = args
        && first != second
        && !["zext", "sext", "trunc"].contains(&name.text.as_str())
    {
        let mut swapped = args.to_vec();
        swapped.swap(0, 1);
        let what = format!("arguments of `{}` exchanged", name.text);
        all.push((what, Term::Apply(name.clone(), swapped)));
    }
    // What the manual leaves undefined, said to be zero.
    if let ("undefined", [Term::Number(bits)]) = (name.text.as_str(), args) {
        let zero = Term::Number(Number { value: 0, ..*bits });
        all.push(("0 for `undefined`".to_owned(), Term::As(Box::new(zero), Width::Bits(*bits))));
    }
    all
}

fn children(term: &Term) -> Vec<&Term> {
    match term {
        Term::Name(_) | Term::Number(_) => Vec::new(),
        Term::Memory(inner, _) | Term::As(inner, _) | Term::Unary(_, inner) | Term::Slice(inner, ..) => {
            vec![inner]
        }
        Term::Apply(_, args) => args.iter().collect(),
        Term::Binary(_, sides) => sides.iter().collect(),
        Term::If(parts) => parts.iter().collect(),
    }
}

fn children_mut(term: &mut Term) -> Vec<&mut Term> {
    match term {
        Term::Name(_) | Term::Number(_) => Vec::new(),
        Term::Memory(inner, _) | Term::As(inner, _) | Term::Unary(_, inner) | Term::Slice(inner, ..) => {
            vec![inner]
        }
        Term::Apply(_, args) => args.iter_mut().collect(),
        Term::Binary(_, sides) => sides.iter_mut().collect(),
        Term::If(parts) => parts.iter_mut().collect(),
    }
}
