//! One test script: its directives run against a store.

use crate::values::{argument, matches};
use framewright::engine::{Config, EngineError, Extern, Store, spectest};
use framewright_compiler::wasm::Module;
use framewright_spec::Spec;
use std::collections::HashMap;
use std::sync::Arc;
use wast::lexer::Lexer;
use wast::parser::{ParseBuffer, parse};
use wast::token::Id;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, WastInvoke};

/// What came of the assertions of a script.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// That hold.
    pub(crate) passed: u32,
    /// That a supported feature overtook.
    pub(crate) overtaken: u32,
    /// Activations that went over to an OSR method meanwhile.
    pub(crate) transitions: u64,
    /// That do not: where and why.
    pub(crate) failures: Vec<String>,
}

/// Runs one script.
pub(crate) struct Script {
    store: Store,
    /// Instances by their names in the script.
    names: HashMap<String, usize>,
    last: Option<usize>,
}

impl Script {
    pub(crate) fn new(config: Config) -> Script {
        let mut store = Store::new(Arc::new(Spec::embedded().clone()), config);
        let print: spectest::Print = Arc::new(|_, _| ());
        spectest::define(store.world_mut(), &print).expect("a small memory");
        Script { store, names: HashMap::new(), last: None }
    }

    /// Runs all directives of a script.
    pub(crate) fn run(mut self, name: &str, text: &str, overtaken: &[(&str, usize, &str)]) -> Outcome {
        let mut lexer = Lexer::new(text);
        lexer.allow_confusing_unicode(true);
        let buffer = ParseBuffer::new_with_lexer(lexer).expect("the suite's scripts are well formed");
        let script: Wast<'_> = parse(&buffer).expect("the suite's scripts are well formed");
        let mut outcome = Outcome::default();
        for directive in script.directives {
            let line = directive.span().linecol_in(text).0 + 1;
            let is_assertion = !matches!(
                directive,
                WastDirective::Module(_) | WastDirective::Register { .. } | WastDirective::Invoke(_)
            );
            let result = self.directive(directive);
            if overtaken.iter().any(|&(file, at, _)| (file, at) == (name, line)) {
                outcome.overtaken += 1;
                if result.is_ok() {
                    outcome.failures.push(format!("{name}:{line}: holds, but is said to be overtaken"));
                }
                continue;
            }
            match result {
                Ok(()) => outcome.passed += u32::from(is_assertion),
                Err(why) => outcome.failures.push(format!("{name}:{line}: {why}")),
            }
        }
        outcome.transitions = self.store.code().stats.transitions;
        outcome
    }

    fn directive(&mut self, directive: WastDirective<'_>) -> Result<(), String> {
        match directive {
            WastDirective::Module(mut module) => {
                let name = module.name().map(|id| id.name().to_owned());
                let bytes = module.encode().map_err(|e| e.to_string())?;
                self.last = None;
                let instance = self.instantiate(&bytes).map_err(|e| e.to_string())?;
                self.last = Some(instance);
                self.names.extend(name.map(|name| (name, instance)));
                Ok(())
            }
            WastDirective::Register { name, module, .. } => {
                let instance = self.instance(module)?;
                self.store.world_mut().register(name, instance);
                Ok(())
            }
            WastDirective::Invoke(call) => self.invoke(&call)?.map(drop).map_err(|e| e.to_string()),
            WastDirective::AssertReturn { exec, results, .. } => {
                let values = self.execute(exec)?.map_err(|e| e.to_string())?;
                let same = values.len() == results.len()
                    && values.iter().zip(&results).all(|(&bits, want)| matches(bits, want));
                if same { Ok(()) } else { Err(format!("{values:#x?} is not {results:?}")) }
            }
            WastDirective::AssertTrap { exec, message, .. } => wrong(self.execute(exec)?, message, is_trap),
            WastDirective::AssertExhaustion { call, message, .. } => {
                wrong(self.invoke(&call)?, message, is_trap)
            }
            WastDirective::AssertUnlinkable { mut module, message, .. } => {
                let bytes = module.encode().map_err(|e| e.to_string())?;
                wrong(self.instantiate(&bytes), message, |error| {
                    matches!(
                        error,
                        EngineError::UnknownImport { .. } | EngineError::IncompatibleImport { .. }
                    )
                })
            }
            WastDirective::AssertMalformed { module, .. } | WastDirective::AssertInvalid { module, .. } => {
                refuses(module)
            }
            other => Err(format!("no such directive in this harness: {other:?}")),
        }
    }

    fn instantiate(&mut self, bytes: &[u8]) -> Result<usize, EngineError> {
        let module = Module::parse(bytes)?;
        self.store.instantiate(Arc::new(module))
    }

    fn instance(&self, name: Option<Id<'_>>) -> Result<usize, String> {
        match name {
            Some(id) => self.names.get(id.name()).copied().ok_or_else(|| format!("no module {}", id.name())),
            None => self.last.ok_or_else(|| "no module".to_owned()),
        }
    }

    /// The outer error is the harness's.
    fn execute(&mut self, exec: WastExecute<'_>) -> Result<Result<Vec<u64>, EngineError>, String> {
        match exec {
            WastExecute::Invoke(call) => self.invoke(&call),
            WastExecute::Wat(mut module) => {
                let bytes = module.encode().map_err(|e| e.to_string())?;
                Ok(self.instantiate(&bytes).map(|_| Vec::new()))
            }
            WastExecute::Get { module, global, .. } => {
                let instance = self.instance(module)?;
                match self.store.world().instances[instance].export(global) {
                    Some(Extern::Global(global)) => Ok(Ok(vec![global.cell.get()])),
                    _ => Err(format!("no global {global}")),
                }
            }
        }
    }

    fn invoke(&mut self, call: &WastInvoke<'_>) -> Result<Result<Vec<u64>, EngineError>, String> {
        let instance = self.instance(call.module)?;
        let args = call.args.iter().map(argument).collect::<Result<Vec<u64>, String>>()?;
        let at = self.store.exported_function(instance, call.name).map_err(|e| e.to_string())?;
        Ok(self.store.invoke(at, &args))
    }
}

/// Holds if there is an error of the right kind whose words are those wanted.
fn wrong<T: std::fmt::Debug>(
    result: Result<T, EngineError>,
    message: &str,
    kind: impl Fn(&EngineError) -> bool,
) -> Result<(), String> {
    match result {
        Ok(value) => Err(format!("gave {value:?}, not \"{message}\"")),
        Err(error) => {
            let words = error.to_string();
            // The suite adds the element's number to some messages.
            let core = message.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
            if kind(&error) && words.contains(core) {
                Ok(())
            } else {
                Err(format!("\"{words}\", not \"{message}\""))
            }
        }
    }
}

fn is_trap(error: &EngineError) -> bool {
    matches!(error, EngineError::Trap(_))
}

/// Holds if a module is refused, by the text reader or by us.
fn refuses(mut module: QuoteWat<'_>) -> Result<(), String> {
    match module.encode() {
        Err(_) => Ok(()),
        Ok(bytes) => match Module::parse(&bytes) {
            Err(_) => Ok(()),
            Ok(_) => Err("was accepted".to_owned()),
        },
    }
}
