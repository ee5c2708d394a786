//! Reading answers of upstreams, of which nobody knows how long they are.

use bytes::Bytes;
use bytes::BytesMut;
use reqwest::Response;

/// The body as far as it comes and fits into `max_bytes`; a cut error is still an error that can be read.
pub(in crate::engine) async fn read_up_to(answer: &mut Response, max_bytes: usize) -> Bytes {
    let mut body = BytesMut::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        let fits = chunk.len().min(max_bytes - body.len());
        body.extend_from_slice(&chunk[..fits]);
        if fits < chunk.len() {
            break;
        }
    }
    body.freeze()
}
