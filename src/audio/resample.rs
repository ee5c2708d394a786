//! One sample rate to another, as a stream.

use std::ops::RangeInclusive;

use bytes::BufMut;
use bytes::Bytes;
use bytes::BytesMut;
use rubato::Fft;
use rubato::FixedSync;
use rubato::Resampler as _;
use rubato::WindowFunction;
use rubato::audioadapter_buffers::direct::InterleavedSlice;

use crate::error::Error;
use crate::error::Result;

use super::pcm::from_i16;
use super::pcm::samples;
use super::pcm::to_i16;

/// Sample rates that can be converted, in Hz.
pub const RATES_HERTZ: RangeInclusive<u32> = 8_000..=48_000;

/// Blocks per second, about: 20 ms of audio (27 ms to 11,025 and 22,050 Hz) are
/// converted at a time, half of which is the filter's delay. With blocks of
/// 10 ms the filter to 8 kHz would take 10 dB from 3,400 Hz, which a telephone carries.
const BLOCKS_PER_SECOND: u32 = 50;

/// Converts 16-bit mono PCM from one sample rate to another, one stream long.
///
/// The samples go through the filter in blocks of a fixed size, so that the output does not depend on how the input was
/// split. The filter's delay is trimmed: output sample 0 is input sample 0.
pub struct Resampler {
    filter: Fft<f32>,
    from_hertz: u32,
    to_hertz: u32,
    /// Input of the next block, not yet full.
    block: Vec<f32>,
    /// Room for the output of one block.
    converted: Vec<f32>,
    /// Output samples that are still the filter's delay.
    delay: usize,
    /// Input samples so far.
    taken: u64,
    /// Output samples so far.
    given: u64,
}

impl Resampler {
    /// A converter from `from_hertz` to `to_hertz`.
    ///
    /// # Errors
    /// [`crate::error::Kind::Internal`] if a rate is outside [`RATES_HERTZ`]; whoever got it from outside checks it first.
    pub fn new(from_hertz: u32, to_hertz: u32) -> Result<Self> {
        if let Some(rate) = [from_hertz, to_hertz].into_iter().find(|rate| !RATES_HERTZ.contains(rate)) {
            return Err(Error::internal(format!("a sample rate of {rate} Hz cannot be converted")));
        }
        let (from, to) = (from_hertz as usize, to_hertz as usize);
        let block = block_samples(from_hertz, to_hertz) as usize;
        let filter =
            Fft::new_custom(from, to, block, 1, 1, WindowFunction::BlackmanHarris2, FixedSync::Both).map_err(broken)?;
        Ok(Self {
            from_hertz,
            to_hertz,
            block: Vec::with_capacity(filter.input_frames_next()),
            converted: vec![0.0; filter.output_frames_next()],
            delay: filter.output_delay(),
            filter,
            taken: 0,
            given: 0,
        })
    }

    /// Converts whole samples; the result may be empty while a block fills up.
    ///
    /// # Errors
    /// [`crate::error::Kind::Internal`] if the filter refuses a block, which would be a bug.
    pub fn push(&mut self, pcm: &[u8]) -> Result<Bytes> {
        let mut out = BytesMut::new();
        for sample in samples(pcm) {
            self.taken += 1;
            self.block.push(from_i16(sample));
            if self.block.len() == self.filter.input_frames_next() {
                self.convert(&mut out, u64::MAX)?;
            }
        }
        Ok(out.freeze())
    }

    /// The end of the stream: the samples that were still in the filter.
    ///
    /// All output together is as long as the input, to the nearest sample.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn finish(mut self) -> Result<Bytes> {
        let (from, to) = (u64::from(self.from_hertz), u64::from(self.to_hertz));
        let whole = (self.taken * to + from / 2) / from;
        let mut out = BytesMut::new();
        while self.given < whole {
            self.block.resize(self.filter.input_frames_next(), 0.0);
            self.convert(&mut out, whole)?;
        }
        Ok(out.freeze())
    }

    /// Sends the full block through the filter, and its output to `out` until `whole` samples were given in all.
    fn convert(&mut self, out: &mut BytesMut, whole: u64) -> Result<()> {
        let (taken, given) = (self.block.len(), self.converted.len());
        let source = InterleavedSlice::new(&self.block[..], 1, taken).map_err(broken)?;
        let mut sink = InterleavedSlice::new_mut(&mut self.converted[..], 1, given).map_err(broken)?;
        self.filter.process_into_buffer(&source, &mut sink, None).map_err(broken)?;
        self.block.clear();
        let skipped = self.delay.min(given);
        self.delay -= skipped;
        let wanted = usize::try_from(whole - self.given).unwrap_or(usize::MAX);
        for sample in self.converted.iter().skip(skipped).take(wanted) {
            out.put_i16_le(to_i16(*sample));
            self.given += 1;
        }
        Ok(())
    }
}

