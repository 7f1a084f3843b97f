//! What the judge may know of a function beside its bytes: the rest of the program that it is part of.
//!
//! Offsets count bytes from the first byte of [`super::Method::bytes`], wherever in the program they lead; they are negative
//! for what lies before. Nothing of this is believed of the function itself, only of what it reads, calls and jumps to.

use std::fmt::Debug;

/// The program around a function.
pub trait Surroundings: Debug + Sync {
    /// The address of the first byte of [`super::Method::bytes`] as linked; the program may run moved by a multiple of
    /// the page. `None`: nothing is known of it.
    fn address(&self) -> Option<u64>;

    /// Read-only data from `at` to the end of its section: what is there when the program runs, words that the loader
    /// relocates aside. `None`: there is none.
    fn read_only(&self, at: i64) -> Option<&[u8]>;

    /// What the loader puts in the word at `at`, where that is an address and nothing writes to it later.
    fn pointer(&self, at: i64) -> Option<Pointer<'_>>;

    /// What lies at a place to which control may go.
    fn place(&self, at: i64) -> Place<'_>;

    /// First byte and end of the piece of code that a place is in, in [`super::Method::bytes`]: what a function can be
    /// followed into where it jumps there with its frame in place.
    fn unit(&self, at: i64) -> Option<(u32, u32)>;

    /// Whether a call to that place may return: `false` where the function there was seen to have no exit.
    fn returns(&self, at: i64) -> bool {
        let _ = at;
        true
    }
}

/// An address in memory that does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer<'a> {
    /// Of something in the same program.
    To(i64),
    /// Of a function of that name in another.
    Import(&'a str),
}

/// Something that control may go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// Nothing is known of it.
    Unknown,
    /// The first byte of a function, with its name if it has one; of a stub that jumps to a function of another
    /// program (PLT), that function's.
    Function(Option<&'a str>),
    /// A function behind its first byte, or a part of one that is not called.
    Inside,
}

/// Nothing is known.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Surroundings for Alone {
    fn address(&self) -> Option<u64> {
        None
    }

    fn read_only(&self, _: i64) -> Option<&[u8]> {
        None
    }

    fn pointer(&self, _: i64) -> Option<Pointer<'_>> {
        None
    }

    fn place(&self, _: i64) -> Place<'_> {
        Place::Unknown
    }

    fn unit(&self, _: i64) -> Option<(u32, u32)> {
        None
    }
}
