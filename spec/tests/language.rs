//! The examples of `LANGUAGE.md` load, one after another over the embedded specification.

use framewright_spec::{Source, Spec};

#[test]
fn examples_load() {
    let text = include_str!("../LANGUAGE.md");
    let examples: Vec<&str> =
        text.split("```fw\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 6, "machines, instructions, bit patterns, lowerings, frames, transitions");
    for example in examples {
        if let Err(error) = Spec::load(&[Source::new("LANGUAGE.md", example)]) {
            panic!("{:?}\n{example}", miette::Report::new(error));
        }
    }
}

/// Every field and role is described.
#[test]
fn words_are_described() {
    let text = include_str!("../LANGUAGE.md");
    let missing =
        framewright_spec::Abi::FIELDS.into_iter().find(|field| !text.contains(&format!("`{field}`")));
    assert_eq!(missing, None);
}
