//! How the second method of a pair is entered: what of the specification's transition matters for foreign code.

use framewright_spec::{RegSet, Spec, SpecError, Transition};

/// Registers and SP at the entry of the second method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Registers that hold what they held when the activation began; the link register the return address.
    pub restored: RegSet,
    /// Registers that hold what they held at the patchpoint, besides SP.
    pub kept: RegSet,
    /// Bytes that SP is lower than at the patchpoint.
    pub lowered: i64,
}

impl Arrival {
    /// The transition of that name under a convention: its full name, or what follows the convention's (`-` and `_`
    /// are the same).
    ///
    /// # Errors
    /// There is none.
    pub fn of(spec: &Spec, abi: &str, name: &str) -> Result<Arrival, SpecError> {
        let name = name.replace('-', "_");
        let full = format!("{abi}.{name}");
        match spec.transitions.get(&full) {
            Some(transition) => Ok(transition.into()),
            None => spec.transition(&name).map(Arrival::from),
        }
    }
}

impl From<&Transition> for Arrival {
    fn from(transition: &Transition) -> Arrival {
        Arrival { restored: transition.restored, kept: transition.kept, lowered: transition.lowered }
    }
}
