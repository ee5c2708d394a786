//! The acoustic network: phonemes in, the parts of a spectrum out.

use std::collections::HashMap;
use std::sync::Arc;

use rten::Model;
use rten::ModelOptions;
use rten::NodeId;
use rten::Value;
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use super::assets;
use super::error::Error;
use super::lanes::Lanes;
use super::spectrum::BINS;
use super::spectrum::Spectrum;

/// The id that stands before and after every phoneme sequence.
const EDGE: i32 = 0;
const NETWORK: &str = "acoustic";

pub(super) struct Acoustics {
    model: Model,
    ids: NodeId,
    speed: NodeId,
    outputs: [NodeId; 6],
    alphabet: Arc<Alphabet>,
    lanes: Arc<Lanes>,
}

impl Acoustics {
    pub(super) fn load(alphabet: Arc<Alphabet>, lanes: Arc<Lanes>) -> Result<Self, Error> {
        let broken = |reason: String| Error::Asset { asset: "hibari.onnx", reason };
        let model = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load_static_slice(assets::ACOUSTICS)
            .map_err(|e| broken(e.to_string()))?;
        let node = |name| model.node_id(name).map_err(|e| broken(e.to_string()));
        let (ids, speed) = (node("ids")?, node("speed")?);
        let outputs = model.output_ids().try_into().map_err(|_| broken("six outputs are expected".into()))?;
        Ok(Self { model, ids, speed, outputs, alphabet, lanes })
    }

    /// Predicts the spectrum of `phonemes` spoken at `speed` times the usual pace.
    pub(super) fn predict(&self, phonemes: &str, speed: f32) -> Result<Spectrum, Error> {
        let ids = self.alphabet.ids(phonemes);
        let ids = NdTensor::from_data([1, ids.len()], ids);
        let speed = NdTensor::from_data([1], vec![speed]);
        let inputs = vec![(self.ids, ids.into()), (self.speed, speed.into())];
        let values = self
            .lanes
            .with(|options| self.model.run_n(inputs, self.outputs, Some(options)))
            .map_err(|e| failed(e.to_string()))?;
        spectrum(values)
    }
}

/// The phonemes that the network knows, and their ids.
pub(super) struct Alphabet(HashMap<char, i32>);

impl Alphabet {
    pub(super) fn load() -> Result<Self, Error> {
        serde_json::from_slice(assets::PHONEME_IDS)
            .map(Self)
            .map_err(|e| Error::Asset { asset: "vocab.json", reason: e.to_string() })
    }

    pub(super) fn contains(&self, phoneme: char) -> bool {
        self.0.contains_key(&phoneme)
    }

    fn ids(&self, phonemes: &str) -> Vec<i32> {
        let known = phonemes.chars().filter_map(|phoneme| self.0.get(&phoneme).copied());
        std::iter::once(EDGE).chain(known).chain(std::iter::once(EDGE)).collect()
    }
}

fn spectrum(values: [Value; 6]) -> Result<Spectrum, Error> {
    let [harmonic, harmonic_phase, noise, residual, residual_phase, pitch] = values.map(floats);
    let pitch = pitch?;
    let frames = pitch.len();
    let matrix = |part: Result<Vec<f32>, Error>| {
        part.and_then(|part| if part.len() == BINS * frames { Ok(part) } else { Err(failed("odd shape".into())) })
    };
    Ok(Spectrum {
        frames,
        harmonic: matrix(harmonic)?,
        harmonic_phase: matrix(harmonic_phase)?,
        noise: matrix(noise)?,
        residual: matrix(residual)?,
        residual_phase: matrix(residual_phase)?,
        pitch,
    })
}

fn floats(value: Value) -> Result<Vec<f32>, Error> {
    match value {
        Value::FloatTensor(tensor) => Ok(tensor.to_vec()),
        _ => Err(failed("an output does not hold numbers".into())),
    }
}

fn failed(reason: String) -> Error {
    Error::Network { network: NETWORK, reason }
}
