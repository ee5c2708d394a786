//! Quantised lines in Huffman codes: which table where, how many bits, and the bits.
//!
//! ISO/IEC 11172-3:1993, 2.4.2.7. From below, the lines are pairs in up to three regions with a table each, then fours of
//! at most one, then zeros that are not sent.

use super::LINES;
use super::codes;
use super::layout::Bands;
use crate::audio::codec::bits::Bits;

/// The largest magnitude that a pair's table without an escape holds.
const LARGEST_PLAIN: u16 = 15;

/// The largest magnitude that can be coded: 13 bits of escape.
pub(super) const LARGEST: u16 = LARGEST_PLAIN + (1 << 13) - 1;

/// A code for pairs.
struct Table {
    codes: &'static [u32],
    /// How many values each of a pair can have.
    side: usize,
    /// Bits behind a value of [`LARGEST_PLAIN`], which say how much more it is.
    escape_bits: u32,
}

/// Tables by number; 4 and 14 do not exist.
const TABLES: [Table; 32] = [
    table(&[0], 1, 0),
    table(&codes::T1, 2, 0),
    table(&codes::T2, 3, 0),
    table(&codes::T3, 3, 0),
    table(&[], 0, 0),
    table(&codes::T5, 4, 0),
    table(&codes::T6, 4, 0),
    table(&codes::T7, 6, 0),
    table(&codes::T8, 6, 0),
    table(&codes::T9, 6, 0),
    table(&codes::T10, 8, 0),
    table(&codes::T11, 8, 0),
    table(&codes::T12, 8, 0),
    table(&codes::T13, 16, 0),
    table(&[], 0, 0),
    table(&codes::T15, 16, 0),
    table(&codes::T16, 16, 1),
    table(&codes::T16, 16, 2),
    table(&codes::T16, 16, 3),
    table(&codes::T16, 16, 4),
    table(&codes::T16, 16, 6),
    table(&codes::T16, 16, 8),
    table(&codes::T16, 16, 10),
    table(&codes::T16, 16, 13),
    table(&codes::T24, 16, 4),
    table(&codes::T24, 16, 5),
    table(&codes::T24, 16, 6),
    table(&codes::T24, 16, 7),
    table(&codes::T24, 16, 8),
    table(&codes::T24, 16, 9),
    table(&codes::T24, 16, 11),
    table(&codes::T24, 16, 13),
];

const fn table(codes: &'static [u32], side: usize, escape_bits: u32) -> Table {
    Table { codes, side, escape_bits }
}

/// How a granule's lines are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Lines in pairs.
    pub(super) paired: usize,
    /// Lines in pairs or in fours.
    pub(super) coded: usize,
    /// Where the first and the second region end, and the last.
    ends: [usize; 3],
    /// Bands in the first and in the second region, less one.
    pub(super) region_bands: [u32; 2],
    /// The tables of the regions.
    pub(super) tables: [usize; 3],
    /// The table of the fours, 0 or 1.
    pub(super) fours_table: usize,
    /// Bits that all of it takes.
    pub(super) bits: usize,
}

impl Plan {
    /// The plan for lines of at most [`LARGEST`] in magnitude.
    pub(super) fn new(lines: &[i16; LINES], bands: &Bands) -> Self {
        let mut plan = Self::default();
        plan.coded = lines.iter().rposition(|line| *line != 0).map_or(0, |last| (last + 1).next_multiple_of(2));
        plan.paired = plan.coded;
        while plan.paired >= 4 && lines[plan.paired - 4..plan.paired].iter().all(|line| line.abs() <= 1) {
            plan.paired -= 4;
        }
        plan.divide(bands);
        plan.choose(lines);
        plan
    }

    /// A third of the bands for each region, but at most 8 for the second, which is all that can be said.
    fn divide(&mut self, bands: &Bands) {
        let used = bands.partition_point(|start| *start < self.paired);
        let first = (used / 3).max(1);
        let second = (used / 3).clamp(1, 8);
        self.region_bands = [first - 1, second - 1].map(|count| u32::try_from(count).unwrap_or_default());
        self.ends = [bands[first], bands[first + second], LINES].map(|end| end.min(self.paired));
    }

    fn choose(&mut self, lines: &[i16; LINES]) {
        let mut start = 0;
        for (end, chosen) in self.ends.into_iter().zip(&mut self.tables) {
            let region = &lines[start..end];
            let best = candidates(largest(region)).map(|number| (pairs_bits(&TABLES[number], region), number)).min();
            let (bits, number) = best.unwrap_or_default();
            self.bits += bits;
            *chosen = number;
            start = end;
        }
        let fours = &lines[self.paired..self.coded];
        let costs = [0, 1].map(|table| fours_bits(table, fours));
        self.fours_table = usize::from(costs[1] < costs[0]);
        self.bits += costs[self.fours_table];
    }

