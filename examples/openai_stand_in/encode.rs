//! The six response formats: PCM and WAV made here, the others by the `ffmpeg` binary as the service makes them.

use std::io::Read;
use std::io::Write;
use std::process::Command;
use std::process::Stdio;

use bytes::Bytes;

use super::cache::Cache;
use super::catalogue::Family;

/// A container and codec that `response_format` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Format {
    Mp3,
    Opus,
    Aac,
    Flac,
    Wav,
    Pcm,
}

impl Format {
    /// Every name, in the order of the service's error text.
    pub(crate) const NAMES: [&'static str; 6] = ["mp3", "opus", "aac", "flac", "wav", "pcm"];
    const ALL: [Self; 6] = [Self::Mp3, Self::Opus, Self::Aac, Self::Flac, Self::Wav, Self::Pcm];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().position(|known| *known == name).map(|index| Self::ALL[index])
    }

    /// The content type of a raw answer, without parameters.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Mp3 => "audio/mpeg",
            Self::Opus => "audio/opus",
            Self::Aac => "audio/aac",
            Self::Flac => "audio/flac",
            Self::Wav => "audio/wav",
            Self::Pcm => "audio/pcm",
        }
    }

    /// Arguments of ffmpeg's output, or none where no encoder is needed.
    fn recipe(self, family: Family) -> Option<Vec<&'static str>> {
        let mini = family.bills_tokens();
        let recipe = match self {
            Self::Pcm | Self::Wav => return None,
            Self::Mp3 => {
                let rate = if mini { "128k" } else { "160k" };
                vec!["-c:a", "libmp3lame", "-b:a", rate, "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"]
            }
            Self::Opus if mini => vec!["-c:a", "libopus", "-f", "ogg"],
            Self::Opus => vec!["-c:a", "libopus", "-b:a", "48k", "-f", "ogg"],
            Self::Aac if mini => vec!["-c:a", "aac", "-f", "adts"],
            Self::Aac => vec!["-c:a", "aac", "-b:a", "45k", "-write_mpeg2", "1", "-f", "adts"],
            Self::Flac if mini => vec!["-c:a", "flac", "-f", "flac"],
            Self::Flac => vec!["-c:a", "flac", "-frame_size", "4096", "-f", "flac"],
        };
        Some(recipe)
    }
}

/// Encodes clips, and remembers them because an encoder run costs more than everything else here.
#[derive(Default)]
pub(crate) struct Encoder(Cache<(Bytes, Format, bool), Bytes>);

impl Encoder {
    /// Encodes 24 kHz mono samples; blocks while ffmpeg runs. The error says what went wrong with it.
    pub(crate) fn encode(&self, pcm: &Bytes, format: Format, family: Family) -> Result<Bytes, String> {
        let Some(recipe) = format.recipe(family) else {
            return Ok(if format == Format::Wav { wav(pcm, None) } else { pcm.clone() });
        };
        let key = (pcm.clone(), format, family.bills_tokens());
        if let Some(encoded) = self.0.get(&key) {
            return Ok(encoded);
        }
        let encoded = Bytes::from(run_ffmpeg(&recipe, pcm)?);
        self.0.put(key, encoded.clone(), encoded.len() + pcm.len());
        Ok(encoded)
    }
}

/// The 44 bytes before the samples of a WAV: both sizes are 0xFFFFFFFF because the end is not known yet.
pub(crate) fn wav_header(size: Option<u32>) -> [u8; 44] {
    let mut header =
        *b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0\xc0\x5d\0\0\x80\xbb\0\0\x02\0\x10\0data\xff\xff\xff\xff";
    if let Some(size) = size {
        header[4..8].copy_from_slice(&size.saturating_add(36).to_le_bytes());
        header[40..].copy_from_slice(&size.to_le_bytes());
    }
    header
}

/// A WAV of `pcm`: with its true size, or with the service's placeholder.
pub(crate) fn wav(pcm: &[u8], size: Option<u32>) -> Bytes {
    [wav_header(size).as_slice(), pcm].concat().into()
}

/// A WAV as ffmpeg writes it without `-bitexact`: a LIST chunk stands before the data.
pub(crate) fn wav_with_list(pcm: &[u8]) -> Bytes {
    let header = wav_header(None);
    let list = b"LIST\x1a\0\0\0INFOISFT\x0e\0\0\0Lavf60.16.100\0";
    [&header[..36], list, &header[36..], pcm].concat().into()
}

fn run_ffmpeg(recipe: &[&str], pcm: &Bytes) -> Result<Vec<u8>, String> {
    let mut child = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-f", "s16le", "-ar", "24000", "-ac", "1", "-i", "pipe:0"])
        .args(recipe)
        .arg("pipe:1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("ffmpeg, which makes mp3, opus, aac and flac, cannot be run: {error}"))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let samples = pcm.clone();
    // Both pipes are served at once, or a full one would block the other for ever.
    let writer = std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&samples)));
    let mut encoded = Vec::new();
    let read = stdout.map_or(Ok(0), |mut stdout| stdout.read_to_end(&mut encoded));
    let wrote = writer.join();
    let status = child.wait().map_err(|error| format!("ffmpeg: {error}"))?;
    match (read, wrote) {
        (Ok(_), Ok(Some(Ok(())))) if status.success() => Ok(encoded),
        _ => Err(format!("ffmpeg failed with {status}")),
    }
}

/// The lengths of the pages of an Ogg stream, which the service sends one by one.
pub(crate) fn ogg_pages(stream: &[u8]) -> Vec<usize> {
    let mut pages = Vec::new();
    let mut rest = stream;
    while let Some(segments) = rest.get(26).copied().map(usize::from) {
        let Some(lacing) = rest.get(27..27 + segments) else { break };
        let length = 27 + segments + lacing.iter().copied().map(usize::from).sum::<usize>();
        let length = length.min(rest.len());
        pages.push(length);
        rest = &rest[length..];
    }
    if !rest.is_empty() {
        pages.push(rest.len());
    }
    pages
}
