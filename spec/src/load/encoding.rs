//! Assembly forms and bit patterns of rows, from their texts.

use super::record::find;
use crate::SpecError;
use crate::encoding::{AsmPart, Encoding, Field, KindForm, KindId, OperandKind};
use crate::error::did_you_mean;
use crate::lang::Source;
use crate::lang::ast::{Name, Param, Text};
use crate::machine::Machine;
use crate::meaning::{Expr, Flow, Instruction, Place};

/// A row as written, where its texts are read.
pub(super) struct Written<'a> {
    pub(super) source: &'a Source,
    pub(super) machine: &'a Machine,
    pub(super) name: &'a Name,
    pub(super) operands: &'a [Param],
    pub(super) asm: Option<&'a Text>,
    pub(super) bits: Option<&'a Text>,
}

impl<'a> Written<'a> {
    /// Kinds of the operands; none if the row has no pattern.
    pub(super) fn kinds(&self) -> Result<Vec<KindId>, SpecError> {
        if self.bits.is_none() {
            let typed = self.operands.iter().find_map(|operand| operand.kind.as_ref());
            let span = self.asm.map(|asm| asm.span).or(typed.map(|kind| kind.span));
            return match span {
                None => Ok(Vec::new()),
                Some(span) => Err(self.missing("bit pattern (`bits \"…\"`)").at(self.source, span)),
            };
        }
        let kind = |operand: &Param| {
            let Some(kind) = &operand.kind else {
                let of = format!("operand `{}`", operand.name.text);
                let error = SpecError::Missing { what: "kind", of }.at(self.source, operand.name.span);
                let help = format!("write `{}: KIND`: a row with a bit pattern needs it", operand.name.text);
                return Err(error.with_help(Some(help)));
            };
            let kinds = &self.machine.operand_kinds;
            find(self.source, "kind of operands", kinds, kind)?;
            Ok(KindId(kinds.get_index_of(&kind.text).unwrap_or_default() as u16))
        };
        self.operands.iter().map(kind).collect()
    }

    fn missing(&self, what: &'static str) -> SpecError {
        SpecError::Missing { what, of: format!("instruction `{}`", self.name.text) }
    }

    fn kind(&self, operand: usize) -> Option<&'a OperandKind> {
        let name = self.operands.get(operand)?.kind.as_ref()?;
        self.machine.operand_kinds.get(&name.text)
    }

    pub(super) fn encoding(&self) -> Result<Option<Encoding>, SpecError> {
        let Some(text) = self.bits else { return Ok(None) };
        let Some(asm) = self.asm else {
            return Err(self.missing("assembly form (`asm \"…\"`)").at(self.source, self.name.span));
        };
        let mut pieces = Vec::new();
        for word in text.text.split_whitespace() {
            self.pieces(word, &mut pieces).map_err(|error| error.located(self.source, text.span))?;
        }
        let bits: u32 = pieces.iter().map(Piece::bits).sum();
        if !matches!(bits, 16 | 32) {
            let error = SpecError::mismatch("a pattern of 16 or 32 bits", format!("{bits} bits"));
            return Err(error.at(self.source, text.span));
        }
        let mut encoding = Encoding {
            bits,
            mask: 0,
            value: 0,
            fields: Vec::new(),
            decode_only: asm.text.starts_with('(') || pieces.iter().any(|piece| matches!(piece, Piece::Any)),
            asm: self.template(asm),
        };
        let mut low_in_word = bits;
        for piece in pieces {
            low_in_word -= piece.bits();
            match piece {
                Piece::Fixed(bit) => {
                    encoding.mask |= 1 << low_in_word;
                    encoding.value |= u32::from(bit) << low_in_word;
                }
                Piece::Any => {}
                Piece::Slice { operand, low_in_value, bits }
                | Piece::Same { operand, low_in_value, bits } => {
                    encoding.fields.push(Field { operand, low_in_word, low_in_value, bits });
                }
            }
        }
        self.check_all_appear(&encoding, text, asm)?;
        Ok(Some(encoding))
    }

    fn check_all_appear(&self, encoding: &Encoding, bits: &Text, asm: &Text) -> Result<(), SpecError> {
        for (index, operand) in self.operands.iter().enumerate() {
            let in_bits = encoding.fields.iter().any(|field| field.operand == index);
            let in_asm = encoding.decode_only || encoding.asm.contains(&AsmPart::Operand(index));
            let text = if in_bits { asm } else { bits };
            if !in_bits || !in_asm {
                let expected = format!("operand `{}` in `{}`", operand.name.text, text.text);
                return Err(SpecError::mismatch(expected, "nothing of it").at(self.source, text.span));
            }
        }
        Ok(())
    }

    /// A word of a bit pattern: a run of bits, an operand, or operands `t=u` that share bits.
    fn pieces(&self, word: &str, pieces: &mut Vec<Piece>) -> Result<(), SpecError> {
        if word.chars().all(|c| matches!(c, '0' | '1' | '.')) {
            pieces.extend(word.chars().map(|c| if c == '.' { Piece::Any } else { Piece::Fixed(c == '1') }));
            return Ok(());
        }
        let mut names = word.split('=');
        let first = self.slice(names.next().unwrap_or(word))?;
        let width = first.bits();
        pieces.push(first);
        for name in names {
            match self.slice(name)? {
                Piece::Slice { operand, low_in_value, bits } if bits == width => {
                    pieces.push(Piece::Same { operand, low_in_value, bits });
                }
                other => {
                    let found = format!("{} of `{name}`", other.bits());
                    return Err(SpecError::mismatch(format!("{width} bits"), found));
                }
            }
        }
        Ok(())
    }

    /// `i`, `i[11:5]`, `i[4]`
    fn slice(&self, word: &str) -> Result<Piece, SpecError> {
        let (name, slice) = match word.split_once('[') {
            None => (word, None),
            Some((name, slice)) => (name, Some(slice)),
        };
        let Some(operand) = self.operands.iter().position(|operand| operand.name.text == name) else {
            let help = did_you_mean(name, self.operands.iter().map(|operand| operand.name.text.as_str()));
            let help = help.unwrap_or_else(|| {
                "a pattern has bits `0`, `1`, `.` (any) and operands as `i`, `i[11:5]`, `i[4]`".to_owned()
            });
            let error = SpecError::Unknown { what: "operand in the bit pattern", name: word.to_owned() };
            return Err(error.with_help(Some(help)));
        };
        let whole = self.kind(operand).map_or(0, OperandKind::field_bits);
        let Some(slice) = slice else {
            return Ok(Piece::Slice { operand, low_in_value: 0, bits: whole });
        };
        let (high, low) =
            match slice.strip_suffix(']').map(|range| range.split_once(':').unwrap_or((range, range))) {
                Some((high, low)) => (high.parse::<u32>().ok(), low.parse::<u32>().ok()),
                None => (None, None),
            };
        match (high, low) {
            (Some(high), Some(low)) if low <= high && high < whole => {
                Ok(Piece::Slice { operand, low_in_value: low, bits: high - low + 1 })
            }
            _ => {
                let expected = format!("bits of `{name}`, `{name}[{}:0]`", whole.saturating_sub(1));
                Err(SpecError::mismatch(expected, format!("`{word}`")))
            }
        }
    }

    /// The assembly form, its words that name operands told from the others. The first word is the mnemonic; what
    /// follows a point in a word is no operand (`d.8b`).
    fn template(&self, text: &Text) -> Vec<AsmPart> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text.text.as_str();
        while let Some(c) = rest.chars().next() {
            let word = word_length(rest);
            let (head, tail) = rest.split_at(if word == 0 { c.len_utf8() } else { word });
            let mnemonic = rest.len() == text.text.len();
            let name = head.split('.').next().unwrap_or(head);
            let operand = self.operands.iter().position(|operand| operand.name.text == name);
            match operand.filter(|_| !mnemonic) {
                Some(index) => {
                    if !literal.is_empty() {
                        parts.push(AsmPart::Text(std::mem::take(&mut literal)));
                    }
                    parts.push(AsmPart::Operand(index));
                    literal.push_str(&head[name.len()..]);
                }
                None => literal.push_str(head),
            }
            rest = tail;
        }
        if !literal.is_empty() {
            parts.push(AsmPart::Text(literal));
        }
        parts
    }
}

