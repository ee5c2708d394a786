//! Sorts what a session says to its readings.
//!
//! Readings of one session run at the same time, and their messages come mixed. A reading has two names: the label that we
//! gave it, and the one that the server gives it when it begins. A reading that is given up before it has begun cannot be
//! ended yet, because ending it takes the server's name; it is ended as soon as that is known.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::engine::upstream::Origin;
use crate::error::Error;
use crate::error::Kind;

use super::command;
use super::event::Event;
use super::inbox::Inbox;
use super::inbox::Said;

/// How long a server may take to end a reading after it was told to.
const LINGER: Duration = Duration::from_secs(10);

/// How long a server may take to begin a reading that nobody wants any more.
const MAX_LATENESS: Duration = Duration::from_mins(1);

/// The readings of one session that are not over.
pub(super) struct Desk {
    readings: Vec<Reading>,
    origin: Origin,
    max_bytes: usize,
    /// An error may have been about one of several readings, so that their order says nothing any more.
    is_unclear: bool,
}

struct Reading {
    label: u64,
    /// The server's name, once it has begun.
    response: Option<String>,
    inbox: Arc<Inbox>,
    /// Items that are remarks of the model's own.
    remarks: Vec<String>,
    /// When nobody wanted to hear it any more.
    dropped: Option<Instant>,
    /// When the server was told so.
    cancelled: Option<Instant>,
}

impl Desk {
    /// Nothing is read yet. More than `max_bytes` must not wait for any one listener.
    pub(super) fn new(origin: Origin, max_bytes: usize) -> Self {
        Self { readings: Vec::new(), origin, max_bytes, is_unclear: false }
    }

    /// A reading has been asked for.
    pub(super) fn expect(&mut self, label: u64, inbox: Arc<Inbox>) {
        let remarks = Vec::new();
        self.readings.push(Reading { label, response: None, inbox, remarks, dropped: None, cancelled: None });
    }

    /// Nobody wants to hear a reading any more. What to tell the server, if it can be told already.
    pub(super) fn drop_reading(&mut self, label: u64, now: Instant) -> Option<String> {
        let reading = self.readings.iter_mut().find(|reading| reading.label == label)?;
        reading.dropped.get_or_insert(now);
        let cancel = reading.response.as_deref().map(command::response_cancel)?;
        reading.cancelled.get_or_insert(now);
        Some(cancel)
    }

    /// How many readings are not over.
    pub(super) fn len(&self) -> usize {
        self.readings.len()
    }

    /// Whether no more should be read here: the server has forgotten to end a reading, or it is not known which one it refused.
    pub(super) fn is_spoilt(&self, now: Instant) -> bool {
        let is_over = |since: Option<Instant>, most: Duration| since.is_some_and(|since| now - since > most);
        let is_stuck = |reading: &Reading| match reading.response {
            Some(_) => is_over(reading.cancelled, LINGER),
            None => is_over(reading.dropped, LINGER + MAX_LATENESS),
        };
        self.is_unclear || self.readings.iter().any(is_stuck)
    }

    /// Whether anybody listens to what is read.
    pub(super) fn is_heard(&self) -> bool {
        self.readings.iter().any(|reading| reading.dropped.is_none())
    }

    /// The server says something. What to answer, if anything.
    pub(super) fn hear(&mut self, event: Event, now: Instant) -> Option<String> {
        match event {
            Event::Created { response, label } => self.begin(response, label.as_deref(), now),
            Event::Item { response, item, is_commentary } => {
                let reading = self.by_response(&response).filter(|_| is_commentary)?;
                reading.remarks.push(item);
                None
            }
            Event::Transcript(delta) => self.tell(&delta.response, &delta.item, Said::Transcript(delta.piece), now),
            Event::Audio(delta) => self.tell(&delta.response, &delta.item, Said::Audio(delta.piece), now),
            Event::Done(done) => {
                let label = done.label.as_deref().and_then(|label| label.parse().ok());
                let place = self.place(&done.response).or_else(|| self.labelled(label))?;
                let reading = self.readings.swap_remove(place);
                reading.inbox.say(Said::Done(done), usize::MAX);
                None
            }
            Event::Error { about, error } => {
                self.refuse(about.as_deref(), &error);
                None
            }
            Event::SessionCreated(_) | Event::SessionUpdated | Event::Other => None,
        }
    }

