//! Messages to values and back. What comes in is right from here on, or an error names the field.

use std::time::Duration;

use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::grpc::Limits;
use crate::grpc::delivery;
use crate::grpc::processing;
use crate::grpc::segmentation;
use crate::pipeline::Chunk;
use crate::pipeline::Cost;
use crate::pipeline::Event;
use crate::pipeline::Finish;
use crate::pipeline::Started;
use crate::pipeline::Summary;
use crate::pipeline::Timing;
use crate::pipeline::TimingSource;
use crate::pipeline::Timings;
use crate::pipeline::Usage;
use crate::pipeline::Warning;
use crate::pipeline::WarningKind;
use crate::proto;
use crate::speech::Encoding;
use crate::speech::Format;
use crate::speech::Manner;
use crate::speech::Utterance;

/// Longest `instructions`, in code points (OpenAI's own limit, <https://developers.openai.com/api/reference>).
const MAX_INSTRUCTIONS_CHARS: usize = 4096;
/// Longest id that is echoed, in bytes.
const MAX_ID_BYTES: usize = 128;
/// Longest model and voice names, in bytes: long enough for any, short enough for a log.
const MAX_NAME_BYTES: usize = 128;
/// Longest language tag, in bytes: what RFC 5646 (4.4.1) asks of those who set a bound.
const MAX_LANGUAGE_BYTES: usize = 35;

/// What names a call to its caller.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// Minted here.
    pub request_id: String,
    /// The caller's own, checked.
    pub correlation_id: String,
}

/// A valid utterance out of the fields of a request.
///
/// # Errors
/// The first field that is wrong, by its name in the schema.
pub(super) fn utterance(text: String, config: Option<proto::SynthesisConfig>, limits: &Limits) -> Result<Utterance> {
    let chars = checked_text(&text, limits)?;
    Ok(Utterance { text, chars, manner: manner(config.unwrap_or_default())? })
}

/// A valid manner out of the configuration of a request.
///
/// # Errors
/// As [`utterance`].
pub(super) fn manner(config: proto::SynthesisConfig) -> Result<Manner> {
    let format = format(config.audio_format.as_ref())?;
    let options = config.delivery.unwrap_or_default();
    Ok(Manner {
        model: name("config.model", config.model)?,
        voice: name("config.voice", config.voice)?,
        instructions: instructions(config.instructions)?,
        speed: config.speed.map(speed).transpose()?,
        language: language(config.language_code)?,
        format,
        dispatch: delivery::dispatch(&options, format)?,
        max_leading_silence: delivery::max_leading_silence(&options)?,
        even_level: delivery::even_level(&options)?,
        alignment: delivery::alignment(config.alignment_mode)?,
        segmentation: config.segmentation.as_ref().map(segmentation::wish).transpose()?,
        processing: config.text_processing.map(processing::wish).transpose()?,
        strict: config.strict,
    })
}

fn checked_text(text: &str, limits: &Limits) -> Result<usize> {
    if text.is_empty() {
        return Err(Error::invalid("text", "The text is empty. Send at least one character."));
    }
    let chars = text.chars().count();
    if chars > limits.max_text_chars {
        let message = format!(
            "The text has {chars} characters; at most {} are accepted per call. Split it into several calls.",
            limits.max_text_chars
        );
        return Err(Error::new(Kind::TextTooLong, message)
            .with_field("text")
            .with_fact("maxTextChars", limits.max_text_chars.to_string()));
    }
    Ok(chars)
}

fn name(field: &'static str, name: String) -> Result<Option<String>> {
    if name.len() > MAX_NAME_BYTES || name.chars().any(char::is_control) {
        let message = format!("A name has at most {MAX_NAME_BYTES} bytes and no control characters.");
        return Err(Error::invalid(field, message));
    }
    Ok((!name.is_empty()).then_some(name))
}