/// Input samples per block: an even number of the smallest runs that are whole samples at both rates.
///
/// Of an even block the filter's delay, half a block, is whole samples at both rates too, and can be trimmed exactly.
fn block_samples(from_hertz: u32, to_hertz: u32) -> u32 {
    let smallest = from_hertz / greatest_common_divisor(from_hertz, to_hertz);
    (from_hertz / BLOCKS_PER_SECOND).div_ceil(smallest).next_multiple_of(2) * smallest
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

fn broken(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::internal("the resampler failed").with_source(cause)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    #![expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "signals of a few seconds")]

    use std::f64::consts::TAU;

    use proptest::prelude::*;

    use super::Resampler;

    fn sine(rate: u32, hertz: f64, samples: usize) -> Vec<u8> {
        let sample = |n: usize| (16_000.0 * (TAU * hertz * n as f64 / f64::from(rate)).sin()).round() as i16;
        (0..samples).flat_map(|n| sample(n).to_le_bytes()).collect()
    }

    fn convert(from: u32, to: u32, pcm: &[u8], chunk_samples: usize) -> Vec<u8> {
        let mut resampler = Resampler::new(from, to).unwrap();
        let mut out = Vec::new();
        for chunk in pcm.chunks(chunk_samples * 2) {
            out.extend_from_slice(&resampler.push(chunk).unwrap());
        }
        out.extend_from_slice(&resampler.finish().unwrap());
        out
    }

    fn samples(pcm: &[u8]) -> Vec<f64> {
        pcm.chunks_exact(2).map(|pair| f64::from(i16::from_le_bytes([pair[0], pair[1]]))).collect()
    }

    /// Signal to noise in dB against a sine at `rate` that keeps amplitude and phase, edges of 100 ms left out.
    fn snr(pcm: &[u8], rate: u32, hertz: f64) -> f64 {
        let (samples, edge) = (samples(pcm), rate as usize / 10);
        let (mut signal, mut noise) = (0.0, 0.0);
        for (n, heard) in samples.iter().enumerate().take(samples.len() - edge).skip(edge) {
            let ideal = 16_000.0 * (TAU * hertz * n as f64 / f64::from(rate)).sin();
            signal += ideal * ideal;
            noise += (heard - ideal).powi(2);
        }
        10.0 * (signal / noise).log10()
    }

    const RATES: [u32; 8] = [8_000, 11_025, 12_000, 16_000, 22_050, 32_000, 44_100, 48_000];

    #[test]
    fn a_tone_keeps_its_pitch_phase_and_purity_both_ways() {
        for rate in RATES {
            for (from, to) in [(rate, 24_000), (24_000, rate)] {
                let out = convert(from, to, &sine(from, 1_000.0, from as usize), 1_000);
                assert_eq!(out.len(), 2 * to as usize);
                let db = snr(&out, to, 1_000.0);
                assert!(db >= 75.0, "{from} to {to} Hz: {db:.1} dB");
            }
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_carry_is_gone() {
        for (from, to) in [(48_000, 24_000), (24_000, 8_000), (24_000, 11_025), (24_000, 16_000), (24_000, 22_050)] {
            // A tone a tenth above the highest frequency that the result can hold.
            let tone = f64::from(to) / 2.0 * 1.1;
            let out = samples(&convert(from, to, &sine(from, tone, from as usize), 4_800));
            let edge = to as usize / 10;
            let inside = &out[edge..out.len() - edge];
            let rms = (inside.iter().map(|sample| sample * sample).sum::<f64>() / inside.len() as f64).sqrt();
            let rejected = 20.0 * (16_000.0 / 2.0_f64.sqrt() / rms.max(1e-9)).log10();
            assert!(rejected >= 60.0, "{from} to {to} Hz: {rejected:.1} dB");
        }
    }

    #[test]
    fn the_voice_band_of_a_telephone_passes() {
        for (from, to) in [(24_000, 8_000), (24_000, 11_025), (24_000, 16_000), (48_000, 24_000), (8_000, 24_000)] {
            // 3,400 Hz at 8 kHz, and as much of the band elsewhere.
            let tone = f64::from(from.min(to)) / 2.0 * 0.85;
            let out = samples(&convert(from, to, &sine(from, tone, from as usize), 4_800));
            let edge = to as usize / 10;
            let inside = &out[edge..out.len() - edge];
            let rms = (inside.iter().map(|sample| sample * sample).sum::<f64>() / inside.len() as f64).sqrt();
            let lost = -20.0 * (rms / (16_000.0 / 2.0_f64.sqrt())).log10();
            assert!(lost.abs() <= 0.5, "{from} to {to} Hz: {lost:.2} dB");
        }
    }

    #[test]
    fn full_scale_clips_instead_of_wrapping() {
        let square: Vec<u8> =
            (0..8_000).flat_map(|n| if n / 40 % 2 == 0 { i16::MAX } else { i16::MIN }.to_le_bytes()).collect();
        let out = convert(16_000, 24_000, &square, 800);
        let high = out[1_200 + 60..1_200 + 62].try_into().map(i16::from_le_bytes).unwrap();
        assert!(!(-30_000..=30_000).contains(&high), "{high}");
    }

    #[test]
    fn rates_outside_the_range_are_refused() {
        assert!(Resampler::new(7_999, 24_000).is_err());
        assert!(Resampler::new(24_000, 48_001).is_err());
        assert!(Resampler::new(44_099, 24_000).is_ok(), "without a common divisor");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_output_is_the_same_however_the_input_is_split(
            rate in prop::sample::select(RATES.to_vec()),
            is_outward in any::<bool>(),
            samples in 0..3_000_usize,
            chunk in 1..700_usize,
        ) {
            let (from, to) = if is_outward { (24_000, rate) } else { (rate, 24_000) };
            let pcm = sine(from, 440.0, samples);
            let out = convert(from, to, &pcm, chunk);
            prop_assert_eq!(&out, &convert(from, to, &pcm, samples.max(1)));
            let exact = samples as f64 * f64::from(to) / f64::from(from);
            prop_assert!(((out.len() / 2) as f64 - exact).abs() <= 0.5);
        }
    }
}