    /// The session is over; so is everything that was read on it.
    pub(super) fn close(&mut self, error: &dyn Fn() -> Error) {
        for reading in self.readings.drain(..) {
            reading.inbox.say(Said::Failed(error()), usize::MAX);
        }
    }

    fn begin(&mut self, response: String, label: Option<&str>, now: Instant) -> Option<String> {
        if self.place(&response).is_some() {
            return None;
        }
        let place = match label {
            Some(label) => self.labelled(label.parse().ok()),
            // Where the server does not repeat the label, readings begin in the order in which they were asked for.
            None if self.is_unclear => None,
            None => self.readings.iter().position(|reading| reading.response.is_none()),
        };
        // What begins for nobody is not to be paid for, and never to be heard by somebody else.
        let Some(place) = place else { return Some(command::response_cancel(&response)) };
        let reading = &mut self.readings[place];
        reading.inbox.say(Said::Begun(response.clone()), usize::MAX);
        let cancel = reading.dropped.map(|_| command::response_cancel(&response));
        reading.cancelled = reading.dropped.map(|_| now);
        reading.response = Some(response);
        cancel
    }

    /// Something is said in a reading. It is given up if too much of it waits to be heard.
    fn tell(&mut self, response: &str, item: &str, said: Said, now: Instant) -> Option<String> {
        let (max_bytes, origin) = (self.max_bytes, self.origin.clone());
        let reading = self.by_response(response)?;
        if reading.dropped.is_some() || reading.remarks.iter().any(|remark| remark == item) {
            return None;
        }
        if reading.inbox.say(said, max_bytes) {
            return None;
        }
        let error = origin.unusable("more audio came than may wait to be heard (max_reading_bytes)").with_retry(false);
        reading.inbox.say(Said::Failed(error), usize::MAX);
        (reading.dropped, reading.cancelled) = (Some(now), Some(now));
        Some(command::response_cancel(response))
    }

    /// A message of ours was refused. If it is not said which, it was one of those that nothing has come of yet.
    fn refuse(&mut self, about: Option<&str>, error: &Value) {
        let is_late_cancel = error.get("code").and_then(Value::as_str) == Some("response_cancel_not_active");
        if is_late_cancel || about == Some(command::SETUP) {
            return;
        }
        let label = about.and_then(command::asked);
        let is_meant = |reading: &Reading| match (about, label) {
            (Some(_), label) => label == Some(reading.label),
            (None, _) => reading.response.is_none(),
        };
        let (origin, mut refused) = (&self.origin, Vec::new());
        self.readings.retain_mut(|reading| {
            let is_refused = is_meant(reading);
            if is_refused {
                refused.push(Arc::clone(&reading.inbox));
            }
            !is_refused
        });
        // It may have been about another one as well, which is still to begin then, or is over.
        self.is_unclear |= about.is_none() && !refused.is_empty() && refused.len() + self.readings.len() > 1;
        for inbox in refused {
            inbox.say(Said::Failed(origin.reported(error)), usize::MAX);
        }
    }

    fn by_response(&mut self, response: &str) -> Option<&mut Reading> {
        let place = self.place(response)?;
        self.readings.get_mut(place)
    }

    fn place(&self, response: &str) -> Option<usize> {
        self.readings.iter().position(|reading| reading.response.as_deref() == Some(response))
    }

    fn labelled(&self, label: Option<u64>) -> Option<usize> {
        let label = label?;
        self.readings.iter().position(|reading| reading.label == label && reading.response.is_none())
    }
}

