//! One or more pieces of code of each kind that the compiler makes, proven as they are.

use framewright_compiler::backend::{self, Kind, Options};
use framewright_compiler::tier0::{self, Tier0Options};
use framewright_compiler::wasm::Module;
use framewright_compiler::{Compiled, ir, opt, stubs};
use framewright_spec::{RegSet, Spec};
use framewright_verifier::{Proven, Verdict, Verifier};

/// A function with what frames are for: parameters that do not fit registers, values that live across calls, a
/// loop, floats, memory.
const PROGRAM: &str = r#"
(module
  (import "host" "note" (func $note (param i64 f64) (result i32)))
  (memory 1)
  (func $work (param $n i64) (param $a i64) (param $b i64) (param $c i64) (param $d i64) (param $e i64)
              (param $f i64) (param $x f64) (result i64)
    (local $i i64) (local $s i64)
    (block $done
      (loop $again
        (br_if $done (i64.ge_s (local.get $i) (local.get $n)))
        (local.set $s
          (i64.add (local.get $s)
            (i64.xor (i64.mul (local.get $a) (local.get $i))
              (i64.sub (local.get $b) (i64.add (local.get $c) (local.get $d))))))
        (i64.store (i32.wrap_i64 (i64.and (local.get $i) (i64.const 255))) (local.get $s))
        (drop (call $note (i64.add (local.get $s) (local.get $e)) (local.get $x)))
        (local.set $x (f64.add (local.get $x) (f64.const 1.5)))
        (local.set $f (i64.add (local.get $f) (i64.load (i32.const 16))))
        (local.set $i (i64.add (local.get $i) (i64.const 1)))
        (br $again)))
    (i64.add (local.get $s) (i64.add (local.get $f) (i64.trunc_f64_s (local.get $x)))))
)"#;

/// The function's index.
const WORK: u32 = 1;

/// A piece of code to be mutated.
pub(crate) struct Sample {
    /// It, with its claim.
    pub(crate) code: Compiled,
    /// The code it is entered from.
    pub(crate) source: Option<Proven>,
}

/// Compiles the samples of a kind (`tier0`, `osr`, `native`, `entry`, `host`) under a specification.
pub(crate) fn samples(kind: &str, spec: &Spec, verifier: &mut Verifier) -> Result<Vec<Sample>, String> {
    let module = Module::parse(PROGRAM.as_bytes()).map_err(|e| e.to_string())?;
    let convention = spec.convention("sysv").map_err(|e| e.to_string())?;
    let bound = |frame: &str, source| convention.set_bound(frame, "saved", source).map_err(|e| e.to_string());
    let every_other = |set: RegSet| set.iter().step_by(2).collect::<RegSet>();
    let plain = |code| Sample { code, source: None };
    let tier0 = |saves| {
        let options = Tier0Options { extra_saves: saves, patchpoints: true, call_counter: true };
        tier0::compile(convention, &module, WORK, &options).map_err(|e| e.to_string())
    };
    let optimized = |kind: Kind<'_>, function: Result<ir::Function, _>, saves| {
        let mut function = function.map_err(|e: framewright_compiler::CompileError| e.to_string())?;
        opt::optimize(&mut function, &opt::Options::default());
        let options = Options { extra_saves: saves, ..Options::default() };
        backend::compile(convention, &module, &function, kind, options).map_err(|e| e.to_string())
    };
    let signature = module.function_type(WORK);
    Ok(match kind {
        "tier0" => {
            let all = bound("tier0", None)?;
            vec![plain(tier0(RegSet::EMPTY)?), plain(tier0(every_other(all))?), plain(tier0(all)?)]
        }
        "native" => {
            let all = bound("native", None)?;
            let build = || ir::build(&module, WORK);
            vec![
                plain(optimized(Kind::Normal, build(), RegSet::EMPTY)?),
                plain(optimized(Kind::Normal, build(), all)?),
            ]
        }
        "osr" => {
            let below = tier0(RegSet::EMPTY)?;
            let source = prove(verifier, &below, None)?;
            let saves = bound("osr", Some(&below.claim.shape))?;
            let kind = Kind::Osr { source: &below.claim, patchpoint: 0 };
            let mut samples = Vec::new();
            for saves in [RegSet::EMPTY, every_other(saves), saves] {
                let code = optimized(kind, ir::build_osr(&module, WORK, 0), saves)?;
                samples.push(Sample { code, source: Some(source.clone()) });
            }
            samples
        }
        "entry" => vec![plain(stubs::entry_stub(convention, signature).map_err(|e| e.to_string())?)],
        _ => vec![plain(stubs::host_stub(convention, module.function_type(0)).map_err(|e| e.to_string())?)],
    })
}

/// Proves code as it is.
pub(crate) fn prove(
    verifier: &mut Verifier,
    code: &Compiled,
    source: Option<&Proven>,
) -> Result<Proven, String> {
    match verifier.verify(&code.name, code.bytes.clone(), code.claim.clone(), source) {
        Verdict::Proven(proven) => Ok(proven),
        Verdict::Refuted(found) => Err(format!("{} is refuted: {}", code.name, found.headline)),
        Verdict::Undecided(why) | Verdict::Unsupported(why) => Err(format!("{}: {why}", code.name)),
    }
}
