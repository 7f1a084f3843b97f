//! What the judge may know around a function, and what it asked.

use super::functions::Kind;
use super::{Program, Word};
use framewright_verifier::foreign::{Place, Pointer, Surroundings};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};

/// What has been learnt of a function by judging it and others.
#[derive(Debug, Default)]
pub struct Learnt<'d> {
    /// It has no exit.
    pub never_returns: AtomicBool,
    /// The function that this stub jumps to.
    pub stands_for: OnceLock<Word<'d>>,
}

/// What a function asked about the rest of its program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Functions and parts, by number, to whose first byte or inside control may go, and whether it is the first byte.
    pub places: Vec<(u32, bool)>,
    /// What words are that were read.
    pub words: Vec<u64>,
}

/// The surroundings of the functions of one text.
#[derive(Debug)]
pub struct Around<'a, 'b> {
    program: &'a Program<'a>,
    learnt: &'b [Learnt<'a>],
    text: usize,
    asked: Mutex<Asked>,
}

impl<'a, 'b> Around<'a, 'b> {
    /// Of a text of a program; `learnt` by number of the function.
    pub fn new(program: &'a Program<'a>, learnt: &'b [Learnt<'a>], text: usize) -> Around<'a, 'b> {
        Around { program, learnt, text, asked: Mutex::default() }
    }

    /// What has been asked, in order and each once.
    pub fn asked(self) -> Asked {
        let mut asked = self.asked.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        asked.places.sort_unstable();
        asked.places.dedup();
        asked.words.sort_unstable();
        asked.words.dedup();
        asked
    }

    fn note(&self, note: impl FnOnce(&mut Asked)) {
        note(&mut self.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    fn absolute(&self, at: i64) -> u64 {
        self.program.image.texts[self.text].address.wrapping_add(at as u64)
    }

    fn offset(&self, address: u64) -> i64 {
        address.wrapping_sub(self.program.image.texts[self.text].address) as i64
    }

    /// The function that begins at a place, or the one around it.
    fn function(&self, at: i64) -> Option<(u32, bool)> {
        let (text, offset) = self.program.image.text(self.absolute(at))?;
        self.program.function(text, offset)
    }

    /// The function that a stub stands for, if it is of this program.
    fn behind(&self, number: u32) -> Option<u32> {
        match self.learnt[number as usize].stands_for.get()? {
            Word::To(address) => {
                let (text, offset) = self.program.image.text(*address)?;
                self.program.function(text, offset).filter(|(_, first)| *first).map(|(number, _)| number)
            }
            _ => None,
        }
    }

    fn name(&self, number: u32) -> Option<&'a str> {
        if let Some(Word::Import(name)) = self.learnt[number as usize].stands_for.get() {
            return Some(name);
        }
        let number = self.behind(number).unwrap_or(number);
        self.program.functions[number as usize].names.first().copied()
    }
}

impl Surroundings for Around<'_, '_> {
    fn address(&self) -> Option<u64> {
        Some(self.program.image.texts[self.text].address)
    }

    fn read_only(&self, at: i64) -> Option<&[u8]> {
        self.program.image.constant(self.absolute(at))
    }

    fn pointer(&self, at: i64) -> Option<Pointer<'_>> {
        let address = self.absolute(at);
        let word = self.program.image.pointers.get(&address)?;
        self.note(|asked| asked.words.push(address));
        match *word {
            Word::To(address) => Some(Pointer::To(self.offset(address))),
            Word::Import(name) => Some(Pointer::Import(name)),
            // Whatever it returns is a function of the same convention, of which nothing is known.
            Word::Resolved(_) => Some(Pointer::Import("")),
        }
    }

    fn place(&self, at: i64) -> Place<'_> {
        if let Some(name) = self.program.image.imports.get(&self.absolute(at)) {
            return Place::Function(Some(name));
        }
        let Some((number, first)) = self.function(at) else { return Place::Unknown };
        self.note(|asked| asked.places.push((number, first)));
        let function = &self.program.functions[number as usize];
        match function.kind {
            Kind::Part => Place::Inside,
            _ if first => Place::Function(self.name(number)),
            _ => Place::Inside,
        }
    }

    /// Functions only: parts are given to the function that asked for them, with their landing pads. To ask is not to
    /// go there: what lies behind a table's last entry is asked about, too.
    fn unit(&self, at: i64) -> Option<(u32, u32)> {
        let (number, _) = self.function(at)?;
        let function = &self.program.functions[number as usize];
        (function.text == self.text && function.kind != Kind::Part).then_some((function.begin, function.end))
    }

    fn returns(&self, at: i64) -> bool {
        match self.function(at) {
            Some((number, true)) => {
                let number = self.behind(number).unwrap_or(number);
                self.note(|asked| asked.places.push((number, true)));
                !self.learnt[number as usize].never_returns.load(Ordering::Relaxed)
            }
            _ => true,
        }
    }
}
