//! What a caller may do, right or wrong, and what should come of it.

use std::time::Duration;

use proptest::prelude::*;

use crate::proto;
use crate::proto::SegmentationMode;
use crate::proto::streaming_synthesize_request::Request;

/// A conversation from the caller's side.
#[derive(Clone, Debug)]
pub(super) struct Play {
    pub(super) moves: Vec<Step>,
    /// How long the caller takes for each event.
    pub(super) reading: Duration,
    /// Whether engines fail now and then, and by what chance.
    pub(super) fails: bool,
    pub(super) isolates: bool,
    pub(super) seed: u64,
}

/// A move, and how long the caller hesitates before it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) after: Duration,
    pub(super) what: Move,
}

/// One thing that a caller does.
#[derive(Clone, Debug)]
pub(super) enum Move {
    Config(Box<proto::StreamingConfig>),
    /// Words with their numbers, the first of which is given.
    Text {
        first: usize,
        text: String,
    },
    Flush,
    End,
    Interrupt {
        heard: Option<(i32, u64)>,
        keep: bool,
    },
    Voice(&'static str),
    KeepAlive,
    Empty,
    TooMuch,
}

impl Step {
    pub(super) fn message(&self) -> proto::StreamingSynthesizeRequest {
        let request = match &self.what {
            Move::Config(config) => Request::Config((**config).clone()),
            Move::Text { text, .. } => Request::Text(proto::TextDelta { text: text.clone(), ..Default::default() }),
            Move::Flush => Request::Flush(proto::Flush {}),
            Move::End => Request::EndUtterance(proto::EndUtterance {}),
            Move::Interrupt { heard, keep } => Request::Interrupt(proto::Interrupt {
                playback_position: heard.map(|(utterance_index, millis)| proto::PlaybackPosition {
                    utterance_index,
                    offset: Some(Duration::from_millis(millis).try_into().unwrap()),
                }),
                keep_buffered_text: *keep,
            }),
            Move::Voice(voice) => Request::ConfigUpdate(proto::ConfigUpdate {
                synthesis: Some(proto::SynthesisConfig { voice: (*voice).to_owned(), ..Default::default() }),
                update_mask: Some(prost_types::FieldMask { paths: vec!["voice".to_owned()] }),
            }),
            Move::KeepAlive => Request::KeepAlive(proto::KeepAlive {}),
            Move::Empty => return proto::StreamingSynthesizeRequest { request: None },
            Move::TooMuch => Request::Text(proto::TextDelta { text: "… ".repeat(6_000), ..Default::default() }),
        };
        proto::StreamingSynthesizeRequest { request: Some(request) }
    }
}

impl Play {
    /// The reason of the status with which the first wrong move has to end.
    pub(super) fn first_wrong(&self) -> Option<&'static str> {
        let Some((first, rest)) = self.moves.split_first() else { return Some("CONFIG_REQUIRED") };
        if !matches!(first.what, Move::Config(_)) {
            return Some("CONFIG_REQUIRED");
        }
        let mut has_spoken = false;
        rest.iter().find_map(|step| match step.what {
            Move::Config(_) => Some("CONFIG_REPEATED"),
            Move::Empty => Some("INVALID_FIELD"),
            Move::Interrupt { heard: Some(_), .. } if !has_spoken => Some("INVALID_FIELD"),
            Move::Voice("nobody") => Some("VOICE_UNKNOWN"),
            Move::TooMuch => Some("TEXT_TOO_LONG"),
            Move::Text { .. } | Move::End => {
                has_spoken = true;
                None
            }
            _ => None,
        })
    }

    pub(super) fn interrupts(&self) -> usize {
        self.moves.iter().filter(|step| matches!(step.what, Move::Interrupt { .. })).count()
    }

    /// How many utterances are opened, if none is interrupted.
    pub(super) fn utterances(&self) -> usize {
        let (mut count, mut is_open) = (0, false);
        for step in &self.moves {
            match step.what {
                Move::Text { .. } if !is_open => (count, is_open) = (count + 1, true),
                Move::End => (count, is_open) = (count + usize::from(!is_open), false),
                _ => {}
            }
        }
        count
    }

    /// The numbers of all words.
    pub(super) fn words(&self) -> Vec<usize> {
        let numbers = |step: &Step| match &step.what {
            Move::Text { first, text } => *first..*first + text.matches('w').count(),
            _ => 0..0,
        };
        self.moves.iter().flat_map(numbers).collect()
    }
}

