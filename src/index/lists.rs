//! Lists of bytes that grow side by side, one a term.

/// Bytes of a page; a piece of a list lies in one.
const PAGE: usize = 1 << PAGE_BITS;
const PAGE_BITS: u32 = 20;
/// Bytes of a list's first piece; each further one is twice as long, up to the longest.
const FIRST: usize = 16;
const LONGEST: usize = 1 << 15;
/// Bytes that are copied one by one.
const FEW: usize = 8;
/// Behind a full piece stands the address of the next.
const ADDRESS: usize = 4;

/// Lists by number.
#[derive(Debug, Default)]
pub(super) struct Lists {
    lists: Vec<List>,
    pages: Vec<Vec<u8>>,
}

/// Where a list is, and what of it is needed to add to it.
#[derive(Debug, Clone, Copy, Default)]
struct List {
    /// Addresses of its first piece and of the one that is being filled.
    first: u32,
    piece: u32,
    /// How much of that piece is free.
    free: u32,
    /// How many pieces it has.
    n_pieces: u32,
    /// The last record, and how many there are.
    last: u32,
    n_records: u32,
}

/// Bytes of the `nth` piece, from 0.
fn length(nth: u32) -> usize {
    if nth < (LONGEST / FIRST).ilog2() { FIRST << nth } else { LONGEST }
}

/// A number in groups of seven bits, the last one first, and how many groups there are.
fn groups(mut number: u32) -> ([u8; 5], usize) {
    let mut all = [0; 5];
    let mut n = 0;
    for group in &mut all {
        n += 1;
        *group = number as u8 & 0x7f | u8::from(number >= 0x80) << 7;
        number >>= 7;
        if number == 0 {
            break;
        }
    }
    (all, n)
}

/// Writes a number in groups of seven bits.
pub(super) fn write_number(number: u32, out: &mut Vec<u8>) {
    if number < 0x80 {
        out.push(number as u8);
        return;
    }
    let (all, n) = groups(number);
    out.extend_from_slice(all.get(..n).unwrap_or_default());
}

/// Copies bytes, of which there are mostly few: as many as a call would take longer for.
fn copy(bytes: &[u8], room: &mut [u8]) {
    if bytes.len() > FEW {
        room.copy_from_slice(bytes);
        return;
    }
    for (to, byte) in room.iter_mut().zip(bytes) {
        *to = *byte;
    }
}

