//! The model: machines, calling conventions, frames and transitions, stated once.
//!
//! Everything the compiler emits at a function's edges and everything the verifier demands of machine code is
//! derived from here. What the world demands (machine, ABI) is kept apart from what we choose (frames,
//! transitions): the first is trusted and cited, the second is re-proved on the bytes.
//!
//! ```
//! use framewright_spec::{Shape, Spec, draw_frame};
//!
//! let spec = Spec::embedded();
//! let machine = spec.machine_of_frame("sysv.native")?;
//! let saved = machine.set_of(["rbx", "r12"]).unwrap_or_default();
//! let shape = Shape {
//!     sets: [("saved".to_owned(), saved)].into(),
//!     sizes: [("locals".to_owned(), 40), ("outgoing".to_owned(), 0)].into(),
//!     source: None,
//! };
//! let layout = spec.layout("sysv.native", &shape)?;
//! assert_eq!(layout.total_bytes, 80);
//! assert_eq!(machine.display_step(&layout.prolog[2]), "push  r12");
//! println!("{}", draw_frame(spec, &layout));
//! # Ok::<(), framewright_spec::SpecError>(())
//! ```
//!
//! ```text
//! texts (.fw) ──lang──> trees ──load──> Spec ──layout──> Layout: offsets, slots, prolog, epilog
//!                         │               └──explain/draw──> text for people
//!                         └──lang::print──> texts
//! ```
//!
//! The crate knows no machine code and no solver: it never decides whether a prolog is right.
#![forbid(unsafe_code)]

pub mod abi;
pub mod claim;
pub mod contract;
pub mod convention;
mod cover;
mod data;
pub mod draw;
pub mod encoding;
pub mod error;
mod expand;
pub mod explain;
pub mod frame;
pub mod helper;
pub mod hex;
pub mod lang;
pub mod layout;
mod load;
pub mod lowering;
pub mod machine;
pub mod meaning;
mod names;
mod place;
pub mod platform;
pub mod reg;
mod shape;
pub mod transition;
pub mod unit;

pub use abi::Abi;
pub use claim::Claim;
pub use contract::Contract;
pub use convention::Convention;
pub use cover::LIMITS;
pub use draw::draw_frame;
pub use error::SpecError;
pub use explain::explain;
pub use frame::Frame;
pub use helper::Helper;
pub use lang::{Location, Source};
pub use layout::{Layout, Shape};
pub use machine::Machine;
pub use platform::Platform;
pub use reg::{Reg, RegSet};
pub use transition::Transition;
pub use unit::{CfaOffset, CodeOffset};

use indexmap::IndexMap;

