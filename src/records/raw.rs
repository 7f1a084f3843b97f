//! The object of a line, field by field, and what makes it a record.

use super::{Body, FORMAT, Hex, Method, Pair, Part, PatchpointInfo, Record};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Raw {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    format: Option<u32>,
    method: String,
    target: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    abi: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    runtime: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    transition: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unwind_format: Option<String>,
    /// Absent in single methods, null in pairs that do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "present")]
    il_offset: Option<Option<u32>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    patchpoint_info: Option<PatchpointInfo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tier0: Option<Method>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    osr: Option<Method>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<Hex>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parts: Option<Vec<Part>>,
}

/// A field that is there, be it null.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u32>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl TryFrom<Raw> for Record {
    type Error = String;

    fn try_from(raw: Raw) -> Result<Record, String> {
        if let Some(format) = raw.format.filter(|&format| format == 0 || format > FORMAT) {
            return Err(format!("format {format} is not known; this program reads format {FORMAT}"));
        }
        let body = match (raw.tier0, raw.osr, raw.patchpoint_info, raw.code, raw.parts) {
            (Some(tier0), Some(osr), Some(patchpoint_info), None, None) => {
                check(&tier0, "tier0")?;
                check(&osr, "osr")?;
                let il_offset = raw.il_offset.flatten();
                Body::Pair(Box::new(Pair { il_offset, patchpoint_info, tier0, osr }))
            }
            (None, None, None, Some(code), Some(parts)) => {
                let method = Method { code, parts };
                check(&method, "the method")?;
                Body::Single(method)
            }
            (None, None, None, Some(_), None) => return Err("missing field `parts`".to_owned()),
            (None, None, None, None, _) => {
                return Err(
                    "no code: wanted are `code` and `parts`, or `tier0`, `osr` and `patchpoint_info`"
                        .to_owned(),
                );
            }
            (Some(_), Some(_), None, ..) => return Err("missing field `patchpoint_info`".to_owned()),
            (Some(_), None, ..) => return Err("`tier0` without `osr`".to_owned()),
            (None, Some(_), ..) => return Err("`osr` without `tier0`".to_owned()),
            _ => return Err("a single method (`code`, `parts`) and a pair at once".to_owned()),
        };
        let Raw { method, target, abi, runtime, transition, unwind_format, .. } = raw;
        Ok(Record { method, target, abi, runtime, transition, unwind_format, body })
    }
}

impl From<Record> for Raw {
    fn from(record: Record) -> Raw {
        let Record { method, target, abi, runtime, transition, unwind_format, body } = record;
        let raw = Raw { method, target, abi, runtime, transition, unwind_format, ..Raw::default() };
        match body {
            Body::Single(method) => Raw { code: Some(method.code), parts: Some(method.parts), ..raw },
            Body::Pair(pair) => Raw {
                il_offset: Some(pair.il_offset),
                patchpoint_info: Some(pair.patchpoint_info),
                tier0: Some(pair.tier0),
                osr: Some(pair.osr),
                ..raw
            },
        }
    }
}

fn check(method: &Method, what: &str) -> Result<(), String> {
    let len = method.code.0.len() as u64;
    if method.parts.is_empty() {
        return Err(format!("{what} has no parts"));
    }
    let mut ranges: Vec<_> = method.parts.iter().map(|part| (part.begin, part.end)).collect();
    if let Some((begin, end)) = ranges.iter().find(|&&(begin, end)| begin >= end || u64::from(end) > len) {
        return Err(format!("{what} has a part from {begin} to {end} in {len} bytes of code"));
    }
    ranges.sort_unstable();
    match ranges.windows(2).find(|pair| pair[0].1 > pair[1].0) {
        Some(pair) => Err(format!("{what} has parts that overlap at {}", pair[1].0)),
        None => Ok(()),
    }
}
