//! What the builder says about its code: the statement the verifier is to prove, and nothing it may believe.

use crate::layout::Shape;
use crate::unit::{CfaOffset, CodeOffset};
use serde::{Deserialize, Serialize};

/// The claim that travels with one piece of code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Machine, as in `x86_64`.
    pub machine: String,
    /// Frame, as in `sysv.tier0`; it names the ABI.
    pub frame: String,
    /// Its parameters.
    pub shape: Shape,
    /// How the code is entered.
    pub entry: Entry,
    /// First byte after the entry's prolog; the body invariant of the frame holds there.
    pub body: CodeOffset,
    /// First bytes of the epilogs; the body invariant holds there too.
    pub epilogs: Vec<CodeOffset>,
    /// First byte that is data (constants, jump tables); the end of the code if there is none.
    pub data: CodeOffset,
    /// Jump tables in the data.
    pub jump_tables: Vec<JumpTable>,
    /// Points from which this code may leave for an OSR method.
    pub patchpoints: Vec<Patchpoint>,
    /// Calls that are of a helper, and so need not keep the convention.
    #[serde(default)]
    pub helpers: Vec<HelperCall>,
    /// Extra entries reached by the trap handler, which sets SP to its value in the body and leaves every
    /// other register undefined.
    pub landings: Vec<CodeOffset>,
    /// What unwinders are told about the code; nothing is claimed of unwinding where it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unwind: Vec<Unwind>,
}

/// Unwinding data of one format for the code up to [`Claim::data`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unwind {
    /// How the bytes are read.
    pub format: UnwindFormat,
    /// At which instructions an unwinder may use it.
    pub timing: UnwindTiming,
    /// The data as it is published, but for the code's address.
    #[serde(with = "crate::hex")]
    pub bytes: Vec<u8>,
}

/// A format of unwinding data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UnwindFormat {
    /// A fragment of `.eh_frame`: one CIE, one FDE whose initial location 0 is the code's first byte (who places the
    /// code adds its address there), then the terminator of four zero bytes. (LSB 5.0 Core, 10.6)
    DwarfCfi,
    /// One `UNWIND_INFO` for the whole code. (Microsoft, x64 exception handling)
    WindowsX64,
}

impl UnwindFormat {
    /// All of them.
    pub const ALL: [UnwindFormat; 2] = [UnwindFormat::DwarfCfi, UnwindFormat::WindowsX64];

    /// The word for it in the language.
    pub fn name(self) -> &'static str {
        match self {
            UnwindFormat::DwarfCfi => "dwarf",
            UnwindFormat::WindowsX64 => "windows_x64",
        }
    }
}

/// The instructions at which unwinding data holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UnwindTiming {
    /// Every instruction boundary: a signal, a debugger or a profiler may look.
    Asynchronous,
    /// Return addresses of calls only: exceptions and stack walks from callees.
    Synchronous,
}

/// A call of a helper of the spec.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelperCall {
    /// The call.
    pub at: CodeOffset,
    /// The helper's name in the spec.
    pub helper: String,
    /// The word of the data that holds its address, filled in by whoever places the code.
    pub word: CodeOffset,
}

/// How a piece of code is entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// By a call under the ABI.
    Call,
    /// By a transition from a patchpoint of the extended frame.
    Osr {
        /// The transition's name in the spec.
        transition: String,
        /// The source's patchpoint, by [`Patchpoint::id`].
        patchpoint: u32,
        /// Where each state value of the patchpoint is when `Claim::body` is reached, entry by entry.
        state: Vec<StateTarget>,
    },
}

/// A table of 32-bit offsets relative to the table's own first byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JumpTable {
    /// The indirect jump that uses it.
    pub jump: CodeOffset,
    /// Its first byte.
    pub table: CodeOffset,
    /// Number of entries.
    pub entries: u32,
}

/// A point from which an activation may leave for an OSR method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patchpoint {
    /// Number within the function, from 0 in code order.
    pub id: u32,
    /// Byte offset of the loop in the Wasm module, for people.
    pub wasm_offset: u32,
    /// The indirect jump that leaves (or goes on at `resume`).
    pub jump: CodeOffset,
    /// Where the function goes on if it stays.
    pub resume: CodeOffset,
    /// Every live value and its home in the source frame.
    pub state: Vec<StateSlot>,
}

/// A live value at a patchpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateSlot {
    /// What it is.
    pub value: StateValue,
    /// Its type.
    pub kind: ValueKind,
    /// Its home, lowest byte; 8 bytes belong to it whatever its type.
    pub home: CfaOffset,
}

/// What a state value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StateValue {
    /// The instance context pointer.
    Context,
    /// A local by index, parameters first.
    Local(u32),
    /// An operand stack entry, 0 at the bottom.
    Operand(u32),
}

/// Type of a state value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ValueKind {
    /// 32-bit integer; the upper half of its home or register is not specified.
    I32,
    /// 64-bit integer or pointer.
    I64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
}

/// Where a state value is once the OSR method's body is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateTarget {
    /// Which value.
    pub value: StateValue,
    /// Its type.
    pub kind: ValueKind,
    /// Where it is.
    pub place: StatePlace,
}

/// Where a state value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatePlace {
    /// In a register.
    Register(crate::Reg),
    /// In the frame.
    Frame(CfaOffset),
    /// Not needed by the target.
    Dead,
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = r#"{"machine":"m","frame":"f","shape":{"sets":{},"sizes":{},"source":null},"entry":"Call",
        "body":0,"epilogs":[],"data":0,"jump_tables":[],"patchpoints":[],"landings":[]}"#;

    #[test]
    fn a_claim_without_unwinding_data_reads_as_before() {
        let claim: Claim = serde_json::from_str(OLD).expect("an old claim");
        assert!(claim.unwind.is_empty());
        let text = serde_json::to_string(&claim).expect("json");
        assert!(!text.contains("unwind"));
    }

    #[test]
    fn unwinding_data_goes_through_json_as_hexadecimal_text() {
        let (format, timing) = (UnwindFormat::DwarfCfi, UnwindTiming::Asynchronous);
        let unwind = Unwind { format, timing, bytes: vec![0x14, 0, 0xff] };
        let text = serde_json::to_string(&unwind).expect("json");
        assert!(text.contains("\"1400ff\""), "{text}");
        assert_eq!(serde_json::from_str::<Unwind>(&text).expect("itself"), unwind);
        assert!(serde_json::from_str::<Unwind>(&text.replace("1400ff", "1400f")).is_err());
    }
}
