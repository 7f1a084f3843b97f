//! Shapes that cover a frame: sets of every kind at one size, and sizes on both sides of every limit of an
//! encoding at a
//! few sets.

use crate::layout::Shape;
use crate::machine::RegClass;
use crate::reg::{Reg, RegSet};
use crate::{Machine, Spec, SpecError};
use std::collections::BTreeMap;

/// Distances at which encodings of some machine end: pairs with and without write-back, single words, 12-bit
/// immediates signed and not, scaled offsets, shifted immediates, pages and their multiples.
pub const LIMITS: [u32; 14] =
    [128, 256, 504, 512, 2040, 2048, 4096, 32_760, 32_768, 65_536, 69_632, 1 << 20, 1 << 24, 0x7fff_f000];

/// Of frames whose body lowers SP, one shape of so many.
const SPREAD: usize = 64;

/// Sets of at most so many registers are covered by all their subsets.
const ALL_SUBSETS: usize = 5;

impl Spec {
    /// Shapes that cover a frame, each of which it takes. For a frame that extends another, shapes of that
    /// one go round
    /// with its own.
    ///
    /// # Errors
    /// Unknown frame, or a shape that breaks a law of layouts.
    pub fn covering_shapes(&self, frame: &str) -> Result<Vec<Shape>, SpecError> {
        let sources = match &self.frame(frame)?.extends {
            Some(extended) => self.covering_shapes(extended)?.into_iter().map(Some).collect(),
            None => vec![None],
        };
        let mut shapes = Vec::new();
        for source in &sources {
            // Every shape of the extended frame, with a choice of sets that goes round.
            let own = self.shapes_over(frame, source.as_ref(), Some(shapes.len()))?;
            shapes.extend(own);
        }
        if let Some(Some(first)) = sources.first() {
            shapes.extend(self.shapes_over(frame, Some(first), None)?);
        }
        shapes.dedup();
        if self.frame(frame)?.allocate.is_some() {
            // A body that lowers SP is proven for every amount, which costs more than the sizes around it tell.
            shapes = shapes.into_iter().step_by(SPREAD).collect();
        }
        Ok(shapes)
    }

    /// Shapes over one shape of the extended frame: all that cover (`None`; so it is for frames that extend
    /// none), or
    /// the one of a number.
    fn shapes_over(
        &self,
        frame: &str,
        source: Option<&Shape>,
        number: Option<usize>,
    ) -> Result<Vec<Shape>, SpecError> {
        let declared = self.frame(frame)?;
        let with_source = || Shape { source: source.cloned().map(Box::new), ..Shape::default() };
        let mut bounds = BTreeMap::new();
        for param in &declared.sets {
            bounds.insert(param.name.clone(), self.set_bound(frame, &param.name, source)?);
        }
        let machine = self.machine_of_frame(frame)?;
        let families: BTreeMap<&String, Vec<RegSet>> =
            bounds.iter().map(|(name, &bound)| (name, family(machine, bound))).collect();
        let pick = |i: usize| -> BTreeMap<String, RegSet> {
            families.iter().map(|(name, sets)| ((*name).clone(), sets[i % sets.len()])).collect()
        };
        let most = families.values().map(Vec::len).max().unwrap_or(1);
        let shadow = self.abi(&declared.abi)?.shadow_space;
        let sizes = self.sizes(frame, &Shape { sets: pick(0), ..with_source() }, shadow)?;
        let mut shapes = Vec::new();
        if let (Some(number), Some(_)) = (number, source) {
            let shape =
                Shape { sets: pick(number), sizes: sizes[number % sizes.len()].clone(), ..with_source() };
            self.push_taken(frame, shape, &mut shapes)?;
            return Ok(shapes);
        }
        for i in 0..most {
            let shape = Shape { sets: pick(i), sizes: sizes[i % 2].clone(), ..with_source() };
            self.push_taken(frame, shape, &mut shapes)?;
        }
        for (i, size) in sizes.iter().enumerate() {
            for k in [0, most - 1, most / 2 + i] {
                let shape = Shape { sets: pick(k), sizes: size.clone(), ..with_source() };
                self.push_taken(frame, shape, &mut shapes)?;
            }
        }
        Ok(shapes)
    }

