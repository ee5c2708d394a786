//! `StreamingSynthesize`: the caller's messages become cues, and what is said becomes messages.

use std::time::Duration;

use futures_util::stream;
use futures_util::stream::BoxStream;
use futures_util::stream::StreamExt;
use prost_types::FieldMask;
use tonic::Status;

use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::grpc::convert;
use crate::grpc::convert::Names;
use crate::grpc::status;
use crate::pipeline::Closed;
use crate::pipeline::Cue;
use crate::pipeline::Cues;
use crate::pipeline::Failure;
use crate::pipeline::Interrupted;
use crate::pipeline::Opened;
use crate::pipeline::Opening;
use crate::pipeline::Position;
use crate::pipeline::Said;
use crate::proto;
use crate::proto::streaming_synthesize_request::Request;
use crate::speech::Encoding;

/// Shortest idle limit that a caller may ask for.
const MIN_IDLE_TIMEOUT: Duration = Duration::from_secs(1);

/// Encodings whose pieces can follow each other without end: no header, or none that counts what comes.
pub(super) const ENDLESS: [Encoding; 6] =
    [Encoding::PcmS16le, Encoding::Mulaw, Encoding::Alaw, Encoding::Mp3, Encoding::AacAdts, Encoding::OpusPackets];

/// What a caller sends, as it comes off the wire.
pub(super) type Messages = BoxStream<'static, Result<proto::StreamingSynthesizeRequest, Status>>;

/// How a conversation begins, by its first message.
pub(super) struct Begun {
    pub(super) opening: Opening,
    pub(super) correlation_id: String,
    /// The configuration that updates change.
    config: proto::SynthesisConfig,
}

/// Waits for the first message, which must be the config.
///
/// # Errors
/// If it is another one, or says what cannot be done.
pub(super) async fn begin(messages: &mut Messages) -> Result<Begun> {
    let Some(first) = messages.next().await else {
        return Err(config_required("The stream ended before its config."));
    };
    let Some(Request::Config(config)) = received(first)?.request else {
        return Err(config_required("The first message must be the config."));
    };
    let synthesis = config.synthesis.unwrap_or_default();
    let manner = convert::manner(synthesis.clone()).map_err(|error| error.with_config_at("config.synthesis"))?;
    if !ENDLESS.contains(&manner.format.encoding()) {
        return Err(has_an_end(manner.format.encoding()));
    }
    let idle_timeout = config.idle_timeout.as_ref().map(idle_timeout).transpose()?;
    let opening = Opening { manner, idle_timeout, isolate_failures: config.isolate_utterance_failures };
    Ok(Begun { opening, correlation_id: config.correlation_id, config: synthesis })
}

/// What is said after the config.
pub(super) fn cues(messages: Messages, config: proto::SynthesisConfig) -> Cues {
    let cues = stream::unfold((messages, config), |(mut messages, mut config)| async move {
        let message = messages.next().await?;
        let cue = received(message).and_then(|message| cue(message, &mut config));
        Some((cue, (messages, config)))
    });
    cues.boxed()
}

impl Begun {
    /// The opening, and the configuration that the cues behind it change.
    pub(super) fn into_parts(self) -> (Opening, proto::SynthesisConfig) {
        (self.opening, self.config)
    }
}

fn received(message: Result<proto::StreamingSynthesizeRequest, Status>) -> Result<proto::StreamingSynthesizeRequest> {
    message.map_err(|status| {
        Error::invalid("request", "A message of the stream could not be read.").with_detail(status.message())
    })
}

fn cue(message: proto::StreamingSynthesizeRequest, config: &mut proto::SynthesisConfig) -> Result<Cue> {
    match message.request {
        None => Err(Error::invalid("request", "The message is empty: exactly one of its fields has to be set.")),
        Some(Request::Config(_)) => {
            let message = "The config comes once, as the first message. Use config_update to change it.";
            Err(Error::new(Kind::ConfigRepeated, message).with_field("config"))
        }
        Some(Request::Text(delta)) => {
            let id = convert::echoed("text.utterance_id", delta.utterance_id)?;
            Ok(Cue::Text { text: delta.text, id: (!id.is_empty()).then_some(id) })
        }
        Some(Request::Flush(_)) => Ok(Cue::Flush),
        Some(Request::EndUtterance(_)) => Ok(Cue::EndUtterance),
        Some(Request::Interrupt(interrupt)) => {
            let heard = interrupt.playback_position.as_ref().map(position).transpose()?;
            Ok(Cue::Interrupt { heard, keep_later: interrupt.keep_buffered_text })
        }
        Some(Request::ConfigUpdate(update)) => {
            *config = updated(config.clone(), update)?;
            let manner = convert::manner(config.clone());
            Ok(Cue::Manner(Box::new(manner.map_err(|error| error.with_config_at("config_update.synthesis"))?)))
        }
        Some(Request::KeepAlive(_)) => Ok(Cue::KeepAlive),
    }
}