/// Reads a number that was written so.
pub(super) fn read_number(bytes: &mut &[u8]) -> Option<u32> {
    let (mut number, mut shift) = (0_u32, 0);
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

impl Lists {
    /// Bytes of memory.
    pub(super) fn memory(&self) -> usize {
        self.pages.len() * PAGE + self.lists.capacity() * size_of::<List>()
    }

    /// How many records a list has.
    pub(super) fn n_records(&self, number: u32) -> u32 {
        self.lists.get(number as usize).map_or(0, |list| list.n_records)
    }

    /// Has the processor fetch the ends of some lists: they lie anywhere, and it waits for all of them at once.
    pub(super) fn fetch(&self, numbers: impl Iterator<Item = u32>) {
        let mut sum = 0;
        for number in numbers {
            if let Some(list) = self.lists.get(number as usize)
                && let Some(before) = list.n_pieces.checked_sub(1)
            {
                let filled = length(before) - list.free as usize;
                sum ^= self.bytes(list.piece, filled, 1).first().copied().unwrap_or(0);
            }
        }
        std::hint::black_box(sum);
    }

    /// Adds records to a list: how far the first one is behind the last one that is there, then what `bytes`
    /// say. `records` are the first, the last, and how many.
    pub(super) fn add(&mut self, number: u32, records: (u32, u32, u32), bytes: &[u8]) {
        let (first, last, n_records) = records;
        let at = number as usize;
        if self.lists.len() <= at {
            self.lists.resize(at + 1, List::default());
        }
        let Some(mut list) = self.lists.get(at).copied() else { return };
        let (head, n) = groups(first.wrapping_sub(list.last));
        let head = head.get(..n).unwrap_or_default();
        if n + bytes.len() <= list.free as usize {
            let filled = length(list.n_pieces - 1) - list.free as usize;
            if let Some(room) = self.bytes_mut(list.piece, filled, n + bytes.len()) {
                let (of_head, of_bytes) = room.split_at_mut(n);
                copy(head, of_head);
                copy(bytes, of_bytes);
            }
            list.free -= (n + bytes.len()) as u32;
        } else {
            self.write(&mut list, head);
            self.write(&mut list, bytes);
        }
        list.last = last;
        list.n_records += n_records;
        if let Some(known) = self.lists.get_mut(at) {
            *known = list;
        }
    }

    fn write(&mut self, list: &mut List, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if list.free == 0 {
                self.begin_piece(list);
            }
            let n = bytes.len().min(list.free as usize);
            let (now, later) = bytes.split_at(n);
            let filled = length(list.n_pieces - 1) - list.free as usize;
            if let Some(room) = self.bytes_mut(list.piece, filled, n) {
                room.copy_from_slice(now);
            }
            list.free -= n as u32;
            bytes = later;
        }
    }

    /// Gives a list one more piece.
    fn begin_piece(&mut self, list: &mut List) {
        let n = length(list.n_pieces);
        let wanted = n + ADDRESS;
        if self.pages.last().is_none_or(|page| page.len() + wanted > PAGE) {
            self.pages.push(Vec::with_capacity(PAGE));
        }
        let number = self.pages.len() as u32 - 1;
        let Some(page) = self.pages.last_mut() else { return };
        let address = number << PAGE_BITS | page.len() as u32;
        page.resize(page.len() + wanted, 0);
        if list.n_pieces == 0 {
            list.first = address;
        } else {
            let behind = length(list.n_pieces - 1);
            if let Some(room) = self.bytes_mut(list.piece, behind, ADDRESS) {
                room.copy_from_slice(&address.to_le_bytes());
            }
        }
        list.piece = address;
        list.free = n as u32;
        list.n_pieces += 1;
    }

    fn bytes_mut(&mut self, address: u32, from: usize, n: usize) -> Option<&mut [u8]> {
        let at = address as usize % PAGE + from;
        self.pages.get_mut((address >> PAGE_BITS) as usize)?.get_mut(at..at + n)
    }

    fn bytes(&self, address: u32, from: usize, n: usize) -> &[u8] {
        let at = address as usize % PAGE + from;
        let page = self.pages.get((address >> PAGE_BITS) as usize);
        page.and_then(|page| page.get(at..at + n)).unwrap_or_default()
    }

    /// Writes all of a list into `out`.
    pub(super) fn read(&self, number: u32, out: &mut Vec<u8>) {
        out.clear();
        let list = self.lists.get(number as usize).copied().unwrap_or_default();
        let mut address = list.first;
        for nth in 0..list.n_pieces {
            let n = length(nth);
            if nth + 1 == list.n_pieces {
                out.extend_from_slice(self.bytes(address, 0, n - list.free as usize));
            } else {
                out.extend_from_slice(self.bytes(address, 0, n));
                let next = self.bytes(address, n, ADDRESS).try_into().unwrap_or_default();
                address = u32::from_le_bytes(next);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn numbers_come_out_as_they_went_in(numbers in proptest::collection::vec(proptest::num::u32::ANY, 0..40)) {
            let mut bytes = Vec::new();
            for number in numbers.iter().chain(&[0, 127, 128, u32::MAX]) {
                write_number(*number, &mut bytes);
            }
            let mut rest = bytes.as_slice();
            for number in numbers.iter().chain(&[0, 127, 128, u32::MAX]) {
                proptest::prop_assert_eq!(read_number(&mut rest), Some(*number));
            }
            proptest::prop_assert_eq!(read_number(&mut rest), None);
        }

        #[test]
        fn lists_grow_side_by_side(
            adds in proptest::collection::vec((0_u32..6, 0_u32..300, 0_u32..9, 0_usize..700), 0..200),
        ) {
            let mut lists = Lists::default();
            let mut plain: Vec<(Vec<u8>, u32, u32)> = vec![(Vec::new(), 0, 0); 6];
            for (round, (number, step, more, n_bytes)) in adds.into_iter().enumerate() {
                let bytes = vec![round as u8; n_bytes];
                let (list, last, n) = &mut plain[number as usize];
                let first = *last + step;
                lists.add(number, (first, first + more, more + 1), &bytes);
                write_number(step, list);
                list.extend(&bytes);
                *last = first + more;
                *n += more + 1;
            }
            let mut out = Vec::new();
            for (number, (list, _, n)) in plain.iter().enumerate() {
                lists.read(number as u32, &mut out);
                proptest::prop_assert_eq!(&out, list);
                proptest::prop_assert_eq!(lists.n_records(number as u32), *n);
            }
        }
    }

    #[test]
    fn a_long_list_goes_over_pages() {
        let mut lists = Lists::default();
        let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
        let mut expected = Vec::new();
        for round in 0..30 {
            lists.add(3, (round, round, 1), &bytes);
            write_number(u32::from(round > 0), &mut expected);
            expected.extend(&bytes);
        }
        let mut out = Vec::new();
        lists.read(3, &mut out);
        assert!(out == expected && lists.memory() > expected.len());
    }
}
