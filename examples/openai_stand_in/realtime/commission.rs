//! A `response.create` on its way to a response: checked, billed, logged, and handed to a thread that speaks.

use std::sync::Arc;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::audio::Variation;
use super::complaint::Complaint;
use super::contract::count_tokens;
use super::dialect::Dialect;
use super::faults::Fault;
use super::faults::Faults;
use super::faults::Taker;
use super::log::Asked;
use super::log::End;
use super::log::Entry;
use super::log::Kind;
use super::log::Realtime;
use super::log::Record;
use super::order::Order;
use super::random::Dice;
use super::reading::Composing;
use super::reading::Reading;
use super::reading::Start;
use super::rendition::Manner;
use super::rendition::compose;
use super::reword::Reword;
use super::score::Act;
use super::score::Layout;
use super::score::Outcome;
use super::score::Step;
use super::score::interrupt;
use super::score::score;
use super::session::Session;
use super::usage::Bill;
use super::wire::Exit;
use super::world::World;

/// Responses of one session that are in progress at the same time.
const AT_ONCE: usize = 64;
/// Code points of a text that the log keeps.
const LOGGED_TEXT: usize = 8192;
/// Reasoning tokens of a trivial answer at the usual effort.
const REASONING: u32 = 17;
/// Tokens that a response without a bound reserves of the limit.
const RESERVED: u64 = 4096;

impl Session {
    /// Begins a response, or says why not.
    pub(crate) async fn create(&mut self, event: &Map<String, Value>) -> Result<Result<(), Complaint>, Exit> {
        let mut entry = self.world.log.open(self.record(event));
        let order = match self.order(event) {
            Ok(order) => order,
            Err(complaint) => {
                refused(&mut entry, complaint.code.clone());
                return Ok(Err(complaint));
            }
        };
        let faults = self.visit.own.clone().unwrap_or_else(|| self.world.next_faults(Taker::Response));
        entry.note(|record| record.faults.clone_from(&faults));
        self.wire.deaf |= faults.contains(&Fault::RealtimeDeaf);
        for fault in &faults {
            if let Fault::RealtimeErrorOnly { code, null_event_id } = fault {
                let code = code.as_deref().unwrap_or("server_error");
                refused(&mut entry, Some(code.to_owned()));
                let complaint = Complaint::new(code, "The stand-in was told to refuse this response.");
                let event_id = order.event_id.as_deref().filter(|_| !null_event_id);
                self.wire.tell(complaint.event(event_id)).await?;
                return Ok(Ok(()));
            }
        }
        self.begin(order, entry, &faults);
        Ok(Ok(()))
    }

    fn order(&self, event: &Map<String, Value>) -> Result<Order, Complaint> {
        let response = event.get("response").cloned().unwrap_or_else(|| json!({}));
        let response = self.world.options.realtime_dialect.response_patch(&response);
        let order = Order::read(event, &response, &self.settings, &self.conversation, self.spoken)?;
        if let (true, Some(other)) =
            (order.in_conversation, self.running.iter().find(|reading| reading.order.in_conversation))
        {
            let message = format!(
                "Conversation already has an active response in progress: {}. Wait until the response is finished \
                 before creating a new one.",
                other.id
            );
            return Err(Complaint::new("conversation_already_has_active_response", message));
        }
        if self.running.len() == AT_ONCE {
            let message = format!("The stand-in speaks at most {AT_ONCE} responses of a session at once.");
            return Err(Complaint::new("stand_in_error", message));
        }
        Ok(order)
    }

    fn begin(&mut self, order: Order, entry: Entry, faults: &[Fault]) {
        let options = &self.world.options;
        let mut dice = Dice::new(options.seed, entry.index());
        let variation = Variation::draw(options, &mut dice);
        let by_chance = dice.unit() < options.realtime_reword_rate;
        let spoken = reworded(&order.asked, by_chance.then_some(options.realtime_reword), faults);
        let bill = self.bill(&order);
        let order = Order { text_only: order.text_only || faults.contains(&Fault::RealtimeTextOnly), ..order };
        let id = self.wire.names.make("resp");
        let speed = self.settings.speed();
        note(&entry, &order, speed, &spoken, &id);
        let limited = self.world.limits.take_response(self.settings.model(), reserved(&order, bill));
        let manner = Manner { speed, format: order.format, variation, text_only: order.text_only };
        let most = order.most_tokens(self.settings.second);
        let plan = Plan { spoken, manner, bill, most, limited, faults: faults.to_vec() };
        let start = Start {
            id,
            conversation_id: &self.conversation_id,
            bill,
            second: self.settings.second && options.realtime_dialect == Dialect::Ga,
            faults,
            composing: plan.begin(self.world.clone()),
        };
        self.cached = Some(order.instructions.clone());
        self.running.push_back(Reading::begin(order, entry, start));
    }

    fn bill(&self, order: &Order) -> Bill {
        let usual = if order.minimal_effort { 0 } else { REASONING };
        let reasoning = self.world.options.realtime_reasoning_tokens.unwrap_or(usual);
        let reasoning = if self.settings.second { usize::try_from(reasoning).unwrap_or(0) } else { 0 };
        let known = self.cached.as_ref() == Some(&order.instructions);
        Bill::new(&order.instructions, order.item_tokens, known, reasoning)
    }