    /// Writes `lines`, of which this is the plan.
    pub(super) fn write(&self, lines: &[i16; LINES], bits: &mut Bits) {
        let mut start = 0;
        for (end, number) in self.ends.into_iter().zip(self.tables) {
            for pair in lines[start..end].chunks_exact(2) {
                write_pair(&TABLES[number], pair, bits);
            }
            start = end;
        }
        for four in lines[self.paired..self.coded].chunks_exact(4) {
            write_code(codes::FOURS[self.fours_table][four_index(four)], bits);
            for line in four {
                write_sign(*line, bits);
            }
        }
    }
}

fn largest(lines: &[i16]) -> u16 {
    lines.iter().map(|line| line.unsigned_abs()).max().unwrap_or_default()
}

/// The tables worth trying where `largest` is the largest magnitude.
fn candidates(largest: u16) -> impl Iterator<Item = usize> {
    let plain: &[usize] = match largest {
        0 => &[0],
        1 => &[1],
        2 => &[2, 3],
        3 => &[5, 6],
        4 | 5 => &[7, 8, 9],
        6 | 7 => &[10, 11, 12],
        8..=LARGEST_PLAIN => &[13, 15],
        _ => &[],
    };
    let beyond = largest.checked_sub(LARGEST_PLAIN + 1).map(|above| above + 1);
    let escaped = [16..24, 24..32].into_iter().filter_map(move |mut family| {
        beyond.and_then(|beyond| family.find(|number| u32::from(beyond) < 1 << TABLES[*number].escape_bits))
    });
    plain.iter().copied().chain(escaped)
}

/// A magnitude as its table has it.
fn plain(line: i16) -> usize {
    line.unsigned_abs().min(LARGEST_PLAIN).into()
}

fn pairs_bits(table: &Table, lines: &[i16]) -> usize {
    let pair_bits = |pair: &[i16]| {
        let code = table.codes[plain(pair[0]) * table.side + plain(pair[1])];
        let extra = |line: i16| {
            let is_escaped = table.escape_bits > 0 && line.unsigned_abs() >= LARGEST_PLAIN;
            u32::from(line != 0) + if is_escaped { table.escape_bits } else { 0 }
        };
        (code & 31) + extra(pair[0]) + extra(pair[1])
    };
    lines.chunks_exact(2).map(|pair| pair_bits(pair) as usize).sum()
}

fn write_pair(table: &Table, pair: &[i16], bits: &mut Bits) {
    write_code(table.codes[plain(pair[0]) * table.side + plain(pair[1])], bits);
    for line in pair {
        if let Some(more) = line.unsigned_abs().checked_sub(LARGEST_PLAIN) {
            bits.push(more.into(), table.escape_bits);
        }
        write_sign(*line, bits);
    }
}

fn four_index(four: &[i16]) -> usize {
    four.iter().fold(0, |index, line| index << 1 | usize::from(*line != 0))
}

fn fours_bits(table: usize, lines: &[i16]) -> usize {
    let bits = |four: &[i16]| (codes::FOURS[table][four_index(four)] & 31) + four_index(four).count_ones();
    lines.chunks_exact(4).map(|four| bits(four) as usize).sum()
}

fn write_code(code: u32, bits: &mut Bits) {
    bits.push(code >> 5, code & 31);
}

fn write_sign(line: i16, bits: &mut Bits) {
    bits.push(u32::from(line < 0), u32::from(line != 0));
}

#[cfg(test)]
mod tests {
    use super::TABLES;
    use super::codes::FOURS;

    /// Words of `codes`, as their value from 0 to 1 and how much of that line each takes.
    fn intervals(codes: &[u32]) -> Vec<(u32, u32)> {
        let mut words: Vec<_> =
            codes.iter().map(|code| ((code >> 5) << (24 - (code & 31)), 1 << (24 - (code & 31)))).collect();
        words.sort_unstable();
        words
    }

    /// No word begins another and none is missing: one wrong digit in a table would break that.
    #[test]
    fn the_words_of_every_table_fill_the_line_exactly() {
        let tables = TABLES.iter().map(|table| table.codes).filter(|codes| codes.len() > 1);
        for codes in tables.chain(FOURS.iter().map(|codes| &codes[..])) {
            let end = intervals(codes).into_iter().fold(0, |end, (start, length)| {
                assert_eq!(start, end);
                end + length
            });
            assert_eq!(end, 1 << 24);
        }
    }
}
