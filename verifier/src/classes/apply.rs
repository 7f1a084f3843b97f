//! What functions of rows make of values: sums of forms, bits of them that are none or in one of two only, and addresses
//! rounded down.

use super::form::Form;
use super::study::{Path, Study};
use super::value::{Tag, Value};
use crate::verdict::Property;
use framewright_spec::meaning::Function;

impl Study<'_> {
    /// A function of values; anything where it is none of those that frames are made with.
    pub(super) fn apply(&mut self, function: &Function, args: &[Value], bits: u32, path: &Path) -> Value {
        use Function as F;
        let [a, b] = args else {
            return match (function, args) {
                (F::Neg, [Value::Number { form, .. }]) => Value::number(form.times(-1), bits),
                (F::Not, [Value::Number { form, bits: 1, .. }]) => {
                    Value::number(Form::number(1).minus(form), bits)
                }
                (F::Not, [Value::Number { form, .. }]) => Value::number(form.times(-1).add(-1), bits),
                _ => Value::Any(bits),
            };
        };
        if *function == F::Concat {
            return self.concat(a, b, bits, path);
        }
        match (a, b) {
            (Value::Number { form: x, .. }, Value::Number { form: y, .. }) => {
                if matches!(function, F::Eq | F::Ne) {
                    return self.compared(*function == F::Eq, x, y, a.bits());
                }
                let form = self.number_of(function, (x, a.known()), (y, b.known()), bits, path);
                let form = form.filter(Form::is_exact);
                form.map_or(Value::Any(bits), |form| Value::number(form, bits))
            }
            (Value::Part { of, .. }, other) => match (function, other.known()) {
                (F::Add | F::Sub | F::Or | F::Xor, Some(0)) => a.clone(),
                // The address of an instruction, without bits that no such address has.
                (F::And, Some(mask)) if *of == Tag::ReturnAddress && bits == 64 => {
                    let ignored = u64::MAX - mask as u64;
                    if ignored < u64::from(self.machine.instruction_align()) {
                        a.clone()
                    } else {
                        Value::Any(bits)
                    }
                }
                _ => Value::Any(bits),
            },
            _ => Value::Any(bits),
        }
    }

    /// Whether two numbers are the same, where both are so near each other that no wrap can make them so.
    fn compared(&mut self, equal: bool, x: &Form, y: &Form, bits: u32) -> Value {
        let (low, high) = self.space.range(&x.minus(y));
        if bits > 64 || low <= -(1 << bits) || high >= 1 << bits {
            return Value::Any(1);
        }
        let fact = self.space.equal(x, y);
        let fact = if equal { fact } else { self.space.not(fact) };
        Value::number(self.space.indicator(fact), 1)
    }

    fn concat(&mut self, high: &Value, low: &Value, bits: u32, path: &Path) -> Value {
        let (Value::Number { form: h, .. }, Value::Number { .. }, ..=64) = (high, low, bits) else {
            return Value::join(high.clone(), low.clone());
        };
        let shifted = h.times(1 << low.bits());
        let low = self.extend(low, bits, false, path);
        let low = low.form().cloned().unwrap_or_default();
        Value::number(shifted.plus(&low), bits)
    }

    fn number_of(
        &mut self,
        function: &Function,
        (x, x_known): (&Form, Option<u128>),
        (y, y_known): (&Form, Option<u128>),
        bits: u32,
        path: &Path,
    ) -> Option<Form> {
        use Function as F;
        match (function, x_known, y_known) {
            (F::Add, ..) => Some(x.plus(y)),
            (F::Sub, ..) => Some(x.minus(y)),
            (F::Mul, Some(_), _) => Some(y.times(x.known()?)),
            (F::Mul, _, Some(_)) => Some(x.times(y.known()?)),
            (F::Shl, _, Some(by)) if by < u128::from(bits.min(64)) => Some(x.times(1 << by)),
            (F::Shl, Some(a), None) => (a == 0).then(Form::default),
            (F::And, Some(a), Some(b)) => i128::try_from(a & b).ok().map(Form::number),
            (F::And, _, Some(mask)) => self.masked(x, mask, bits, path),
            (F::And, Some(mask), _) => self.masked(y, mask, bits, path),
            (F::Or | F::Xor, ..) => self.disjoint(x, y, path),
            _ => None,
        }
    }

    /// The form with one run of bits made zero.
    fn masked(&mut self, form: &Form, mask: u128, bits: u32, path: &Path) -> Option<Form> {
        let all = if bits >= 128 { u128::MAX } else { (1 << bits) - 1 };
        let gone = !mask & all;
        let (at, width) = (gone.trailing_zeros(), gone.count_ones());
        if gone == 0 {
            return Some(form.clone());
        }
        if at + width > 64 || gone >> at != (1 << width) - 1 {
            return None;
        }
        match self.above_cfa(form) {
            None => Some(self.without_bits(form, at, width, path)),
            Some(above) if at == 0 => self.rounded(&above, 1 << width, path),
            Some(_) => None,
        }
    }

    /// An address of the frame rounded down, where the frame says that one is: the one that it says.
    fn rounded(&mut self, above: &Form, align: i128, path: &Path) -> Option<Form> {
        let realigned = self.chain.last()?.realigned.clone().filter(|r| r.align == align)?;
        let rounded = realigned.from.plus(&Form::of(realigned.lost)).times(-1);
        // It is the multiple at or right below it. The CFA is aligned as the convention says, so both are as far as that.
        let lost = above.minus(&rounded);
        let unit = align.min(i128::from(self.abi.stack_align));
        let under = [path.fact, self.multiple(&rounded, unit)];
        let under = self.space.and(under);
        let right =
            [self.space.non_negative(lost.clone()), self.space.at_most(&lost.add(1), &Form::number(align))];
        let right = self.space.and(right);
        self.demand(Property::P5, under, right, "the address that is rounded down");
        Some(self.cfa().plus(&rounded))
    }

    /// The sum of two numbers, if they are seen to have no bit in common: one is a multiple of a power of two, the other
    /// below it.
    fn disjoint(&mut self, x: &Form, y: &Form, path: &Path) -> Option<Form> {
        for (high, low) in [(x, y), (y, x)] {
            let fits = (1..40).find(|&k| {
                let (_, rest) = self.space.divide(high, 1 << k);
                let multiple = rest.known() == Some(0);
                let (least, most) = self.space.range(low);
                multiple && least >= 0 && most < 1 << k
            });
            if fits.is_some() {
                return Some(high.plus(low));
            }
            // The range may be known to the solver only.
            for k in [12, 16] {
                let (_, rest) = self.space.divide(high, 1 << k);
                let below = self.floor(low, 1 << k, path);
                if rest.known() == Some(0) && below.known() == Some(0) {
                    return Some(high.plus(low));
                }
            }
        }
        None
    }
}