/// A tag of the characters that BCP 47 has (RFC 5646, 2.1). A model may be told of it, so it must not be able to be a sentence.
fn language(tag: String) -> Result<Option<String>> {
    if tag.len() > MAX_LANGUAGE_BYTES || !tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        let message = format!(
            "A language is a BCP 47 tag, such as \"de\" or \"pt-BR\": at most {MAX_LANGUAGE_BYTES} ASCII letters, digits and \
             hyphens."
        );
        return Err(Error::invalid("config.language_code", message));
    }
    Ok((!tag.is_empty()).then_some(tag))
}

fn instructions(instructions: String) -> Result<Option<String>> {
    if instructions.chars().count() > MAX_INSTRUCTIONS_CHARS {
        let message = format!("Instructions have at most {MAX_INSTRUCTIONS_CHARS} characters.");
        return Err(Error::invalid("config.instructions", message));
    }
    Ok((!instructions.trim().is_empty()).then_some(instructions))
}

fn speed(speed: f64) -> Result<f64> {
    // A NaN is in no range, and so refused here too.
    if (0.25..=4.0).contains(&speed) {
        Ok(speed)
    } else {
        Err(Error::invalid("config.speed", "The speed must lie between 0.25 and 4.0; 1.0 is the voice's own."))
    }
}

fn format(wish: Option<&proto::AudioFormat>) -> Result<Format> {
    let Some(wish) = wish else { return Ok(Format::default()) };
    if wish.channel_count > 1 {
        return Err(Error::invalid("config.audio_format.channel_count", "Speech is mono: leave it unset."));
    }
    let encoding = encoding(wish.encoding)?;
    let rate_hertz = (wish.sample_rate_hertz != 0).then(|| u32::try_from(wish.sample_rate_hertz).unwrap_or_default());
    Format::new(encoding, rate_hertz).ok_or_else(|| wrong_rate(encoding, wish.sample_rate_hertz))
}

fn encoding(wish: i32) -> Result<Encoding> {
    Ok(match proto::AudioEncoding::try_from(wish) {
        Ok(proto::AudioEncoding::Unspecified | proto::AudioEncoding::PcmS16le) => Encoding::PcmS16le,
        Ok(proto::AudioEncoding::Mulaw) => Encoding::Mulaw,
        Ok(proto::AudioEncoding::Alaw) => Encoding::Alaw,
        Ok(proto::AudioEncoding::Wav) => Encoding::Wav,
        Ok(proto::AudioEncoding::Mp3) => Encoding::Mp3,
        Ok(proto::AudioEncoding::OggOpus) => Encoding::OggOpus,
        Ok(proto::AudioEncoding::AacAdts) => Encoding::AacAdts,
        Ok(proto::AudioEncoding::Flac) => Encoding::Flac,
        Ok(proto::AudioEncoding::OpusPackets) => Encoding::OpusPackets,
        Err(_) => {
            let message = format!("{wish} is not an encoding of this server. GetServiceInfo lists them.");
            return Err(Error::invalid("config.audio_format.encoding", message));
        }
    })
}

fn wrong_rate(encoding: Encoding, wish: i32) -> Error {
    let rates: Vec<_> = encoding.rates_hertz().iter().map(u32::to_string).collect();
    let name = encoding.name();
    let message = format!("{name} is not made at {wish} Hz. Ask for one of {}, or leave it unset.", rates.join(", "));
    Error::invalid("config.audio_format.sample_rate_hertz", message)
}

/// An id of the caller's own at `field`, if it can be echoed and logged.
///
/// # Errors
/// If it is too long or not printable ASCII.
pub(super) fn echoed(field: &'static str, id: String) -> Result<String> {
    if id.len() <= MAX_ID_BYTES && id.chars().all(|c| c.is_ascii_graphic() || c == ' ') {
        Ok(id)
    } else {
        Err(Error::invalid(field, format!("An id has at most {MAX_ID_BYTES} printable ASCII characters.")))
    }
}

