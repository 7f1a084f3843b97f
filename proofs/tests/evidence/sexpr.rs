//! S-expressions of SMT-LIB 2.

/// A word or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sexpr {
    /// A symbol (without its bars), a keyword or a number.
    Word(String),
    /// What is between parentheses.
    List(Vec<Sexpr>),
}

impl Sexpr {
    /// The word, if it is one.
    pub fn word(&self) -> Option<&str> {
        match self {
            Sexpr::Word(word) => Some(word),
            Sexpr::List(_) => None,
        }
    }

    /// The list's parts; none of a word.
    pub fn parts(&self) -> &[Sexpr] {
        match self {
            Sexpr::Word(_) => &[],
            Sexpr::List(parts) => parts,
        }
    }
}

/// The commands of a script. What cannot be read is told by its byte.
pub fn read(text: &str) -> Result<Vec<Sexpr>, String> {
    let bytes = text.as_bytes();
    let mut open: Vec<Vec<Sexpr>> = vec![Vec::new()];
    let mut at = 0;
    let end = |from: usize, stop: &dyn Fn(u8) -> bool| {
        bytes[from..].iter().position(|&b| stop(b)).map_or(bytes.len(), |n| from + n)
    };
    while let Some(&byte) = bytes.get(at) {
        let top = open.len() - 1;
        match byte {
            b';' => at = end(at, &|b| b == b'\n'),
            b if b.is_ascii_whitespace() => at += 1,
            b'(' => {
                open.push(Vec::new());
                at += 1;
            }
            b')' if top > 0 => {
                let parts = open.pop().unwrap_or_default();
                open[top - 1].push(Sexpr::List(parts));
                at += 1;
            }
            b')' => return Err(format!("`)` at byte {at} closes nothing")),
            b'|' => {
                let close = end(at + 1, &|b| b == b'|');
                open[top].push(Sexpr::Word(text[at + 1..close].to_owned()));
                at = close + 1;
            }
            _ => {
                let stop = end(at, &|b| b.is_ascii_whitespace() || b"()|;".contains(&b));
                open[top].push(Sexpr::Word(text[at..stop].to_owned()));
                at = stop;
            }
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some(commands), true) => Ok(commands),
        _ => Err("a `(` is not closed".to_owned()),
    }
}
