//! Text to tree and back.

mod generate;

use framewright_spec::lang::{Source, parse, print};
use framewright_spec::{Spec, SpecError};
use generate::{DamagedText, NearText, Tree};
use quickcheck::quickcheck;

fn source(text: String) -> Source {
    Source::new("test.fw", text)
}

quickcheck! {
    fn parse_of_print_is_identity(tree: Tree) -> bool {
        let text = print(&tree.0);
        match parse(&source(text.clone())) {
            Ok(parsed) if parsed == tree.0 => true,
            Ok(parsed) => panic!("text:\n{text}\nparsed: {parsed:#?}"),
            Err(error) => panic!("text:\n{text}\n{error}"),
        }
    }

    fn arbitrary_bytes_are_an_error_or_a_tree(bytes: Vec<u8>) -> bool {
        match Source::from_bytes("bytes", &bytes) {
            Ok(source) => survives(&source),
            Err(SpecError::NotText { .. }) => true,
            Err(_) => false,
        }
    }

    fn damaged_specifications_are_an_error_or_a_tree(text: DamagedText) -> bool {
        survives(&source(text.0))
    }

    fn arbitrary_words_are_an_error_or_a_tree(text: NearText) -> bool {
        survives(&source(text.0))
    }
}

/// Loading neither panics nor fails without a place; what parses prints to the same tree.
fn survives(source: &Source) -> bool {
    let loaded = Spec::load(std::slice::from_ref(source));
    let placed = loaded.err().is_none_or(|error| error.location().is_some());
    let stable = parse(source).ok().is_none_or(|tree| {
        let again = parse(&Source::new("printed", print(&tree)));
        again.as_ref() == Ok(&tree)
    });
    placed && stable
}

/// The embedded files are in the printer's layout, so that editing one and formatting it shows the edit
/// alone.
#[test]
fn embedded_files_are_formatted() {
    let bless = std::env::var_os("BLESS").is_some();
    for embedded in Spec::embedded_sources() {
        let tree = parse(&embedded).expect("an embedded file parses");
        let printed = print(&tree);
        if bless {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(embedded.name());
            std::fs::write(path, &printed).expect("the file can be written");
        } else if printed != embedded.text() {
            let differs = printed.lines().zip(embedded.text().lines()).find(|(a, b)| a != b);
            panic!("{} is not formatted (BLESS=1 formats it): {differs:#?}", embedded.name());
        }
    }
}

#[test]
fn nesting_has_a_limit() {
    let deep = |open: &str, close: &str, inner: &str| {
        let text = format!("on m define f(a) = {}{inner}{}", open.repeat(100_000), close.repeat(100_000));
        parse(&source(text)).map_err(|error| error.problem().clone())
    };
    let too_deep = Err(SpecError::TooDeep { limit: 100 });
    assert_eq!(deep("(", ")", "a"), too_deep);
    assert_eq!(deep("~", "", "a"), too_deep);
    assert_eq!(deep("a + ", "", "a"), too_deep);
    assert_eq!(deep("if a then a else ", "", "a"), too_deep);
    assert_eq!(deep("f(", ")", "a"), too_deep);
    let blocks = format!("frame f {{ prolog {{ {} ", "if 1 { ".repeat(100_000));
    assert_eq!(parse(&source(blocks)).map_err(|error| error.problem().clone()), too_deep);
}

#[test]
fn long_lists_are_no_problem() {
    let names = vec!["rax"; 100_000].join(", ");
    let text = format!("abi a {{\n  int_args: {names}\n}}\n");
    let tree = parse(&source(text)).expect("a tree");
    assert_eq!(parse(&source(print(&tree))).as_ref(), Ok(&tree));
}

/// Comments stay where they were, or move above the line in whose middle they stood; blank lines become one.
#[test]
fn a_messy_text_is_laid_out() {
    let messy = r#"
// a file


on  x86_64   // beside
define f( a,b )=(a+b)*( a & b | 1 )  // after f
instruction  t d,s {d:=f(d,s) when cf { zf:=0 // zero
      } // end of when
   rax := rax // in the
     + 1      // middle
 // below all

   cite "a
         text" }
frame x extends sysv.tier0 { prolog { push rbp // one
 mov rbp,rsp
 if  total-16 {  } else { push [ rbp+8 ] } } }
// last"#;
    let tidy = r#"// a file

on x86_64  // beside
define f(a, b) = (a + b) * ((a & b) | 1)  // after f
instruction t d, s {
  d := f(d, s)
  when cf {
    zf := 0  // zero
  }  // end of when
  // in the
  rax := rax + 1  // middle
  // below all

  cite "a text"
}
frame x extends sysv.tier0 {
  prolog {
    push rbp  // one
    mov rbp, rsp
    if total - 16 {} else {
      push [rbp + 8]
    }
  }
}
// last
"#;
    let tree = parse(&source(messy.to_owned())).expect("a tree");
    assert_eq!(print(&tree), tidy);
    assert_eq!(print(&parse(&source(tidy.to_owned())).expect("a tree")), tidy);
}
