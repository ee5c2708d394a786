//! Which book codes which bands: neighbours that share one are a section, and a section costs bits of its own.
//!
//! ISO/IEC 14496-3:2009, 4.6.3.

use super::LINES;
use super::huffman;
use super::huffman::BOOKS;
use super::layout::MAX_BANDS;
use crate::audio::codec::bits::Bits;

/// Bits for the number of a section's book.
const BOOK_BITS: u32 = 4;

/// Bits for the length of a section, which are repeated as long as they are all ones.
const LENGTH_BITS: u32 = 5;

/// The length that says that more of it follows.
const LONGEST: usize = (1 << LENGTH_BITS) - 1;

/// The number of the book of zeros.
const ZERO: usize = 0;

/// How a spectrum's lines are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Bands that are sent at all; those above are silent.
    pub(super) bands: usize,
    books: [usize; MAX_BANDS],
    /// Bits of the sections and of the lines.
    pub(super) bits: u32,
}

impl Plan {
    /// The cheapest plan for `lines`: from band to band the cheapest way to end with each book is kept, and walked back.
    pub(super) fn new(lines: &[i16; LINES], edges: &[usize]) -> Self {
        let coded = lines.iter().rposition(|line| *line != 0).map_or(0, |last| last + 1);
        let bands = edges.partition_point(|start| *start < coded);
        let mut reached = [huffman::NEVER; BOOKS];
        let mut ways = [[ZERO; BOOKS]; MAX_BANDS];
        let mut least = (0, ZERO);
        for (way, edges) in ways.iter_mut().zip(edges.windows(2)).take(bands) {
            let costs = huffman::costs(&lines[edges[0]..edges[1]]);
            let is_silent = costs[ZERO] == 0;
            for (book, cost) in costs.into_iter().enumerate() {
                // A silent band that shares its neighbours' book repeats their scale factor, in one bit.
                let cost = cost + u32::from(is_silent && book != ZERO);
                let changed = least.0 + BOOK_BITS + LENGTH_BITS;
                way[book] = if reached[book] <= changed { book } else { least.1 };
                reached[book] = (reached[book].min(changed) + cost).min(huffman::NEVER);
            }
            least = reached.iter().copied().zip(0..).min().unwrap_or(least);
        }
        let mut books = [ZERO; MAX_BANDS];
        let mut book = least.1;
        for (chosen, way) in books.iter_mut().zip(&ways).take(bands).rev() {
            *chosen = book;
            book = way[book];
        }
        let mut plan = Self { bands, books, bits: 0 };
        plan.bits = plan.count(lines, edges);
        plan
    }

    /// Whether a band's lines are coded, so that it has a scale factor.
    pub(super) fn is_coded(&self, band: usize) -> bool {
        band < self.bands && self.books[band] != ZERO
    }

    /// Writes the sections.
    pub(super) fn write_sections(&self, bits: &mut Bits) {
        for section in self.sections() {
            bits.push(u32::try_from(section[0]).unwrap_or_default(), BOOK_BITS);
            for _ in 0..section.len() / LONGEST {
                bits.push(u32::MAX, LENGTH_BITS);
            }
            bits.push(u32::try_from(section.len() % LONGEST).unwrap_or_default(), LENGTH_BITS);
        }
    }

    /// Writes `lines`, of which this is the plan.
    pub(super) fn write_lines(&self, lines: &[i16; LINES], edges: &[usize], bits: &mut Bits) {
        for (book, edges) in self.books[..self.bands].iter().zip(edges.windows(2)) {
            huffman::write(*book, &lines[edges[0]..edges[1]], bits);
        }
    }

    fn sections(&self) -> impl Iterator<Item = &[usize]> {
        self.books[..self.bands].chunk_by(|one, next| one == next)
    }

    fn count(&self, lines: &[i16; LINES], edges: &[usize]) -> u32 {
        let lengths = self.sections().map(|section| section.len() / LONGEST + 1);
        let sections = lengths.map(|count| BOOK_BITS + LENGTH_BITS * u32::try_from(count).unwrap_or_default());
        let bands = self.books[..self.bands].iter().zip(edges.windows(2));
        let coded = bands.map(|(book, edges)| huffman::bits(*book, &lines[edges[0]..edges[1]]));
        sections.sum::<u32>() + coded.sum::<u32>()
    }
}
