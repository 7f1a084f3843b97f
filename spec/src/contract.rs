//! Functions that do not keep a convention, or keep more than it says, by name: what the judge of other people's code
//! is to know of them. What the world demands, so every field is cited.

use crate::reg::RegSet;

/// What is known of functions of some names.
#[derive(Clone, Debug)]
pub struct Contract {
    /// Name, as in `no_return`.
    pub name: String,
    /// The machine it is for; none: all.
    pub machine: Option<String>,
    /// Names of the functions; `*` in one stands for any letters.
    pub names: Vec<String>,
    /// Whether calls of them return.
    pub returns: bool,
    /// Why their own code is not judged by the convention, where it is not.
    pub own: Option<String>,
    /// Registers that they keep besides those of the convention.
    pub keeps: RegSet,
    /// Registers that they change, though the convention says that they are kept: it is what they are for.
    pub changes: RegSet,
    /// Field name to document and section.
    pub cites: indexmap::IndexMap<String, String>,
}

impl Contract {
    /// Names of the fields, as in the language.
    pub const FIELDS: [&str; 6] = ["machine", "names", "returns", "own", "keeps", "changes"];

    /// Whether it is for functions of that name.
    pub fn is_for(&self, name: &str) -> bool {
        self.names.iter().any(|pattern| fits(pattern, name))
    }
}

/// Whether a name is as the pattern has it; `*` stands for any letters, also none.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, rest)) => name.strip_prefix(head).is_some_and(|name| {
            let from = |(at, _)| name.get(at..).is_some_and(|name| fits(rest, name));
            rest.is_empty() || name.char_indices().any(from) || fits(rest, "")
        }),
    }
}
