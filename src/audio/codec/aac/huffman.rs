//! Quantised lines in Huffman codes: which books can hold them, how many bits they take, and the bits.
//!
//! ISO/IEC 14496-3:2009, 4.6.3.

use super::codes;
use crate::audio::codec::bits::Bits;

/// Books by number; the first is for zeros, which are not sent.
pub(super) const BOOKS: usize = 12;

/// The largest magnitude that can be coded, by an escape of 12 bits.
pub(super) const LARGEST: u16 = 8_191;

/// The magnitude that says in the last book that an escape follows.
const ESCAPE: u16 = 16;

/// One way to code lines.
struct Book {
    codes: &'static [u32],
    /// Lines that share a code.
    group: usize,
    /// The largest magnitude.
    largest: u16,
    /// Whether the code holds the signs; otherwise they follow it.
    is_signed: bool,
}

const TABLE: [Book; BOOKS] = [
    book(&[], 4, 0, true),
    book(&codes::S1, 4, 1, true),
    book(&codes::S2, 4, 1, true),
    book(&codes::S3, 4, 2, false),
    book(&codes::S4, 4, 2, false),
    book(&codes::S5, 2, 4, true),
    book(&codes::S6, 2, 4, true),
    book(&codes::S7, 2, 7, false),
    book(&codes::S8, 2, 7, false),
    book(&codes::S9, 2, 12, false),
    book(&codes::S10, 2, 12, false),
    book(&codes::S11, 2, ESCAPE, false),
];

/// Books worth trying beyond the smallest that holds the lines: a larger one may save the start of a section.
const BEYOND: usize = 4;

const fn book(codes: &'static [u32], group: usize, largest: u16, is_signed: bool) -> Book {
    Book { codes, group, largest, is_signed }
}

/// More bits than anything takes: lines that a book cannot hold.
pub(super) const NEVER: u32 = 1 << 20;

/// Bits that `lines` take in each book; [`NEVER`] where they do not fit, or would waste much.
pub(super) fn costs(lines: &[i16]) -> [u32; BOOKS] {
    let largest = lines.iter().map(|line| line.unsigned_abs()).max().unwrap_or_default();
    let fits = |book: &Book| book.largest >= largest || book.largest == ESCAPE;
    let first = TABLE.iter().position(fits).unwrap_or_default();
    let mut costs = [NEVER; BOOKS];
    for number in first..BOOKS.min(first + BEYOND) {
        costs[number] = TABLE[number].bits(lines);
    }
    costs
}

/// Bits that `lines` take in the book of that number.
pub(super) fn bits(number: usize, lines: &[i16]) -> u32 {
    TABLE[number].bits(lines)
}

/// Writes `lines` by the book of that number.
pub(super) fn write(number: usize, lines: &[i16], bits: &mut Bits) {
    let book = &TABLE[number];
    if number == 0 {
        return;
    }
    for group in lines.chunks_exact(book.group) {
        write_code(book.codes[book.index(group)], bits);
        if !book.is_signed {
            for line in group.iter().filter(|line| **line != 0) {
                bits.push(u32::from(*line < 0), 1);
            }
        }
        for line in group.iter().filter(|line| book.is_escaped(**line)) {
            write_escape(line.unsigned_abs(), bits);
        }
    }
}

/// Bits that a difference of scale factors takes.
pub(super) fn scale_factor_bits(difference: i32) -> u32 {
    scale_factor_code(difference) & 31
}

/// Writes a difference of scale factors, from -60 to 60.
pub(super) fn write_scale_factor(difference: i32, bits: &mut Bits) {
    write_code(scale_factor_code(difference), bits);
}

fn scale_factor_code(difference: i32) -> u32 {
    let index = usize::try_from(difference + 60).unwrap_or_default();
    codes::SCALE_FACTORS[index.min(codes::SCALE_FACTORS.len() - 1)]
}

impl Book {
    fn bits(&self, lines: &[i16]) -> u32 {
        if self.codes.is_empty() {
            return 0;
        }
        let code = |group: &[i16]| self.codes[self.index(group)] & 31;
        let codes = lines.chunks_exact(self.group).map(code).sum::<u32>();
        let extra = |line: &i16| {
            let escape = if self.is_escaped(*line) { 2 * line.unsigned_abs().ilog2() - 3 } else { 0 };
            u32::from(*line != 0) + escape
        };
        codes + if self.is_signed { 0 } else { lines.iter().map(extra).sum() }
    }

    /// Where the code of a group stands.
    fn index(&self, group: &[i16]) -> usize {
        let (lowest, side) = if self.is_signed { (self.largest, 2 * self.largest + 1) } else { (0, self.largest + 1) };
        group.iter().fold(0, |index, line| {
            let digit =
                if self.is_signed { line.saturating_add_unsigned(lowest).unsigned_abs() } else { line.unsigned_abs() };
            index * usize::from(side) + usize::from(digit.min(side - 1))
        })
    }

    fn is_escaped(&self, line: i16) -> bool {
        self.largest == ESCAPE && line.unsigned_abs() >= ESCAPE
    }
}

/// As many ones as the magnitude has bits beyond five, a zero, and the magnitude without its highest bit.
fn write_escape(magnitude: u16, bits: &mut Bits) {
    let below = magnitude.ilog2();
    bits.push(u32::MAX, below - 4);
    bits.push(0, 1);
    bits.push(magnitude.into(), below);
}

fn write_code(code: u32, bits: &mut Bits) {
    bits.push(code >> 5, code & 31);
}

#[cfg(test)]
mod tests {
    use super::TABLE;
    use super::codes::SCALE_FACTORS;

    /// No word begins another and none is missing: one wrong digit in a table would break that.
    #[test]
    fn the_words_of_every_book_fill_the_line_exactly() {
        for codes in TABLE[1..].iter().map(|book| book.codes).chain([&SCALE_FACTORS[..]]) {
            let mut words: Vec<_> =
                codes.iter().map(|code| ((code >> 5) << (24 - (code & 31)), 1 << (24 - (code & 31)))).collect();
            words.sort_unstable();
            let end = words.into_iter().fold(0, |end, (start, length)| {
                assert_eq!(start, end);
                end + length
            });
            assert_eq!(end, 1 << 24);
        }
    }
}
