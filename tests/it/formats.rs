//! What is made here, at every rate on offer: the right samples, the right times, one header, and G.711 that another
//! decoder reads.

use std::io::Write;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

use rhapsode::audio::wav;
use rhapsode::proto;
use rhapsode::proto::AudioEncoding;

use crate::support::server::Answer;
use crate::support::server::Rhapsode;
use crate::support::server::encoded;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

const PCM_RATES: [i32; 9] = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
const G711_RATES: [i32; 2] = [8_000, 16_000];

/// Several segments, so that a filter has seams to fail at.
fn text() -> String {
    "Please hold while I connect your call to the next free agent. ".repeat(8)
}

async fn speak(server: &Rhapsode, encoding: AudioEncoding, rate: i32) -> Answer {
    let format = proto::AudioFormat { encoding: encoding.into(), sample_rate_hertz: rate, ..Default::default() };
    let config = proto::SynthesisConfig { audio_format: Some(format), ..Default::default() };
    let answer = server.speak(styled(&text(), config)).await;
    let told = answer.started.as_ref().unwrap().audio_format.as_ref().unwrap();
    assert_eq!((told.encoding(), told.sample_rate_hertz, told.channel_count), (encoding, rate, 1));
    answer
}

/// Every chunk begins where the last one ended, and the account has the sum.
fn follows_without_a_gap(answer: &Answer) -> Duration {
    let mut end = Duration::ZERO;
    for chunk in &answer.chunks {
        let (start, duration) = (chunk.start_offset.unwrap(), chunk.duration.unwrap());
        assert_eq!(Duration::try_from(start).unwrap(), end);
        end += Duration::try_from(duration).unwrap();
    }
    assert_eq!(Duration::try_from(answer.account().audio_duration.unwrap()).unwrap(), end);
    end
}

fn samples(pcm: &[u8]) -> Vec<f64> {
    pcm.chunks_exact(2).map(|pair| f64::from(i16::from_le_bytes([pair[0], pair[1]]))).collect()
}

#[tokio::test]
async fn pcm_and_wav_are_the_same_samples_at_every_rate() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let whole = speak(&server, AudioEncoding::PcmS16le, 24_000).await.audio().len() as u64 / 2;
    for rate in PCM_RATES {
        let pcm = speak(&server, AudioEncoding::PcmS16le, rate).await;
        let hertz = u64::try_from(rate).unwrap();
        let expected = (whole * hertz + 12_000) / 24_000;
        assert_eq!(pcm.audio().len() as u64 / 2, expected, "{rate} Hz");
        let nanos = follows_without_a_gap(&pcm).as_nanos();
        assert_eq!(nanos, u128::from(expected) * 1_000_000_000 / u128::from(hertz), "{rate} Hz");

        let file = speak(&server, AudioEncoding::Wav, rate).await;
        follows_without_a_gap(&file);
        let audio = file.audio();
        let header = wav::parse(&audio).unwrap().unwrap();
        assert_eq!(
            (header.rate_hertz, header.data_bytes, header.header_bytes),
            (u32::try_from(rate).unwrap(), None, 44)
        );
        assert!(audio[44..] == pcm.audio(), "{rate} Hz: WAV holds other samples than PCM");
    }
}

#[tokio::test]
async fn g711_is_what_another_decoder_hears() {
    if Command::new("ffmpeg").arg("-version").output().is_err() {
        return;
    }
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    for rate in G711_RATES {
        let pcm = speak(&server, AudioEncoding::PcmS16le, rate).await.audio();
        for (encoding, name) in [(AudioEncoding::Mulaw, "mulaw"), (AudioEncoding::Alaw, "alaw")] {
            let companded = speak(&server, encoding, rate).await;
            follows_without_a_gap(&companded);
            let heard = decode(name, rate, companded.audio());
            assert_eq!(heard.len(), pcm.len(), "{name} at {rate} Hz");
            let (signal, noise) =
                samples(&pcm).into_iter().zip(samples(&heard)).fold((0.0, 0.0), |(signal, noise), (said, heard)| {
                    (signal + said * said, noise + (said - heard).powi(2))
                });
            let snr = 10.0 * (signal / noise).log10();
            assert!(snr >= 35.0, "{name} at {rate} Hz: {snr:.1} dB");
        }
    }
}

