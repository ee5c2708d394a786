//! Audio formats by the names that people and file names use.

use std::path::Path;

use clap::ValueEnum;

use crate::proto::AudioEncoding;

/// A format on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// 16-bit samples, mono, little-endian, without a header
    #[value(alias = "pcm_s16le", alias = "raw")]
    Pcm,
    /// The same behind a RIFF header
    Wav,
    /// G.711 mu-law, one byte per sample, without a header
    #[value(alias = "ulaw", alias = "ul", alias = "pcmu")]
    Mulaw,
    /// G.711 A-law, one byte per sample, without a header
    #[value(alias = "al", alias = "pcma")]
    Alaw,
    /// MPEG layer III
    Mp3,
    /// Opus in Ogg
    #[value(alias = "ogg", alias = "ogg_opus")]
    Opus,
    /// AAC in ADTS
    #[value(alias = "aac_adts")]
    Aac,
    /// FLAC
    Flac,
}

impl Format {
    /// What the file's name says.
    pub(super) fn of_file(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        Self::from_str(extension, true).ok()
    }

    /// The same in the schema.
    pub(super) fn encoding(self) -> AudioEncoding {
        match self {
            Self::Pcm => AudioEncoding::PcmS16le,
            Self::Wav => AudioEncoding::Wav,
            Self::Mulaw => AudioEncoding::Mulaw,
            Self::Alaw => AudioEncoding::Alaw,
            Self::Mp3 => AudioEncoding::Mp3,
            Self::Opus => AudioEncoding::OggOpus,
            Self::Aac => AudioEncoding::AacAdts,
            Self::Flac => AudioEncoding::Flac,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Format;

    #[test]
    fn a_files_name_says_its_format() {
        for (name, format) in [
            ("a.wav", Some(Format::Wav)),
            ("dir.mp3/a.MP3", Some(Format::Mp3)),
            ("a.opus", Some(Format::Opus)),
            ("a.ogg", Some(Format::Opus)),
            ("a.aac", Some(Format::Aac)),
            ("a.flac", Some(Format::Flac)),
            ("a.pcm", Some(Format::Pcm)),
            ("a.raw", Some(Format::Pcm)),
            ("a.ul", Some(Format::Mulaw)),
            ("a.al", Some(Format::Alaw)),
            ("a.txt", None),
            ("a", None),
            (".wav", None),
        ] {
            assert_eq!(Format::of_file(Path::new(name)), format, "{name}");
        }
    }
}
