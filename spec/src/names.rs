//! Registers, sets and shapes by name, for people.

use crate::SpecError;
use crate::error::did_you_mean;
use crate::layout::Shape;
use crate::machine::Machine;
use crate::reg::{Reg, RegSet};
use std::fmt::{Display, Formatter, Result};

impl Machine {
    /// The register's name.
    pub fn name_of(&self, reg: Reg) -> &str {
        self.registers.get(usize::from(reg.0)).map_or("?", |register| &register.name)
    }

    /// The full-width register of that name.
    ///
    /// # Errors
    /// There is none; the nearest name is suggested.
    pub fn known_reg(&self, name: &str) -> std::result::Result<Reg, SpecError> {
        self.reg(name).ok_or_else(|| {
            let help = did_you_mean(name, self.registers.iter().map(|register| register.name.as_str()));
            SpecError::Unknown { what: "register", name: name.to_owned() }.with_help(help)
        })
    }

    /// The set with names, as in `{rbx, r12}`.
    pub fn display_set(&self, set: RegSet) -> impl Display + use<'_> {
        SetNames { machine: self, set }
    }

    /// The shape with names, as in `saved {rbx}, locals 40`; the extended frame's behind it.
    pub fn display_shape<'a>(&'a self, shape: &'a Shape) -> impl Display + use<'a> {
        ShapeNames { machine: self, shape }
    }

    /// The set of the registers of these names, if there are such.
    pub fn set_of<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Option<RegSet> {
        names.into_iter().map(|name| self.reg(name)).collect()
    }
}

struct SetNames<'a> {
    machine: &'a Machine,
    set: RegSet,
}

impl Display for SetNames<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("{")?;
        for (i, reg) in self.set.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { ", " })?;
            f.write_str(self.machine.name_of(reg))?;
        }
        f.write_str("}")
    }
}

struct ShapeNames<'a> {
    machine: &'a Machine,
    shape: &'a Shape,
}

impl Display for ShapeNames<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let sets = self.shape.sets.iter();
        let sets = sets.map(|(name, set)| format!("{name} {}", self.machine.display_set(*set)));
        let sizes = self.shape.sizes.iter().map(|(name, bytes)| format!("{name} {bytes}"));
        let parts: Vec<String> = sets.chain(sizes).collect();
        f.write_str(if parts.is_empty() { "no parameters" } else { "" })?;
        f.write_str(&parts.join(", "))?;
        match &self.shape.source {
            Some(source) => write!(f, "; extended frame: {}", self.machine.display_shape(source)),
            None => Ok(()),
        }
    }
}
