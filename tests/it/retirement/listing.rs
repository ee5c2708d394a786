//! What `ListModels` says of models that end.

use rhapsode::proto;

use super::AT_OPENAI;
use super::MINI;
use super::SUCCESSOR;
use super::UNASKED;
use super::listed;
use super::listed_as;
use super::retires_on;
use super::stage;

#[tokio::test]
async fn a_model_is_listed_as_itself_until_its_day_and_as_its_successor_from_then_on() {
    for (today, is_there) in [("2027-01-05", true), ("2027-01-06", false)] {
        let (_upstream, server) = stage(today, &[AT_OPENAI, UNASKED]).await;
        let model = listed(&server, "tts-1").await;
        assert_eq!(retires_on(&model).as_deref(), Some("2027-01-06"));
        assert_eq!(model.native, is_there, "{today}");
        assert_eq!(model.spoken_by, if is_there { "" } else { SUCCESSOR });
        // What can be had is what whoever answers can do.
        assert_eq!(
            (model.supports_instructions, model.max_call_chars),
            if is_there { (false, 4096) } else { (true, 600) }
        );
        let successor = listed(&server, SUCCESSOR).await;
        assert_eq!((successor.native, successor.spoken_by.as_str(), retires_on(&successor)), (true, "", None));
        let info = server.client().await.get_service_info(proto::GetServiceInfoRequest::default()).await.unwrap();
        let passes = info.into_inner().formats.iter().any(|format| format.passthrough);
        assert_eq!(passes, is_there, "the successor makes nothing but PCM");
    }
}

#[tokio::test]
async fn a_day_is_listed_where_it_holds_and_once_it_is_told() {
    let (_upstream, server) = stage("2027-02-01", &[UNASKED]).await;
    let model = listed(&server, MINI).await;
    assert_eq!((model.native, retires_on(&model)), (true, None), "the catalogue's day is OpenAI's, not this server's");

    // The same server, asked.
    let (_upstream, server) = stage("2027-02-01", &[]).await;
    let model = listed_as(&server, MINI, |model| model.retire_time.is_some()).await;
    assert_eq!(retires_on(&model).as_deref(), Some("2027-01-06"));
    assert_eq!((model.native, model.spoken_by.as_str()), (false, SUCCESSOR));
}

#[tokio::test]
async fn without_a_key_the_list_says_who_answers() {
    let server = crate::support::server::Rhapsode::with(&[]).await;
    let model = listed(&server, MINI).await;
    assert_eq!((model.native, model.spoken_by.as_str()), (false, "builtin"));
    assert_eq!(retires_on(&model).as_deref(), Some("2027-01-06"));
}
