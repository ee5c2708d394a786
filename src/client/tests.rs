//! The client against a server on a real socket.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use tonic::Code;
use tonic::Status;

use super::Client;
use super::Event;
use super::Failure;
use super::stand_in::begun;
use super::stand_in::serve;
use super::stand_in::whole;
use crate::proto::SynthesizeRequest;

/// The audio of a call, or what broke it and how many bytes came before.
async fn hear(url: &str) -> Result<Vec<u8>, (usize, Failure)> {
    let client = Client::connect(url).await.unwrap();
    let mut audio = Vec::new();
    let mut speaking = client.synthesize(SynthesizeRequest::default()).await.map_err(|failure| (0, failure))?;
    while let Some(event) = speaking.next().await.map_err(|failure| (audio.len(), failure))? {
        if let Event::Audio(chunk) = event {
            audio.extend_from_slice(&chunk.data);
        }
    }
    Ok(audio)
}

#[tokio::test]
async fn a_whole_stream_is_heard_whole() {
    let url = serve(|_| whole(&[b"ab", b"cd"])).await;
    assert_eq!(hear(&url).await.unwrap(), b"abcd");
}

#[tokio::test]
async fn a_stream_that_ends_early_has_failed_although_its_status_is_ok() {
    let url = serve(|_| begun(&[b"ab"])).await;
    let (bytes, failure) = hear(&url).await.unwrap_err();
    assert_eq!((bytes, failure.code), (2, Code::DataLoss));
}

#[tokio::test]
async fn a_status_is_told_before_and_after_the_first_audio() {
    let url = serve(|_| vec![Err(Status::unavailable("full"))]).await;
    assert_eq!(hear(&url).await.unwrap_err(), (0, Failure::new(Code::Unavailable, "full")));
    let url = serve(|_| [begun(&[b"ab"]), vec![Err(Status::aborted("cut"))]].concat()).await;
    assert_eq!(hear(&url).await.unwrap_err(), (2, Failure::new(Code::Aborted, "cut")));
}

#[tokio::test]
async fn lists_are_read_page_by_page_and_not_for_ever() {
    let client = Client::connect(&serve(|_| Vec::new()).await).await.unwrap();
    let voices = client.voices("m", "").await.unwrap();
    assert_eq!(voices.iter().map(|voice| voice.name.as_str()).collect::<Vec<_>>(), ["m0", "m1", "m2"]);
    assert_eq!(client.models().await.unwrap().len(), 100);
    assert_eq!(client.info().await.unwrap().server_version, "1.2.3");
}

#[tokio::test]
async fn what_is_no_url_is_a_mistake_and_what_does_not_answer_is_unavailable() {
    assert_eq!(Client::connect("not a url").await.unwrap_err().code, Code::InvalidArgument);
    let failure = Client::connect("http://127.0.0.1:1").await.unwrap_err();
    assert_eq!(failure.code, Code::Unavailable);
    assert!(failure.message.contains("refused"), "{failure}");
}
