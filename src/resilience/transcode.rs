//! Makes an engine deliver an encoding that it does not make itself.
//!
//! An engine's own encoded bytes pass through the service untouched. Where another engine takes over that only makes PCM, the
//! same encoding is made of it here, so that whoever listens need not know.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::task::ready;

use bytes::Bytes;
use bytes::BytesMut;
use futures_util::stream::Stream;

use crate::audio::Encoder;
use crate::audio::Packet;
use crate::error::Result;
use crate::speech::Format;
use crate::speech::Frame;
use crate::speech::Outcome;
use crate::speech::Speech;

/// `speech`, which is PCM, as `format`, which can be made here.
///
/// # Errors
/// That of the speech, if it fails before a whole packet of it is there; [`crate::error::Kind::Internal`] if the format cannot be
/// made.
pub(super) async fn transcoded(mut speech: Speech, format: Format) -> Result<Speech> {
    let spoken = speech.take_spoken();
    let encoder = Encoder::new(format)?;
    let begun = Speech::begin(Transcode { speech, encoder, ready: VecDeque::new(), end: None }).await?;
    Ok(match spoken {
        Some(segment) => begun.spoken_as(segment),
        None => begun,
    })
}

struct Transcode {
    speech: Speech,
    encoder: Encoder,
    ready: VecDeque<Bytes>,
    end: Option<Outcome>,
}

impl Transcode {
    fn take(&mut self, frame: Frame) -> Result<()> {
        let mut packets = Vec::new();
        match frame {
            Frame::Audio(pcm) => self.encoder.push(pcm, &mut packets)?,
            Frame::End(outcome) => {
                self.encoder.finish(&mut packets)?;
                self.end = Some(outcome);
            }
        }
        self.ready.extend(joined(&packets));
        Ok(())
    }
}

/// The packets as one run of bytes, if there are any.
fn joined(packets: &[Packet]) -> Option<Bytes> {
    let mut bytes = BytesMut::with_capacity(packets.iter().map(|packet| packet.data.len()).sum());
    for packet in packets {
        bytes.extend_from_slice(&packet.data);
    }
    Some(bytes.freeze()).filter(|bytes| !bytes.is_empty())
}

impl Stream for Transcode {
    type Item = Result<Frame>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame>>> {
        let this = &mut *self;
        loop {
            if let Some(audio) = this.ready.pop_front() {
                return Poll::Ready(Some(Ok(Frame::Audio(audio))));
            }
            if let Some(outcome) = this.end.take() {
                return Poll::Ready(Some(Ok(Frame::End(outcome))));
            }
            match ready!(Pin::new(&mut this.speech).poll_next(cx)) {
                Some(frame) => this.take(frame?)?,
                None => return Poll::Ready(None),
            }
        }
    }
}
