//! Our frames for a given set of registers and a given size.

use crate::theirs::{Code, Length};
use framewright_compiler::sample::{Role, sample};
use framewright_spec::{RegSet, Shape, Spec, Transition};

/// No frame takes more bytes besides its locals than this and its outgoing area.
const MOST_BESIDES: i64 = 4096;

/// What both frames of a pair must have.
pub struct Wanted {
    /// Registers that the first method saves, FP left out.
    pub source_saved: RegSet,
    /// Bytes of the first frame, what the call pushes included.
    pub source_bytes: i64,
    /// Registers that the second method saves.
    pub saved: RegSet,
    /// Bytes of both frames.
    pub bytes: i64,
    /// From SP up to FP.
    pub fp: Option<i64>,
}

/// Prolog and epilog of ours, and what they are for.
pub struct Ours {
    pub prolog: Length,
    pub epilog: Length,
    /// By how much the frames are larger than wanted, in bytes.
    pub larger: i64,
}

/// The second method's prolog and epilog under a transition; `None`: its frames are not for this size.
pub fn ours(spec: &Spec, transition: &Transition, wanted: &Wanted, code: &Code<'_>) -> Option<Ours> {
    let outgoing = [0, 16, wanted.fp.unwrap_or(0)];
    let fits = outgoing.iter().flat_map(|&first| outgoing.map(|second| (first, second)));
    let shapes = fits.filter_map(|(first, second)| {
        let empty = Shape::default();
        let own = wanted.source_bytes;
        let source = fit(spec, &transition.source, empty, wanted.source_saved, [first, own, own])?;
        let over = Shape { source: Some(Box::new(source)), ..Shape::default() };
        fit(spec, &transition.target, over, wanted.saved, [second, wanted.bytes, wanted.bytes - own])
    });
    let all = shapes.filter_map(|shape| {
        let made = sample(spec, &transition.target, &shape, Role::Target(&transition.name)).ok()?;
        let (bytes, claim) = (&made.bytes, &made.claim);
        let code = Code { bytes, ..*code };
        let epilog = claim.epilogs.first()?;
        let total = spec.layout(&transition.target, &shape).ok()?.total_bytes;
        let below = spec.layout(&transition.source, shape.source.as_deref()?).ok()?.total_bytes;
        Some(Ours {
            prolog: code.whole(0, claim.body.0)?,
            epilog: code.whole(epilog.0, claim.data.0)?,
            larger: total - wanted.bytes + below - wanted.source_bytes,
        })
    });
    all.min_by_key(|o| (o.larger, o.prolog.bytes + o.epilog.bytes))
}

/// A shape with these saves, as many outgoing bytes, and locals so that the frame has the wanted size or the next
/// larger one. Sizes are: outgoing bytes, bytes in all, and those of them that are not the extended frame's.
fn fit(
    spec: &Spec,
    frame: &str,
    mut shape: Shape,
    saved: RegSet,
    [outgoing, bytes, own]: [i64; 3],
) -> Option<Shape> {
    let declared = spec.frames.get(frame)?;
    shape.sets = declared.sets.iter().map(|set| (set.name.clone(), saved)).collect();
    shape.sizes = declared.sizes.iter().map(|size| (size.clone(), 0)).collect();
    *shape.sizes.get_mut("outgoing")? = u32::try_from(outgoing).ok()?;
    // How much the rest takes is not known before: from the wanted size down, a word each time.
    let mut best = None;
    for less in (0..=own.min(MOST_BESIDES)).step_by(8) {
        *shape.sizes.get_mut("locals")? = u32::try_from(own - less).ok()?;
        let Ok(layout) = spec.layout(frame, &shape) else { continue };
        if layout.total_bytes == bytes {
            return Some(shape);
        }
        if layout.total_bytes > bytes {
            best = Some(shape.clone());
        }
    }
    best
}
