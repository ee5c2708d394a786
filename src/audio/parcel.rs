//! Puts audio into parcels that fit a message.

use bytes::Bytes;
use bytes::BytesMut;

use super::codec::Packet;

/// What leaves as one message, and how many samples it plays.
pub type Parcel = Packet;

/// Where audio may be cut, and how much of it goes together.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Largest parcel, in bytes.
    pub max_bytes: usize,
    /// Longest parcel, in samples; a packet that is longer goes by itself.
    pub max_samples: u64,
    /// How it is cut.
    pub cut: Cut,
}

/// Where audio may be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Between any two samples of so many bytes.
    AtSamples(usize),
    /// As before, and each parcel but the last has exactly `run` samples.
    InRuns {
        /// Bytes of a sample.
        sample_bytes: usize,
        /// Samples of a parcel.
        run: usize,
        /// The byte of silence with which the last parcel is filled up.
        silence: Option<u8>,
    },
    /// Anywhere, as what comes is not understood.
    Anywhere,
    /// Between packets; one that is too large for a parcel is cut anywhere.
    BetweenPackets,
    /// Around each packet.
    AroundPackets,
}

/// Cuts whatever comes, without loss; holds nothing back but what runs of a fixed length need.
#[derive(Debug)]
pub struct Parceler {
    sizes: Sizes,
    /// What must stand in front of the first samples.
    head: Bytes,
    /// Samples of a run that is not full.
    held: BytesMut,
}

impl Parceler {
    /// Parcels of these sizes.
    pub fn new(sizes: Sizes) -> Self {
        Self { sizes, head: Bytes::new(), held: BytesMut::new() }
    }

    /// The parcels of `packets`, in order, added to `out`. None is empty.
    pub fn push(&mut self, packets: impl IntoIterator<Item = Packet>, out: &mut Vec<Parcel>) {
        match self.sizes.cut {
            Cut::AtSamples(bytes) => packets.into_iter().for_each(|packet| self.cut_at_samples(packet, bytes, out)),
            Cut::InRuns { sample_bytes, run, .. } => {
                packets.into_iter().for_each(|packet| self.cut_in_runs(packet, sample_bytes, run, out));
            }
            Cut::Anywhere => self.gather(packets, out),
            Cut::BetweenPackets => {
                let whole: Vec<_> = packets.into_iter().filter_map(|packet| self.headed_packet(packet)).collect();
                self.gather(whole, out);
            }
            Cut::AroundPackets => out.extend(packets.into_iter().filter(|packet| !packet.data.is_empty())),
        }
    }

    /// The end: what was held back.
    pub fn finish(&mut self, out: &mut Vec<Parcel>) {
        let Cut::InRuns { sample_bytes, run, silence } = self.sizes.cut else { return };
        if self.held.is_empty() {
            return;
        }
        if let Some(silence) = silence {
            self.held.resize(run * sample_bytes, silence);
        }
        let samples = (self.held.len() / sample_bytes) as u64;
        let data = self.held.split().freeze();
        out.push(self.headed(data, samples));
    }

    fn cut_at_samples(&mut self, packet: Packet, sample_bytes: usize, out: &mut Vec<Parcel>) {
        let Some(mut audio) = self.samples_of(packet) else { return };
        while !audio.is_empty() {
            let run = audio.split_to(audio.len().min(self.room(sample_bytes)));
            let samples = (run.len() / sample_bytes) as u64;
            out.push(self.headed(run, samples));
        }
    }

    fn cut_in_runs(&mut self, packet: Packet, sample_bytes: usize, run: usize, out: &mut Vec<Parcel>) {
        let Some(audio) = self.samples_of(packet) else { return };
        self.held.extend_from_slice(&audio);
        while self.held.len() >= run * sample_bytes {
            let full = self.held.split_to(run * sample_bytes).freeze();
            out.push(self.headed(full, run as u64));
        }
    }

    /// As many packets together as a parcel holds.
    fn gather(&self, packets: impl IntoIterator<Item = Packet>, out: &mut Vec<Parcel>) {
        let mut together: Vec<Packet> = Vec::new();
        let (mut bytes, mut samples) = (0, 0);
        for packet in packets {
            let fits =
                bytes + packet.data.len() <= self.sizes.max_bytes && samples + packet.samples <= self.sizes.max_samples;
            if !fits {
                self.bind(&mut together, out);
                (bytes, samples) = (0, 0);
            }
            bytes += packet.data.len();
            samples += packet.samples;
            together.push(packet);
        }
        self.bind(&mut together, out);
    }

    fn bind(&self, together: &mut Vec<Packet>, out: &mut Vec<Parcel>) {
        let samples = together.iter().map(|packet| packet.samples).sum();
        let mut data = match together.as_slice() {
            [one] => one.data.clone(),
            many => many.iter().flat_map(|packet| packet.data.iter().copied()).collect(),
        };
        together.clear();
        // What is too large plays only once its last byte is there.
        while data.len() > self.sizes.max_bytes {
            out.push(Parcel { data: data.split_to(self.sizes.max_bytes), samples: 0 });
        }
        if !data.is_empty() {
            out.push(Parcel { data, samples });
        }
    }

    /// The samples of `packet`; a packet without any is kept for the front of the next.
    fn samples_of(&mut self, packet: Packet) -> Option<Bytes> {
        if packet.samples > 0 {
            return Some(packet.data);
        }
        self.head = packet.data;
        None
    }

    /// `packet` behind what was kept for its front; a packet without samples is kept itself.
    fn headed_packet(&mut self, packet: Packet) -> Option<Packet> {
        let samples = packet.samples;
        self.samples_of(packet).map(|data| self.headed(data, samples))
    }

