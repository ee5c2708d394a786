//! Transcripts of a corpus: read well in other clothes, and read wrong in one place.
//!
//! What is planted is taken from the corpus and from the tables here, not from those of the matcher.

pub(crate) mod harmful;
pub(crate) mod harmless;
pub(crate) mod words;

/// A sentence of the corpus: plain text and slots in turn.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    pub(crate) parts: Vec<Part>,
}

#[derive(Clone, Debug)]
pub(crate) enum Part {
    Plain(String),
    /// Ways of saying the same, and ways of saying something else.
    Slot {
        right: Vec<String>,
        wrong: Vec<String>,
    },
}

impl Sentence {
    pub(crate) fn parse(line: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = line;
        while let Some((plain, tail)) = rest.split_once('{') {
            let (slot, tail) = tail.split_once('}').unwrap();
            parts.push(Part::Plain(plain.to_owned()));
            let (right, wrong) = slot.split_once('!').unwrap_or((slot, ""));
            let list = |text: &str| text.split('|').filter(|way| !way.is_empty()).map(str::to_owned).collect();
            parts.push(Part::Slot { right: list(right), wrong: list(wrong) });
            rest = tail;
        }
        parts.push(Part::Plain(rest.to_owned()));
        Self { parts }
    }

    /// The sentence with one of the right ways in each slot, and whether each part is plain.
    pub(crate) fn render(&self, rng: &mut Rng) -> Vec<(String, bool)> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Plain(text) => (text.clone(), true),
                Part::Slot { right, .. } => (rng.pick(right).clone(), false),
            })
            .collect()
    }
}

pub(crate) fn joined(parts: &[(String, bool)]) -> String {
    parts.iter().map(|(text, _)| text.as_str()).collect()
}

/// A small deterministic generator (splitmix64).
#[derive(Clone, Debug)]
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }

    /// `text` in pieces of one to eight characters.
    pub(crate) fn deltas(&mut self, text: &str) -> Vec<String> {
        let mut rest: Vec<char> = text.chars().collect();
        let mut deltas = Vec::new();
        while !rest.is_empty() {
            let length = (1 + self.below(8)).min(rest.len());
            deltas.push(rest.drain(..length).collect());
        }
        deltas
    }
}
