//! What is known of functions by their names: the contracts of the specification.

use framewright_spec::{Contract, Machine, RegSet, Spec};

/// The contracts for one machine.
#[derive(Clone, Debug, Default)]
pub(crate) struct Callees<'s> {
    contracts: Vec<&'s Contract>,
}

impl<'s> Callees<'s> {
    pub(crate) fn new(spec: &'s Spec, machine: &Machine) -> Callees<'s> {
        let ours = |contract: &&Contract| contract.machine.as_ref().is_none_or(|name| *name == machine.name);
        Callees { contracts: spec.contracts.values().filter(ours).collect() }
    }

    /// The contracts of functions of that name; versions (`name@VERSION`) are the same to us.
    fn of(&self, name: &str) -> impl Iterator<Item = &'s Contract> {
        let name = name.split('@').next().unwrap_or_default().to_owned();
        self.contracts.iter().copied().filter(move |contract| contract.is_for(&name))
    }

    pub(crate) fn never_returns(&self, name: &str) -> bool {
        self.of(name).any(|contract| !contract.returns)
    }

    /// Why a function's own code is not judged, if it is not.
    pub(crate) fn own(&self, name: &str) -> Option<&'s str> {
        self.of(name).find_map(|contract| contract.own.as_deref())
    }

    /// Registers that a function changes, though the convention says that they are kept.
    pub(crate) fn changes(&self, name: &str) -> RegSet {
        self.of(name).fold(RegSet::EMPTY, |all, contract| all.union(contract.changes))
    }

    /// Registers that a function keeps besides those of the convention.
    pub(crate) fn keeps(&self, name: &str) -> RegSet {
        self.of(name).fold(RegSet::EMPTY, |all, contract| all.union(contract.keeps))
    }
}
