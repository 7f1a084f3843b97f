//! Rows as DWARF call frame information, as `.eh_frame` has it.
//!
//! One CIE, whose rows are those after a call; one FDE; the terminator. The code's first byte is at address 0: whoever
//! places the code adds its address to the FDE's `initial_location`, which is absolute and has 8 bytes.

use super::Described;
use super::rows::{Place, Rows, Rules};
use super::start::owed;
use super::value::Owed;
use framewright_spec::{Abi, Machine, Platform, Reg};
use gimli::write::{
    Address, CallFrameInstruction, CommonInformationEntry, EhFrame, EndianVec, Expression,
    FrameDescriptionEntry, FrameTable,
};
use gimli::{DW_EH_PE_udata8, Encoding, Format, LittleEndian, Register};

/// What offsets in the stack are multiples of.
const SLOT_BYTES: i8 = -8;

/// The data of code that ends at `end`.
///
/// # Errors
/// A register without a DWARF number, an offset that is no multiple of 8 or past 2 GiB.
pub(super) fn write(frame: &Described<'_>, table: &Rows, end: u32) -> Result<Vec<u8>, String> {
    let rows = &table.rows;
    let writer = Writer::new(frame.machine, frame.abi)?;
    let called = writer.called();
    let mut fde = FrameDescriptionEntry::new(Address::Constant(0), end);
    let mut now = called;
    let mut remembered: Option<Rules> = None;
    for (i, row) in rows.iter().enumerate() {
        if remembered.as_ref() == Some(&row.rules) {
            fde.add_instruction(row.begin, CallFrameInstruction::RestoreState);
            remembered = None;
        } else {
            // Where the code comes back to the body's rules, they need not be told again. (Those of a caller are not kept
            // so: gdb 13 does not come back to a state that was remembered before any register had a rule.)
            let again = || rows[i..].iter().skip(1).any(|later| later.rules == now);
            if now == table.body && again() {
                fde.add_instruction(row.begin, CallFrameInstruction::RememberState);
                remembered = Some(now.clone());
            }
            for instruction in writer.changes(Some(&now), &row.rules)? {
                fde.add_instruction(row.begin, instruction);
            }
        }
        now = row.rules.clone();
    }
    writer.finish(fde)
}

/// The data of code that nobody called.
///
/// # Errors
/// As [`write`].
pub(super) fn outermost(machine: &Machine, abi: &Abi, end: u32) -> Result<Vec<u8>, String> {
    let writer = Writer::new(machine, abi)?;
    let mut fde = FrameDescriptionEntry::new(Address::Constant(0), end);
    fde.add_instruction(0, CallFrameInstruction::Undefined(writer.column));
    writer.finish(fde)
}

/// The data of code to which handlers of signals return, with the interrupted state where SP then is, and of `ahead` bytes in
/// front of it: unwinders look up the byte before a return address.
///
/// # Errors
/// As [`write`].
pub(super) fn trampoline(
    machine: &Machine,
    abi: &Abi,
    platform: &Platform,
    ahead: u32,
    end: u32,
) -> Result<Vec<u8>, String> {
    let writer = Writer::new(machine, abi)?;
    let sp = writer.number(machine.sp)?;
    let place = |at: u32| {
        let mut place = Expression::new();
        place.op_breg(sp, at.into());
        place
    };
    let mut fde = FrameDescriptionEntry::new(Address::Constant(0), ahead + end);
    let mut cfa = place(platform.signal_sp);
    cfa.op_deref();
    fde.add_instruction(0, CallFrameInstruction::CfaExpression(cfa));
    let pc = CallFrameInstruction::Expression(writer.column, place(platform.signal_pc));
    fde.add_instruction(0, pc);
    for &(reg, at) in &platform.signal_registers {
        fde.add_instruction(0, CallFrameInstruction::Expression(writer.number(reg)?, place(at)));
    }
    writer.finish_as(fde, true)
}

struct Writer<'a> {
    machine: &'a Machine,
    abi: &'a Abi,
    column: Register,
}

impl<'a> Writer<'a> {
    fn new(machine: &'a Machine, abi: &'a Abi) -> Result<Writer<'a>, String> {
        let column = machine.return_column().ok_or("the return address has no DWARF number")?;
        Ok(Writer { machine, abi, column: Register(column) })
    }

    /// The CIE, the FDE and the terminator.
    fn finish(&self, fde: FrameDescriptionEntry) -> Result<Vec<u8>, String> {
        self.finish_as(fde, false)
    }

    /// As `finish`; whether the kernel made the frame, so that its pc is where control was, and not behind a call.
    fn finish_as(&self, fde: FrameDescriptionEntry, is_of_signal: bool) -> Result<Vec<u8>, String> {
        let encoding = Encoding { format: Format::Dwarf32, version: 1, address_size: 8 };
        let mut cie = CommonInformationEntry::new(encoding, 1, SLOT_BYTES, self.column);
        cie.fde_address_encoding = DW_EH_PE_udata8;
        cie.signal_trampoline = is_of_signal;
        for instruction in self.changes(None, &self.called())? {
            cie.add_instruction(instruction);
        }
        let mut table = FrameTable::default();
        let cie = table.add_cie(cie);
        table.add_fde(cie, fde);
        let mut section = EhFrame(EndianVec::new(LittleEndian));
        table.write_eh_frame(&mut section).map_err(|error| error.to_string())?;
        let mut bytes = section.0.into_vec();
        bytes.extend_from_slice(&[0; 4]);
        Ok(bytes)
    }

    /// What holds after a call.
    fn called(&self) -> Rules {
        let pushed = i64::from(self.abi.pushed_return);
        let link = self.machine.link.is_some();
        let place = |of| match of {
            Owed::Return if !link => Place::At(-pushed),
            _ => Place::Own,
        };
        Rules {
            cfa: (self.machine.sp, pushed),
            places: owed(self.machine, self.abi).map(|of| (of, place(of))).collect(),
        }
    }

    fn number(&self, reg: Reg) -> Result<Register, String> {
        let register = self.machine.register(reg);
        register.dwarf.map(Register).ok_or_else(|| format!("`{}` has no DWARF number", register.name))
    }

    /// What leads from rules to rules.
    fn changes(&self, from: Option<&Rules>, to: &Rules) -> Result<Vec<CallFrameInstruction>, String> {
        let offset = |bytes: i64| i32::try_from(bytes).map_err(|_| format!("an offset of {bytes} bytes"));
        let mut made = Vec::new();
        let (reg, bytes) = to.cfa;
        match from.map(|from| from.cfa) {
            Some(cfa) if cfa == to.cfa => {}
            Some((same, _)) if same == reg => made.push(CallFrameInstruction::CfaOffset(offset(bytes)?)),
            _ => made.push(CallFrameInstruction::Cfa(self.number(reg)?, offset(bytes)?)),
        }
        for (of, place) in &to.places {
            let old = from.map_or(Some(&Place::Own), |from| from.places.get(of));
            if old == Some(place) {
                continue;
            }
            let column = match of {
                Owed::Return => self.column,
                Owed::Register(reg) => self.number(*reg)?,
            };
            made.push(match place {
                Place::Own => CallFrameInstruction::Restore(column),
                Place::At(at) => CallFrameInstruction::Offset(column, offset(*at)?),
                Place::In(reg) => CallFrameInstruction::Register(column, self.number(*reg)?),
                Place::Lost => CallFrameInstruction::Undefined(column),
            });
        }
        Ok(made)
    }
}
