//! DWARF call frame information (`.eh_frame`) as rows.
//!
//! ```text
//! Frames (section at an address) ──entries──▶ Entry (one FDE) ──read──▶ Table
//! fragment (one CIE, one FDE of code at 0) ─────────────────────────────▶ Table
//! ```
//!
//! Instructions are interpreted by the crate `gimli`; what it does not know is an error. Register numbers are those of
//! the machine's declaration; rules of columns that it does not declare say nothing of our registers and are left out.
//! (DWARF 5, 6.4; LSB 5.0 Core, 10.6)

use super::{Cfa, Row, Rule, Rules, Table, UnwindError};
use framewright_spec::{Machine, Reg};
use gimli::{
    BaseAddresses, CfaRule, CieOrFde, EhFrame, EndianSlice, LittleEndian, Pointer, RegisterRule,
    UnwindContext, UnwindExpression, UnwindSection,
};

type Slice<'a> = EndianSlice<'a, LittleEndian>;

/// The column that says whether the return address is signed (DWARF for the Arm 64-bit Architecture 2023Q3, 4.1).
const RA_SIGN_STATE: gimli::Register = gimli::AArch64::RA_SIGN_STATE;

/// Bytes of the terminator of a section.
const TERMINATOR: [u8; 4] = [0; 4];

/// The meaning of DWARF's register numbers on a machine.
#[derive(Clone, Debug)]
pub struct Columns {
    registers: Vec<Option<Reg>>,
    /// The number that stands for the pc in an expression: that of the return address, where no register has it.
    pub(super) pc: Option<u16>,
    pub(super) word_bytes: u32,
}

impl Columns {
    /// The numbers that a machine declares.
    pub fn new(machine: &Machine) -> Columns {
        let numbers = machine.registers.iter().filter_map(|r| r.dwarf);
        let mut registers = vec![None; numbers.max().map_or(0, |n| usize::from(n) + 1)];
        for (index, register) in machine.registers.iter().enumerate() {
            if let Some(number) = register.dwarf {
                registers[usize::from(number)] = Some(Reg(index as u8));
            }
        }
        // A frame's own return address is that of the frame below: where control is. (libgcc, and .eh_frame of PLTs.)
        let pc = machine.return_column().filter(|_| machine.link.is_none());
        Columns { registers, pc, word_bytes: machine.word_bytes }
    }

    /// The numbers of registers alone.
    #[must_use]
    pub fn without_pc(self) -> Columns {
        Columns { pc: None, ..self }
    }

    /// The register of a number.
    pub fn register(&self, number: u16) -> Option<Reg> {
        self.registers.get(usize::from(number)).copied().flatten()
    }

    pub(super) fn encoding(&self) -> gimli::Encoding {
        let address_size = self.word_bytes as u8;
        gimli::Encoding { address_size, format: gimli::Format::Dwarf32, version: 4 }
    }
}

/// A whole section.
#[derive(Clone, Debug)]
pub struct Frames<'a> {
    section: EhFrame<Slice<'a>>,
    bases: BaseAddresses,
    columns: Columns,
}

/// Room that reading needs; made once, used for many entries.
#[derive(Debug, Default)]
pub struct Scratch(UnwindContext<usize>);

impl<'a> Frames<'a> {
    /// The section `.eh_frame` whose first byte is at `address`.
    pub fn new(machine: &Machine, bytes: &'a [u8], address: u64) -> Frames<'a> {
        let columns = Columns::new(machine);
        let mut section = EhFrame::new(bytes, LittleEndian);
        section.set_address_size(columns.word_bytes as u8);
        // The one vendor's instruction there is: the return address is signed from here on, or not any more.
        if machine.signs_addresses() {
            section.set_vendor(gimli::Vendor::AArch64);
        }
        Frames { section, bases: BaseAddresses::default().set_eh_frame(address), columns }
    }

    /// What pointers relative to the text or to the data (`.got`) start from; few files have any.
    #[must_use]
    pub fn relative_to(mut self, text: u64, data: u64) -> Frames<'a> {
        self.bases = self.bases.set_text(text).set_got(data);
        self
    }