    /// How many bytes of samples fit into the next parcel, in whole samples; at least one.
    fn room(&self, sample_bytes: usize) -> usize {
        let longest = usize::try_from(self.sizes.max_samples).unwrap_or(usize::MAX).saturating_mul(sample_bytes);
        let room = self.sizes.max_bytes.saturating_sub(self.head.len()).min(longest);
        (room - room % sample_bytes).max(sample_bytes)
    }

    fn headed(&mut self, data: Bytes, samples: u64) -> Parcel {
        let head = std::mem::take(&mut self.head);
        let data = if head.is_empty() { data } else { [head, data].concat().into() };
        Parcel { data, samples }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::Cut;
    use super::Packet;
    use super::Parcel;
    use super::Parceler;
    use super::Sizes;

    const HEAD: &[u8] = b"RIFF and so on";

    fn parcels(sizes: Sizes, packets: Vec<Packet>) -> Vec<Parcel> {
        let (mut parceler, mut out) = (Parceler::new(sizes), Vec::new());
        for packet in packets {
            parceler.push([packet], &mut out);
        }
        parceler.finish(&mut out);
        out
    }

    fn packet(length: usize, samples: u64) -> Packet {
        Packet { data: (0..=250).cycle().take(length).collect(), samples }
    }

    fn head() -> Packet {
        Packet { data: Bytes::from_static(HEAD), samples: 0 }
    }

    fn bytes(parcels: &[Parcel]) -> Vec<u8> {
        parcels.iter().flat_map(|parcel| parcel.data.iter().copied()).collect()
    }

    #[test]
    fn samples_are_cut_without_loss_and_the_header_counts() {
        let sizes = Sizes { max_bytes: 1025, max_samples: u64::MAX, cut: Cut::AtSamples(2) };
        let audio = packet(10_000, 5_000);
        let cut = parcels(sizes, vec![head(), audio.clone()]);
        assert!(cut.iter().all(|parcel| parcel.data.len() <= 1024));
        assert_eq!(cut[0].samples, (1024 - HEAD.len() as u64) / 2);
        assert_eq!(bytes(&cut), [HEAD, &audio.data].concat());
        assert_eq!(cut.iter().map(|parcel| parcel.samples).sum::<u64>(), 5_000);
        assert!(parcels(sizes, vec![head()]).is_empty(), "a header without samples is nothing to play");
        let short = parcels(Sizes { max_samples: 100, ..sizes }, vec![audio]);
        assert!(short.iter().all(|parcel| parcel.samples == 100));
    }

    #[test]
    fn runs_have_one_length_and_the_last_may_be_filled_up() {
        let runs = |silence| Sizes {
            max_bytes: 1024,
            max_samples: u64::MAX,
            cut: Cut::InRuns { sample_bytes: 1, run: 160, silence },
        };
        let audio = vec![head(), packet(100, 100), packet(400, 400)];
        let short: Vec<_> = parcels(runs(None), audio.clone()).iter().map(|parcel| parcel.samples).collect();
        assert_eq!(short, [160, 160, 160, 20]);
        let filled = parcels(runs(Some(0xFF)), audio);
        assert!(filled.iter().all(|parcel| parcel.samples == 160));
        assert_eq!(filled[0].data.len(), 160 + HEAD.len());
        assert_eq!(filled[3].data[20..], [0xFF; 140]);
        assert!(parcels(runs(Some(0)), vec![packet(320, 320)]).len() == 2, "nothing is filled up that is full");
    }

    #[test]
    fn packets_stay_whole_where_they_can() {
        let sizes = Sizes { max_bytes: 1024, max_samples: 1_000, cut: Cut::BetweenPackets };
        let (mut parceler, mut out) = (Parceler::new(sizes), Vec::new());
        parceler.push([head()], &mut out);
        assert!(out.is_empty(), "a header waits for what it is the head of");
        parceler.push([packet(400, 480), packet(500, 480), packet(400, 480), packet(2_000, 480)], &mut out);
        let shapes: Vec<_> = out.iter().map(|parcel| (parcel.data.len(), parcel.samples)).collect();
        assert_eq!(shapes, [(900 + HEAD.len(), 960), (400, 480), (1024, 0), (976, 480)]);
        out.clear();
        parceler.push([head()], &mut out);
        assert!(out.is_empty(), "a header alone is nothing to play");
        let single = Sizes { cut: Cut::AroundPackets, ..sizes };
        assert_eq!(parcels(single, vec![packet(80, 480), packet(90, 480)]).len(), 2);
    }

    proptest! {
        #[test]
        fn every_byte_and_every_sample_leaves(
            lengths in prop::collection::vec(1_usize..3_000, 1..12),
            max_bytes in 64_usize..1_500,
            max_samples in 10_u64..900,
            kind in 0..5,
        ) {
            let cut = [
                Cut::AtSamples(1),
                Cut::InRuns { sample_bytes: 1, run: 50, silence: None },
                Cut::Anywhere,
                Cut::BetweenPackets,
                Cut::AroundPackets,
            ][usize::try_from(kind).unwrap_or_default()];
            let packets: Vec<_> = lengths.iter().map(|&length| packet(length, length as u64)).collect();
            let sent: Vec<u8> = packets.iter().flat_map(|packet| packet.data.iter().copied()).collect();
            let cut = parcels(Sizes { max_bytes, max_samples, cut }, packets);
            prop_assert_eq!(cut.iter().map(|parcel| parcel.samples).sum::<u64>(), sent.len() as u64);
            prop_assert!(cut.iter().all(|parcel| !parcel.data.is_empty()));
            prop_assert_eq!(bytes(&cut), sent);
        }
    }
}
