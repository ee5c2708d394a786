//! Addresses of the web and of mail, hashtags and handles.

use super::token;
use super::word::Reading;
use super::word::View;

/// Endings that make a dotted word a domain.
const ENDINGS: [&str; 30] = [
    "com", "org", "net", "edu", "gov", "mil", "int", "io", "dev", "app", "ai", "co", "info", "biz", "tv", "me", "uk",
    "de", "fr", "es", "it", "nl", "ch", "at", "eu", "us", "ca", "au", "in", "jp",
];

/// Reads `https://example.com/a`, `joe@example.com`, `#RustLang`, `@joe_b`.
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    let core = view.core();
    let spoken =
        mail(core).or_else(|| address(core)).or_else(|| tag(core, '#', "hashtag")).or_else(|| tag(core, '@', "at"))?;
    Some(Reading::new(spoken, 1))
}

fn mail(text: &str) -> Option<String> {
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let (name, domain) = text.split_once('@')?;
    let is_mail =
        name.contains(is_word) && domain.contains('.') && domain.chars().all(|c| is_word(c) || ".-".contains(c));
    is_mail.then(|| format!("{} at {}", symbols(name), symbols(domain)))
}

/// A web address. Its scheme goes without saying.
fn address(text: &str) -> Option<String> {
    let schemed = text.split_once("://").filter(|(scheme, _)| scheme.chars().all(is_word)).map(|(_, rest)| rest);
    let rest = schemed.unwrap_or(text);
    if schemed.is_none() && !rest.starts_with("www.") && !is_domain(rest) {
        return None;
    }
    let spoken = symbols(rest.trim_end_matches('/'));
    (!spoken.is_empty()).then_some(spoken)
}

/// Whether `text` starts with a domain: words with points between them and a known ending.
fn is_domain(text: &str) -> bool {
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or(text);
    let Some((name, ending)) = host.rsplit_once('.') else {
        return false;
    };
    let named =
        name.contains(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| is_word(c) || ".-".contains(c));
    // "e.g.it" and the like are not domains, and short words may be two sentences without a space.
    let known = ENDINGS.contains(&ending) && (ending.len() > 2 || name.len() > 2 && name == name.to_ascii_lowercase());
    named && known
}

fn tag(text: &str, mark: char, name: &str) -> Option<String> {
    let word = text.strip_prefix(mark)?;
    let is_tag = word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.chars().all(is_word);
    is_tag.then(|| format!("{name} {}", token::parts(&word.replace('_', " "))))
}

/// Words, figures and the names of all marks between them.
fn symbols(text: &str) -> String {
    let mut spoken: Vec<String> = Vec::new();
    for part in text.split_inclusive(|c| !is_plain(c)) {
        let word = part.trim_end_matches(|c| !is_plain(c));
        spoken.extend((!word.is_empty()).then(|| plain(word)));
        spoken.extend(part[word.len()..].chars().filter_map(mark).map(str::to_owned));
    }
    spoken.join(" ")
}

/// Two-letter words, such as endings of domains, and "www" are spelled.
fn plain(word: &str) -> String {
    let spelled = word == "www"
        || word.len() == 2
            && word.bytes().all(|byte| byte.is_ascii_alphabetic())
            && !matches!(word, "co" | "me" | "my" | "go");
    if spelled { token::spelled(word) } else { token::parts(word) }
}

fn mark(c: char) -> Option<&'static str> {
    Some(match c {
        '.' => "dot",
        '/' => "slash",
        '-' => "dash",
        '_' => "underscore",
        ':' => "colon",
        '@' => "at",
        '?' => "question mark",
        '=' => "equals",
        '&' => "and",
        '%' => "percent",
        '#' => "hash",
        '~' => "tilde",
        '+' => "plus",
        ',' => "comma",
        _ => return None,
    })
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '+' | '-')
}
