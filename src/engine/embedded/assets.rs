//! The voice's data, compiled in; origin and licence are beside the files in `assets/hibari`.

/// The acoustic network: phoneme ids to spectra.
pub(super) static ACOUSTICS: &[u8] = include_bytes!("../../../assets/hibari/hibari.onnx");
/// The network that reads words which no lexicon holds.
pub(super) static READER: &[u8] = include_bytes!("../../../assets/hibari/oov.onnx");
/// The reading network's alphabets.
pub(super) static READER_ALPHABETS: &[u8] = include_bytes!("../../../assets/hibari/oov.json");
/// The acoustic network's phoneme ids.
pub(super) static PHONEME_IDS: &[u8] = include_bytes!("../../../assets/hibari/vocab.json");