/// Why readings end when their session does.
pub(super) fn lost(origin: &Origin, why: &str) -> Error {
    origin.failed(Kind::UpstreamUnavailable, why)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::Arc;
    use std::task::Context;
    use std::task::Poll;
    use std::task::Waker;

    use bytes::Bytes;
    use serde_json::json;
    use tokio::time::Instant;

    use super::Desk;
    use super::Inbox;
    use super::Origin;
    use super::Said;
    use crate::engine::realtime::event::Delta;
    use crate::engine::realtime::event::Done;
    use crate::engine::realtime::event::Event;
    use crate::error::Kind;

    fn desk(labels: &[u64]) -> (Desk, Vec<Arc<Inbox>>) {
        let mut desk = Desk::new(Origin::new("test"), 1000);
        let inboxes: Vec<Arc<Inbox>> = labels.iter().map(|_| Arc::default()).collect();
        labels.iter().zip(&inboxes).for_each(|(label, inbox)| desk.expect(*label, Arc::clone(inbox)));
        (desk, inboxes)
    }

    fn created(response: &str, label: Option<&str>) -> Event {
        Event::Created { response: response.into(), label: label.map(str::to_owned) }
    }

    fn audio(response: &str, item: &str, byte: u8) -> Event {
        let piece = Some(Bytes::from(vec![byte]));
        Event::Audio(Delta { response: response.into(), item: item.into(), piece })
    }

    fn done(response: &str) -> Event {
        Event::Done(Box::new(Done { response: response.into(), ..Done::default() }))
    }

    fn heard(inbox: &Inbox) -> Vec<Said> {
        let mut all = Vec::new();
        while let Poll::Ready(said) = inbox.poll(&mut Context::from_waker(Waker::noop())) {
            all.push(said);
        }
        all
    }

    fn bytes(said: &[Said]) -> Vec<u8> {
        let audio = said.iter().filter_map(|said| match said {
            Said::Audio(Some(audio)) => Some(audio[0]),
            _ => None,
        });
        audio.collect()
    }

    #[test]
    fn mixed_readings_are_told_apart() {
        let (mut desk, inboxes) = desk(&[1, 2]);
        let now = Instant::now();
        for event in [
            created("b", Some("2")),
            created("a", Some("1")),
            audio("a", "i", 1),
            audio("b", "j", 2),
            audio("x", "k", 9),
            audio("b", "j", 3),
            done("b"),
            audio("a", "i", 4),
            done("a"),
        ] {
            assert_eq!(desk.hear(event, now), None);
        }
        assert_eq!((bytes(&heard(&inboxes[0])), bytes(&heard(&inboxes[1]))), (vec![1, 4], vec![2, 3]));
        assert_eq!(desk.len(), 0);
    }

    #[test]
    fn without_labels_readings_begin_in_their_order() {
        let (mut desk, inboxes) = desk(&[1, 2]);
        for event in [created("a", None), created("b", None), audio("b", "i", 2), audio("a", "j", 1)] {
            desk.hear(event, Instant::now());
        }
        assert_eq!((bytes(&heard(&inboxes[0])), bytes(&heard(&inboxes[1]))), (vec![1], vec![2]));
    }

    #[test]
    fn a_reading_dropped_before_it_began_is_ended_when_it_does() {
        let (mut desk, inboxes) = desk(&[1]);
        let now = Instant::now();
        assert_eq!(desk.drop_reading(1, now), None);
        let cancel = desk.hear(created("a", Some("1")), now).unwrap();
        assert!(cancel.contains("response.cancel") && cancel.contains("\"a\""), "{cancel}");
        desk.hear(audio("a", "i", 1), now);
        assert!(bytes(&heard(&inboxes[0])).is_empty(), "what comes late is nobody's");
        assert_eq!(desk.len(), 1, "it takes its place until the server has ended it");
        desk.hear(done("a"), now);
        assert_eq!(desk.len(), 0);
    }

    #[test]
    fn a_remark_of_the_models_own_is_not_heard() {
        let (mut desk, inboxes) = desk(&[1]);
        for event in [
            created("a", Some("1")),
            Event::Item { response: "a".into(), item: "x".into(), is_commentary: true },
            audio("a", "x", 9),
            Event::Item { response: "a".into(), item: "y".into(), is_commentary: false },
            audio("a", "y", 1),
        ] {
            desk.hear(event, Instant::now());
        }
        assert_eq!(bytes(&heard(&inboxes[0])), [1]);
    }

    #[test]
    fn an_error_ends_the_reading_that_it_is_about_or_all_that_it_may_be_about() {
        let error = json!({"code": "rate_limit_exceeded", "type": "x"});
        let (mut desk, inboxes) = desk(&[1, 2]);
        desk.hear(Event::Error { about: Some("read-2".into()), error: error.clone() }, Instant::now());
        assert!(heard(&inboxes[0]).is_empty());
        assert!(matches!(&heard(&inboxes[1])[..], [Said::Failed(error)] if error.kind() == Kind::UpstreamRateLimited));
        desk.hear(created("a", Some("1")), Instant::now());
        desk.hear(Event::Error { about: None, error: error.clone() }, Instant::now());
        assert_eq!(desk.len(), 1, "what has begun was not refused");
        assert!(!desk.is_spoilt(Instant::now()));
        let refused_cancel = Event::Error { about: Some("cancel".into()), error: json!({"code": "whatever"}) };
        desk.hear(refused_cancel, Instant::now());
        assert_eq!(desk.len(), 1, "a cancel is no reading");
        let late = json!({"code": "response_cancel_not_active"});
        desk.hear(Event::Error { about: None, error: late }, Instant::now());
        assert_eq!(desk.len(), 1);
    }

    #[test]
    fn what_begins_for_nobody_is_ended_and_not_given_to_another() {
        let (mut desk, inboxes) = desk(&[1, 2]);
        let now = Instant::now();
        // The server refused the first alone, and did not say so.
        desk.hear(Event::Error { about: None, error: json!({"code": "server_error"}) }, now);
        assert_eq!(desk.len(), 0);
        assert!(desk.is_spoilt(now), "nobody knows which of them will begin");
        let third = Arc::<Inbox>::default();
        desk.expect(3, Arc::clone(&third));
        let cancel = desk.hear(created("b", Some("2")), now).unwrap();
        assert!(cancel.contains("response.cancel") && cancel.contains("\"b\""), "{cancel}");
        desk.hear(audio("b", "i", 2), now);
        assert!(desk.hear(created("c", Some("3")), now).is_none());
        assert!(desk.hear(created("c", Some("3")), now).is_none(), "told twice");
        desk.hear(audio("c", "i", 3), now);
        assert_eq!(bytes(&heard(&third)), [3]);
        assert!(bytes(&heard(&inboxes[1])).is_empty());
    }

    #[test]
    fn where_a_refusal_is_unclear_nothing_is_told_by_its_order_any_more() {
        let (mut desk, inboxes) = desk(&[1, 2]);
        let now = Instant::now();
        desk.hear(created("a", None), now);
        // It may be about the reading that sounds, or about the one that is to begin.
        desk.hear(Event::Error { about: None, error: json!({"code": "server_error"}) }, now);
        assert_eq!(desk.len(), 1);
        assert!(desk.is_spoilt(now));
        let third = Arc::<Inbox>::default();
        desk.expect(3, Arc::clone(&third));
        let cancel = desk.hear(created("b", None), now).unwrap();
        assert!(cancel.contains("\"b\""), "{cancel}");
        desk.hear(audio("b", "i", 2), now);
        desk.hear(audio("a", "j", 1), now);
        assert_eq!((bytes(&heard(&inboxes[0])), bytes(&heard(&third))), (vec![1], vec![]));
        assert!(desk.is_heard());
    }

    #[test]
    fn a_server_has_time_to_end_a_reading_from_when_it_was_told() {
        let (mut desk, _inboxes) = desk(&[1, 2]);
        let begun = Instant::now();
        desk.hear(created("a", Some("1")), begun);
        desk.drop_reading(2, begun);
        let later = |seconds| begun + std::time::Duration::from_secs(seconds);
        assert!(!desk.is_spoilt(later(60)), "it waits behind the other");
        desk.hear(created("b", Some("2")), later(60));
        assert!(!desk.is_spoilt(later(70)) && desk.is_spoilt(later(71)));
        assert!(desk.is_heard(), "somebody listens to the other");
        desk.drop_reading(1, later(71));
        assert!(!desk.is_heard());
        let (mut desk, _inboxes) = super::tests::desk(&[1]);
        desk.drop_reading(1, begun);
        assert!(desk.is_spoilt(later(71)), "it never began");
    }

    #[test]
    fn who_does_not_listen_is_given_up() {
        let (mut desk, inboxes) = desk(&[1]);
        desk.hear(created("a", Some("1")), Instant::now());
        let much =
            Event::Audio(Delta { response: "a".into(), item: String::new(), piece: Some(Bytes::from(vec![0; 1001])) });
        assert!(desk.hear(much, Instant::now()).unwrap().contains("response.cancel"));
        assert!(matches!(heard(&inboxes[0]).last(), Some(Said::Failed(_))));
    }
}
