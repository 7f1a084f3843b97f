//! Where functions begin and end: symbols and unwind data put together.
//!
//! One first byte, one function: aliases are names of the same one. A part that GCC or LLVM has placed elsewhere
//! (`f.cold`, or unwind data that begins with a frame) is no function; it belongs to whoever jumps to it.

use super::frames::Frame;
use super::image::{Area, Image};
use std::collections::BTreeMap;

/// What a range of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A function that can be called.
    Function,
    /// A function that gives the address of another (STT_GNU_IFUNC).
    Resolver,
    /// A part of functions that lie elsewhere.
    Part,
    /// A stub that jumps to a function by a word that the loader fills (PLT), or one of its siblings.
    Slot,
}

/// How it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// By a symbol that says how long it is.
    Symbol,
    /// By a symbol that does not: up to whatever comes next.
    BareSymbol,
    /// By unwind data alone.
    Frame,
    /// By the section that it is in.
    Section,
}

/// A range of code that is entered at its first byte.
#[derive(Clone, Debug)]
pub struct Function<'d> {
    /// Its names; the first is the one to be told. Empty: it has none.
    pub names: Vec<&'d str>,
    /// What it is.
    pub kind: Kind,
    /// How it is known.
    pub origin: Origin,
    /// The text it lies in, by number.
    pub text: usize,
    /// First byte, from the text's.
    pub begin: u32,
    /// End, from the text's first byte.
    pub end: u32,
    /// Its unwind data: indices of frames, ascending by address.
    pub frames: Vec<u32>,
}

/// What is gathered of one first byte.
#[derive(Default)]
struct Found<'d> {
    names: Vec<(bool, &'d str)>,
    symbol: bool,
    resolver: bool,
    bytes: u64,
    /// Whether its unwind data says that it is entered by calls.
    called: Option<bool>,
}

/// The functions of a program, by text and first byte. Adds to `notes` what is odd.
pub fn functions<'d>(image: &Image<'d>, frames: &[Frame], notes: &mut Vec<String>) -> Vec<Function<'d>> {
    let mut found: BTreeMap<(usize, u32), Found<'d>> = BTreeMap::new();
    let mut outside = 0;
    for symbol in &image.symbols {
        let Some(place) = image.text(symbol.address).filter(|_| !in_stubs(image, symbol.address)) else {
            outside += 1;
            continue;
        };
        let entry = found.entry(place).or_default();
        entry.names.push((!symbol.global, symbol.name));
        (entry.symbol, entry.resolver) = (true, entry.resolver || symbol.resolver);
        entry.bytes = entry.bytes.max(symbol.bytes);
    }
    if outside > 0 {
        notes.push(format!("{outside} function symbols are of no code in the file"));
    }
    add_frames(image, frames, &mut found, notes);
    let mut functions = ranges(image, found, frames);
    functions.extend(stubs(image));
    functions.sort_by_key(|function| (function.text, function.begin));
    attach(image, frames, &mut functions);
    functions
}

/// Unwind data makes a function where no symbol has one, unless it is of the inside of one.
fn add_frames<'d>(
    image: &Image<'d>,
    frames: &[Frame],
    found: &mut BTreeMap<(usize, u32), Found<'d>>,
    notes: &mut Vec<String>,
) {
    let mut outside = 0;
    for frame in frames {
        let Some(place) = image.text(frame.begin) else {
            outside += 1;
            continue;
        };
        if in_stubs(image, frame.begin) {
            continue;
        }
        let (text, begin) = place;
        let inside = found
            .range((text, 0)..place)
            .next_back()
            .is_some_and(|(&(_, start), outer)| outer.symbol && u64::from(begin - start) < outer.bytes);
        if inside && !found.contains_key(&place) {
            continue;
        }
        let entry = found.entry(place).or_default();
        entry.bytes = entry.bytes.max(frame.bytes);
        entry.called = entry.called.or(Some(frame.called));
    }
    if outside > 0 {
        notes.push(format!("{outside} entries of `.eh_frame` are of no code in the file"));
    }
}