    fn record(&self, event: &Map<String, Value>) -> Record {
        let event_id = event.get("event_id").and_then(Value::as_str).map(str::to_owned);
        Record {
            kind: Kind::Realtime,
            connection: self.visit.connection,
            protocol: "WebSocket".to_owned(),
            path: self.visit.path.clone(),
            headers: self.visit.headers.clone(),
            request: Asked { model: Some(self.visit.model.clone()), ..Asked::default() },
            realtime: Some(Realtime { session: self.presence.number, event_id, ..Realtime::default() }),
            ..Record::default()
        }
    }
}

/// What the thread that speaks has to know.
struct Plan {
    spoken: String,
    manner: Manner,
    bill: Bill,
    /// Output tokens that the response may have.
    most: usize,
    /// The text of the rate limit that the response has run into.
    limited: Result<(), String>,
    faults: Faults,
}

impl Plan {
    fn begin(self, world: Arc<World>) -> Composing {
        tokio::task::spawn_blocking(move || self.compose(&world))
    }

    fn compose(self, world: &World) -> Result<Vec<Step>, String> {
        let format = self.manner.format;
        let layout = Layout::new(&world.options, format, world.options.realtime_dialect.words_ahead());
        if let Err(message) = self.limited {
            let outcome = Outcome::Failed { code: "rate_limit_exceeded".to_owned(), message };
            return Ok(vec![layout.only(outcome)]);
        }
        let pieces = compose(world, &self.spoken, self.manner, &self.faults)?;
        let text = self.bill.text_tokens(pieces.iter().map(|piece| piece.transcript.as_str()));
        let audio = format.tokens(pieces.iter().map(|piece| piece.audio.len()).sum());
        let mut steps = score(pieces, &layout);
        if text + audio > self.most {
            let heard = 50 * format.bytes_per_ms() * self.most.saturating_sub(text);
            let reason = "max_output_tokens".to_owned();
            interrupt(&mut steps, heard, Outcome::Incomplete { reason }.early());
        }
        let heard = |ms: u64| usize::try_from(ms).unwrap_or(usize::MAX).saturating_mul(format.bytes_per_ms());
        for fault in &self.faults {
            match fault {
                Fault::RealtimeIncomplete { reason, after_ms } => {
                    interrupt(&mut steps, heard(*after_ms), Outcome::Incomplete { reason: reason.clone() }.early());
                }
                Fault::RealtimeFailed { code, message, after_ms } => {
                    let outcome = failure(code.as_deref(), message.as_deref());
                    match after_ms {
                        Some(ms) => interrupt(&mut steps, heard(*ms), outcome.early()),
                        None => steps = vec![layout.only(outcome)],
                    }
                }
                Fault::RealtimeDrop { after_ms, reset } => {
                    interrupt(&mut steps, heard(*after_ms), vec![Act::Cut { reset: *reset }]);
                }
                Fault::RealtimeClose { code, after_ms } => {
                    interrupt(&mut steps, heard(*after_ms), vec![Act::Close { code: *code }]);
                }
                Fault::RealtimeStall { after_ms } => interrupt(&mut steps, heard(*after_ms), Vec::new()),
                _ => {}
            }
        }
        Ok(steps)
    }
}

fn failure(code: Option<&str>, message: Option<&str>) -> Outcome {
    let code = code.unwrap_or("server_error").to_owned();
    let message = message.unwrap_or("The server had an error while processing your request. Sorry about that!");
    Outcome::Failed { code, message: message.to_owned() }
}

/// What is said instead of `text`: as chance or every fault that rewords has it.
fn reworded(text: &str, by_chance: Option<Reword>, faults: &[Fault]) -> String {
    let by_faults = faults.iter().filter_map(|fault| match fault {
        Fault::RealtimeReword { mode } => Some(*mode),
        _ => None,
    });
    by_chance.into_iter().chain(by_faults).fold(text.to_owned(), |text, mode| mode.apply(&text))
}

fn reserved(order: &Order, bill: Bill) -> u32 {
    let output = order.max_output_tokens.as_u64().unwrap_or(RESERVED);
    u32::try_from(output).unwrap_or(u32::MAX).saturating_add(u32::try_from(bill.input).unwrap_or(u32::MAX))
}

fn note(entry: &Entry, order: &Order, speed: f64, spoken: &str, id: &str) {
    let logged = |text: &str| text.chars().take(LOGGED_TEXT).collect::<String>();
    entry.note(|record| {
        record.request.voice = order.voice.as_str().or(order.voice["id"].as_str()).map(str::to_owned);
        record.request.format = order.format.to_value()["type"].as_str().map(str::to_owned);
        record.request.speed = Some(speed);
        record.request.instructions = Some(order.instructions.clone());
        record.request.text = logged(&order.asked);
        record.request.chars = order.asked.chars().count();
        record.request.tokens = Some(count_tokens(&order.asked));
        if let Some(realtime) = &mut record.realtime {
            realtime.response_id = Some(id.to_owned());
            realtime.in_conversation = order.in_conversation;
            realtime.spoken = logged(spoken);
            realtime.metadata = order.metadata.clone();
            realtime.input = order.input.iter().map(|text| logged(text)).collect();
            realtime.tools = order.tools.clone();
            realtime.tool_choice = order.tool_choice.clone();
        }
    });
}

fn refused(entry: &mut Entry, code: Option<String>) {
    entry.note(|record| {
        if let Some(realtime) = &mut record.realtime {
            realtime.error_code = code;
        }
    });
    entry.end(End::Refused);
}
