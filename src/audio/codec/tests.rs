//! The encoders, heard by decoders of others.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "signals of a few seconds")]

use std::f64::consts::TAU;

use bytes::Bytes;
use proptest::prelude::*;

use super::Codec;
use super::Packet;
use super::aac;
use super::heard;
use super::mp3;
use super::ogg::OggOpus;
use crate::speech::Encoding;

const ALL: [Encoding; 5] = [Encoding::Mp3, Encoding::AacAdts, Encoding::OpusPackets, Encoding::OggOpus, Encoding::Flac];

/// Samples by which Opus lags behind, per second of sample rate: 2.5 ms.
const OPUS_DELAYS_PER_SECOND: u32 = 400;

/// Every encoding at every rate of its own.
fn everywhere() -> impl Iterator<Item = (Encoding, u32)> {
    ALL.into_iter().flat_map(|encoding| encoding.rates_hertz().iter().map(move |rate| (encoding, *rate)))
}

/// An encoder whose output is the same each time.
fn codec(encoding: Encoding, rate: u32) -> Box<dyn Codec> {
    match encoding {
        Encoding::OggOpus => Box::new(OggOpus::new(rate, 7).unwrap()),
        _ => super::codec(encoding, rate).unwrap().unwrap(),
    }
}

fn encode(encoding: Encoding, rate: u32, samples: &[i16], chunk: usize) -> (Bytes, Vec<Packet>) {
    let mut codec = codec(encoding, rate);
    let (head, mut packets) = (codec.head().unwrap(), Vec::new());
    for chunk in samples.chunks(chunk.max(1)) {
        let pcm: Vec<u8> = chunk.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        codec.push(&pcm, &mut packets).unwrap();
    }
    codec.finish(&mut packets).unwrap();
    (head, packets)
}

fn bytes(head: &[u8], packets: &[Packet]) -> Vec<u8> {
    head.iter().copied().chain(packets.iter().flat_map(|packet| packet.data.to_vec())).collect()
}

/// What a listener hears of `samples`, cut to their length where the codec cannot say it.
fn roundtrip(encoding: Encoding, rate: u32, samples: &[i16]) -> Vec<i16> {
    let (head, packets) = encode(encoding, rate, samples, 997);
    let without = |delay: usize, heard: Vec<i16>| heard[delay..delay + samples.len()].to_vec();
    match encoding {
        Encoding::Mp3 => without(mp3::DELAY, heard::mp3(&packets, rate)),
        Encoding::AacAdts => without(aac::DELAY, heard::aac(&packets, rate)),
        Encoding::OpusPackets => {
            let packets = packets.iter().map(|packet| &packet.data[..]);
            without((rate / OPUS_DELAYS_PER_SECOND) as usize, heard::opus(packets, rate))
        }
        Encoding::OggOpus => heard::ogg_opus(&bytes(&head, &packets), rate),
        _ => heard::flac(&bytes(&head, &packets), rate),
    }
}

fn tone(rate: u32, hertz: f64, samples: usize) -> Vec<i16> {
    (0..samples).map(|n| (16_000.0 * (TAU * hertz * n as f64 / f64::from(rate)).sin()).round() as i16).collect()
}

/// Noise of the whole scale, the same each time.
fn noise(samples: usize) -> Vec<i16> {
    let mut state = 0x2545_F491_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 16) as u16).cast_signed()
    };
    (0..samples).map(|_| next()).collect()
}

/// Signal to noise, in dB.
fn snr(sent: &[i16], heard: &[i16]) -> f64 {
    let power = |samples: &mut dyn Iterator<Item = f64>| samples.map(|sample| sample * sample).sum::<f64>();
    let signal = power(&mut sent.iter().map(|sample| f64::from(*sample)));
    let noise = power(&mut sent.iter().zip(heard).map(|(sent, heard)| f64::from(*sent) - f64::from(*heard)));
    10.0 * (signal / noise.max(1e-9)).log10()
}

#[test]
fn a_tone_keeps_its_pitch_phase_and_purity() {
    for (encoding, rate) in everywhere() {
        let sent = tone(rate, 1_000.0, rate as usize / 2 + 123);
        let heard = roundtrip(encoding, rate, &sent);
        assert_eq!(heard.len(), sent.len());
        let db = snr(&sent, &heard);
        let enough = match encoding {
            Encoding::Flac => 100.0,
            Encoding::Mp3 => 50.0,
            Encoding::AacAdts => 40.0,
            _ => 30.0,
        };
        assert!(db >= enough, "{encoding:?} at {rate} Hz: {db:.1} dB");
    }
}

#[test]
fn flac_gives_every_sample_back() {
    for rate in Encoding::Flac.rates_hertz() {
        for samples in [1, 15, 16, 31, 32, 33, *rate as usize / 50, 5_000] {
            let sent = noise(samples);
            assert_eq!(roundtrip(Encoding::Flac, *rate, &sent), sent, "{samples} samples at {rate} Hz");
            let sent = tone(*rate, 440.0, samples);
            assert_eq!(roundtrip(Encoding::Flac, *rate, &sent), sent, "{samples} samples at {rate} Hz");
        }
    }
}

