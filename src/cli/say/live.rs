//! Text as it is typed or piped, a delta at a time.

use std::io::IsTerminal;

use tokio::io::AsyncRead;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;

use crate::cli::trouble::Trouble;
use crate::proto::Flush;
use crate::proto::StreamingSynthesizeRequest;
use crate::proto::TextDelta;
use crate::proto::streaming_synthesize_request::Request;

/// Bytes that are read at once: fewer code points than any server takes as a delta.
const ROOM: usize = 4096;

/// Messages that wait for the server. Beyond them nothing more is read.
pub(super) const WAITING: usize = 16;

/// Sends what `input` holds, as it comes, until it ends or the server hangs up. On a terminal a line is spoken when it has
/// been entered.
pub(super) async fn send(
    input: impl AsyncRead + Unpin,
    messages: mpsc::Sender<StreamingSynthesizeRequest>,
) -> Result<(), Trouble> {
    let is_typed = std::io::stdin().is_terminal();
    let mut decoder = Decoder::default();
    let mut input = input;
    let mut buffer = vec![0; ROOM];
    loop {
        let read = input.read(&mut buffer).await;
        let length = read.map_err(|error| Trouble::other(format!("cannot read standard input: {error}")))?;
        if length == 0 {
            return decoder.end();
        }
        let text = decoder.push(&buffer[..length])?;
        let is_entered = is_typed && text.ends_with('\n');
        let delta = (!text.is_empty()).then(|| Request::Text(TextDelta { text, ..Default::default() }));
        for request in delta.into_iter().chain(is_entered.then_some(Request::Flush(Flush {}))) {
            let message = StreamingSynthesizeRequest { request: Some(request) };
            if messages.send(message).await.is_err() {
                // Why the server wants no more is told by its answer.
                return Ok(());
            }
        }
    }
}

/// UTF-8 that is cut anywhere.
#[derive(Debug, Default)]
struct Decoder {
    /// The beginning of a character.
    rest: Vec<u8>,
    /// Bytes that were characters.
    passed: u64,
}

impl Decoder {
    fn push(&mut self, bytes: &[u8]) -> Result<String, Trouble> {
        self.rest.extend_from_slice(bytes);
        let whole = match str::from_utf8(&self.rest) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(error) => return Err(self.wrong(error.valid_up_to())),
        };
        let rest = self.rest.split_off(whole);
        let text = std::mem::replace(&mut self.rest, rest);
        self.passed += whole as u64;
        String::from_utf8(text).map_err(|error| self.wrong(error.utf8_error().valid_up_to()))
    }

    fn end(&self) -> Result<(), Trouble> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.wrong(0)) }
    }

    fn wrong(&self, at: usize) -> Trouble {
        Trouble::usage(format!("standard input is not UTF-8: byte {} is wrong", self.passed + at as u64))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use tokio::sync::mpsc;

    use super::Decoder;
    use super::Request;
    use super::send;

    #[test]
    fn characters_may_be_cut_anywhere() {
        let text = "Grüße, 世界 👋";
        let mut decoder = Decoder::default();
        let read: String = text.bytes().map(|byte| decoder.push(&[byte]).unwrap()).collect();
        assert_eq!(read, text);
        assert!(decoder.end().is_ok());
    }

    #[test]
    fn what_is_no_text_is_refused_by_position() {
        let mut decoder = Decoder::default();
        decoder.push("é".as_bytes()).unwrap();
        assert!(decoder.push(b"ab\xffc").unwrap_err().messages[0].contains("byte 4"));
        let mut decoder = Decoder::default();
        decoder.push(b"ab\xc3").unwrap();
        assert!(decoder.end().unwrap_err().messages[0].contains("byte 2"));
    }

    #[tokio::test]
    async fn everything_is_sent_in_order_and_nothing_after_a_hang_up() {
        let text = "0123456789".repeat(2_000);
        let (sender, mut receiver) = mpsc::channel(64);
        send(text.as_bytes(), sender).await.unwrap();
        let mut sent = String::new();
        while let Some(message) = receiver.recv().await {
            if let Some(Request::Text(delta)) = message.request {
                sent.push_str(&delta.text);
            }
        }
        assert_eq!(sent, text);
        let (sender, receiver) = mpsc::channel(1);
        drop(receiver);
        send(text.as_bytes(), sender).await.unwrap();
    }
}
