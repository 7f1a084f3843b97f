//! Unwind data of records: its format, and its rows.

use super::{CheckError, targets};
use crate::records::{Method, Record};
use framewright_spec::Machine;
use framewright_verifier::foreign::{self, Unwinding};
use framewright_verifier::unwind::{Format, Table};

/// The format of a record's unwind data: what it says, else what is usual for its target. `None`: nothing is known of it.
pub(super) fn format(record: &Record) -> Result<Option<Format>, CheckError> {
    let usual = || targets().find(|target| target.name == record.target).and_then(|target| target.unwind);
    let Some(name) = record.unwind_format.as_deref().or_else(usual) else { return Ok(None) };
    Format::named(name).map(Some).ok_or_else(|| CheckError::UnknownUnwindFormat(name.to_owned()))
}

/// The rows of a method's main body, or why there are none.
pub(super) struct Rows(Result<Table, Unwinding>);

impl Rows {
    pub(super) fn of(method: &Method, format: Option<Format>, machine: &Machine) -> Rows {
        let Some(part) = method.parts.first().filter(|part| !part.unwind.0.is_empty()) else {
            return Rows(Err(Unwinding::None));
        };
        let Some(format) = format else {
            let unknown = "the record does not say in which format (`unwind_format`)";
            return Rows(Err(Unwinding::Unsupported(unknown.to_owned())));
        };
        let rows = format.read(&part.unwind.0, &method.code.0, part.begin..part.end, machine);
        Rows(rows.map_err(|error| Unwinding::Unsupported(error.to_string())))
    }

    /// The method as the judge is shown it.
    pub(super) fn view<'a>(&'a self, method: &'a Method) -> foreign::Method<'a> {
        foreign::Method { unwind: self.0.as_ref().ok(), ..super::view(method) }
    }

    /// The judge's verdict, or why it had nothing to judge.
    pub(super) fn verdict(self, judged: Unwinding) -> Unwinding {
        self.0.err().unwrap_or(judged)
    }
}
