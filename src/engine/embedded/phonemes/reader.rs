//! Reads words that the lexicon does not hold, with a small character network.

use std::collections::HashMap;
use std::sync::Arc;

use rten::Model;
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use serde::Deserialize;

use super::letters;
use crate::engine::embedded::assets;
use crate::engine::embedded::error::Error;
use crate::engine::embedded::lanes::Lanes;

const NETWORK: &str = "reading";
/// The output that stands for no phoneme.
const BLANK: i32 = 0;

/// The reading network. It takes up to `longest` letters at a time; longer words
/// are read in parts, never cut.
pub(super) struct Reader {
    model: Model,
    letters: HashMap<char, i32>,
    phonemes: Vec<char>,
    longest: usize,
    lanes: Arc<Lanes>,
}

#[derive(Deserialize)]
struct Alphabets {
    r#in: Vec<char>,
    out: Vec<char>,
    maxlen: usize,
}

impl Reader {
    pub(super) fn load(lanes: Arc<Lanes>) -> Result<Self, Error> {
        let alphabets: Alphabets = serde_json::from_slice(assets::READER_ALPHABETS)
            .map_err(|e| Error::Asset { asset: "oov.json", reason: e.to_string() })?;
        let model = Model::load_static_slice(assets::READER)
            .map_err(|e| Error::Asset { asset: "oov.onnx", reason: e.to_string() })?;
        let letters = alphabets.r#in.into_iter().zip(1..).collect();
        Ok(Self { model, letters, phonemes: alphabets.out, longest: alphabets.maxlen.max(1), lanes })
    }

    /// The phonemes of a word of any length. Empty only if `word` holds no Latin letter.
    pub(super) fn read(&self, word: &str) -> Result<String, Error> {
        let letters: Vec<char> = word.chars().filter(char::is_ascii_alphabetic).collect();
        letters.chunks(self.longest).map(|part| self.read_part(part)).collect()
    }

    fn read_part(&self, letters: &[char]) -> Result<String, Error> {
        let ids: Vec<i32> = letters.iter().filter_map(|letter| self.letters.get(letter).copied()).collect();
        if ids.is_empty() {
            return Ok(letters::spelled(&String::from_iter(letters)));
        }
        let input = NdTensor::from_data([1, ids.len()], ids);
        let output = self
            .lanes
            .with(|options| self.model.run_one(input.into(), Some(options)))
            .map_err(|e| failed(e.to_string()))?;
        let output: NdTensor<i32, 2> = output.try_into().map_err(|_| failed("odd output".into()))?;
        let phonemes = self.collapsed(output.iter().copied());
        // A word such as "hmmpf" may come out blank: then its letters are named.
        Ok(if phonemes.chars().any(char::is_alphabetic) {
            phonemes
        } else {
            letters::spelled(&String::from_iter(letters))
        })
    }

    /// Runs of one output are one phoneme, and blanks only part runs (CTC decoding).
    fn collapsed(&self, outputs: impl Iterator<Item = i32>) -> String {
        let mut previous = BLANK;
        let mut phonemes = String::new();
        for output in outputs {
            if output != previous && output != BLANK {
                let index = usize::try_from(output - 1).unwrap_or(usize::MAX);
                phonemes.extend(self.phonemes.get(index));
            }
            previous = output;
        }
        phonemes
    }
}

fn failed(reason: String) -> Error {
    Error::Network { network: NETWORK, reason }
}
