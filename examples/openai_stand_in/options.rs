//! The knobs of the stand-in, the same for its command line and for tests.

use std::path::PathBuf;

use clap::Args;
use clap::Parser;
use clap::ValueEnum;

use super::faults::Faults;
use super::faults::parse_text;
use super::realtime::dialect::Dialect;
use super::realtime::reword::Reword;

/// How the stand-in behaves; the default is a healthy, immediate and repeatable server.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    /// The only key that is accepted [default: any that is not empty]
    #[arg(long)]
    pub(crate) api_key: Option<String>,
    /// Requests per minute of each model, enforced with 429 [default: 30000, only told in headers]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rpm: Option<u32>,
    /// Text tokens per minute of each model, enforced with 429 [default: 150000000, only told in headers]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) tpm: Option<u32>,
    /// Where delays come from when no knob sets them
    #[arg(long, value_enum, default_value_t = Timing::None)]
    pub(crate) timing: Timing,
    /// Delay of the first audio byte, ms (a WAV header leaves after a quarter of it)
    #[arg(long)]
    pub(crate) first_byte_ms: Option<u64>,
    /// Speed of the body in seconds of audio per second
    #[arg(long, value_parser = positive)]
    pub(crate) rate: Option<f64>,
    /// Bytes of encoded audio per write and per event
    #[arg(long, default_value_t = 4096, value_parser = block)]
    pub(crate) chunk_bytes: usize,
    /// Fixed time between writes instead of a rate, ms
    #[arg(long, conflicts_with = "rate")]
    pub(crate) chunk_interval_ms: Option<u64>,
    /// Vary level, edge silence, offset and pace from request to request: as recorded answers do, or more widely
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "recorded")]
    pub(crate) vary: Option<Spread>,
    /// Gain on the voice, dB
    #[arg(long, allow_hyphen_values = true, value_parser = finite)]
    pub(crate) gain_db: Option<f64>,
    /// Silence before the speech, ms
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=60_000))]
    pub(crate) lead_ms: Option<u64>,
    /// Silence after the speech, ms
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=60_000))]
    pub(crate) tail_ms: Option<u64>,
    /// Constant added to every sample
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) dc_offset: Option<i16>,
    /// Random change of pace, as a fraction: 0.1 speaks up to 10 % faster or slower
    #[arg(long, value_parser = fraction)]
    pub(crate) jitter: Option<f64>,
    /// Seed of everything random
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Who speaks
    #[arg(long, value_enum, default_value_t = Voice::Tone)]
    pub(crate) speaker: Voice,
    /// Answer with this recording (raw s16le, 24 kHz, mono) instead
    #[arg(long, value_name = "PATH", conflicts_with = "speaker")]
    pub(crate) pcm_file: Option<PathBuf>,
    /// The speech models are gone: 404 for every one of them, and none is listed
    #[arg(long)]
    pub(crate) retired: bool,
    /// The day on which speech models are listed to be shut down
    #[arg(long, value_name = "DAY", default_value = "2027-01-06")]
    pub(crate) shutdown_date: String,
    /// The same for realtime models [default: none is listed]
    #[arg(long, value_name = "DAY")]
    pub(crate) realtime_shutdown_date: Option<String>,
    /// Models that realtime sockets serve
    #[arg(long, value_delimiter = ',', default_values = ["gpt-realtime-2.1-mini", "gpt-realtime-2.1"])]
    pub(crate) realtime_models: Vec<String>,
    /// Whose manners realtime sockets have
    #[arg(long, value_enum, default_value_t = Dialect::Ga)]
    pub(crate) realtime_dialect: Dialect,
    /// Time until a realtime upgrade is answered, ms [default: 0; 300 with --timing recorded]
    #[arg(long)]
    pub(crate) realtime_connect_ms: Option<u64>,
    /// Time until `session.updated`, ms [default: 0; 200 with --timing recorded]
    #[arg(long)]
    pub(crate) realtime_update_ms: Option<u64>,
    /// Time from `response.created` to the first transcript and audio, ms [default: 0; 600 with --timing recorded]
    #[arg(long)]
    pub(crate) realtime_first_audio_ms: Option<u64>,
    /// Seconds of audio per second, 0 is at once [default: 0; 4 with --timing recorded]
    #[arg(long, value_parser = not_negative)]
    pub(crate) realtime_rate: Option<f64>,
    /// Audio deltas that leave together [default: 1; 4 with --timing recorded]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) realtime_burst: Option<u32>,
    /// Length of an audio delta, ms of audio
    #[arg(long, default_value_t = 250, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) realtime_delta_ms: u32,
    /// Length of the first audio delta of an item, ms of audio; the second is twice as long, up to the usual length
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) realtime_first_delta_ms: u32,
    /// Cut audio deltas in the midst of samples
    #[arg(long)]
    pub(crate) realtime_odd: bool,
    /// Speak parallel responses one after the other instead of interleaved
    #[arg(long)]
    pub(crate) realtime_serial: bool,
    /// Life of a realtime session, ms
    #[arg(long, default_value_t = 3_600_000)]
    pub(crate) realtime_expiry_ms: u64,
    /// Time between the pings of a realtime socket, ms; a client that has not answered the last is closed
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) realtime_ping_ms: u64,
    /// Reasoning tokens of each realtime response [default: 0 at effort `minimal`, else 17; none before the 2 family]
    #[arg(long)]
    pub(crate) realtime_reasoning_tokens: Option<u32>,
    /// Part of the realtime responses that are reworded without a fault, 0 to 1
    #[arg(long, default_value_t = 0.0, value_parser = share)]
    pub(crate) realtime_reword_rate: f64,
    /// How they are reworded
    #[arg(long, value_enum, default_value_t = Reword::Contraction)]
    pub(crate) realtime_reword: Reword,
    /// Fault of every request that no header and no script gives another one: JSON or a kind's name
    #[arg(long, value_parser = parse_text)]
    pub(crate) fault: Option<Faults>,
}

