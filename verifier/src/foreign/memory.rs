//! The bytes of a frame that hold something worth knowing: parts of debts, and addresses in the frame and in the code.

use super::value::{Half, Value};

/// Runs of bytes that hold a half or the low part of one; all others hold anything.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct FrameMemory {
    /// By offset from the CFA, without overlaps.
    pieces: Vec<Piece>,
}

/// By hand for `clone_from`, which allocates nothing.
impl Clone for FrameMemory {
    fn clone(&self) -> FrameMemory {
        FrameMemory { pieces: self.pieces.clone() }
    }

    fn clone_from(&mut self, source: &FrameMemory) {
        self.pieces.clone_from(&source.pieces);
    }
}

/// `bytes` (1 to 8) bytes at an offset from the CFA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub at: i64,
    pub bytes: u32,
    pub half: Half,
}

impl Piece {
    fn end(&self) -> i64 {
        self.at + i64::from(self.bytes)
    }

    /// The bytes from `from` to `to`, both inside.
    fn cut(self, from: i64, to: i64) -> Option<Piece> {
        if from >= to {
            return None;
        }
        let bytes = (to - from) as u32;
        let half = self.half.part((from - self.at) as u32 * 8, bytes * 8);
        (half != Half::Any).then_some(Piece { at: from, bytes, half })
    }
}

impl FrameMemory {
    /// All that is known.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The bytes hold anything.
    pub(crate) fn forget(&mut self, at: i64, end: i64) {
        let first = self.pieces.partition_point(|piece| piece.end() <= at);
        let last = self.pieces.partition_point(|piece| piece.at < end);
        if first >= last {
            return;
        }
        let (head, tail) = (self.pieces[first], self.pieces[last - 1]);
        let rest = [head.cut(head.at, at.max(head.at)), tail.cut(end.min(tail.end()), tail.end())];
        self.pieces.splice(first..last, rest.into_iter().flatten());
    }

    /// Everything below `limit` holds anything.
    pub(crate) fn forget_below(&mut self, limit: i64) {
        if self.pieces.first().is_some_and(|piece| piece.at < limit) {
            self.forget(i64::MIN, limit);
        }
    }

    /// All bytes but those that hold debts, the CFA to return by, or the SP before an allocation (`outer`), hold anything.
    pub(crate) fn keep_debts(&mut self, outer: Option<i64>) {
        let sp = |half: Half| matches!(half, Half::Frame(at) if at == 0 || Some(at) == outer);
        self.pieces.retain(|piece| piece.half.is_debt() || sp(piece.half));
    }

    /// Sets bytes; `value` is a whole number of them.
    pub(crate) fn store(&mut self, at: i64, value: Value) {
        let bytes = value.bits / 8;
        self.forget(at, at + i64::from(bytes));
        let halves = [(at, bytes.min(8), value.low), (at + 8, bytes.saturating_sub(8), value.high)];
        for (at, bytes, half) in halves {
            let address = half.is_frame() || matches!(half, Half::Code(_));
            let worth = half.is_debt() || (address && bytes == 8);
            if bytes > 0 && worth {
                let place = self.pieces.partition_point(|piece| piece.at < at);
                self.pieces.insert(place, Piece { at, bytes, half });
            }
        }
    }

    /// The bytes as a value.
    pub(crate) fn load(&self, at: i64, bits: u32) -> Value {
        let high = if bits > 64 { self.half(at + 8, bits / 8 - 8) } else { Half::Known(0) };
        Value { bits, low: self.half(at, (bits / 8).min(8)), high }
    }

    fn half(&self, at: i64, bytes: u32) -> Half {
        let first = self.pieces.partition_point(|piece| piece.end() <= at);
        let Some(piece) = self.pieces.get(first).filter(|piece| piece.at <= at) else { return Half::Any };
        if piece.end() >= at + i64::from(bytes) {
            return piece.half.part((at - piece.at) as u32 * 8, bytes * 8);
        }
        // A debt stored in parts.
        let head = piece.half.part((at - piece.at) as u32 * 8, (piece.end() - at) as u32 * 8);
        let have = (piece.end() - at) as u32;
        match (head, self.half(piece.end(), bytes - have)) {
            (Half::Entry { reg, low }, Half::Entry { reg: other, low: above })
                if reg == other && u32::from(above) == u32::from(low) + have * 8 =>
            {
                head
            }
            _ => Half::Any,
        }
    }

    /// What is known where either holds; whether that is less than before.
    pub(crate) fn join(&mut self, other: &FrameMemory) -> bool {
        if self == other {
            return false;
        }
        let before = self.pieces.len();
        self.pieces.retain(|piece| other.pieces.contains(piece));
        self.pieces.len() < before
    }
}
