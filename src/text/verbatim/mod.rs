//! Whether a transcript says what it was to say, while it is being written.
//!
//! A conversational model that is told to read a text may put it in its own words. What it says comes as a transcript, in
//! deltas, ahead of the audio. Here it is compared with the text, so that a reader that goes astray can be stopped before
//! it is heard.
//!
//! The text is made a graph of all the ways in which it may rightly be said: `token` takes it apart; `compile` and the
//! files below it add what else may be said for each part, from "I'm" for "I am" to "four dollars fifty" for "$4.50". The
//! transcript is folded to what a listener can tell apart (`fold`) and followed through the graph on every way at once
//! (`walk`). When no way is left, no continuation can make it right: that is a deviation. So there is no threshold, and
//! cutting the transcript differently cannot change the answer.

mod address;
mod clock;
mod compile;
mod date;
mod deviation;
mod fold;
mod fraction;
mod graph;
mod language;
mod money;
mod negation;
mod number;
mod phrases;
mod quantity;
mod range;
mod reading;
mod roman;
mod signs;
mod tables;
mod token;
mod walk;

pub use deviation::Deviation;
pub use deviation::Kind as DeviationKind;

use deviation::Circumstances;
use deviation::Kind;
use fold::Folder;
use fold::Symbol;
use fold::is_unspaced;
use graph::Graph;
use language::Language;
use token::Token;
use walk::Walk;

/// How much of the transcript behind a deviation is kept to say what it is, in code points.
const MAX_SAID: usize = 160;

/// Follows a transcript as it is written, against the text that was to be read.
#[derive(Clone, Debug)]
pub struct Verbatim {
    chars: Vec<char>,
    tokens: Vec<Token>,
    words: usize,
    language: Language,
    graph: Graph,
    walk: Walk,
    folder: Folder,
    confirmed: usize,
    /// The word of the transcript that is being heard, as it is written, and the token of the text it began at.
    said: String,
    anchor: usize,
    deviation: Option<Deviation>,
    is_finished: bool,
}

impl Verbatim {
    /// `language` is a BCP-47 tag; without one it is guessed from the script and the words.
    pub fn new(text: &str, language: Option<&str>) -> Self {
        let language = Language::guess(text, language);
        let chars: Vec<char> = text.chars().collect();
        let (tokens, words) = token::tokens(&chars);
        let graph = compile::compile(&chars, &tokens, language);
        Self {
            chars,
            tokens,
            words,
            language,
            graph,
            walk: Walk::new(),
            folder: Folder::new(),
            confirmed: 0,
            said: String::new(),
            anchor: 0,
            deviation: None,
            is_finished: false,
        }
    }

    /// More of the transcript, cut anywhere. What is kept is bounded by the length of the text.
    pub fn hear(&mut self, delta: &str) {
        if self.is_finished {
            return;
        }
        let mut symbols = Vec::new();
        for c in delta.chars() {
            if self.deviation.is_some() {
                self.note(c);
                continue;
            }
            self.folder.push(c, &mut |symbol| symbols.push(symbol));
            self.begin_word(c);
            self.note(c);
            self.take(&mut symbols);
        }
        self.describe(false);
    }

    /// How many words of the text have been said, without one that may still grow.
    pub fn confirmed(&self) -> usize {
        self.confirmed
    }

    /// How many words the text has. In scripts without spaces each character counts.
    pub fn words(&self) -> usize {
        self.words
    }

    /// The first deviation that no continuation can make right, if there is one already.
    pub fn deviation(&self) -> Option<&Deviation> {
        self.deviation.as_ref()
    }

    /// The transcript is complete: the first deviation, a missing tail included. What is heard afterwards is ignored.
    pub fn finish(&mut self) -> Option<&Deviation> {
        if !self.is_finished {
            let mut symbols = Vec::new();
            self.folder.finish(&mut |symbol| symbols.push(symbol));
            self.take(&mut symbols);
            self.is_finished = true;
            if self.deviation.is_none() {
                self.end();
            }
            self.describe(true);
        }
        self.deviation()
    }

    /// A word of the transcript begins behind white space, and each character of a script without spaces is one.
    fn begin_word(&mut self, c: char) {
        if c.is_whitespace() || is_unspaced(c) || self.said.chars().last().is_some_and(is_unspaced) {
            self.said.clear();
            self.anchor = self.walk.next_token(&self.graph);
        }
    }

    fn note(&mut self, c: char) {
        let is_lead = self.said.is_empty() && c.is_whitespace();
        if !is_lead && self.said.chars().count() < MAX_SAID {
            self.said.push(c);
        }
    }

    fn take(&mut self, symbols: &mut Vec<Symbol>) {
        for symbol in symbols.drain(..) {
            let is_way = match symbol {
                _ if self.deviation.is_some() => true,
                Symbol::Char(c) => self.walk.say(&self.graph, c),
                Symbol::Between(c) => self.walk.between(&self.graph, c),
                Symbol::Break => true,
            };
            if is_way {
                let is_grown = symbol == Symbol::Break;
                self.confirm(self.walk.least_token(&self.graph, !is_grown));
            } else {
                self.deviate();
            }
        }
    }

    fn confirm(&mut self, token: usize) {
        if self.deviation.is_none() {
            let words = self.tokens.get(token).map_or(self.words, |token| token.word);
            self.confirmed = self.confirmed.max(words);
        }
    }

    fn end(&mut self) {
        if self.walk.is_at_end(&self.graph) {
            self.confirmed = self.words;
            return;
        }
        self.confirm(self.walk.least_token(&self.graph, false));
        self.said.clear();
        self.anchor = self.walk.next_token(&self.graph);
        self.deviate();
    }

    fn deviate(&mut self) {
        let at_char = self.tokens.get(self.anchor).map_or(self.chars.len(), |token| token.start);
        self.deviation = Some(Deviation { kind: Kind::Changed, wanted: String::new(), said: String::new(), at_char });
    }

    /// Says what the deviation is, as well as it can be told by now.
    fn describe(&mut self, is_complete: bool) {
        let Some(deviation) = &mut self.deviation else { return };
        let rest: String = self.chars.iter().skip(deviation.at_char).take(MAX_SAID).collect();
        let text = split(&rest);
        let said = split(&self.said);
        let circumstances = Circumstances { language: self.language, text: &text, said: &said, is_complete };
        deviation.kind = circumstances.kind();
        deviation.wanted = text.first().cloned().unwrap_or_default();
        deviation.said = said.first().cloned().unwrap_or_default();
    }
}

/// The words of a stretch of text: between white space, or characters of a script without spaces.
fn split(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for piece in text.split_whitespace() {
        let mut is_open = false;
        for c in piece.chars() {
            let is_alone = is_unspaced(c);
            match words.last_mut().filter(|_| is_open && !is_alone) {
                Some(word) => word.push(c),
                None => words.push(c.to_string()),
            }
            is_open = !is_alone;
        }
    }
    words.retain(|word| !fold::fold(word).is_empty());
    words
}