/// Bytes of the word at the start of a text: letters, digits, `_`, and dots between them.
fn word_length(text: &str) -> usize {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut length = 0;
    for (i, c) in text.char_indices() {
        let dot = c == '.' && i > 0 && text[i + 1..].starts_with(part);
        if !part(c) && !dot {
            break;
        }
        length = i + c.len_utf8();
    }
    length
}

enum Piece {
    Fixed(bool),
    Any,
    Slice {
        operand: usize,
        low_in_value: u32,
        bits: u32,
    },
    /// The bits of the piece before, for another operand.
    Same {
        operand: usize,
        low_in_value: u32,
        bits: u32,
    },
}

impl Piece {
    fn bits(&self) -> u32 {
        match self {
            Piece::Fixed(_) | Piece::Any => 1,
            Piece::Same { .. } => 0,
            Piece::Slice { bits, .. } => *bits,
        }
    }
}

/// What a row with a pattern cannot mean: a write to a constant, the address of an operand in a register.
pub(super) fn check_meaning(machine: &Machine, row: &Instruction) -> Result<(), SpecError> {
    let is_register = |index: usize| {
        let kind = row.kinds.get(index).and_then(|&id| machine.kind(id));
        kind.is_none_or(|kind| matches!(kind.form, KindForm::Register { .. }))
    };
    let mut exprs: Vec<&Expr> = row.lets.iter().map(|(_, value)| value).chain(&row.traps).collect();
    for update in &row.updates {
        match &update.place {
            Place::Operand(index) if !is_register(*index) => {
                let found = format!("`{}`, a constant", row.operands[*index]);
                return Err(SpecError::mismatch("a register to write", found));
            }
            Place::Memory { address, .. } => exprs.push(address),
            _ => {}
        }
        exprs.push(&update.value);
    }
    match &row.flow {
        Flow::Next | Flow::Trap => {}
        Flow::Jump(a) | Flow::Call(a) | Flow::Return(a) => exprs.push(a),
        Flow::Branch { condition, target } => exprs.extend([condition, target]),
    }
    while let Some(expr) = exprs.pop() {
        if let Expr::Address(index) = expr {
            let found =
                format!("`{}`: rows with bit patterns have no operands in memory", row.operands[*index]);
            return Err(SpecError::mismatch("an operand in memory", found));
        }
        exprs.extend(expr.parts());
    }
    Ok(())
}
