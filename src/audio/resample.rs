//! Any sample rate to 24 kHz, as a stream.

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
use crate::speech::SAMPLE_BYTES;
use crate::speech::SAMPLE_RATE_HERTZ;

/// Sample rates that can be converted, in Hz.
pub const RATES_HERTZ: RangeInclusive<u32> = 8_000..=48_000;

/// Blocks per second, about: 20 ms of audio are converted at a time, half of which is the filter's delay.
const BLOCKS_PER_SECOND: u32 = 50;

/// One sample of 32768 is full scale.
const FULL_SCALE: f32 = 32_768.0;

/// Converts 16-bit mono PCM to 24 kHz, one stream long.
///
/// The samples go through the filter in blocks of a fixed size, so that the output does not depend on how the input was
/// split. The filter's delay is trimmed: output sample 0 is input sample 0.
pub struct Resampler {
    filter: Fft<f32>,
    rate_hertz: u32,
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
    /// A converter from `rate_hertz` to 24 kHz.
    ///
    /// # Errors
    /// [`crate::error::Kind::Internal`] if the rate is outside [`RATES_HERTZ`]; whoever got the rate from outside checks
    /// it first.
    pub fn new(rate_hertz: u32) -> Result<Self> {
        if !RATES_HERTZ.contains(&rate_hertz) {
            return Err(Error::internal(format!("a sample rate of {rate_hertz} Hz cannot be converted")));
        }
        let (from, to) = (rate_hertz as usize, SAMPLE_RATE_HERTZ as usize);
        let block = block_samples(rate_hertz) as usize;
        let filter =
            Fft::new_custom(from, to, block, 1, 1, WindowFunction::BlackmanHarris2, FixedSync::Both).map_err(broken)?;
        Ok(Self {
            rate_hertz,
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
        for sample in pcm.chunks_exact(SAMPLE_BYTES) {
            self.taken += 1;
            self.block.push(f32::from(i16::from_le_bytes([sample[0], sample[1]])) / FULL_SCALE);
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
        let (from, to) = (u64::from(self.rate_hertz), u64::from(SAMPLE_RATE_HERTZ));
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
            out.put_i16_le(quantize(*sample));
            self.given += 1;
        }
        Ok(())
    }
}

/// Input samples per block: an even number of the smallest runs that are whole samples at both rates.
///
/// Of an even block the filter's delay, half a block, is whole samples at both rates too, and can be trimmed exactly.
fn block_samples(rate_hertz: u32) -> u32 {
    let smallest = rate_hertz / greatest_common_divisor(rate_hertz, SAMPLE_RATE_HERTZ);
    (rate_hertz / BLOCKS_PER_SECOND).div_ceil(smallest).next_multiple_of(2) * smallest
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and clipping is what is wanted")]
fn quantize(sample: f32) -> i16 {
    (sample * FULL_SCALE).round() as i16
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

    fn convert(rate: u32, pcm: &[u8], chunk_samples: usize) -> Vec<u8> {
        let mut resampler = Resampler::new(rate).unwrap();
        let mut out = Vec::new();
        for chunk in pcm.chunks(chunk_samples * 2) {
            out.extend_from_slice(&resampler.push(chunk).unwrap());
        }
        out.extend_from_slice(&resampler.finish().unwrap());
        out
    }

    /// Signal to noise in dB against a sine that keeps amplitude and phase, edges left out.
    fn snr(pcm: &[u8], hertz: f64) -> f64 {
        let samples: Vec<f64> =
            pcm.chunks_exact(2).map(|pair| f64::from(i16::from_le_bytes([pair[0], pair[1]]))).collect();
        let (mut signal, mut noise) = (0.0, 0.0);
        for (n, heard) in samples.iter().enumerate().take(samples.len() - 2_400).skip(2_400) {
            let ideal = 16_000.0 * (TAU * hertz * n as f64 / 24_000.0).sin();
            signal += ideal * ideal;
            noise += (heard - ideal).powi(2);
        }
        10.0 * (signal / noise).log10()
    }

    #[test]
    fn a_tone_keeps_its_pitch_phase_and_purity() {
        for rate in [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000] {
            let out = convert(rate, &sine(rate, 1_000.0, rate as usize), 1_000);
            assert_eq!(out.len(), 48_000);
            let db = snr(&out, 1_000.0);
            assert!(db >= 60.0, "{rate} Hz: {db:.1} dB");
        }
    }

    #[test]
    fn what_24_khz_cannot_carry_is_gone() {
        let out = convert(48_000, &sine(48_000, 15_000.0, 48_000), 4_800);
        let loudest = out[4_800..43_200]
            .chunks_exact(2)
            .map(|pair| i16::from_le_bytes([pair[0], pair[1]]).unsigned_abs())
            .max()
            .unwrap();
        assert!(loudest <= 16, "an alias of {loudest}");
    }

    #[test]
    fn full_scale_clips_instead_of_wrapping() {
        let square: Vec<u8> =
            (0..8_000).flat_map(|n| if n / 40 % 2 == 0 { i16::MAX } else { i16::MIN }.to_le_bytes()).collect();
        let out = convert(16_000, &square, 800);
        let high = out[1_200 + 60..1_200 + 62].try_into().map(i16::from_le_bytes).unwrap();
        assert!(!(-30_000..=30_000).contains(&high), "{high}");
    }

    #[test]
    fn rates_outside_the_range_are_refused() {
        assert!(Resampler::new(7_999).is_err());
        assert!(Resampler::new(48_001).is_err());
        assert!(Resampler::new(44_099).is_ok(), "without a common divisor");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_output_is_the_same_however_the_input_is_split(
            rate in prop::sample::select(vec![8_000_u32, 16_000, 22_050, 44_100, 48_000]),
            samples in 0..3_000_usize,
            chunk in 1..700_usize,
        ) {
            let pcm = sine(rate, 440.0, samples);
            let out = convert(rate, &pcm, chunk);
            prop_assert_eq!(&out, &convert(rate, &pcm, samples.max(1)));
            let exact = samples as f64 * 24_000.0 / f64::from(rate);
            prop_assert!(((out.len() / 2) as f64 - exact).abs() <= 0.5);
        }
    }
}
