//! What has come for one reading and has not been taken yet.
//!
//! A session carries several readings, and cannot be stopped for one of them; so what comes is kept here, up to a bound.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::task::Context;
use std::task::Poll;
use std::task::Waker;

use bytes::Bytes;

use crate::error::Error;

use super::event::Done;

/// One thing that is said of a reading.
#[derive(Debug)]
pub(super) enum Said {
    /// The server's name of it.
    Begun(String),
    /// More of what will be heard, as text.
    Transcript(String),
    /// Audio, as the server encodes it; none if it could not be read.
    Audio(Option<Bytes>),
    /// It is over.
    Done(Box<Done>),
    /// It failed before that.
    Failed(Error),
}

/// A bounded queue from a session to whoever listens to one of its readings.
#[derive(Default)]
pub(super) struct Inbox {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    said: VecDeque<Said>,
    bytes: usize,
    /// The last thing has been said.
    is_over: bool,
    waker: Option<Waker>,
}

impl Inbox {
    /// Says one thing; false if more than `max_bytes` would wait, and the reading has to be given up.
    pub(super) fn say(&self, said: Said, max_bytes: usize) -> bool {
        let mut state = self.lock();
        if state.is_over {
            return true;
        }
        let bytes = size(&said);
        if state.bytes + bytes > max_bytes {
            return false;
        }
        state.bytes += bytes;
        state.is_over = matches!(said, Said::Done(_) | Said::Failed(_));
        state.said.push_back(said);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
        true
    }

    /// The next thing; pending until there is one.
    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Poll<Said> {
        let mut state = self.lock();
        if let Some(said) = state.said.pop_front() {
            state.bytes -= size(&said);
            return Poll::Ready(said);
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(said: &Said) -> usize {
    match said {
        Said::Transcript(text) | Said::Begun(text) => text.len(),
        Said::Audio(audio) => audio.as_ref().map_or(0, Bytes::len),
        Said::Done(_) | Said::Failed(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::task::Context;
    use std::task::Poll;
    use std::task::Waker;

    use bytes::Bytes;

    use super::Inbox;
    use super::Said;

    #[test]
    fn what_waits_is_bounded_and_what_was_taken_makes_room() {
        let (inbox, mut cx) = (Inbox::default(), Context::from_waker(Waker::noop()));
        let audio = || Said::Audio(Some(Bytes::from_static(&[0; 60])));
        assert!(inbox.say(audio(), 100));
        assert!(!inbox.say(audio(), 100), "more than the bound");
        assert!(matches!(inbox.poll(&mut cx), Poll::Ready(Said::Audio(_))));
        assert!(inbox.say(audio(), 100));
        assert!(inbox.say(Said::Done(Box::default()), 100));
        assert!(inbox.say(audio(), 100), "behind the end nothing counts");
        assert!(matches!(inbox.poll(&mut cx), Poll::Ready(Said::Audio(_))));
        assert!(matches!(inbox.poll(&mut cx), Poll::Ready(Said::Done(_))));
        assert!(inbox.poll(&mut cx).is_pending());
    }
}
