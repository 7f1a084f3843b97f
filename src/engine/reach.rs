//! Which functions a call can come to.

use super::error::EngineError;
use super::store::{FuncAddr, FunctionKind, World};
use framewright_compiler::wasm::callees::Callees;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

impl World {
    /// Functions that calls of `roots` can come to, themselves among them. Tables do not change while a program
    /// runs, so that what they hold now is what an indirect call can reach. `known` is what bodies of this world call:
    /// each is read once.
    ///
    /// # Errors
    /// A malformed body.
    pub fn reachable(
        &self,
        roots: &[FuncAddr],
        known: &mut HashMap<FuncAddr, Callees>,
    ) -> Result<Vec<FuncAddr>, EngineError> {
        let mut seen: HashSet<FuncAddr> = HashSet::new();
        let mut next: Vec<FuncAddr> = roots.iter().copied().filter(|&at| seen.insert(at)).collect();
        let mut found = Vec::new();
        while let Some(at) = next.pop() {
            found.push(at);
            let FunctionKind::Wasm { instance, index } = self.function(at).kind else { continue };
            let own = &self.instances[instance];
            let callees = match known.entry(at) {
                Entry::Occupied(read) => read.into_mut(),
                Entry::Vacant(unread) => unread.insert(own.module.callees(index)?),
            };
            let direct = callees.functions.iter().map(|&f| own.functions[f as usize]);
            let types: HashSet<_> = callees.types.iter().map(|&t| &own.module.types[t as usize]).collect();
            let table = own.table.as_ref().filter(|_| !types.is_empty());
            let elements = table.into_iter().flat_map(|t| (0..t.len()).filter_map(|i| t.get(i)));
            let indirect = elements.filter(|&f| types.contains(self.function_type(f)));
            next.extend(direct.chain(indirect).filter(|&f| seen.insert(f)));
        }
        Ok(found)
    }
}
