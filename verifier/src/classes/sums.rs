//! Sets and sums of a declaration, as facts and forms.

use super::form::{Fact, Form};
use super::study::{Path, Stop, Study};
use framewright_spec::Reg;
use framewright_spec::frame::{Comparison, Num, Order, SetExpr};
use std::collections::BTreeMap;

/// Registers that may be members, and when they are.
pub(super) type Set = BTreeMap<Reg, Fact>;

/// Loop variables and their values, innermost last.
pub(super) type Bindings<'a> = Vec<(&'a str, Reg)>;

/// Lets that may use each other.
const CHAIN_LIMIT: usize = 64;

/// Members in order.
pub(super) fn ordered(set: &Set, order: Order) -> Vec<(Reg, Fact)> {
    let ascending = set.iter().map(|(&reg, &fact)| (reg, fact));
    match order {
        Order::Ascending => ascending.collect(),
        Order::Descending => ascending.rev().collect(),
    }
}

/// Where a number is read: in which frame, for which registers, on which path, and how many definitions deep.
#[derive(Clone, Copy)]
struct Scope<'s> {
    index: usize,
    bindings: &'s Bindings<'s>,
    path: &'s Path,
    depth: usize,
}

impl Scope<'_> {
    /// In a definition of a frame.
    fn within(self, index: usize) -> Self {
        Scope { index, depth: self.depth + 1, ..self }
    }
}