/// An event of this utterance as the stream carries it.
pub(super) fn event(
    event: Event,
    utterance: u64,
    names: &Names,
    limits: &proto::Limits,
) -> proto::synthesize_response::Event {
    use proto::synthesize_response::Event as Wire;
    match event {
        Event::Started(begun) => Wire::Started(started(begun, names, limits)),
        Event::Audio(chunk) => Wire::Audio(audio(chunk, utterance)),
        Event::Timing(timing) => Wire::Alignment(alignment(timing, utterance)),
        Event::Warning(change) => Wire::Warning(warning(change)),
        Event::Summary(account) => Wire::Summary(summary(*account, names)),
    }
}

/// The header of a stream.
pub(super) fn started(started: Started, names: &Names, limits: &proto::Limits) -> proto::StreamStarted {
    // Another server's MP3 may be of 22,050 Hz or stereo; only what is made here is known.
    let (sample_rate_hertz, channel_count) = started.format.rate_hertz().map_or((0, 0), |rate| (hertz(rate), 1));
    proto::StreamStarted {
        request_id: names.request_id.clone(),
        correlation_id: names.correlation_id.clone(),
        model: started.model,
        voice: started.voice,
        audio_format: Some(proto::AudioFormat {
            encoding: wire_encoding(started.format.encoding()).into(),
            sample_rate_hertz,
            channel_count,
            mime_type: started.format.mime_type(),
        }),
        alignment_source: started.timing.map_or(proto::AlignmentSource::Unspecified, source).into(),
        limits: Some(*limits),
    }
}

fn audio(chunk: Chunk, utterance: u64) -> proto::AudioChunk {
    proto::AudioChunk {
        data: chunk.data,
        sequence: count(chunk.sequence),
        utterance_index: index(utterance),
        start_offset: chunk.span.map(|span| duration(span.start)),
        duration: chunk.span.map(|span| duration(span.duration)),
    }
}

/// When text is heard.
pub(super) fn alignment(timing: Timing, utterance: u64) -> proto::TextAlignment {
    let spans = timing.spans.into_iter().map(|span| proto::TextSpan {
        text: span.text,
        start_char: small(span.start_char),
        start_offset: Some(duration(span.heard.start)),
        end_offset: Some(duration(span.heard.end)),
    });
    proto::TextAlignment {
        utterance_index: index(utterance),
        source: source(timing.source).into(),
        spans: spans.collect(),
    }
}

/// How times were found.
pub(super) fn source(source: TimingSource) -> proto::AlignmentSource {
    match source {
        TimingSource::Segment => proto::AlignmentSource::Segment,
        TimingSource::Estimated => proto::AlignmentSource::Estimated,
    }
}

/// A warning.
pub(super) fn warning(warning: Warning) -> proto::Warning {
    let code = match warning.kind {
        WarningKind::OptionIgnored => proto::WarningCode::OptionIgnored,
        WarningKind::FallbackUsed => proto::WarningCode::FallbackUsed,
        WarningKind::SegmentRetried => proto::WarningCode::SegmentRetried,
        WarningKind::TextDeviated => proto::WarningCode::TextDeviated,
        WarningKind::Draining(_) => proto::WarningCode::Draining,
    };
    let grace = match warning.kind {
        WarningKind::Draining(grace) => Some(duration(grace)),
        _ => None,
    };
    let field = warning.field.unwrap_or_default().to_owned();
    proto::Warning { code: code.into(), message: warning.message, field, grace }
}

/// The account of a finished call.
pub(super) fn summary(summary: Summary, names: &Names) -> proto::SynthesisSummary {
    let finish_reason = match summary.finish {
        Finish::Completed => proto::FinishReason::Completed,
        Finish::NoSpeakableText => proto::FinishReason::NoSpeakableText,
        Finish::Interrupted => proto::FinishReason::Interrupted,
        Finish::IdleTimeout => proto::FinishReason::IdleTimeout,
        Finish::MaxDuration => proto::FinishReason::MaxDuration,
        Finish::Draining => proto::FinishReason::Draining,
    };
    proto::SynthesisSummary {
        request_id: names.request_id.clone(),
        finish_reason: finish_reason.into(),
        audio_duration: summary.sent.duration.map(duration),
        audio_byte_count: count(summary.sent.bytes),
        chunk_count: count(summary.sent.chunks),
        utterance_count: index(summary.utterances),
        usage: Some(usage(&summary.usage)),
        cost: summary.cost.map(cost),
        timings: Some(timings(&summary.timings)),
        upstream_request_ids: summary.upstream_request_ids,
    }
}

