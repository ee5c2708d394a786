//! Puts written English into words, so that nothing with a letter or a digit stays unspoken.
//!
//! Text is [folded](fold) to plain characters and cut at white space. Each [reader](READERS)
//! in turn may recognise what starts at a word (a date, a price, a telephone number) and says
//! how it is spoken; [`token`] reads whatever is left, piece by piece, and always succeeds.
//! The output holds ASCII letters, apostrophes, hyphens, and marks that make pauses.

mod abbreviation;
mod calendar;
mod cardinal;
mod clock;
mod date;
mod figure;
mod fold;
mod fraction;
mod height;
mod letter;
mod measure;
mod money;
mod number;
mod output;
mod phone;
mod roman;
mod symbol;
mod token;
mod unit;
mod web;
mod word;

pub use fold::Unspeakable;
pub use fold::unspeakable;

use output::Output;
use word::Reading;
use word::View;

/// Recognisers, most particular first.
const READERS: [fn(&View<'_>) -> Option<Reading>; 13] = [
    web::read,
    clock::read,
    date::read,
    phone::read,
    money::read,
    fraction::read,
    number::decade,
    measure::read,
    number::read,
    roman::read,
    calendar::read,
    abbreviation::read,
    symbol::read,
];

/// `text` as words to be spoken. The time is linear in its length.
///
/// Letters of other scripts are left out; [`unspeakable`] finds them beforehand.
pub fn normalise(text: &str) -> String {
    let folded = fold::fold(text);
    let words = word::split(&folded);
    let mut output = Output::default();
    let mut at = 0;
    while at < words.len() {
        let view = View::new(&words, at);
        let reading = READERS.iter().find_map(|read| read(&view)).unwrap_or_else(|| token::read(&view));
        let last = (at + reading.words.max(1)).min(words.len()) - 1;
        output.open(words[at].opening);
        output.say(&reading.spoken);
        output.close(reading.ending(words[last].closing, last + 1 == words.len()));
        at = last + 1;
    }
    output.finish()
}

#[cfg(test)]
mod tests;
