//! Server-sent events out of bytes that were split anywhere.
//!
//! Follows the parsing rules of the HTML standard, section 9.2.6, as far as a speech API needs them: line ends are CRLF,
//! LF or CR, only `data` counts, comments and other fields are skipped. Written here because the crates at hand put no
//! bound on an event and hide the parser inside a stream, where a fuzzer cannot reach it.

use bytes::Bytes;
use thiserror::Error;

/// An event grew past the bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an event is larger than {max_event_bytes} bytes")]
pub struct EventTooLarge {
    max_event_bytes: usize,
}

/// Collects the `data` of events.
#[derive(Debug)]
pub struct SseParser {
    max_event_bytes: usize,
    /// The current line, as far as it has come.
    line: Vec<u8>,
    /// The `data` lines of the current event, each followed by a line feed.
    data: Vec<u8>,
    /// The last line ended in CR: a line feed that comes first now belongs to it.
    after_cr: bool,
    /// No line has been read yet, so that a byte order mark may come.
    at_start: bool,
}

impl SseParser {
    /// A parser that holds at most `max_event_bytes` of one event.
    pub fn new(max_event_bytes: usize) -> Self {
        Self { max_event_bytes, line: Vec::new(), data: Vec::new(), after_cr: false, at_start: true }
    }

    /// Reads on, and adds the data of every event that is complete now to `out`.
    ///
    /// # Errors
    /// [`EventTooLarge`]; the events before it stay in `out`.
    pub fn push(&mut self, mut chunk: &[u8], out: &mut Vec<Bytes>) -> Result<(), EventTooLarge> {
        if self.after_cr && !chunk.is_empty() {
            chunk = chunk.strip_prefix(b"\n").unwrap_or(chunk);
            self.after_cr = false;
        }
        while let Some(end) = memchr::memchr2(b'\r', b'\n', chunk) {
            self.extend_line(&chunk[..end])?;
            out.extend(self.end_line());
            let rest = &chunk[end + 1..];
            let is_cr = chunk[end] == b'\r';
            self.after_cr = is_cr && rest.is_empty();
            chunk = if is_cr { rest.strip_prefix(b"\n").unwrap_or(rest) } else { rest };
        }
        self.extend_line(chunk)
    }

    /// The end of the stream: the data of an event that still lacked its blank line.
    ///
    /// The standard drops such an event. A server that forgets the blank line after its last one is more likely than one
    /// that breaks off just there; what was cut in the middle does not parse as JSON anyway.
    pub fn finish(&mut self) -> Option<Bytes> {
        self.end_line().or_else(|| self.end_event())
    }

    fn extend_line(&mut self, bytes: &[u8]) -> Result<(), EventTooLarge> {
        if self.line.len() + self.data.len() + bytes.len() > self.max_event_bytes {
            return Err(EventTooLarge { max_event_bytes: self.max_event_bytes });
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    /// Files the current line; an empty one ends the event.
    fn end_line(&mut self) -> Option<Bytes> {
        let mut line = &self.line[..];
        if std::mem::take(&mut self.at_start) {
            line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        }
        if line.is_empty() {
            self.line.clear();
            return self.end_event();
        }
        if let Some(value) = line.strip_prefix(b"data:") {
            self.data.extend_from_slice(value.strip_prefix(b" ").unwrap_or(value));
            self.data.push(b'\n');
        }
        self.line.clear();
        None
    }

    fn end_event(&mut self) -> Option<Bytes> {
        self.data.pop()?;
        Some(Bytes::from(std::mem::take(&mut self.data)))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use bytes::Bytes;
    use proptest::prelude::*;

    use super::SseParser;

    fn parse(stream: &[u8], chunk: usize) -> Vec<Bytes> {
        let mut parser = SseParser::new(1_000);
        let mut events = Vec::new();
        for chunk in stream.chunks(chunk) {
            parser.push(chunk, &mut events).unwrap();
        }
        events.extend(parser.finish());
        events
    }

    #[test]
    fn every_line_end_in_every_chunking() {
        for end in ["\n", "\r\n", "\r"] {
            let stream =
                "\u{feff}data: one\n\n: comment\nevent: x\ndata:two\ndata: lines\n\nid: 7\n\n\n\ndata: [DONE]\n\n"
                    .replace('\n', end);
            for chunk in 1..=stream.len() {
                assert_eq!(parse(stream.as_bytes(), chunk), ["one", "two\nlines", "[DONE]"], "{end:?} by {chunk}");
            }
        }
    }

    #[test]
    fn a_last_event_without_its_blank_line_counts() {
        assert_eq!(parse(b"data: a\n\ndata: b\n", 3), ["a", "b"]);
        assert_eq!(parse(b"data: a\n\ndata: b", 3), ["a", "b"]);
        assert_eq!(parse(b"data: a\n\nda", 3), ["a"]);
    }

    #[test]
    fn an_endless_event_ends_in_an_error() {
        for line in ["data: 0123456789\n", "data:", "x", ": comment without end"] {
            let mut parser = SseParser::new(100);
            let mut events = Vec::new();
            assert!((0..101).any(|_| parser.push(line.as_bytes(), &mut events).is_err()), "{line:?}");
            assert!(events.is_empty());
        }
    }

    proptest! {
        #[test]
        fn chunks_do_not_matter(
            stream in prop::collection::vec(prop::sample::select(b"\r\n:daat x".to_vec()), 0..200),
            chunk in 1..20_usize,
        ) {
            prop_assert_eq!(parse(&stream, chunk), parse(&stream, 1_000));
        }
    }
}
