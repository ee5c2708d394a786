//! A model that rewords now and then, and one that turns the meaning round.

use rhapsode::proto::WarningCode;
use serde_json::json;
use tonic::Code;

use super::TEXT;
use super::read;
use super::readings;
use super::sound;
use super::stage;
use super::warned;
use crate::support::details::Details;
use crate::support::stand_in::Options;
use crate::support::stand_in::log::End;
use crate::support::stand_in::log::Record;
use crate::support::stand_in::realtime::reword::Reword;

const CALLS: usize = 60;

#[tokio::test]
async fn of_many_calls_no_reworded_beginning_is_heard() {
    let plain = {
        let (_upstream, server) = stage(Options::default(), &[]).await;
        sound(&read(&server, TEXT).await)
    };
    for mode in [Reword::Preamble, Reword::Answer, Reword::Paraphrase] {
        let options = Options { realtime_reword_rate: 0.3, realtime_reword: mode, ..Options::default() };
        let (upstream, server) = stage(options, &[]).await;
        let mut unread = 0;
        for _ in 0..CALLS {
            let answer = read(&server, TEXT).await;
            match &answer.error {
                None => assert!(sound(&answer) == plain, "{mode:?}: other words were heard"),
                Some(error) => {
                    assert_eq!(Details::of(error).meaning(), (Code::Unavailable, "UPSTREAM_DEVIATED"), "{mode:?}");
                    assert!(sound(&answer).is_empty(), "{mode:?}");
                    unread += 1;
                }
            }
        }
        let reworded = readings(&upstream).iter().filter(|record| was_reworded(record)).count();
        // Three tries of which three are reworded, at three in ten, are one call in 37.
        assert!(reworded > CALLS / 5 && unread <= CALLS / 10, "{mode:?}: {reworded} reworded, {unread} unread");
        let whole = readings(&upstream).iter().filter(|record| record.end.unwrap().how == End::Completed).count();
        assert!(whole >= CALLS - unread, "{mode:?}: {whole}");
        assert_eq!(readings(&upstream).len(), CALLS - unread + reworded, "{mode:?}: what was reworded is asked again");
    }
}

fn was_reworded(record: &Record) -> bool {
    record.realtime.as_ref().unwrap().spoken != record.request.text
}

#[tokio::test]
async fn a_negation_that_is_lost_is_never_heard_early_and_told_late() {
    let negation = json!({"kind": "realtime_reword", "mode": "negation"});
    for text in ["It is not late, and the boat is here.", "It is late, and the boat is here."] {
        let (upstream, server) = stage(Options::default(), &[]).await;
        let plain = sound(&read(&server, text).await);
        upstream.script(json!([negation, negation])).unwrap();
        let answer = read(&server, text).await;
        assert!(answer.error.is_none() && answer.warnings.len() == 1, "{text}: {:?}", answer.warnings);
        assert!(sound(&answer) == plain, "{text}: the opposite was heard");
        assert_eq!(answer.summary.unwrap().usage.unwrap().retry_count, 2, "{text}");
    }

    let late = format!("{}It is not the last of them.", "The boat came in at nine. ".repeat(5));
    let (upstream, server) = stage(Options::default(), &[]).await;
    upstream.script(json!([negation])).unwrap();
    let answer = read(&server, &late).await;
    assert!(answer.error.is_none(), "{:?}", answer.error);
    let warnings = warned(&answer, WarningCode::TextDeviated);
    assert_eq!((warnings.len(), answer.warnings.len()), (1, 1), "{:?}", answer.warnings);
    assert!(warnings[0].contains("\"not\""), "{warnings:?}");
    assert_eq!(readings(&upstream).len(), 1, "what was heard is not read again");
}