#[tokio::test]
async fn aac_is_what_another_decoder_hears_whole() {
    /// Samples of a frame, and of the silence in front.
    const FRAME: usize = 1_024;
    if Command::new("ffmpeg").arg("-version").output().is_err() {
        return;
    }
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    for rate in PCM_RATES {
        let pcm = samples(&speak(&server, AudioEncoding::PcmS16le, rate).await.audio());
        let made = speak(&server, AudioEncoding::AacAdts, rate).await;
        follows_without_a_gap(&made);
        for chunk in &made.chunks {
            assert_eq!(chunk.data[..2], [0xFF, 0xF1], "a chunk begins with a frame at {rate} Hz");
        }
        let heard = samples(&heard_by_ffmpeg(&["-f", "aac"], made.audio()));
        assert_eq!(heard.len(), (pcm.len() + FRAME).next_multiple_of(FRAME), "{rate} Hz");
        let (signal, noise) = pcm
            .iter()
            .zip(&heard[FRAME..])
            .fold((0.0, 0.0), |(signal, noise), (said, heard)| (signal + said * said, noise + (said - heard).powi(2)));
        let snr = 10.0 * (signal / noise).log10();
        assert!(snr >= 30.0, "{rate} Hz: {snr:.1} dB");
    }
}

#[tokio::test]
async fn aac_is_made_of_a_voice_that_makes_none_and_of_a_text_of_many_calls() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let mut builtin = encoded(AudioEncoding::AacAdts);
    builtin.model = "builtin".to_owned();
    let long = "One sentence after the other. ".repeat(200);
    for (text, config) in [("Hello.", builtin), (&long[..], encoded(AudioEncoding::AacAdts))] {
        let answer = server.speak(styled(text, config)).await;
        let format = answer.started.as_ref().unwrap().audio_format.as_ref().unwrap();
        assert_eq!((format.encoding(), format.sample_rate_hertz), (AudioEncoding::AacAdts, 24_000));
        assert!(follows_without_a_gap(&answer) > Duration::from_millis(300));
    }
    let calls = upstream.log().records();
    assert!(calls.len() > 1 && calls.iter().all(|call| call.request.format.as_deref() == Some("pcm")));
}

#[tokio::test]
async fn a_clip_of_8_khz_has_true_sizes() {
    let server = Rhapsode::with(&[]).await;
    let format =
        proto::AudioFormat { encoding: AudioEncoding::Wav.into(), sample_rate_hertz: 8_000, ..Default::default() };
    let config = proto::SynthesisConfig { audio_format: Some(format), ..Default::default() };
    let clip = proto::SynthesizeClipRequest { text: "Hello.".to_owned(), config: Some(config), ..Default::default() };
    let audio = server.client().await.synthesize_clip(clip).await.unwrap().into_inner().audio;
    let header = wav::parse(&audio).unwrap().unwrap();
    assert_eq!((header.rate_hertz, header.data_bytes), (8_000, u32::try_from(audio.len() - 44).ok()));
}

/// What ffmpeg makes of raw `bytes` of `name`, as 16-bit PCM.
fn decode(name: &str, rate: i32, bytes: Vec<u8>) -> Vec<u8> {
    heard_by_ffmpeg(&["-f", name, "-ar", &rate.to_string(), "-ac", "1"], bytes)
}

/// What ffmpeg makes of `bytes` that are such `input`, as 16-bit PCM.
fn heard_by_ffmpeg(input: &[&str], bytes: Vec<u8>) -> Vec<u8> {
    let mut decoder = Command::new("ffmpeg")
        .args(["-v", "error"])
        .args(input)
        .args(["-i", "pipe:0", "-f", "s16le", "pipe:1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut sink = decoder.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || sink.write_all(&bytes).unwrap());
    let heard = decoder.wait_with_output().unwrap();
    feeder.join().unwrap();
    assert!(heard.status.success());
    heard.stdout
}