/// `config` with the fields of `update` that its mask names.
fn updated(mut config: proto::SynthesisConfig, update: proto::ConfigUpdate) -> Result<proto::SynthesisConfig> {
    const MASK: &str = "config_update.update_mask";
    let new = update.synthesis.unwrap_or_default();
    let FieldMask { paths } = update.update_mask.unwrap_or_default();
    if paths.is_empty() {
        return Err(Error::invalid(MASK, "Name the fields to change, such as \"voice\"."));
    }
    for path in paths {
        match path.as_str() {
            "model" => config.model.clone_from(&new.model),
            "voice" => config.voice.clone_from(&new.voice),
            "instructions" => config.instructions.clone_from(&new.instructions),
            "speed" => config.speed = new.speed,
            "language_code" => config.language_code.clone_from(&new.language_code),
            "segmentation" => config.segmentation = new.segmentation,
            "text_processing" => config.text_processing.clone_from(&new.text_processing),
            "strict" => config.strict = new.strict,
            _ => {
                let message = "Only model, voice, instructions, speed, language_code, segmentation, text_processing and \
                               strict can be changed while a stream runs.";
                return Err(Error::invalid(MASK, message));
            }
        }
    }
    Ok(config)
}

fn position(position: &proto::PlaybackPosition) -> Result<Position> {
    let utterance = u64::try_from(position.utterance_index)
        .map_err(|_| Error::invalid("interrupt.playback_position.utterance_index", "Utterances are counted from 0."))?;
    let offset = position.offset.as_ref().map_or(Ok(Duration::ZERO), |offset| {
        let field = "interrupt.playback_position.offset";
        convert::time(offset).ok_or_else(|| Error::invalid(field, "It must be a time of zero or more."))
    })?;
    Ok(Position { utterance, offset })
}

fn idle_timeout(wish: &prost_types::Duration) -> Result<Duration> {
    convert::time(wish)
        .filter(|wish| *wish >= MIN_IDLE_TIMEOUT)
        .ok_or_else(|| Error::invalid("config.idle_timeout", "It must be a second or more, or be unset."))
}

/// The stream has no configuration.
pub(super) fn config_required(message: &'static str) -> Error {
    Error::new(Kind::ConfigRequired, message).with_field("config")
}

fn has_an_end(encoding: Encoding) -> Error {
    let known: Vec<_> = ENDLESS.iter().map(|encoding| encoding.name()).collect();
    let message = format!(
        "{} is one recording with an end, which a stream of utterances has not. Ask for one of {}.",
        encoding.name(),
        known.join(", ")
    );
    Error::invalid("config.synthesis.audio_format.encoding", message)
}

/// What is said, as the stream carries it.
pub(super) fn said(said: Said, names: &Names, limits: &proto::Limits) -> proto::StreamingSynthesizeResponse {
    use proto::streaming_synthesize_response::Event as Wire;
    use proto::synthesize_response::Event as Common;
    let event = match said {
        Said::Event(utterance, event) => match convert::event(event, utterance, names, limits) {
            Common::Started(started) => Wire::Started(started),
            Common::Audio(chunk) => Wire::Audio(chunk),
            Common::Alignment(alignment) => Wire::Alignment(alignment),
            Common::Warning(warning) => Wire::Warning(warning),
            Common::Summary(summary) => Wire::Summary(summary),
        },
        Said::Opened(opened) => Wire::UtteranceStarted(utterance_started(opened)),
        Said::Closed(closed) => Wire::UtteranceCompleted(Box::new(utterance_completed(*closed, names))),
        Said::Interrupted(cut) => Wire::Interrupted(interrupted(*cut)),
    };
    proto::StreamingSynthesizeResponse { event: Some(event) }
}

fn utterance_started(opened: Opened) -> proto::UtteranceStarted {
    proto::UtteranceStarted {
        utterance_index: convert::index(opened.index),
        utterance_id: opened.id.unwrap_or_default(),
        start_offset: Some(convert::duration(opened.start)),
        model: opened.model.as_ref().to_owned(),
        voice: opened.voice.as_ref().to_owned(),
    }
}

fn utterance_completed(closed: Closed, names: &Names) -> proto::UtteranceCompleted {
    proto::UtteranceCompleted {
        utterance_index: convert::index(closed.index),
        utterance_id: closed.id.unwrap_or_default(),
        audio_duration: closed.duration.map(convert::duration),
        usage: Some(convert::usage(&closed.usage)),
        cost: closed.cost.map(convert::cost),
        timings: Some(convert::timings(&closed.timings)),
        error: closed.failure.map(|failure| utterance_error(&failure, names)),
    }
}

fn utterance_error(failure: &Failure, names: &Names) -> proto::UtteranceError {
    let kind = failure.error.kind();
    proto::UtteranceError {
        code: status::code(kind).into(),
        reason: kind.reason().to_owned(),
        message: failure.error.message().to_owned(),
        failure: Some(status::synthesis_failure(failure, &names.request_id)),
    }
}

fn interrupted(cut: Interrupted) -> proto::Interrupted {
    let (spoken, remaining, source) = cut.split.map_or_else(
        || (String::new(), String::new(), proto::AlignmentSource::Unspecified),
        |split| (split.spoken, split.remaining, convert::source(split.source)),
    );
    proto::Interrupted {
        utterance_index: cut.index.map_or(-1, convert::index),
        utterance_id: cut.id.unwrap_or_default(),
        audio_sent_duration: cut.sent.map(convert::duration),
        text_spoken: spoken,
        text_remaining: remaining,
        split_source: source.into(),
        dropped_utterance_count: convert::index(cut.dropped),
        usage: Some(convert::usage(&cut.usage)),
    }
}

/// The failure of a call whose configuration stands at another place than that of the other calls.
pub(super) fn relocated(failure: Failure) -> Failure {
    Failure { error: failure.error.with_config_at("config.synthesis"), ..failure }
}