    /// The meaning of register numbers.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// All FDEs in file order, up to the terminator. After bytes that are no entry the iteration ends.
    pub fn entries(&self) -> impl Iterator<Item = Result<Entry<'a>, UnwindError>> + '_ {
        let mut entries = self.section.entries(&self.bases);
        let mut at = 0;
        let mut cie = None;
        std::iter::from_fn(move || {
            loop {
                match entries.next() {
                    Ok(None) => return None,
                    Ok(Some(CieOrFde::Cie(_))) => {}
                    Ok(Some(CieOrFde::Fde(partial))) => {
                        at = partial.offset() as u64;
                        // Neighbours share a CIE.
                        let fde = partial.parse(|section, bases, offset| match &cie {
                            Some((known, cie)) if *known == offset => {
                                Ok(gimli::CommonInformationEntry::clone(cie))
                            }
                            _ => {
                                let read = section.cie_from_offset(bases, offset)?;
                                cie = Some((offset, read.clone()));
                                Ok(read)
                            }
                        });
                        return Some(fde.map(|fde| Entry { fde }).map_err(|e| error(at, "an FDE", e)));
                    }
                    Err(e) => return Some(Err(error(at, "what follows the entry there", e))),
                }
            }
        })
    }

    /// The rows of an entry, in place of what `table` held; offsets count from the entry's first byte of code.
    ///
    /// # Errors
    /// Instructions that are not understood, or what rows cannot express.
    pub fn read(
        &self,
        entry: &Entry<'a>,
        scratch: &mut Scratch,
        table: &mut Table,
    ) -> Result<(), UnwindError> {
        table.rows.clear();
        let (at, fde) = (entry.offset(), &entry.fde);
        let (begin, end) = (entry.begin(), entry.end());
        let from_begin = |address: u64| {
            u32::try_from(address.min(end).saturating_sub(begin))
                .map_err(|_| UnwindError::unsupported(at, "an FDE of more than 4 GiB"))
        };
        let return_column = fde.cie().return_address_register();
        let rows = fde.rows(&self.section, &self.bases, &mut scratch.0);
        let mut rows = rows.map_err(|e| error(at, "the CIE of an FDE", e))?;
        loop {
            let done = table.rows.last().map_or(0, |row| row.end);
            let what =
                |e| error(at, &format!("an instruction of an FDE, after the row that ends at {done:#x}"), e);
            let Some(row) = rows.next_row().map_err(what)? else { return Ok(()) };
            let reading = Reading { frames: self, at };
            let cfa = reading.cfa(row.cfa())?;
            let (begin, end) = (from_begin(row.start_address())?, from_begin(row.end_address())?);
            let mut rules = Rules::new();
            let mut return_address = reading.return_address(return_column);
            let mut signed = false;
            for (column, rule) in row.registers() {
                if let (RA_SIGN_STATE, RegisterRule::Constant(state)) = (*column, rule) {
                    signed = *state & 1 == 1;
                    continue;
                }
                let reg = self.columns.register(column.0);
                let rule = reading.rule(rule)?;
                match reg {
                    _ if *column == return_column && rule == Rule::SameValue => {}
                    _ if *column == return_column => return_address = rule,
                    Some(reg) => rules.push((reg, rule)),
                    None => {}
                }
            }
            rules.sort_unstable_by_key(|&(reg, _)| reg);
            table.push(Row { begin, end, cfa, rules, return_address, signed });
        }
    }
}

/// One FDE.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    fde: gimli::FrameDescriptionEntry<Slice<'a>>,
}

/// An address in an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// It.
    Direct(u64),
    /// The word there holds it.
    Indirect(u64),
}

impl Entry<'_> {
    /// Where in the section it starts.
    pub fn offset(&self) -> u64 {
        self.fde.offset() as u64
    }

    /// Address of the first byte of code.
    pub fn begin(&self) -> u64 {
        self.fde.initial_address()
    }

    /// Address of the first byte after the code.
    pub fn end(&self) -> u64 {
        self.fde.end_address()
    }

    /// Whether the frame is one that the kernel makes for a signal handler: its pc is that of an instruction that was
    /// interrupted and not of one that called.
    pub fn is_signal_frame(&self) -> bool {
        self.fde.is_signal_trampoline()
    }

    /// The personality routine.
    pub fn personality(&self) -> Option<Address> {
        self.fde.personality().map(address)
    }

    /// The language's own data: landing pads.
    pub fn lsda(&self) -> Option<Address> {
        self.fde.lsda().map(address)
    }
}

fn address(pointer: Pointer) -> Address {
    match pointer {
        Pointer::Direct(address) => Address::Direct(address),
        Pointer::Indirect(address) => Address::Indirect(address),
    }
}