/// Source of the delays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Timing {
    /// Everything at once.
    None,
    /// The distributions measured on OpenAI's endpoint.
    Recorded,
}

/// How far clips differ from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Spread {
    /// As in recorded answers, in their two clusters.
    Recorded,
    /// Level by ± 6 dB and each edge by 0 to 1 s, everything between equally often.
    Wide,
}

/// Whose voice it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Voice {
    /// Test tones, one per word.
    Tone,
    /// Rhapsode's built-in voice: real English speech.
    BuiltIn,
}

impl Default for Options {
    fn default() -> Self {
        #[derive(Parser)]
        struct Bare {
            #[command(flatten)]
            options: Options,
        }
        Bare::parse_from(["openai_stand_in"]).options
    }
}

fn positive(text: &str) -> Result<f64, String> {
    finite(text).and_then(|rate| if rate > 0.0 { Ok(rate) } else { Err("must be above 0".into()) })
}

fn not_negative(text: &str) -> Result<f64, String> {
    finite(text).and_then(|rate| if rate >= 0.0 { Ok(rate) } else { Err("must not be below 0".into()) })
}

fn share(text: &str) -> Result<f64, String> {
    let inside = |share: f64| (0.0..=1.0).contains(&share);
    finite(text).and_then(|share| if inside(share) { Ok(share) } else { Err("must be within 0 to 1".into()) })
}

fn fraction(text: &str) -> Result<f64, String> {
    let inside = |share: f64| (0.0..=0.5).contains(&share);
    finite(text).and_then(|share| if inside(share) { Ok(share) } else { Err("must be within 0 to 0.5".into()) })
}

fn finite(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err("must be a finite number".into()),
    }
}

fn block(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(bytes) if (1..=1 << 20).contains(&bytes) => Ok(bytes),
        _ => Err("must be within 1 to 1048576".into()),
    }
}