impl Study<'_> {
    /// The frame that a dotted name speaks of, and the rest of the name.
    fn owner<'n>(&self, index: usize, name: &'n str) -> Result<(usize, &'n str), Stop> {
        let Some((frame, rest)) = name.rsplit_once('.') else { return Ok((index, name)) };
        let found = (0..index).rev().find(|&i| self.chain[i].frame.is_called(frame));
        found.map(|owner| (owner, rest)).ok_or_else(|| Stop::Unsupported(format!("no frame `{frame}`")))
    }

    pub(super) fn set(&mut self, index: usize, set: &SetExpr, path: &Path) -> Result<Set, Stop> {
        let always = self.space.truth(true);
        let all = |regs: framewright_spec::RegSet| regs.iter().map(|reg| (reg, always)).collect();
        Ok(match set {
            SetExpr::Param(name) => {
                let (owner, name) = self.owner(index, name)?;
                let set = self.chain[owner].sets.get(name);
                set.cloned().ok_or_else(|| Stop::Unsupported(format!("no set `{name}`")))?
            }
            SetExpr::Members(members) => all(members.iter().copied().collect()),
            SetExpr::CalleeSaved => all(self.abi.callee_saved_set()),
            SetExpr::Class(class) => all(self.machine.of_class(*class)),
            SetExpr::Lowest(set, count) => self.first(index, set, *count, Order::Ascending, path)?,
            SetExpr::Highest(set, count) => self.first(index, set, *count, Order::Descending, path)?,
            SetExpr::Union(sides) => {
                let (mut left, right) =
                    (self.set(index, &sides[0], path)?, self.set(index, &sides[1], path)?);
                for (reg, fact) in right {
                    let known = left.get(&reg).copied();
                    let either = known.map_or(fact, |known| self.space.or([known, fact]));
                    left.insert(reg, either);
                }
                left
            }
            SetExpr::Intersection(sides) => {
                let (left, right) = (self.set(index, &sides[0], path)?, self.set(index, &sides[1], path)?);
                let both = left.into_iter().filter_map(|(reg, fact)| Some((reg, fact, *right.get(&reg)?)));
                both.map(|(reg, a, b)| (reg, self.space.and([a, b]))).collect()
            }
            SetExpr::Minus(sides) => {
                let (left, right) = (self.set(index, &sides[0], path)?, self.set(index, &sides[1], path)?);
                let never = self.space.truth(false);
                let mut rest = Set::new();
                for (reg, fact) in left {
                    let out = right.get(&reg).copied().unwrap_or(never);
                    let stays = self.space.not(out);
                    let stays = self.space.and([fact, stays]);
                    if stays != never {
                        rest.insert(reg, stays);
                    }
                }
                rest
            }
        })
    }

    /// So many members from one end.
    fn first(
        &mut self,
        index: usize,
        set: &SetExpr,
        count: u32,
        order: Order,
        path: &Path,
    ) -> Result<Set, Stop> {
        let set = self.set(index, set, path)?;
        let mut before = Form::default();
        let mut first = Set::new();
        for (reg, fact) in ordered(&set, order) {
            let few = self.space.at_most(&before, &Form::number(i128::from(count) - 1));
            first.insert(reg, self.space.and([fact, few]));
            before = before.plus(&self.space.indicator(fact));
        }
        Ok(first)
    }

    fn weighed(&mut self, set: &Set, weight: impl Fn(Reg) -> i64) -> Form {
        set.iter().fold(Form::default(), |sum, (&reg, &fact)| {
            sum.with(&self.space.indicator(fact), i128::from(weight(reg)))
        })
    }

    pub(super) fn sum(
        &mut self,
        index: usize,
        num: &Num,
        bindings: &Bindings<'_>,
        path: &Path,
    ) -> Result<Form, Stop> {
        self.sum_within(num, Scope { index, bindings, path, depth: 0 })
    }

    fn sum_within(&mut self, num: &Num, scope: Scope<'_>) -> Result<Form, Stop> {
        let of = |study: &mut Self, num: &Num| study.sum_within(num, scope);
        let Scope { index, bindings, path, .. } = scope;
        let form = match num {
            Num::Const(value) => Form::number(i128::from(*value)),
            Num::Name(name) => return self.named(name, scope),
            Num::Count(set) => {
                let set = self.set(index, set, path)?;
                self.weighed(&set, |_| 1)
            }
            Num::Bytes(set) => {
                let set = self.set(index, set, path)?;
                let (abi, machine) = (self.abi, self.machine);
                self.weighed(&set, |reg| abi.slot_bytes(machine, reg))
            }
            Num::At(region) => {
                let (owner, name) = self.owner(index, region)?;
                let found = self.chain[owner].regions.iter().rev().find(|r| r.name == name);
                found.ok_or_else(|| Stop::Unsupported(format!("no region `{region}` above")))?.low.clone()
            }
            Num::Slot(name) => {
                let (owner, register) = self.owner(index, name)?;
                let reg = self.register(register, bindings)?;
                return self.slot(owner, reg, path);
            }
            Num::Add(sides) => of(self, &sides[0])?.plus(&of(self, &sides[1])?),
            Num::Sub(sides) => of(self, &sides[0])?.minus(&of(self, &sides[1])?),
            Num::Mul(sides) => product(&of(self, &sides[0])?, &of(self, &sides[1])?)?,
            Num::AlignUp(sides) => {
                let (value, align) = (of(self, &sides[0])?, of(self, &sides[1])?);
                let align = align.known().filter(|&align| align > 0);
                let align =
                    align.ok_or_else(|| Stop::Unsupported("an alignment that is not known".to_owned()))?;
                self.floor(&value.add(align - 1), align, path).times(align)
            }
            Num::Compare(..) | Num::And(_) => {
                let holds = self.truth_within(num, scope)?;
                let holds = self.reduce_fact(holds, path);
                self.space.indicator(holds)
            }
            Num::If(parts) => {
                let holds = self.truth_within(&parts[0], scope)?;
                let holds = self.reduce_fact(holds, path);
                let (then, otherwise) = (of(self, &parts[1])?, of(self, &parts[2])?);
                self.space.choice(holds, then, otherwise)
            }
            Num::Slice { value, high, low } => {
                let value = of(self, value)?;
                let lower = self.floor(&value, 1 << low, path);
                let upper = self.floor(&value, 1 << (high + 1), path);
                lower.with(&upper, -(1 << (high - low + 1)))
            }
            Num::Signed(value, bits) => {
                let value = of(self, value)?;
                let half = 1_i128 << (bits - 1);
                let above = self.floor(&value.add(half), half * 2, path);
                value.with(&above, -half * 2)
            }
        };
        Ok(self.reduce(&form, path))
    }

    /// Whether a number is not zero.
    pub(super) fn truth_of(
        &mut self,
        index: usize,
        num: &Num,
        bindings: &Bindings<'_>,
        path: &Path,
    ) -> Result<Fact, Stop> {
        self.truth_within(num, Scope { index, bindings, path, depth: 0 })
    }

    fn truth_within(&mut self, num: &Num, scope: Scope<'_>) -> Result<Fact, Stop> {
        match num {
            Num::Compare(comparison, sides) => {
                let a = self.sum_within(&sides[0], scope)?;
                let b = self.sum_within(&sides[1], scope)?;
                let space = &mut self.space;
                Ok(match comparison {
                    Comparison::Equal => space.equal(&a, &b),
                    Comparison::NotEqual => {
                        let equal = space.equal(&a, &b);
                        space.not(equal)
                    }
                    Comparison::Less => space.at_most(&a.add(1), &b),
                    Comparison::LessOrEqual => space.at_most(&a, &b),
                    Comparison::Greater => space.at_most(&b.add(1), &a),
                    Comparison::GreaterOrEqual => space.at_most(&b, &a),
                })
            }
            Num::And(sides) => {
                let a = self.truth_within(&sides[0], scope)?;
                let b = self.truth_within(&sides[1], scope)?;
                Ok(self.space.and([a, b]))
            }
            _ => self.not_zero(num, scope),
        }
    }

    fn not_zero(&mut self, num: &Num, scope: Scope<'_>) -> Result<Fact, Stop> {
        let form = self.sum_within(num, scope)?;
        let zero = self.space.zero(form);
        Ok(self.space.not(zero))
    }

    fn named(&mut self, name: &str, scope: Scope<'_>) -> Result<Form, Stop> {
        let (owner, rest) = self.owner(scope.index, name)?;
        let placed = &self.chain[owner];
        if rest == "total" && placed.complete {
            return Ok(placed.total.clone());
        }
        if let Some(size) = placed.sizes.get(rest) {
            return Ok(self.reduce(size, scope.path));
        }
        let frame = placed.frame;
        match frame.lets.iter().find(|(let_name, _)| let_name == rest) {
            Some((_, value)) if scope.depth < CHAIN_LIMIT => self.sum_within(value, scope.within(owner)),
            _ => Err(Stop::Unsupported(format!("no number `{name}`"))),
        }
    }

    pub(super) fn register(&self, name: &str, bindings: &Bindings<'_>) -> Result<Reg, Stop> {
        let bound = bindings.iter().rev().find(|(var, _)| *var == name).map(|&(_, reg)| reg);
        let known = bound.or_else(|| self.machine.reg(name));
        known.ok_or_else(|| Stop::Unsupported(format!("no register `{name}`")))
    }

    /// The save slot of a register: the first of its places that there is.
    fn slot(&mut self, index: usize, reg: Reg, path: &Path) -> Result<Form, Stop> {
        let places = self.chain[index].slots.get(&reg).cloned().unwrap_or_default();
        let mut found: Option<Form> = None;
        for &number in places.iter().rev() {
            let (at, present) = (self.locations[number].at.clone(), self.locations[number].present);
            if !self.possible(path.fact, present) {
                continue;
            }
            found = Some(match found {
                Some(other) if !self.always(path.fact, present) => self.space.choice(present, at, other),
                _ => at,
            });
        }
        let always = self.space.truth(true);
        let form = match (found, places.first()) {
            (Some(form), _) => form,
            // On a path that no shape takes it does not matter where.
            (None, Some(&number)) if !self.possible(path.fact, always) => self.locations[number].at.clone(),
            _ => {
                let name = &self.machine.register(reg).name;
                return Err(Stop::Unsupported(format!("a slot of {name}, which is not saved")));
            }
        };
        Ok(self.reduce(&form, path))
    }
}

/// Products are linear where one side is known.
fn product(a: &Form, b: &Form) -> Result<Form, Stop> {
    match (a.known(), b.known()) {
        (Some(a), _) => Ok(b.times(a)),
        (_, Some(b)) => Ok(a.times(b)),
        _ => Err(Stop::Unsupported("a product of two that are not known".to_owned())),
    }
}