fn error(at: u64, what: &str, error: gimli::Error) -> UnwindError {
    use gimli::Error::*;
    let what = format!("{what}: {error}");
    match error {
        UnknownVersion(_)
        | UnknownAugmentation
        | UnknownCallFrameInstruction(_)
        | UnknownPointerEncoding(_)
        | UnsupportedPointerEncoding(_)
        | UnsupportedIndirectPointer
        | UnsupportedAddressSize(_)
        | UnsupportedRegister(_) => UnwindError::unsupported(at, what),
        _ => UnwindError::malformed(at, what),
    }
}

struct Reading<'f, 'a> {
    frames: &'f Frames<'a>,
    at: u64,
}

impl Reading<'_, '_> {
    fn cfa(&self, rule: &CfaRule<usize>) -> Result<Cfa, UnwindError> {
        match rule {
            CfaRule::RegisterAndOffset { register, offset } => {
                Ok(Cfa::Offset(self.register(*register, "the CFA's register")?, *offset))
            }
            CfaRule::Expression(expression) => Ok(Cfa::Expression(self.expression(expression)?)),
        }
    }

    fn rule(&self, rule: &RegisterRule<usize>) -> Result<Rule, UnwindError> {
        Ok(match *rule {
            RegisterRule::Undefined => Rule::Undefined,
            RegisterRule::SameValue => Rule::SameValue,
            RegisterRule::Offset(bytes) => Rule::At(bytes),
            RegisterRule::ValOffset(bytes) => Rule::Is(bytes),
            RegisterRule::Register(column) => Rule::Register(self.register(column, "a rule's register")?),
            RegisterRule::Expression(ref expression) => Rule::AtExpression(self.expression(expression)?),
            RegisterRule::ValExpression(ref expression) => Rule::IsExpression(self.expression(expression)?),
            ref other => return Err(UnwindError::unsupported(self.at, format!("the rule {other:?}"))),
        })
    }

    /// Where the return address is as long as no instruction says: in the register of its column.
    fn return_address(&self, column: gimli::Register) -> Rule {
        self.frames.columns.register(column.0).map_or(Rule::SameValue, Rule::Register)
    }

    fn register(&self, number: gimli::Register, what: &str) -> Result<Reg, UnwindError> {
        self.frames.columns.register(number.0).ok_or_else(|| {
            let what = format!("{what} is number {}, which the machine does not declare", number.0);
            UnwindError::unsupported(self.at, what)
        })
    }

    fn expression(&self, expression: &UnwindExpression<usize>) -> Result<Vec<u8>, UnwindError> {
        let wrong = |e| error(self.at, "an expression", e);
        let bytes = expression.get(&self.frames.section).map_err(wrong)?;
        let mut operations = bytes.operations(self.frames.columns.encoding());
        loop {
            match operations.next() {
                Ok(Some(_)) => {}
                // What is not evaluated is told where it is.
                Ok(None) | Err(gimli::Error::InvalidExpression(_)) => return Ok(bytes.0.slice().to_vec()),
                Err(e) => return Err(wrong(e)),
            }
        }
    }
}

/// The rows of a fragment as a claim has it: one CIE, one FDE of `code_bytes` bytes of code at address 0, a terminator.
///
/// # Errors
/// Bytes that are something else, and where.
pub fn fragment(machine: &Machine, bytes: &[u8], code_bytes: u32) -> Result<Table, UnwindError> {
    let wrong = |at: u64, what: &str| UnwindError::malformed(at, what);
    let frames = Frames::new(machine, bytes, 0);
    let mut entries = frames.entries();
    let entry = entries.next().unwrap_or_else(|| Err(wrong(0, "there is no FDE")))?;
    if let Some(second) = entries.next() {
        let at = second?.offset();
        return Err(wrong(at, "a second FDE"));
    }
    let end = (entry.offset() + 4 + entry.fde.entry_len() as u64) as usize;
    if bytes.get(end..) != Some(&TERMINATOR[..]) {
        return Err(wrong(end as u64, "the FDE is not followed by the terminator, four zero bytes"));
    }
    if (entry.begin(), entry.end()) != (0, u64::from(code_bytes)) {
        let (begin, end) = (entry.begin(), entry.end());
        let what = format!("the FDE is of code from {begin:#x} to {end:#x}, not from 0 to {code_bytes:#x}");
        return Err(wrong(entry.offset(), &what));
    }
    let (mut scratch, mut table) = (Scratch::default(), Table::default());
    frames.read(&entry, &mut scratch, &mut table)?;
    Ok(table)
}
