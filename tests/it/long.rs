//! Texts of 20,000 characters: spoken whole, in order, with nothing audible at the joints, in calls that the upstream
//! accepts.

use rhapsode::proto::AlignmentMode;
use rhapsode::proto::SynthesisConfig;
use rhapsode::text;

use crate::support::server::Rhapsode;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::log::Record;
use crate::support::times::sample;
use crate::support::tones;

const CHARS: usize = 20_000;
/// Samples between two segments that may be quiet: the pause behind a sentence, 0.35 s, and the fades around it.
const LONGEST_PAUSE: usize = 8_700;

const ENGLISH: [&str; 4] = [
    "Dr. Smith paid $3.50 for the 98.6 degree bath at 5 p.m. on Jan. 5, and nobody in the U.S. embassy minded. ",
    "Was it worth it? He said it was! ",
    "See https://example.com/a.b?c=1 for the story, or write to info@example.com. ",
    "The quick brown fox jumps over the lazy dog while the band plays on and on into the small hours. ",
];
const GERMAN: [&str; 3] = [
    "Am 3. Januar zahlte Hrn. Müllers Frau 1.000,50 Euro, z. B. für den Bus Nr. 5 nach Köln. ",
    "War das wirklich so teuer? Ja, das war es! ",
    "Die Straße führt über den Fluss und weiter bis an den Rand der alten Stadt, wo die Züge halten. ",
];
const CHINESE: [&str; 3] = [
    "今天天气很好，我们一起去公园散步。",
    "你觉得怎么样？当然可以！",
    "他说：「价格是3.14元。」然后大家都笑了，因为没有人相信这句话是真的。",
];

/// Twice the usual pace: half of the samples to be looked at.
fn fast() -> SynthesisConfig {
    SynthesisConfig { speed: Some(2.0), ..Default::default() }
}

fn samples(audio: &[u8]) -> Vec<i32> {
    audio.chunks_exact(2).map(|pair| i32::from(i16::from_le_bytes([pair[0], pair[1]]))).collect()
}

/// `sentences` in turn, `CHARS` code points of them.
fn novel(sentences: &[&str]) -> String {
    sentences.iter().cycle().flat_map(|sentence| sentence.chars()).take(CHARS).collect()
}

#[tokio::test]
async fn a_long_text_is_spoken_whole_in_three_languages() {
    for sentences in [&ENGLISH[..], &GERMAN[..], &CHINESE[..]] {
        let text = novel(sentences);
        let upstream = StandIn::start(Options::default()).await.unwrap();
        let server = Rhapsode::before(&upstream.base_url(), &[]).await;
        let answer = server.speak(styled(&text, fast())).await;
        let account = answer.account();
        let calls = upstream.log().records();
        check_calls(&text, &calls);
        let usage = account.usage.unwrap();
        assert_eq!(usage.upstream_call_count, i32::try_from(calls.len()).unwrap());
        assert_eq!(usage.input_character_count, i64::try_from(CHARS).unwrap());
        check_audio(&answer.audio(), &calls);
        check_times(&answer.chunks);
    }
}

/// Every call within both limits, and together the whole text in order.
fn check_calls(text: &str, calls: &[Record]) {
    assert!(calls.len() > 3, "a long text needs several calls");
    for call in calls {
        assert!(call.request.chars <= 4096, "{} characters", call.request.chars);
        assert!(text::tokens::count(&call.request.text) <= 2000);
    }
    let spoken: Vec<&str> = calls.iter().flat_map(|call| call.request.text.split_whitespace()).collect();
    let spoken = spoken.concat();
    let written: String = text.split_whitespace().collect();
    assert!(spoken == written, "the text was not spoken whole and in order");
}

/// The tones of all words in order, no long silence, and no jump that the tones themselves do not make.
fn check_audio(audio: &[u8], calls: &[Record]) {
    let expected: Vec<u32> = calls.iter().flat_map(|call| tones::expected(&call.request.text)).collect();
    let heard = tones::heard(audio);
    let wrong = heard.iter().zip(&expected).position(|(heard, expected)| heard != expected);
    let near = |tones: &[u32]| wrong.map(|at| tones[at.saturating_sub(2)..(at + 5).min(tones.len())].to_vec());
    assert_eq!((heard.len(), near(&heard)), (expected.len(), near(&expected)), "the words are not heard in order");
    let longest = samples(audio).split(|sample| sample.abs() >= 64).map(<[i32]>::len).max().unwrap();
    assert!(longest <= LONGEST_PAUSE, "a pause of {longest} samples");
}

/// Chunks follow each other without a hole in their times.
fn check_times(chunks: &[rhapsode::proto::AudioChunk]) {
    let nanos = |time: prost_types::Duration| time.seconds * 1_000_000_000 + i64::from(time.nanos);
    let mut end = 0;
    for chunk in chunks {
        assert!(chunk.data.len() <= 32 * 1024);
        assert_eq!(nanos(chunk.start_offset.unwrap()), end);
        end += nanos(chunk.duration.unwrap());
    }
}

#[tokio::test]
async fn a_joint_between_loud_edges_does_not_click() {
    let upstream = StandIn::start(Options { dc_offset: Some(3000), ..Options::default() }).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[("RHAPSODE__SEGMENTATION__SEGMENT_CHARS", "100")]).await;
    let config = SynthesisConfig { alignment_mode: AlignmentMode::Segment.into(), ..fast() };
    let answer = server.speak(styled(&novel(&ENGLISH)[..800], config)).await;
    answer.account();
    let samples = samples(&answer.audio());
    let spans: Vec<_> = answer.alignments.iter().flat_map(|alignment| &alignment.spans).collect();
    assert!(spans.len() > 3);
    for pair in spans.windows(2) {
        let (end, begin) = (sample(pair[0].end_offset), sample(pair[1].start_offset));
        let edge =
            |range: std::ops::Range<usize>| samples[range].windows(2).map(|pair| (pair[1] - pair[0]).abs()).max();
        // The offset alone would make a step of 3000 there; the steepest tone of this voice makes one of 6,000 within itself.
        assert!(edge(end..begin) < Some(150), "a click between the samples {end} and {begin}");
        assert!(
            edge(end - 6..end) < Some(1_500) && edge(begin..begin + 6) < Some(1_500),
            "a hard edge at {end} or {begin}"
        );
        assert!(edge(begin + 240..begin + 480) > Some(300), "only the joint itself is faded");
    }
}

#[tokio::test]
async fn the_first_segment_is_short_and_later_ones_are_long() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    server.speak(styled(&novel(&ENGLISH), fast())).await.account();
    let chars: Vec<usize> = upstream.log().records().iter().map(|call| call.request.chars).collect();
    assert!(chars[0] <= 250, "{chars:?}");
    assert!(chars[1..chars.len() - 1].iter().all(|&chars| chars >= 600), "{chars:?}");
}
