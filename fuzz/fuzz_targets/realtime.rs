//! Any message of a Realtime server: it is read or passed over, and audio is never more than its base64.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rhapsode::engine::realtime::Event;

fuzz_target!(|message: &str| {
    match Event::read(message) {
        Event::Audio(delta) => {
            let bytes = delta.piece.map_or(0, |audio| audio.len());
            assert!(bytes <= message.len() / 4 * 3, "{bytes} bytes of audio in {} characters", message.len());
        }
        Event::Transcript(delta) => assert!(delta.piece.len() <= message.len()),
        Event::Done(done) => {
            if let Some(tokens) = done.tokens {
                assert!(tokens.cached_input <= tokens.input, "more is cached than was asked");
            }
        }
        _ => {}
    }
});
