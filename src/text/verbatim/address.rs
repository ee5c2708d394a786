//! Web and mail addresses, whose marks may be read out or written.

use super::fold::fold;
use super::graph::Graph;
use super::token::Kind;
use super::token::Token;

/// The last parts of the addresses that are most often read out.
#[rustfmt::skip]
const DOMAINS: [&str; 26] = [
    "com", "org", "net", "edu", "gov", "info", "io", "ai", "app", "dev", "uk", "de", "fr", "es", "ru", "cn", "at", "ch", "it",
    "eu", "us", "mx", "ca", "jp", "co", "be",
];
const DOTS: [&str; 7] = ["dot", "punkt", "point", "punto", "точка", "点", "點"];
const AT_SIGNS: [&str; 6] = ["at", "arobase", "arroba", "собака", "chiocciola", "艾特"];
const SLASHES: [&str; 7] = ["slash", "barra", "schrägstrich", "barre", "слэш", "слеш", "斜杠"];

/// "Hello at example dot org" may be written with the marks, and "example.com" may be said with "www".
pub(super) fn say_addresses(graph: &mut Graph, tokens: &[Token]) {
    let is_domain = |at: usize| tokens.get(at).is_some_and(|token| DOMAINS.contains(&token.folded.as_str()));
    let is_one_of =
        |at: usize, names: &[&str]| tokens.get(at).is_some_and(|token| names.iter().any(|name| token.is(&fold(name))));
    for at in 0..tokens.len() {
        if is_one_of(at, &DOTS) && is_domain(at + 1) {
            graph.edge(at, at + 1, "");
            let is_at = at.checked_sub(2).is_some_and(|sign| is_one_of(sign, &AT_SIGNS));
            if is_at {
                graph.edge(at - 2, at - 1, "@");
            }
        }
        if at > 0 && is_domain(at - 1) && is_one_of(at, &SLASHES) {
            graph.edge(at, at + 1, "");
        }
        let is_head = at == 0 || tokens[at].gap.has_space || !tokens[at - 1].folded.is_ascii();
        let is_dotted = tokens.get(at + 1).is_some_and(|token| token.is_joint('.')) || is_one_of(at + 1, &DOTS);
        if is_head && is_dotted && is_domain(at + 2) {
            graph.edge(at, at + 1, &format!("www{}", tokens[at].folded));
        }
    }
}

/// The address of a Markdown link, and the first part of any address, need not be read out.
pub(super) fn skip_targets(graph: &mut Graph, chars: &[char], tokens: &[Token]) {
    for (at, token) in tokens.iter().enumerate() {
        let is_scheme = token.is("http") || token.is("https") || token.is("www");
        let is_joined = tokens.get(at + 1).is_some_and(|next| next.kind == Kind::Joint);
        if is_scheme && is_joined {
            graph.edge(at, at + 2, "");
        }
        let start = token.start;
        let is_target = start >= 2 && chars.get(start - 2..start) == Some(&[']', '(']);
        if is_target {
            let close = chars.iter().skip(start).position(|&c| c == ')').map(|length| start + length);
            if let Some(close) = close {
                let end = tokens.iter().position(|later| later.start >= close).unwrap_or(tokens.len());
                graph.edge(at, end, "");
            }
        }
    }
}
