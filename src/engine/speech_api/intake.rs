//! Whatever a server sends as PCM, made 24 kHz 16-bit mono in whole samples.

use bytes::Bytes;

use crate::audio::Aligner;
use crate::audio::Piece;
use crate::audio::RATES_HERTZ;
use crate::audio::Resampler;
use crate::audio::Unwrapper;
use crate::audio::wav::Header;
use crate::speech::SAMPLE_RATE_HERTZ;

use super::defect::Defect;

/// Strips headers, completes samples, converts rates; one answer long.
pub(super) struct Intake {
    unwrapper: Unwrapper,
    pieces: Vec<Piece>,
    aligner: Aligner,
    rate_hertz: u32,
    /// `None` while the samples are at 24 kHz already.
    resampler: Option<Resampler>,
    lone_bytes: u32,
}

impl Intake {
    /// An intake for samples at `rate_hertz`, until a header says otherwise.
    ///
    /// # Errors
    /// [`Defect::Rate`] if no conversion starts from there.
    pub(super) fn new(rate_hertz: u32) -> Result<Self, Defect> {
        Ok(Self {
            unwrapper: Unwrapper::default(),
            pieces: Vec::new(),
            aligner: Aligner::default(),
            rate_hertz,
            resampler: resampler(rate_hertz)?,
            lone_bytes: 0,
        })
    }

    /// Takes the next bytes and adds the samples that are ready to `out`.
    ///
    /// # Errors
    /// [`Defect`] if a header is broken or promises what cannot be converted; the samples before it stay in `out`.
    pub(super) fn push(&mut self, chunk: Bytes, out: &mut Vec<Bytes>) -> Result<(), Defect> {
        let unwrapped = self.unwrapper.push(chunk, &mut self.pieces);
        // Taken out and put back, so that its memory serves for every chunk.
        let mut pieces = std::mem::take(&mut self.pieces);
        for piece in pieces.drain(..) {
            match piece {
                Piece::Header(header) => self.begin(header, out)?,
                Piece::Samples(samples) => self.samples(samples, out)?,
            }
        }
        self.pieces = pieces;
        unwrapped.map_err(Defect::Wav)
    }

    /// The end of the answer: what was still held back.
    ///
    /// That fewer samples came than a header declared is no sign of a cut: servers that stream put invented sizes there.
    /// Nor is half a sample where as many bytes came as were declared, for then the header itself was odd.
    ///
    /// # Errors
    /// [`Defect::HalfHeader`] and [`Defect::HalfSample`] if the answer ends in the middle of one; the samples before it
    /// are in `out`.
    pub(super) fn finish(&mut self, out: &mut Vec<Bytes>) -> Result<(), Defect> {
        let is_in_header = self.unwrapper.is_in_header();
        let is_past_samples = self.unwrapper.is_past_samples();
        let rest = self.unwrapper.finish();
        self.samples(rest, out)?;
        let dropped_before = self.lone_bytes;
        self.end_run(out)?;
        if is_in_header {
            return Err(Defect::HalfHeader);
        }
        let is_cut = self.lone_bytes > dropped_before && !is_past_samples;
        if is_cut { Err(Defect::HalfSample) } else { Ok(()) }
    }

    /// Bytes without a partner where a run of samples ended, dropped: more than none is a hint of damage.
    pub(super) fn lone_bytes(&self) -> u32 {
        self.lone_bytes
    }

    fn begin(&mut self, header: Header, out: &mut Vec<Bytes>) -> Result<(), Defect> {
        if !header.is_mono_s16() {
            return Err(Defect::Layout { format: header.format, channels: header.channels, bits: header.bits });
        }
        self.lone_bytes += u32::from(self.aligner.finish());
        // At the same rate one filter runs on: cutting it would put an edge between two sentences.
        if header.rate_hertz != self.rate_hertz {
            self.end_run(out)?;
            self.rate_hertz = header.rate_hertz;
            self.resampler = resampler(header.rate_hertz)?;
        }
        Ok(())
    }

    fn samples(&mut self, bytes: Bytes, out: &mut Vec<Bytes>) -> Result<(), Defect> {
        let mut pcm = self.aligner.push(bytes);
        if let Some(resampler) = &mut self.resampler {
            pcm = resampler.push(&pcm).map_err(Defect::Internal)?;
        }
        if !pcm.is_empty() {
            out.push(pcm);
        }
        Ok(())
    }

    fn end_run(&mut self, out: &mut Vec<Bytes>) -> Result<(), Defect> {
        self.lone_bytes += u32::from(self.aligner.finish());
        let rest = self.resampler.take().map(Resampler::finish).transpose().map_err(Defect::Internal)?;
        out.extend(rest.filter(|rest| !rest.is_empty()));
        Ok(())
    }
}

fn resampler(rate_hertz: u32) -> Result<Option<Resampler>, Defect> {
    if rate_hertz == SAMPLE_RATE_HERTZ {
        return Ok(None);
    }
    if !RATES_HERTZ.contains(&rate_hertz) {
        return Err(Defect::Rate(rate_hertz));
    }
    Resampler::new(rate_hertz, SAMPLE_RATE_HERTZ).map(Some).map_err(Defect::Internal)
}