/// A play: most begin as they should.
pub(super) fn play() -> impl Strategy<Value = Play> {
    let moves = prop::collection::vec((pause(), kind()), 0..24);
    let reading = prop_oneof![4 => Just(0_u64), 1 => 0..60_u64].prop_map(Duration::from_millis);
    (config(), prop::bool::weighted(0.97), moves, reading, prop::bool::weighted(0.3), any::<bool>(), any::<u64>())
        .prop_map(|(mut config, has_config, moves, reading, fails, isolates, seed)| {
            config.isolate_utterance_failures = isolates;
            let begin = has_config.then_some(Step { after: Duration::ZERO, what: Move::Config(Box::new(config)) });
            let mut next = 1;
            let rest = moves.into_iter().map(|(after, kind)| Step { after, what: numbered(kind, &mut next) });
            let moves = begin.into_iter().chain(rest).collect();
            // A seed that can still be counted up.
            Play { moves, reading, fails, isolates, seed: seed >> 1 }
        })
}

fn pause() -> impl Strategy<Value = Duration> {
    prop_oneof![6 => Just(0), 3 => 0..200_u64, 1 => 0..3_000_u64].prop_map(Duration::from_millis)
}

/// A move whose words have no numbers yet.
#[derive(Clone, Debug)]
enum Kind {
    Words(Vec<&'static str>),
    Done(Move),
}

fn numbered(kind: Kind, next: &mut usize) -> Move {
    match kind {
        Kind::Done(what) => what,
        Kind::Words(ends) => {
            let first = *next;
            let words = ends.iter().zip(first..).map(|(end, number)| format!("w{number}{end}"));
            let text = words.collect();
            *next += ends.len();
            Move::Text { first, text }
        }
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    let ends = prop::sample::select(vec![" ", " ", " ", ", ", ". ", ". ", "! ", "\n", "… "]);
    let words = prop::collection::vec(ends, 0..12).prop_map(Kind::Words);
    let voices = prop_oneof![9 => Just("coral"), 1 => Just("nobody")];
    let heard = prop::option::weighted(0.5, (Just(0), 0..5_000_u64));
    let interrupt = (heard, any::<bool>()).prop_map(|(heard, keep)| Move::Interrupt { heard, keep });
    prop_oneof![
        300 => words,
        30 => Just(Kind::Done(Move::Flush)),
        60 => Just(Kind::Done(Move::End)),
        25 => interrupt.prop_map(Kind::Done),
        12 => voices.prop_map(|voice| Kind::Done(Move::Voice(voice))),
        10 => Just(Kind::Done(Move::KeepAlive)),
        2 => Just(Kind::Done(Move::Empty)),
        2 => Just(Kind::Done(Move::TooMuch)),
        2 => config().prop_map(|config| Kind::Done(Move::Config(Box::new(config)))),
    ]
}

fn config() -> impl Strategy<Value = proto::StreamingConfig> {
    let modes = vec![
        SegmentationMode::Unspecified,
        SegmentationMode::Adaptive,
        SegmentationMode::Sentence,
        SegmentationMode::Eager,
        SegmentationMode::Manual,
    ];
    let encodings = vec![
        proto::AudioEncoding::PcmS16le,
        proto::AudioEncoding::Mulaw,
        proto::AudioEncoding::Mp3,
        proto::AudioEncoding::AacAdts,
        proto::AudioEncoding::OpusPackets,
    ];
    let cut = (prop::sample::select(modes), prop::option::of(1..40_i32), prop::option::of(60..300_i32));
    (cut, prop::sample::select(encodings), prop::bool::weighted(0.2), 0..3_i32).prop_map(
        |((mode, min_segment_chars, max_segment_chars), encoding, is_paced, alignment_mode)| {
            let segmentation = proto::SegmentationPolicy {
                mode: mode.into(),
                min_segment_chars,
                max_segment_chars,
                ..Default::default()
            };
            let synthesis = proto::SynthesisConfig {
                segmentation: Some(segmentation),
                audio_format: Some(proto::AudioFormat { encoding: encoding.into(), ..Default::default() }),
                delivery: Some(proto::DeliveryOptions { pacing_mode: is_paced.into(), ..Default::default() }),
                alignment_mode,
                ..Default::default()
            };
            proto::StreamingConfig { synthesis: Some(synthesis), ..Default::default() }
        },
    )
}
