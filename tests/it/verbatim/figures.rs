//! How much of what is planted in a corpus is noticed, and how often a good reading is taken for a bad one.
//!
//! Whole forms of sentences are held out: nobody had seen any of them while the comparison was written.

#![expect(clippy::print_stdout, reason = "a report is what this test is for")]

use std::collections::BTreeMap;
use std::collections::HashSet;

use rhapsode::text::Verbatim;

use super::planter::Rng;
use super::planter::Sentence;
use super::planter::harmful;
use super::planter::harmless;
use super::planter::joined;

const CORPORA: [(&str, &str); 6] = [
    ("en", include_str!("corpus/en.txt")),
    ("de", include_str!("corpus/de.txt")),
    ("fr", include_str!("corpus/fr.txt")),
    ("es", include_str!("corpus/es.txt")),
    ("zh", include_str!("corpus/zh.txt")),
    ("ru", include_str!("corpus/ru.txt")),
];

/// Sentences of forms that were held out.
const UNSEEN: [(&str, &str); 6] = [
    ("en", include_str!("corpus/unseen_en.txt")),
    ("de", include_str!("corpus/unseen_de.txt")),
    ("fr", include_str!("corpus/unseen_fr.txt")),
    ("es", include_str!("corpus/unseen_es.txt")),
    ("zh", include_str!("corpus/unseen_zh.txt")),
    ("ru", include_str!("corpus/unseen_ru.txt")),
];

/// Harms that are noticed of a hundred, of each kind and of each language, and all of them.
const LEAST_OF_KIND: f64 = 98.0;
const LEAST_OF_LANGUAGE: f64 = 99.0;
/// Good readings that are taken for bad ones of a hundred, at most, of each language.
const MOST_ALARMS: f64 = 0.5;
/// Cases below which a figure says nothing, of each kind in each language: among the sentences that were seen, and the others.
const LEAST_CASES: [usize; 2] = [30, 10];

#[derive(Default)]
struct Tally {
    cases: usize,
    right: usize,
    /// Words of the text that were confirmed when a deviation was noticed.
    confirmed: Vec<usize>,
    /// Characters of the transcript from the first wrong one to where it was noticed.
    late: Vec<usize>,
}

