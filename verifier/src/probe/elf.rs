//! The smallest static ELF executable: segments at fixed addresses and an entry point. No sections, no symbols.

use std::collections::BTreeMap;

/// Bytes of a page; segments are made of whole pages.
pub const PAGE: u64 = 4096;
const HEADER_BYTES: u64 = 64;
const SEGMENT_BYTES: u64 = 56;

/// What may be done with a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Read and write.
    Data,
    /// Read and execute.
    Code,
}

/// Memory to be laid out as an executable.
#[derive(Clone, Debug, Default)]
pub struct Image {
    pages: BTreeMap<u64, (Access, Vec<u8>)>,
}

impl Image {
    /// Puts bytes at an address; the rest of their pages is zero. A page that is asked for twice keeps its first
    /// access, and later bytes overwrite earlier ones.
    pub fn put(&mut self, access: Access, address: u64, bytes: &[u8]) {
        let mut rest = bytes;
        let mut at = address;
        while !rest.is_empty() {
            let (page, offset) = (at - at % PAGE, (at % PAGE) as usize);
            let count = rest.len().min(PAGE as usize - offset);
            let (_, content) = self.pages.entry(page).or_insert_with(|| (access, vec![0; PAGE as usize]));
            content[offset..offset + count].copy_from_slice(&rest[..count]);
            rest = &rest[count..];
            at = page.wrapping_add(PAGE);
        }
    }

    /// Makes zero pages of a range that has none yet.
    pub fn reserve(&mut self, access: Access, address: u64, bytes: u64) {
        let mut page = address - address % PAGE;
        while page < address + bytes {
            self.pages.entry(page).or_insert_with(|| (access, vec![0; PAGE as usize]));
            page += PAGE;
        }
    }

    /// The executable for an ELF machine number.
    pub fn executable(&self, machine: u16, entry: u64) -> Vec<u8> {
        let segments = self.segments();
        // One more header says that the stack is not executable.
        let headers = HEADER_BYTES + (segments.len() as u64 + 1) * SEGMENT_BYTES;
        let mut file = Vec::new();
        file.extend(*b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
        file.extend(2_u16.to_le_bytes());
        file.extend(machine.to_le_bytes());
        file.extend(1_u32.to_le_bytes());
        file.extend([entry, HEADER_BYTES, 0].iter().flat_map(|word| word.to_le_bytes()));
        file.extend(0_u32.to_le_bytes());
        let halves = [HEADER_BYTES as u16, SEGMENT_BYTES as u16, segments.len() as u16 + 1, 0, 0, 0];
        file.extend(halves.iter().flat_map(|half| half.to_le_bytes()));
        let mut offset = headers.next_multiple_of(PAGE);
        for (access, address, content) in &segments {
            let flags = if *access == Access::Code { 5 } else { 6 };
            file.extend(segment(1, flags, offset, *address, content.len() as u64));
            offset += content.len() as u64;
        }
        const PT_GNU_STACK: u32 = 0x6474_e551;
        file.extend(segment(PT_GNU_STACK, 6, 0, 0, 0));
        file.resize(headers.next_multiple_of(PAGE) as usize, 0);
        for (_, _, content) in &segments {
            file.extend(content);
        }
        file
    }

    /// Runs of pages with one access.
    fn segments(&self) -> Vec<(Access, u64, Vec<u8>)> {
        let mut segments: Vec<(Access, u64, Vec<u8>)> = Vec::new();
        for (&page, (access, content)) in &self.pages {
            match segments.last_mut() {
                Some((last, start, bytes)) if last == access && *start + bytes.len() as u64 == page => {
                    bytes.extend(content);
                }
                _ => segments.push((*access, page, content.clone())),
            }
        }
        segments
    }
}

fn segment(kind: u32, flags: u32, offset: u64, address: u64, bytes: u64) -> Vec<u8> {
    let words = [offset, address, address, bytes, bytes, PAGE];
    let mut header: Vec<u8> = [kind, flags].iter().flat_map(|half| half.to_le_bytes()).collect();
    header.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    header
}