    /// Adds a shape unless the frame does not take it, or it is past the largest frame.
    fn push_taken(&self, frame: &str, shape: Shape, shapes: &mut Vec<Shape>) -> Result<(), SpecError> {
        match self.layout(frame, &shape) {
            Ok(_) => shapes.push(shape),
            Err(SpecError::Requires { .. } | SpecError::TooLarge { .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Values of the sizes: small ones, and for each limit and each size values that take the frame (or the
    /// part of
    /// it that is its own) to the limit and 16 bytes to either side.
    fn sizes(
        &self,
        frame: &str,
        shape: &Shape,
        shadow: u32,
    ) -> Result<Vec<BTreeMap<String, u32>>, SpecError> {
        let declared = self.frame(frame)?;
        let least = |name: &String| if name == "outgoing" { shadow } else { 0 };
        let small: BTreeMap<String, u32> =
            declared.sizes.iter().map(|name| (name.clone(), least(name))).collect();
        let odd: BTreeMap<String, u32> =
            small.iter().map(|(name, least)| (name.clone(), least + 40)).collect();
        let mut sizes = vec![small.clone(), odd];
        let above = match (&declared.extends, shape.source.as_deref()) {
            (Some(extended), Some(source)) => self.layout(extended, source)?.total_bytes,
            _ => 0,
        };
        // A frame that does not take the smallest sizes: the limits are counted from the CFA.
        let smallest = Shape { sizes: small.clone(), ..shape.clone() };
        let base = self.layout(frame, &smallest).map_or(0, |layout| layout.total_bytes - above);
        for name in &declared.sizes {
            for bytes in [8, 64] {
                let mut size = small.clone();
                size.entry(name.clone()).and_modify(|least| *least += bytes);
                sizes.push(size);
            }
            for limit in LIMITS {
                let exact = i64::from(limit) - base;
                let others = 64 * (declared.sizes.len() as i64 - 1);
                let near = [-16, -8, 0, 8, 16].map(|near| (exact + near, 0));
                for (bytes, other) in near.into_iter().chain([(exact - others, 64)]) {
                    let Ok(bytes) = u32::try_from(bytes) else { continue };
                    let mut size: BTreeMap<String, u32> = small.clone();
                    size.iter_mut().filter(|(n, _)| *n != name).for_each(|(_, least)| *least += other);
                    size.entry(name.clone()).and_modify(|least| *least = least.saturating_add(bytes));
                    sizes.push(size);
                }
            }
        }
        Ok(sizes)
    }
}

/// Subsets of a bound: all of a small one; else none, all, each one alone, each one missing, neighbours,
/// beginnings, and
/// the same within each class.
fn family(machine: &Machine, bound: RegSet) -> Vec<RegSet> {
    let members: Vec<Reg> = bound.iter().collect();
    if members.len() <= ALL_SUBSETS {
        return (0..1_u32 << members.len())
            .map(|bits| {
                members.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1).map(|(_, &r)| r).collect()
            })
            .collect();
    }
    let mut sets = vec![RegSet::EMPTY];
    let classes = [RegClass::Int, RegClass::Float];
    let parts = classes.map(|class| machine.of_class(class).intersection(bound));
    for &reg in &members {
        sets.push(RegSet::EMPTY.with(reg));
        sets.push(bound.without(reg));
    }
    for pair in members.windows(2) {
        sets.push(pair.iter().copied().collect());
    }
    for part in parts {
        let part: Vec<Reg> = part.iter().collect();
        sets.extend((2..=part.len()).map(|n| part.iter().copied().take(n).collect::<RegSet>()));
    }
    // One of each class, so that both are odd.
    sets.push(parts.iter().filter_map(|part| part.iter().next()).collect());
    sets.push(bound);
    sets
}
