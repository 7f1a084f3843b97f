//! Shapes by words, for people: `saved=rbx,r12 locals=40 tier0.saved=r15`.

use crate::layout::Shape;
use crate::machine::Machine;
use crate::reg::RegSet;
use crate::{Spec, SpecError};

impl Spec {
    /// A shape to show a frame with: every other register that it may save, 40 bytes of each size (or, where the
    /// frame does not take that, another choice), and for the frame it extends the same.
    ///
    /// # Errors
    /// Unknown frame.
    pub fn example_shape(&self, frame: &str) -> Result<Shape, SpecError> {
        let declared = self.frame(frame)?;
        let source = match &declared.extends {
            Some(extended) => Some(Box::new(self.example_shape(extended)?)),
            None => None,
        };
        self.example_over(frame, source)
    }

    fn example_over(&self, frame: &str, source: Option<Box<Shape>>) -> Result<Shape, SpecError> {
        let declared = self.frame(frame)?;
        let mut shape = Shape { source, ..Shape::default() };
        let bounds = declared.sets.iter().map(|param| {
            let bound = self.set_bound(frame, &param.name, shape.source.as_deref())?;
            Ok((param.name.clone(), bound))
        });
        let bounds: Vec<(String, RegSet)> = bounds.collect::<Result<_, SpecError>>()?;
        // All sizes alike, else one alone.
        let alone =
            declared.sizes.iter().flat_map(|one| [40, 520, 2080, 40_000].map(|size| (Some(one), size)));
        for (one, size) in [(None, 40), (None, 0)].into_iter().chain(alone) {
            for every in [2, 1, 128] {
                let some = |bound: &RegSet| bound.iter().step_by(every).collect();
                shape.sets = bounds.iter().map(|(name, bound)| (name.clone(), some(bound))).collect();
                let bytes = |name: &String| if one.is_none_or(|one| one == name) { size } else { 0 };
                shape.sizes = declared.sizes.iter().map(|name| (name.clone(), bytes(name))).collect();
                match self.layout(frame, &shape) {
                    Err(SpecError::Requires { .. }) => {}
                    _ => return Ok(shape),
                }
            }
        }
        Ok(shape)
    }

    /// A shape from `parameter=value` words; a set's value is names with commas between (none: empty). Parameters
    /// of an extended frame are written `tier0.saved`. Those not given are as in [`Spec::example_shape`].
    ///
    /// # Errors
    /// Unknown frame, parameter or register, or a word that is none. Whether the shape is one that the frame can
    /// have is for [`Spec::layout`] to say.
    pub fn shape_of_words<'w>(
        &self,
        frame: &str,
        words: impl IntoIterator<Item = &'w str>,
    ) -> Result<Shape, SpecError> {
        let words: Vec<&str> = words.into_iter().collect();
        let split = |word: &&'w str| {
            let (name, value) = word.split_once('=')?;
            Some((name.rsplit_once('.').unwrap_or(("", name)), value))
        };
        let mut settings = Vec::new();
        for word in &words {
            let setting = split(word);
            settings
                .push(setting.ok_or_else(|| SpecError::mismatch("`parameter=value`", format!("`{word}`")))?);
        }
        for &((owner, name), _) in &settings {
            let chain =
                std::iter::successors(self.frames.get(frame), |f| self.frames.get(f.extends.as_ref()?));
            let known = chain.enumerate().any(|(i, f)| {
                let named = if owner.is_empty() { i == 0 } else { f.is_called(owner) };
                named && (f.sizes.iter().any(|s| s == name) || f.sets.iter().any(|s| s.name == name))
            });
            if !known {
                let problem = "unknown parameter";
                let name = if owner.is_empty() { name.to_owned() } else { format!("{owner}.{name}") };
                return Err(SpecError::Parameter { frame: self.frame(frame)?.name.clone(), problem, name });
            }
        }
        self.shape_with(frame, "", &settings)
    }

    /// The shape of a frame that the settings call `owner` (nothing: the innermost).
    fn shape_with(
        &self,
        frame: &str,
        owner: &str,
        settings: &[((&str, &str), &str)],
    ) -> Result<Shape, SpecError> {
        let declared = self.frame(frame)?;
        let machine = self.machine_of_frame(frame)?;
        let source = match &declared.extends {
            Some(extended) => Some(Box::new(self.shape_with(extended, extended, settings)?)),
            None => None,
        };
        let mut shape = self.example_over(frame, source)?;
        let is_own = |of: &str| of == owner || declared.is_called(of);
        for &((_, name), value) in settings.iter().filter(|((of, _), _)| is_own(of)) {
            if let Some(set) = shape.sets.get_mut(name) {
                *set = set_of_words(machine, value)?;
            } else if let Some(size) = shape.sizes.get_mut(name) {
                let number = value.parse();
                *size = number.map_err(|_| SpecError::mismatch("a number of bytes", format!("`{value}`")))?;
            }
        }
        Ok(shape)
    }
}

fn set_of_words(machine: &Machine, value: &str) -> Result<crate::RegSet, SpecError> {
    let names = value.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| machine.known_reg(name)).collect()
}
