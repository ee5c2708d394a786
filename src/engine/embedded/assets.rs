//! The voice's data, compiled in; origin and licence are beside the files in `assets/hibari`.

/// The acoustic network: phoneme ids to spectra.
pub(super) static ACOUSTICS: &[u8] = include_bytes!("../../../assets/hibari/hibari.onnx");
/// The network that reads words which no lexicon holds.
pub(super) static READER: &[u8] = include_bytes!("../../../assets/hibari/oov.onnx");
/// The reading network's alphabets.
pub(super) static READER_ALPHABETS: &[u8] = include_bytes!("../../../assets/hibari/oov.json");
/// The acoustic network's phoneme ids.
pub(super) static PHONEME_IDS: &[u8] = include_bytes!("../../../assets/hibari/vocab.json");

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use sha2::Digest;
    use sha2::Sha256;

    const CHECKSUMS: &str = include_str!("../../../assets/hibari/SHA256SUMS");

    fn checksum(bytes: &[u8]) -> String {
        Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    #[test]
    fn what_is_compiled_in_is_what_was_published() {
        let compiled = [
            (super::ACOUSTICS, "hibari.onnx"),
            (super::READER, "oov.onnx"),
            (super::READER_ALPHABETS, "oov.json"),
            (super::PHONEME_IDS, "vocab.json"),
        ];
        for (bytes, name) in compiled {
            assert!(CHECKSUMS.contains(&format!("{}  {name}\n", checksum(bytes))), "{name}");
        }
    }
}
