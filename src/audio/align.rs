//! Whole samples out of bytes that were split anywhere.

use bytes::BufMut;
use bytes::Bytes;
use bytes::BytesMut;

use crate::speech::SAMPLE_BYTES;

/// Regroups 16-bit PCM so that every run holds whole samples.
///
/// Networks split a body at any byte. One byte lost or padded in the middle shifts every later sample by half of itself,
/// which sounds as full-scale noise; so an odd byte waits here for its partner.
#[derive(Debug, Default)]
pub struct Aligner {
    dangling: Option<u8>,
}

impl Aligner {
    /// The whole samples of what has come so far. Copies only if a byte was waiting.
    #[must_use]
    pub fn push(&mut self, mut chunk: Bytes) -> Bytes {
        if chunk.is_empty() {
            return chunk;
        }
        if let Some(first) = self.dangling.take() {
            let mut joined = BytesMut::with_capacity(chunk.len() + 1);
            joined.put_u8(first);
            joined.put_slice(&chunk);
            chunk = joined.freeze();
        }
        if !chunk.len().is_multiple_of(SAMPLE_BYTES) {
            self.dangling = chunk.split_off(chunk.len() - 1).first().copied();
        }
        chunk
    }

    /// Ends the run: drops a byte that never got its partner, and says whether there was one.
    pub fn finish(&mut self) -> bool {
        self.dangling.take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::Aligner;

    #[test]
    fn an_aligned_chunk_is_not_copied() {
        let chunk = Bytes::from_static(b"abcd");
        assert_eq!(Aligner::default().push(chunk.clone()).as_ptr(), chunk.as_ptr());
    }

    proptest! {
        #[test]
        fn keeps_every_byte_in_order_but_a_lone_last_one(chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..20)) {
            let mut aligner = Aligner::default();
            let mut heard = Vec::new();
            for chunk in &chunks {
                let run = aligner.push(Bytes::copy_from_slice(chunk));
                prop_assert_eq!(run.len() % 2, 0);
                heard.extend_from_slice(&run);
            }
            let sent = chunks.concat();
            prop_assert_eq!(&heard[..], &sent[..sent.len() / 2 * 2]);
            prop_assert_eq!(aligner.finish(), sent.len() % 2 == 1);
        }
    }
}