fn ranges<'d>(
    image: &Image<'d>,
    found: BTreeMap<(usize, u32), Found<'d>>,
    frames: &[Frame],
) -> Vec<Function<'d>> {
    let places: Vec<(usize, u32)> = found.keys().copied().collect();
    let has_frame = |address: u64| frames.binary_search_by_key(&address, |frame| frame.begin).is_ok();
    let range = |(number, ((text, begin), mut found)): (usize, ((usize, u32), Found<'d>))| {
        let address = image.texts[text].address + u64::from(begin);
        // Global names first; of those the first in the alphabet.
        found.names.sort_unstable();
        found.names.dedup();
        let names: Vec<&str> = found.names.into_iter().map(|(_, name)| name).collect();
        let room = room(image, text, begin);
        let next = places.get(number + 1).filter(|next| next.0 == text).map_or(u32::MAX, |next| next.1);
        let bare = found.bytes == 0;
        let end = if bare { next.min(room) } else { room.min(begin.saturating_add(size(found.bytes))) };
        let cold = names.first().is_some_and(|name| is_cold(name));
        let kind = match (found.symbol, found.called) {
            _ if cold => Kind::Part,
            (false, Some(false)) => Kind::Part,
            _ if found.resolver => Kind::Resolver,
            _ => Kind::Function,
        };
        let origin = match (found.symbol, bare) {
            (true, false) => Origin::Symbol,
            (true, true) => Origin::BareSymbol,
            (false, _) => Origin::Frame,
        };
        debug_assert!(found.symbol || has_frame(address));
        Function { names, kind, origin, text, begin, end, frames: Vec::new() }
    };
    found.into_iter().enumerate().map(range).filter(|function| function.end > function.begin).collect()
}

fn size(bytes: u64) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// End of the section, or of the text, from the text's first byte.
fn room(image: &Image<'_>, text: usize, begin: u32) -> u32 {
    let text = &image.texts[text];
    let all = text.bytes.len() as u32;
    let area = image.area(text.address + u64::from(begin));
    let end = area.and_then(|area| (area.address + area.bytes.len() as u64).checked_sub(text.address));
    end.map_or(all, |end| all.min(size(end)))
}

/// `f.cold`, `f.cold.3`.
fn is_cold(name: &str) -> bool {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    name.strip_suffix('.').unwrap_or(name).ends_with(".cold")
}

fn is_stubs(area: &Area<'_>) -> bool {
    area.code && (area.name.starts_with(".plt") || area.name.starts_with(".iplt"))
}

fn in_stubs(image: &Image<'_>, address: u64) -> bool {
    image.area(address).is_some_and(is_stubs)
}

/// The entries of sections with stubs. Which of them are stubs of a function is seen when they are judged.
fn stubs<'d>(image: &Image<'d>) -> Vec<Function<'d>> {
    const USUAL_BYTES: u64 = 16;
    let mut stubs = Vec::new();
    for area in image.areas.iter().filter(|area| is_stubs(area)) {
        let Some((text, first)) = image.text(area.address) else { continue };
        let bytes = area.bytes.len() as u64;
        let one = match area.entry_bytes {
            bytes @ 8..=64 => bytes,
            _ => USUAL_BYTES,
        };
        // What comes before the first whole entry is a header.
        let starts = (bytes % one..bytes).step_by(one as usize);
        stubs.extend(starts.map(|start| {
            let begin = first + start as u32;
            let (kind, origin) = (Kind::Slot, Origin::Section);
            Function {
                names: Vec::new(),
                kind,
                origin,
                text,
                begin,
                end: begin + one as u32,
                frames: Vec::new(),
            }
        }));
    }
    stubs
}

/// Gives functions their unwind data.
fn attach(image: &Image<'_>, frames: &[Frame], functions: &mut [Function<'_>]) {
    for function in functions {
        let begin = image.texts[function.text].address + u64::from(function.begin);
        let end = begin + u64::from(function.end - function.begin);
        let first = frames.partition_point(|frame| frame.begin.saturating_add(frame.bytes) <= begin);
        let of_it = frames[first..].iter().take_while(|frame| frame.begin < end);
        function.frames = of_it.enumerate().map(|(index, _)| (first + index) as u32).collect();
    }
}
