//! Bytes that are no request: frames and messages as only a broken or an evil client would send them.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;

use bytes::Bytes;
use http_body::Body;
use http_body::Frame;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use prost::Message;
use rand::Rng;
use rand::RngExt;
use rand::rngs::StdRng;
use rhapsode::proto::AudioEncoding;
use tonic::Code;
use tonic::Status;

use crate::support::server::encoded;
use crate::support::server::styled;

/// What goes over the wire after the HTTP/2 headers.
#[derive(Clone, Debug)]
pub(super) struct Wire {
    pub(super) what: String,
    method: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
}

/// A client without gRPC's manners.
pub(super) type RawClient = Client<HttpConnector, Once>;

pub(super) fn raw_client() -> RawClient {
    Client::builder(TokioExecutor::new()).http2_only(true).build_http()
}

impl Wire {
    fn new(what: impl Into<String>, body: Vec<u8>) -> Self {
        Self { what: what.into(), method: "Synthesize", headers: Vec::new(), body }
    }

    /// Sends it, reads the answer to its end, and returns the status that it carried.
    pub(super) async fn send(&self, client: &RawClient, server: SocketAddr) -> Status {
        let mut request = http::Request::post(format!("http://{server}/rhapsode.v1.SpeechService/{}", self.method))
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        let response = client.request(request.body(Once(Some(self.body.clone().into()))).unwrap()).await.unwrap();
        if response.status() != 200 {
            // gRPC has a place for this too: https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
            return Status::unimplemented(response.status().to_string());
        }
        let (head, mut body) = response.into_parts();
        let mut status = Status::from_header_map(&head.headers);
        while let Some(frame) = next(&mut body).await {
            status = frame.trailers_ref().and_then(Status::from_header_map).or(status);
        }
        status.unwrap_or_else(|| Status::new(Code::Unknown, "no status came"))
    }
}

async fn next(body: &mut hyper::body::Incoming) -> Option<Frame<Bytes>> {
    std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await.map(Result::unwrap)
}

/// Everything that is wrong in its own way, and `count` messages at random.
pub(super) fn all(dice: &mut StdRng, count: usize) -> Vec<Wire> {
    let mut wires: Vec<Wire> =
        messages().into_iter().map(|(what, message)| Wire::new(what, framed(&message))).chain(frames()).collect();
    wires.extend(headers());
    wires.extend((0..count).map(|index| {
        let mut message = vec![0; dice.random_range(0..200)];
        dice.fill_bytes(&mut message);
        Wire::new(format!("random bytes {index}"), framed(&message))
    }));
    wires.extend((0..count).map(|index| {
        let mut message = healthy();
        let at = dice.random_range(0..message.len());
        message[at] ^= 1 << dice.random_range(0..8);
        Wire::new(format!("a flipped bit {index}"), framed(&message))
    }));
    wires
}

fn healthy() -> Vec<u8> {
    styled("Hello.", encoded(AudioEncoding::Wav)).encode_to_vec()
}