#[test]
fn the_first_packet_needs_no_more_than_its_own_samples() {
    for (encoding, rate) in everywhere() {
        let mut codec = codec(encoding, rate);
        let (mut packets, mut pushed) = (Vec::new(), 0);
        while packets.is_empty() {
            codec.push(&[0; 2], &mut packets).unwrap();
            pushed += 1;
        }
        let expected = match (encoding, rate) {
            (Encoding::Mp3, ..32_000) => 576,
            (Encoding::Mp3, _) => 1_152,
            (Encoding::AacAdts, _) => 1_024,
            _ => rate / 50,
        };
        assert_eq!(pushed, expected, "{encoding:?} at {rate} Hz");
        // A frame of AAC alone has 43 ms.
        let is_late = rate == 24_000 && encoding != Encoding::AacAdts && pushed * 1_000 > 30 * rate;
        assert!(!is_late, "{encoding:?} holds back more than 30 ms");
    }
}

#[test]
fn packets_count_the_samples_that_they_play() {
    for (encoding, rate) in everywhere() {
        for samples in [1, 400, 480, 4_777] {
            let (_, packets) = encode(encoding, rate, &tone(rate, 300.0, samples), 480);
            let played = packets.iter().map(|packet| packet.samples).sum::<u64>() as usize;
            let expected = match encoding {
                Encoding::OpusPackets => {
                    (samples + (rate / OPUS_DELAYS_PER_SECOND) as usize).next_multiple_of(rate as usize / 50)
                }
                Encoding::Mp3 => (samples + mp3::DELAY).next_multiple_of(if rate < 32_000 { 576 } else { 1_152 }),
                Encoding::AacAdts => (samples + aac::DELAY).next_multiple_of(1_024),
                _ => samples,
            };
            assert_eq!(played, expected, "{samples} samples as {encoding:?} at {rate} Hz");
            match encoding {
                Encoding::Mp3 => assert_eq!(heard::mp3(&packets, rate).len(), played),
                Encoding::AacAdts => assert_eq!(heard::aac(&packets, rate).len(), played),
                _ => {}
            }
        }
    }
}

#[test]
fn no_audio_is_no_packet() {
    for (encoding, rate) in everywhere() {
        let (head, packets) = encode(encoding, rate, &[], 1);
        assert_eq!(packets, []);
        let has_head = matches!(encoding, Encoding::OggOpus | Encoding::Flac);
        assert_eq!(!head.is_empty(), has_head);
    }
}

#[test]
fn silence_stays_silent() {
    for (encoding, rate) in everywhere() {
        let heard = roundtrip(encoding, rate, &vec![0; rate as usize / 4]);
        assert!(heard.iter().all(|sample| sample.abs() <= 1), "{encoding:?} at {rate} Hz");
    }
}

#[test]
fn full_scale_does_not_wrap() {
    for (encoding, rate) in everywhere() {
        let half_wave = rate as usize / 200;
        let sent: Vec<i16> = (0..rate as usize / 2)
            .map(|n| if (n / half_wave).is_multiple_of(2) { i16::MAX } else { i16::MIN })
            .collect();
        let heard = roundtrip(encoding, rate, &sent);
        let db = snr(&sent, &heard);
        assert!(db >= 20.0, "a square wave as {encoding:?} at {rate} Hz: {db:.1} dB");
        let sent = noise(rate as usize / 4);
        let db = snr(&sent, &roundtrip(encoding, rate, &sent));
        // Noise is the hardest there is: what matters is that it comes out at all, and at its own level.
        assert!(db >= 1.0, "noise as {encoding:?} at {rate} Hz: {db:.1} dB");
    }
}

#[test]
fn every_mp3_frame_can_be_the_first() {
    for rate in Encoding::Mp3.rates_hertz() {
        let (_, frames) = encode(Encoding::Mp3, *rate, &tone(*rate, 440.0, *rate as usize / 4), 480);
        let whole = heard::mp3(&frames, *rate);
        let samples = frames[0].samples as usize;
        for first in [1, 4] {
            let part = heard::mp3(&frames[first..], *rate);
            // The first frame lacks the half that its predecessor adds, and the filter bank its memory.
            let settled = samples + 512;
            let db = snr(&whole[first * samples + settled..], &part[settled..]);
            assert!(db >= 60.0, "from frame {first} at {rate} Hz: {db:.1} dB");
        }
    }
}

#[test]
fn mp3_frames_keep_the_bit_rate() {
    for (rate, kilobits) in [(16_000, 64), (22_050, 96), (24_000, 96), (32_000, 128), (44_100, 128), (48_000, 128)] {
        for sent in [noise(rate as usize), vec![0; rate as usize]] {
            let (_, frames) = encode(Encoding::Mp3, rate, &sent, 4_800);
            let (bytes, samples) =
                frames.iter().fold((0, 0), |sum, frame| (sum.0 + frame.data.len() as u64, sum.1 + frame.samples));
            let exact = samples * kilobits * 125 / u64::from(rate);
            assert!(bytes.abs_diff(exact) <= 1, "{bytes} bytes instead of {exact} at {rate} Hz");
        }
    }
}

