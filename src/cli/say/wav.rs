//! The sizes in a WAV header, which a stream cannot know and a finished file can.

/// Bytes from the start of a file within which its `data` chunk is looked for.
pub(super) const HEAD_BYTES: usize = 4096;

/// A size to write into a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Patch {
    /// Where, from the start of the file.
    pub(super) offset: u64,
    /// Little-endian, as RIFF has it.
    pub(super) bytes: [u8; 4],
}

/// What to write into the header of a WAV file of `total` bytes that begins with `head`. None if it is no WAV file or is
/// larger than its header can say (4 GiB).
pub(super) fn patches(head: &[u8], total: u64) -> Option<[Patch; 2]> {
    if head.get(..4)? != b"RIFF" || head.get(8..12)? != b"WAVE" {
        return None;
    }
    let mut chunk = 12;
    while head.get(chunk..chunk + 4)? != b"data" {
        let size = u32::from_le_bytes(head.get(chunk + 4..chunk + 8)?.try_into().ok()?);
        // Chunks are padded to an even length.
        chunk += 8 + usize::try_from(size).ok()?.checked_next_multiple_of(2)?;
    }
    let size = |begin: usize| u32::try_from(total.checked_sub(begin as u64)?).ok().map(u32::to_le_bytes);
    let riff = Patch { offset: 4, bytes: size(8)? };
    let data = Patch { offset: chunk as u64 + 4, bytes: size(chunk + 8)? };
    Some([riff, data])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::patches;

    /// The header that a stream begins with: both sizes unknown.
    fn streamed(extra: &[u8]) -> Vec<u8> {
        let fmt = b"fmt \x10\0\0\0\x01\0\x01\0\xc0\x5d\0\0\x80\xbb\0\0\x02\0\x10\0";
        [b"RIFF\xff\xff\xff\xffWAVE".as_slice(), fmt, extra, b"data\xff\xff\xff\xff"].concat()
    }

    fn patched(head: &[u8], total: u64) -> Option<Vec<u8>> {
        let mut head = head.to_vec();
        for patch in patches(&head, total)? {
            let at = usize::try_from(patch.offset).unwrap();
            head[at..at + 4].copy_from_slice(&patch.bytes);
        }
        Some(head)
    }

    #[test]
    fn both_sizes_are_set_and_nothing_else() {
        let head = patched(&streamed(b""), 44 + 48_000).unwrap();
        assert_eq!(head[4..8], 48_036_u32.to_le_bytes());
        assert_eq!(head[40..44], 48_000_u32.to_le_bytes());
        assert_eq!((&head[8..40], head.len()), (&streamed(b"")[8..40], 44));
    }

    #[test]
    fn other_chunks_before_the_data_are_passed_over() {
        let head = patched(&streamed(b"LIST\x03\0\0\0abc\0"), 56 + 10).unwrap();
        assert_eq!(head[52..56], 10_u32.to_le_bytes());
    }

    #[test]
    fn what_is_no_wav_or_too_large_is_left_alone() {
        for (head, total) in [
            (b"".as_slice(), 0),
            (b"RIFF", 4),
            (b"fLaC\0\0\0\0WAVEdata\0\0\0\0", 20),
            (&streamed(b"")[..40], 40),
            (&streamed(b"junk\xff\xff\xff\xff"), 100),
            (&streamed(b""), 43),
            (&streamed(b""), 1 << 33),
        ] {
            assert_eq!(patches(head, total), None);
        }
    }
}
