//! What has come for one reading and has not been taken yet.
//!
//! A session carries several readings, and cannot be stopped for one of them; so what comes is kept here, up to a bound.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::task::Context;
use std::task::Poll;
use std::task::Waker;

use bytes::Bytes;

use crate::error::Error;
use crate::speech::Ledger;

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
    /// Nobody listens any more, and nobody has heard anything: where to book what it has used all the same.
    unheard: Option<Arc<Ledger>>,
}

impl Inbox {
    /// Says one thing; false if more than `max_bytes` would wait, and the reading has to be given up.
    pub(super) fn say(&self, said: Said, max_bytes: usize) -> bool {
        let mut state = self.lock();
        if state.is_over {
            return true;
        }
        if let Some(ledger) = &state.unheard {
            book(&said, ledger);
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

    /// Nobody will take anything more, and nobody has heard anything. What the reading has used is booked in `ledger` when the
    /// server tells it, for it will be billed.
    pub(super) fn leave_unheard(&self, ledger: &Arc<Ledger>) {
        let mut state = self.lock();
        state.unheard = Some(Arc::clone(ledger));
        for said in &std::mem::take(&mut state.said) {
            book(said, ledger);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn book(said: &Said, ledger: &Ledger) {
    if let Said::Done(done) = said
        && let Some(tokens) = done.tokens
    {
        ledger.count_tokens(tokens, true);
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

    use std::sync::Arc;

    use super::Done;
    use super::Inbox;
    use super::Said;
    use crate::speech::Ledger;
    use crate::speech::Tokens;

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

    #[test]
    fn what_nobody_heard_is_booked_whenever_its_end_is_told() {
        let tokens = Tokens { input: 5, output: 7, ..Tokens::default() };
        let done = || Said::Done(Box::new(Done { tokens: Some(tokens), ..Done::default() }));
        for is_late in [false, true] {
            let (inbox, ledger) = (Inbox::default(), Arc::<Ledger>::default());
            if !is_late {
                inbox.say(done(), 100);
            }
            inbox.leave_unheard(&ledger);
            if is_late {
                inbox.say(Said::Transcript("more".to_owned()), 100);
                inbox.say(done(), 100);
            }
            assert_eq!(ledger.tokens(), tokens, "{is_late}");
        }
    }
}