#[test]
fn aac_keeps_its_bit_rate_and_never_fills_more_than_a_decoder_holds() {
    /// Bits of one channel that a decoder has room for (ISO/IEC 14496-3, 4.5.3.1).
    const MOST: usize = 6_144;
    let rates = Encoding::AacAdts.rates_hertz().iter();
    for (rate, kilobits) in rates.zip([40, 48, 56, 64, 88, 96, 112, 128, 128]) {
        let (_, frames) = encode(Encoding::AacAdts, *rate, &noise(4 * *rate as usize), 4_800);
        let bits = frames.iter().map(|frame| 8 * frame.data.len()).collect::<Vec<_>>();
        assert!(bits.iter().all(|bits| *bits <= MOST), "{} bits at {rate} Hz", bits.iter().max().unwrap());
        let mean = kilobits * 1_024_000 / *rate as usize;
        let (all, exact) = (bits.iter().sum::<usize>(), bits.len() * mean);
        // What was saved before the stream began may go, too, and every frame is whole bytes; nothing is left lying.
        assert!(all <= exact + MOST - mean, "{all} bits instead of {exact} at {rate} Hz");
        assert!(all + exact / 50 >= exact, "{all} bits instead of {exact} at {rate} Hz");
        // A decoder that is filled at that rate has each frame when it is due.
        let mut held = MOST;
        for bits in &bits {
            assert!(*bits <= held, "a frame comes late at {rate} Hz");
            held = (held - bits + mean).min(MOST);
        }
        let (_, silent) = encode(Encoding::AacAdts, *rate, &vec![0; *rate as usize], 4_800);
        assert!(silent.iter().all(|frame| frame.data.len() <= 12), "silence takes no bits");
    }
}

#[test]
fn aac_frames_meet_without_a_click() {
    for rate in Encoding::AacAdts.rates_hertz() {
        let sent = tone(*rate, 333.0, *rate as usize);
        let heard = roundtrip(Encoding::AacAdts, *rate, &sent);
        let wrong: Vec<i32> =
            sent.iter().zip(&heard).map(|(sent, heard)| i32::from(*sent) - i32::from(*heard)).collect();
        let step = wrong.windows(2).skip(2 * aac::DELAY).map(|pair| (pair[1] - pair[0]).abs()).max().unwrap();
        assert!(step <= 16_000 / 100, "a step of {step} that was not sent, at {rate} Hz");
    }
}

#[test]
fn aac_speaks_up_after_silence() {
    for rate in Encoding::AacAdts.rates_hertz() {
        let pause = vec![0; *rate as usize / 2];
        let sent = [pause.clone(), tone(*rate, 500.0, *rate as usize / 2), pause].concat();
        let heard = roundtrip(Encoding::AacAdts, *rate, &sent);
        let db = snr(&sent, &heard);
        assert!(db >= 30.0, "{db:.1} dB at {rate} Hz");
    }
}

#[test]
fn ogg_begins_with_a_short_page_and_trims_the_end() {
    for rate in Encoding::OggOpus.rates_hertz() {
        let sent = tone(*rate, 440.0, *rate as usize / 2 + 77);
        let (head, packets) = encode(Encoding::OggOpus, *rate, &sent, 480);
        let pages = heard::pages(&bytes(&head, &packets));
        assert_eq!(pages.len(), 2 + packets.len(), "a page for each packet");
        assert_eq!(pages[1].packets[0][..8], *b"OpusTags");
        assert!(pages.iter().enumerate().all(|(index, page)| page.serial == 7 && page.number as usize == index));
        let last = pages.len() - 1;
        for (index, page) in pages.iter().enumerate() {
            let flags = if index == 0 {
                2
            } else if index == last {
                4
            } else {
                0
            };
            assert_eq!(page.flags, flags, "page {index}");
            assert!((1..=5).contains(&page.packets.len()), "{} ms in page {index}", 20 * page.packets.len());
        }
        assert_eq!(pages[2].packets.len(), 1, "so that it leaves with the first 20 ms");
        assert_eq!(pages[2].position, 960);
        let played =
            pages[last].position - u64::from(u16::from_le_bytes([pages[0].packets[0][10], pages[0].packets[0][11]]));
        assert_eq!(played * u64::from(*rate), sent.len() as u64 * 48_000);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_packets_are_the_same_however_the_input_is_split(
        (encoding, rate) in prop::sample::select(everywhere().collect::<Vec<_>>()),
        samples in 0..6_000_usize,
        chunk in 1..1_500_usize,
    ) {
        let sent: Vec<i16> = tone(rate, 700.0, samples).iter().zip(noise(samples)).map(|(a, b)| a / 2 + b / 8).collect();
        prop_assert_eq!(encode(encoding, rate, &sent, chunk), encode(encoding, rate, &sent, samples));
    }
}