/// Metered quantities.
pub(super) fn usage(usage: &Usage) -> proto::Usage {
    let source = match (usage.tokens, usage.tokens_estimated) {
        (None, _) => proto::UsageSource::Unspecified,
        (Some(_), true) => proto::UsageSource::Estimated,
        (Some(_), false) => proto::UsageSource::Reported,
    };
    let tokens = usage.tokens.unwrap_or_default();
    proto::Usage {
        input_character_count: count(usage.input_chars),
        synthesized_character_count: count(usage.synthesized_chars),
        input_token_count: count(tokens.input),
        output_token_count: count(tokens.output),
        token_source: source.into(),
        upstream_call_count: small(usage.upstream_calls as usize),
        retry_count: small(usage.retries as usize),
        hedge_count: small(usage.hedges as usize),
        cached_input_token_count: count(tokens.cached_input),
        output_text_token_count: count(tokens.output_text),
        reasoning_token_count: count(tokens.reasoning),
    }
}

/// Money.
pub(super) fn cost(cost: Cost) -> proto::Cost {
    proto::Cost {
        currency_code: cost.currency,
        amount_nanos: cost.nanos,
        price_list: cost.price_list,
        estimated: cost.estimated,
    }
}

/// Where the time went.
pub(super) fn timings(timings: &Timings) -> proto::Timings {
    proto::Timings {
        queue_duration: Some(duration(timings.queue)),
        aggregation_duration: timings.aggregation.map(duration),
        upstream_first_byte_duration: timings.upstream_first_byte.map(duration),
        first_audio_duration: timings.first_audio.map(duration),
        leading_silence_duration: timings.leading_silence.map(duration),
        total_duration: Some(duration(timings.total)),
        max_backpressure_duration: Some(duration(timings.max_backpressure)),
    }
}

/// The schema's name of an encoding.
pub(super) fn wire_encoding(encoding: Encoding) -> proto::AudioEncoding {
    match encoding {
        Encoding::PcmS16le => proto::AudioEncoding::PcmS16le,
        Encoding::Mulaw => proto::AudioEncoding::Mulaw,
        Encoding::Alaw => proto::AudioEncoding::Alaw,
        Encoding::Wav => proto::AudioEncoding::Wav,
        Encoding::Mp3 => proto::AudioEncoding::Mp3,
        Encoding::OggOpus => proto::AudioEncoding::OggOpus,
        Encoding::AacAdts => proto::AudioEncoding::AacAdts,
        Encoding::Flac => proto::AudioEncoding::Flac,
        Encoding::OpusPackets => proto::AudioEncoding::OpusPackets,
    }
}

/// A duration as the schema has it, never negative.
pub(super) fn duration(duration: Duration) -> prost_types::Duration {
    prost_types::Duration {
        seconds: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        nanos: i32::try_from(duration.subsec_nanos()).unwrap_or_default(),
    }
}

/// A time of the schema, if it is one: zero or more.
pub(super) fn time(wire: &prost_types::Duration) -> Option<Duration> {
    // Negative ones are refused before they are converted: the library negates them, which not every number survives.
    (wire.seconds >= 0 && wire.nanos >= 0).then(|| Duration::try_from(*wire).ok()).flatten()
}

/// The index of an utterance, or a number of them, as the schema has it.
pub(super) fn index(index: u64) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}

/// A count as the schema has it.
pub(super) fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A small count as the schema has it.
pub(super) fn small(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// A sample rate as the schema has it.
pub(super) fn hertz(rate: u32) -> i32 {
    i32::try_from(rate).unwrap_or(i32::MAX)
}