/// Messages in whole frames.
fn messages() -> Vec<(String, Vec<u8>)> {
    let mut messages: Vec<(String, Vec<u8>)> =
        (1..healthy().len()).map(|end| (format!("cut at {end}"), healthy()[..end].to_vec())).collect();
    let mut add = |what: &str, message: Vec<u8>| messages.push((what.to_owned(), message));
    add("an unknown field", [&healthy()[..], &[0xfa, 0x01, 3, 1, 2, 3]].concat());
    add("field number 0", vec![0x02, 1, b'a']);
    add("the largest field number", vec![0xfa, 0xff, 0xff, 0xff, 0x0f, 1, b'a']);
    add("a field number past the largest", vec![0xfa, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, b'a']);
    add("wire type 7", vec![0x0f]);
    add("text as a number", vec![0x08, 1]);
    add("text as eight bytes", vec![0x09, 1, 2, 3, 4, 5, 6, 7, 8]);
    add("config as text", vec![0x12, 3, 0xff, 0xff, 0xff]);
    add("an endless number", vec![0xff; 64]);
    add("text longer than the message", vec![0x0a, 0x7f, b'a']);
    add("text of 2^64 bytes", vec![0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
    add("text that is not UTF-8", vec![0x0a, 2, 0xc3, 0x28]);
    add("half of a surrogate pair", vec![0x0a, 3, 0xed, 0xa0, 0x80]);
    add("groups in groups", vec![0xfb; 100_000]);
    add("groups without an end", [[0xfb, 0x01].repeat(50_000), vec![0x08]].concat());
    add("an end without a group", vec![0x1c]);
    add("the same field again and again", b"\x0a\x01a".repeat(50_000));
    add("the same config again and again", [b"\x0a\x06Hello.".to_vec(), b"\x12\x02\x60\x00".repeat(50_000)].concat());
    add("a thousand unknown fields", [healthy(), b"\xfa\x06\x01x".repeat(1_000)].concat());
    add("a speed of NaN by its bits", [&healthy()[..], b"\x12\x09\x21\xff\xff\xff\xff\xff\xff\xff\xff"].concat());
    messages
}

/// Frames that are wrong whatever is in them.
fn frames() -> Vec<Wire> {
    let framed = framed(&healthy());
    let with_head = |head: [u8; 5]| [&head[..], &healthy()].concat();
    let mut wires: Vec<Wire> =
        (0..5).map(|end| Wire::new(format!("{end} bytes of a frame"), framed[..end].to_vec())).collect();
    wires.extend([
        Wire::new("a frame of 4 GiB", with_head([0, 0xff, 0xff, 0xff, 0xff])),
        Wire::new("a frame of 2 GiB", with_head([0, 0x7f, 0xff, 0xff, 0xff])),
        Wire::new("a frame of one byte more", with_head([0, 0, 0, 0, 0xff])),
        Wire::new("compressed by nobody", with_head([1, 0, 0, 0, 20])),
        Wire::new("flag 2", with_head([2, 0, 0, 0, 20])),
        Wire::new("flag 255", with_head([255, 0, 0, 0, 20])),
        Wire::new("two messages", framed.repeat(2)),
        Wire::new("a message and half of one", [&framed[..], &framed[..8]].concat()),
        Wire::new("a thousand empty messages", vec![0; 5_000]),
        Wire::new("a page of HTML", b"<!DOCTYPE html><html></html>".to_vec()),
    ]);
    wires
}

/// Calls whose headers lie.
fn headers() -> Vec<Wire> {
    let lies: [&[(&str, &str)]; 12] = [
        &[("grpc-encoding", "gzip")],
        &[("grpc-encoding", "nonsense")],
        &[("grpc-timeout", "")],
        &[("grpc-timeout", "99999999H")],
        &[("grpc-timeout", "999999999999999999999H")],
        &[("grpc-timeout", "-1S")],
        &[("grpc-timeout", "1.5S")],
        &[("grpc-timeout", "0n")],
        &[("grpc-timeout", "S")],
        &[("traceparent", "00-zz-zz-01")],
        &[("traceparent", "ff-00000000000000000000000000000000-0000000000000000-00"), ("tracestate", ",,,=")],
        &[("grpc-trace-bin", "!!!"), ("x-stand-in-fault", "quota"), ("authorization", "Bearer \u{7f}x")],
    ];
    let mut wires: Vec<Wire> = Vec::new();
    for lie in lies {
        let headers: Vec<_> =
            lie.iter().copied().filter(|(_, value)| value.parse::<http::HeaderValue>().is_ok()).collect();
        wires.push(Wire { headers, ..Wire::new(format!("{lie:?}"), framed(&healthy())) });
    }
    for method in [
        "",
        "synthesize",
        "Synthesize/x",
        "StreamingSynthesize",
        "%00",
        "SynthesizeClip",
        "ListVoices",
        "GetServiceInfo",
    ] {
        wires.push(Wire { method, ..Wire::new(format!("method {method:?}"), framed(&[0xff; 40])) });
    }
    wires
}

fn framed(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[0][..], &length, message].concat()
}

/// A body of one piece.
pub(super) struct Once(Option<Bytes>);

impl Body for Once {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }
}
