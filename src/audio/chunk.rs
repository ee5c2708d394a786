//! Cuts audio into runs that fit a message.

use bytes::Bytes;

/// Cuts whatever comes into runs of at most `max_bytes`, without copying and without holding anything back.
#[derive(Clone, Copy, Debug)]
pub struct Chunker {
    max_bytes: usize,
    sample_bytes: usize,
}

impl Chunker {
    /// `max_bytes` is rounded down to whole samples of `sample_bytes`, and is at least one.
    pub fn new(max_bytes: usize, sample_bytes: usize) -> Self {
        let sample_bytes = sample_bytes.max(1);
        Self { max_bytes: (max_bytes - max_bytes % sample_bytes).max(sample_bytes), sample_bytes }
    }

    /// How many bytes fit into a run beside `bytes` others, in whole samples; at least one sample.
    pub fn beside(self, bytes: usize) -> usize {
        let room = self.max_bytes.saturating_sub(bytes);
        (room - room % self.sample_bytes).max(self.sample_bytes)
    }

    /// The runs of `audio`, in order. None is empty.
    pub fn cut(self, mut audio: Bytes) -> impl Iterator<Item = Bytes> {
        std::iter::from_fn(move || {
            let run = audio.split_to(audio.len().min(self.max_bytes));
            (!run.is_empty()).then_some(run)
        })
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::Chunker;

    #[test]
    fn cuts_without_loss_and_on_whole_samples() {
        let audio = Bytes::from((0..=255).cycle().take(10_000).collect::<Vec<u8>>());
        let runs: Vec<_> = Chunker::new(1025, 2).cut(audio.clone()).collect();
        assert!(runs.iter().all(|run| run.len() <= 1024 && run.len() % 2 == 0));
        assert_eq!(runs.concat(), audio);
        assert_eq!(Chunker::new(1024, 2).cut(Bytes::new()).count(), 0);
    }
}