/// A whole specification, checked: every name resolves, every layout law holds.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Machines by name (`x86_64`).
    pub machines: IndexMap<String, Machine>,
    /// Calling conventions by name (`sysv`).
    pub abis: IndexMap<String, Abi>,
    /// Frames by name (`sysv.tier0`).
    pub frames: IndexMap<String, Frame>,
    /// Transitions by name (`sysv.ryujit`).
    pub transitions: IndexMap<String, Transition>,
    /// Helpers that prologs and bodies call, by name (`windows_x64.chkstk`).
    pub helpers: IndexMap<String, Helper>,
    /// Platforms by name (`linux.x86_64`).
    pub platforms: IndexMap<String, Platform>,
    /// Contracts of functions known by name.
    pub contracts: IndexMap<String, Contract>,
    /// Where items are declared, by kind, machine (empty if it belongs to none) and name.
    places: IndexMap<(&'static str, String, String), Location>,
    /// Where their parts stand, by kind, name and part.
    parts: IndexMap<(&'static str, String, String), Location>,
}

impl Spec {
    /// The machine of that name.
    ///
    /// # Errors
    /// There is none.
    pub fn machine(&self, name: &str) -> Result<&Machine, SpecError> {
        find("machine", &self.machines, name)
    }

    /// The calling convention of that name.
    ///
    /// # Errors
    /// There is none.
    pub fn abi(&self, name: &str) -> Result<&Abi, SpecError> {
        find("abi", &self.abis, name)
    }

    /// The frame of that name.
    ///
    /// # Errors
    /// There is none.
    pub fn frame(&self, name: &str) -> Result<&Frame, SpecError> {
        find("frame", &self.frames, name)
    }

    /// The helper of that name.
    ///
    /// # Errors
    /// There is none.
    pub fn helper(&self, name: &str) -> Result<&Helper, SpecError> {
        find("helper", &self.helpers, name)
    }

    /// The transition of that name.
    ///
    /// # Errors
    /// There is none.
    pub fn transition(&self, name: &str) -> Result<&Transition, SpecError> {
        find("transition", &self.transitions, name)
    }

    /// The platform of that name, or the one for the machine of that name.
    ///
    /// # Errors
    /// There is none.
    pub fn platform(&self, name: &str) -> Result<&Platform, SpecError> {
        let for_machine = || self.platforms.values().find(|platform| platform.machine == name);
        self.platforms.get(name).or_else(for_machine).ok_or_else(|| {
            let machines = self.platforms.values().map(|platform| platform.machine.as_str());
            let list = machines.clone().collect::<Vec<_>>().join(", ");
            let help = error::did_you_mean(name, machines).unwrap_or(format!("there are: {list}"));
            SpecError::Unknown { what: "target", name: name.to_owned() }.with_help(Some(help))
        })
    }

    /// The machine that a calling convention is for.
    ///
    /// # Errors
    /// There is no such convention.
    pub fn machine_of_abi(&self, abi: &str) -> Result<&Machine, SpecError> {
        self.machine(&self.abi(abi)?.machine)
    }

    /// The machine that a frame is for.
    ///
    /// # Errors
    /// There is no such frame.
    pub fn machine_of_frame(&self, frame: &str) -> Result<&Machine, SpecError> {
        self.machine_of_abi(&self.frame(frame)?.abi)
    }

    /// Where an item is declared: kind (`frame`, `abi`, `instruction`, …), machine (empty for kinds that belong
    /// to none), name.
    pub fn declared_at(&self, kind: &str, machine: &str, name: &str) -> Option<&Location> {
        let found = |key: &(&str, String, String)| key.0 == kind && key.1 == machine && key.2 == name;
        self.places.iter().find(|(key, _)| found(key)).map(|(_, at)| at)
    }

    /// Where a statement stands that messages name as in `frame osr: region saves`, `frame osr: epilog` or
    /// `convention sysv: callee_saved`. A region may be one of an extended frame; for what is no part of its own
    /// (`frame osr: state map`) the answer is the item.
    pub fn stated_at(&self, statement: &str) -> Option<&Location> {
        let (item, part) = statement.split_once(": ")?;
        let (kind, name) = item.split_once(' ')?;
        let kind = if kind == "convention" { "abi" } else { kind };
        let region = format!("region {part}");
        let owners = std::iter::successors(Some(name), |owner| self.frames.get(*owner)?.extends.as_deref());
        let found = owners.flat_map(|owner| [(owner, part), (owner, &region)]).find_map(|(owner, part)| {
            let found = |key: &(&str, String, String)| key.0 == kind && key.1 == owner && key.2 == part;
            self.parts.iter().find(|(key, _)| found(key)).map(|(_, at)| at)
        });
        found.or_else(|| self.declared_at(kind, "", name))
    }
}

fn find<'a, T>(what: &'static str, items: &'a IndexMap<String, T>, name: &str) -> Result<&'a T, SpecError> {
    items.get(name).ok_or_else(|| {
        let help = error::did_you_mean(name, items.keys().map(String::as_str));
        SpecError::Unknown { what, name: name.to_owned() }.with_help(help)
    })
}