type Table = BTreeMap<(bool, &'static str, String), Tally>;

/// How a transcript was taken.
enum Verdict {
    Fine,
    Deviates { heard: usize, confirmed: usize },
}

fn judge(text: &str, transcript: &str, hint: Option<&str>, rng: &mut Rng) -> Verdict {
    let mut verbatim = Verbatim::new(text, hint);
    let mut heard = 0;
    for delta in rng.deltas(transcript) {
        verbatim.hear(&delta);
        heard += delta.chars().count();
        if verbatim.deviation().is_some() {
            return Verdict::Deviates { heard, confirmed: verbatim.confirmed() };
        }
    }
    match verbatim.finish() {
        Some(_) => Verdict::Deviates { heard, confirmed: verbatim.confirmed() },
        None => Verdict::Fine,
    }
}

fn common_prefix(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count()
}

fn show(is_held_out: bool, what: &str, text: &str, transcript: &str) {
    if !is_held_out && std::env::args().any(|argument| argument == "--nocapture") {
        println!("{what}\n  text {text}\n  said {transcript}");
    }
}

fn run(is_held_out: bool, language: &'static str, at: usize, line: &str, table: &mut Table) {
    let sentence = Sentence::parse(line);
    let mut rng = Rng(u64::try_from(at).unwrap() * 7_919 + u64::from(language.as_bytes()[0]));
    // Every other sentence has to be understood without a hint.
    let hint = at.is_multiple_of(2).then_some(language);
    let text = joined(&sentence.render(&mut rng));
    let mut count = |kind: String, verdict: &Verdict, wanted: Option<usize>| {
        let tally = table.entry((is_held_out, language, kind)).or_default();
        tally.cases += 1;
        match (verdict, wanted) {
            (Verdict::Fine, None) => tally.right += 1,
            // To raise the alarm before anything is wrong is no merit.
            (Verdict::Deviates { heard, confirmed }, Some(place)) if *heard > place || place == usize::MAX => {
                tally.right += 1;
                tally.confirmed.push(*confirmed);
                tally.late.push(heard.saturating_sub(place));
                return true;
            }
            _ => return false,
        }
        true
    };
    let verdict = judge(&text, &text, hint, &mut rng);
    if !count("exact".to_owned(), &verdict, None) {
        show(is_held_out, &format!("FALSE {language} exact"), &text, &text);
    }
    let rendering = joined(&sentence.render(&mut rng));
    let dressed = harmless::dressed(&rendering, &mut rng);
    for (name, transcript) in [("reworded", &rendering), ("harmless", &dressed)] {
        let verdict = judge(&text, transcript, hint, &mut rng);
        if !count(name.to_owned(), &verdict, None) {
            show(is_held_out, &format!("FALSE {language} {name}"), &text, transcript);
        }
    }
    for harm in harmful::ALL {
        let base = sentence.render(&mut rng);
        let Some(transcript) = harmful::planted(harm, language, &sentence, &base, &mut rng) else { continue };
        // What is missing at the end can only be noticed there.
        let place = common_prefix(&joined(&base), &transcript).min(transcript.chars().count().saturating_sub(1));
        let verdict = judge(&text, &transcript, hint, &mut rng);
        if !count(format!("{harm:?}"), &verdict, Some(place)) {
            show(is_held_out, &format!("MISSED {language} {harm:?}"), &text, &transcript);
        }
    }
}

fn percentile(values: &mut [usize], percent: usize) -> usize {
    values.sort_unstable();
    values.get((values.len().saturating_sub(1)) * percent / 100).copied().unwrap_or(0)
}

fn is_good(kind: &str) -> bool {
    matches!(kind, "exact" | "reworded" | "harmless")
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand cases")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 * 100.0 / whole.max(1) as f64
}

fn print(table: &mut Table, is_held_out: bool) {
    println!("\n{}", if is_held_out { "HELD OUT" } else { "TUNED ON" });
    println!("lang kind       cases  right      %   confirmed words p50 p95   characters late p50 p95");
    for ((_, language, kind), tally) in table.iter_mut().filter(|((held, ..), _)| *held == is_held_out) {
        let (cases, right) = (tally.cases, tally.right);
        let share = share(right, cases);
        let numbers = [
            percentile(&mut tally.confirmed, 50),
            percentile(&mut tally.confirmed, 95),
            percentile(&mut tally.late, 50),
            percentile(&mut tally.late, 95),
        ];
        println!(
            "{language:4} {kind:10} {cases:5}  {right:5}  {share:5.1}   {:15} {:7}   {:15} {:7}",
            numbers[0], numbers[1], numbers[2], numbers[3]
        );
    }
}

/// How many of what is `counted` there are, and how many of them were taken for what they are.
fn sum(table: &Table, counted: impl Fn(bool, &str, &str) -> bool) -> (usize, usize) {
    let tallies = table.iter().filter(|((is_held_out, language, kind), _)| counted(*is_held_out, language, kind));
    tallies.fold((0, 0), |(cases, right), (_, tally)| (cases + tally.cases, right + tally.right))
}

/// What is wrong with the figures of one half of the corpus, in words.
fn faults(table: &Table, is_held_out: bool) -> Vec<String> {
    let half = if is_held_out { "held out" } else { "tuned on" };
    let mut faults = Vec::new();
    for language in CORPORA.map(|(language, _)| language).iter().copied().chain([""]) {
        let is_of_it = |other: &str| language.is_empty() || other == language;
        let figure =
            |good: bool| sum(table, |held, of, kind| held == is_held_out && is_of_it(of) && is_good(kind) == good);
        let ((harms, found), (goods, quiet)) = (figure(false), figure(true));
        let (recall, alarms) = (share(found, harms), 100.0 - share(quiet, goods));
        let name = if language.is_empty() { "all" } else { language };
        println!(
            "{half}, {name}: {found} of {harms} harms noticed ({recall:.2} %); {} false alarms in {goods} ({alarms:.2} %)",
            goods - quiet
        );
        if recall < LEAST_OF_LANGUAGE {
            faults.push(format!("{half}, {name}: {recall:.2} % of the harms are noticed"));
        }
        if alarms > MOST_ALARMS {
            faults.push(format!("{half}, {name}: {alarms:.2} % false alarms"));
        }
    }
    for kind in harmful::ALL.map(|harm| format!("{harm:?}")) {
        let (harms, found) = sum(table, |held, _, of| held == is_held_out && of == kind);
        println!("{half}, {kind}: {found} of {harms} ({:.2} %)", share(found, harms));
        if share(found, harms) < LEAST_OF_KIND {
            faults.push(format!("{half}, {kind}: {:.2} % are noticed", share(found, harms)));
        }
        let least = LEAST_CASES[usize::from(is_held_out)];
        for (language, _) in CORPORA {
            let (cases, _) = sum(table, |held, of, other| held == is_held_out && of == language && other == kind);
            if cases < least {
                faults.push(format!("{half}, {language}, {kind}: {cases} cases say nothing"));
            }
        }
    }
    faults
}

#[test]
fn what_is_planted_is_noticed_and_what_is_not_is_left_alone() {
    let mut table = Table::new();
    let mut sentences = HashSet::new();
    for (is_held_out, corpora) in [(false, CORPORA), (true, UNSEEN)] {
        for (language, corpus) in corpora {
            for (at, line) in corpus.lines().enumerate() {
                assert!(sentences.insert(line), "a sentence stands twice: {line}");
                run(is_held_out, language, at, line, &mut table);
            }
        }
    }
    assert!(sentences.len() >= 2_500, "{} sentences", sentences.len());
    for is_held_out in [false, true] {
        print(&mut table, is_held_out);
    }
    let faults = [false, true].map(|is_held_out| faults(&table, is_held_out)).concat();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
