//! From rows of the table to typed rules.

use super::rules::ROWS;
use super::term::{Term, Vars, parse, type_of};
use crate::ir::Type;
use std::sync::LazyLock;

/// One rule at one width: `left` equals `right` whenever `when` holds.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The row's name, its group's choice filled in, then the types it was made for.
    pub name: String,
    /// The row it comes from.
    pub row: usize,
    /// Variables of all three terms.
    pub vars: Vars,
    /// What is found.
    pub left: Term,
    /// What it equals.
    pub right: Term,
    /// An `i32` that is not zero when the rule holds.
    pub when: Option<Term>,
}

/// Every rule of the table.
pub fn rules() -> &'static [Rule] {
    static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let rows = ROWS.iter().enumerate();
        rows.flat_map(|(row, &(name, left, right, when))| {
            expand(name, left, right, when, row).unwrap_or_else(|error| panic!("rule {name}: {error}"))
        })
        .collect()
    });
    &RULES
}

/// The rules one row stands for.
pub fn expand(name: &str, left: &str, right: &str, when: &str, row: usize) -> Result<Vec<Rule>, String> {
    let fields = [name, left, right, when];
    let has = |placeholder| fields.iter().any(|field| field.contains(placeholder));
    let ints: &[Option<Type>] = if has("{i}") { &[Some(Type::I32), Some(Type::I64)] } else { &[None] };
    let floats: &[Option<Type>] = if has("{f}") { &[Some(Type::F32), Some(Type::F64)] } else { &[None] };
    let mut rules = Vec::new();
    for (&int, &float) in ints.iter().flat_map(|i| floats.iter().map(move |f| (i, f))) {
        let typed = fields.map(|field| at_types(field, int, float));
        let count = typed.iter().map(|field| choices(field)).max().unwrap_or(1);
        for choice in 0..count {
            let [name, left, right, when] = typed.each_ref().map(|field| choose(field, choice));
            let roots = match (type_of(&left), int) {
                (Some(ty), _) | (None, Some(ty)) => vec![ty],
                // Tests are integers.
                (None, None) if right.starts_with("(widen") => vec![Type::I32, Type::I64],
                (None, None) => vec![Type::I32, Type::I64, Type::F32, Type::F64],
            };
            for root in roots {
                let suffix: Vec<&str> = match (int, float) {
                    (None, None) if type_of(&left).is_none() => vec![type_name(root)],
                    _ => int.into_iter().chain(float).map(type_name).collect(),
                };
                let name = [vec![name.replace('_', "-").as_str()], suffix].concat().join(".");
                rules.push(rule(name, [&left, &right, &when], root, row)?);
            }
        }
    }
    Ok(rules)
}

fn rule(name: String, [left, right, when]: [&str; 3], root: Type, row: usize) -> Result<Rule, String> {
    let mut vars = Vars::default();
    let left = parse(left, root, &mut vars)?;
    let known = vars.0.len();
    let right = parse(right, root, &mut vars)?;
    let when = if when.is_empty() { None } else { Some(parse(when, Type::I32, &mut vars)?) };
    if let Some(unbound) = vars.0.get(known) {
        return Err(format!("{} is not on the left", unbound.name));
    }
    let mut bad = None;
    when.iter().for_each(|when| {
        when.for_each_var(&mut |v, ones| {
            if !ones && !vars.0[v].is_const() {
                bad = Some(format!("the guard speaks of {}, which is no constant", vars.0[v].name));
            }
        });
    });
    bad.map_or(Ok(Rule { name, row, vars, left, right, when }), Err)
}

fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::I32 => "i32",
        Type::I64 => "i64",
        Type::F32 => "f32",
        Type::F64 => "f64",
    }
}

fn at_types(field: &str, int: Option<Type>, float: Option<Type>) -> String {
    let same_width = match float {
        Some(Type::F32) => Some(Type::I32),
        Some(_) => Some(Type::I64),
        None => None,
    };
    let mut text = field.to_owned();
    for (placeholder, ty) in [("{i}", int), ("{f}", float), ("{i~}", same_width)] {
        text = ty.map_or(text.clone(), |ty| text.replace(placeholder, type_name(ty)));
    }
    let (width, min, max) = match int.or(same_width) {
        Some(Type::I32) => ("32", i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => ("64", i64::MIN, i64::MAX),
    };
    let last_bit = if width == "32" { "31" } else { "63" };
    let text = text.replace("{w}", width).replace("{m}", last_bit);
    text.replace("{min}", &min.to_string()).replace("{max}", &max.to_string())
}

/// How many rules the groups of a field stand for; 1 without a group.
fn choices(field: &str) -> usize {
    field.split('{').skip(1).map(|rest| group(rest).0.split('|').count()).max().unwrap_or(1)
}

/// The field with choice `n` of every group.
fn choose(field: &str, n: usize) -> String {
    let mut parts = field.split('{');
    let mut text = parts.next().unwrap_or("").to_owned();
    for rest in parts {
        let (inside, after) = group(rest);
        text.push_str(inside.split('|').nth(n).unwrap_or(inside));
        text.push_str(after);
    }
    text
}

fn group(rest: &str) -> (&str, &str) {
    rest.split_once('}').unwrap_or((rest, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn table_is_well_formed() {
        assert!(ROWS.len() >= 80, "{} rows", ROWS.len());
        let names: BTreeSet<&str> = rules().iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(names.len(), rules().len(), "names are unique");
        for name in names {
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
            assert!(name.chars().all(kebab), "{name}");
        }
    }

    #[test]
    fn a_row_stands_for_rules() {
        let rules = expand("{lt|le}-x", "({i}.{lt_u|le_u} ?x {0|{m}})", "{0|1}", "", 0).expect("well formed");
        let names: Vec<_> = rules.iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(names, ["lt-x.i32", "le-x.i32", "lt-x.i64", "le-x.i64"]);
        assert!(format!("{:?}", rules[3].left).contains("Const(I64, 63)"), "{:?}", rules[3].left);
    }

    #[test]
    fn wrong_rows_are_refused() {
        let error = |left, right, when| expand("wrong", left, right, when, 0).expect_err("wrong");
        assert_eq!(error("(i32.add ?x 0)", "?y", ""), "?y is not on the left");
        assert_eq!(error("(i32.plus ?x 0)", "?x", ""), "unknown instruction `i32.plus`");
        assert_eq!(error("(i32.add ?x (i64.add ?y 1))", "?x", ""), "i64.add gives I64 where I32 is expected");
        assert_eq!(
            error("(i32.add ?x ?y)", "?x", "(i32.eqz ?y)"),
            "the guard speaks of ?y, which is no constant"
        );
    }
}
