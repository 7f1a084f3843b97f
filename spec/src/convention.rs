//! A calling convention together with its machine and what is declared for it: what code is compiled for.

use crate::layout::{Layout, Shape};
use crate::reg::RegSet;
use crate::{Abi, Machine, Spec, SpecError};

/// A convention of a specification. Frames and transitions for it are named after it: what is `tier0` here is
/// `sysv.tier0` in the specification.
#[derive(Clone, Copy, Debug)]
pub struct Convention<'a> {
    /// The specification.
    pub spec: &'a Spec,
    /// The convention.
    pub abi: &'a Abi,
    /// Its machine.
    pub machine: &'a Machine,
}

impl Spec {
    /// The convention of that name, with its machine.
    ///
    /// # Errors
    /// There is none.
    pub fn convention(&self, name: &str) -> Result<Convention<'_>, SpecError> {
        let abi = self.abi(name)?;
        Ok(Convention { spec: self, abi, machine: self.machine(&abi.machine)? })
    }

    /// The first convention declared for a machine.
    ///
    /// # Errors
    /// There is no such machine, or no convention for it.
    pub fn convention_of_machine(&self, machine: &str) -> Result<Convention<'_>, SpecError> {
        let machine = self.machine(machine)?;
        let abi = self.abis.values().find(|abi| abi.machine == machine.name);
        let missing = || SpecError::Missing { what: "convention", of: format!("machine `{}`", machine.name) };
        Ok(Convention { spec: self, abi: abi.ok_or_else(missing)?, machine })
    }
}

impl Convention<'_> {
    /// The full name of a frame or transition of this convention.
    pub fn named(&self, name: &str) -> String {
        format!("{}.{name}", self.abi.name)
    }

    /// As [`Spec::layout`], of a frame of this convention.
    ///
    /// # Errors
    /// As there.
    pub fn layout(&self, frame: &str, shape: &Shape) -> Result<Layout, SpecError> {
        self.spec.layout(&self.named(frame), shape)
    }

    /// As [`Spec::set_bound`], of a frame of this convention.
    ///
    /// # Errors
    /// As there.
    pub fn set_bound(&self, frame: &str, set: &str, source: Option<&Shape>) -> Result<RegSet, SpecError> {
        self.spec.set_bound(&self.named(frame), set, source)
    }
}
