//! Walking the graph of a text along a transcript, on every way at once.

use unicode_normalization::char::is_combining_mark;

use super::graph::ANY_BETWEEN;
use super::graph::Edge;
use super::graph::Graph;
use super::graph::Label;

/// All the places where the reader may be.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    /// At a node, with the token at which the way there began.
    arrived: Vec<(usize, usize)>,
    /// Within an edge: its node, its number there, and how much of it was said (bytes of a text, or letters).
    inside: Vec<(usize, usize, usize)>,
    was_digit: bool,
}

/// How far a label goes along with a character.
#[derive(Clone, Copy)]
enum Step {
    Off,
    Inside(usize),
    Done,
}

impl Walk {
    /// Before the first character.
    pub(super) fn new() -> Self {
        Self { arrived: vec![(0, 0)], inside: Vec::new(), was_digit: false }
    }

    /// Goes on by one character; `false`, and nothing has moved, if there is no way.
    pub(super) fn say(&mut self, graph: &Graph, c: char) -> bool {
        let is_glued = self.was_digit && c.is_ascii_digit();
        let mut next = Self { arrived: Vec::new(), inside: Vec::new(), was_digit: c.is_ascii_digit() };
        // Digits that are written together are one number, so a new one cannot begin between them.
        if !is_glued {
            for node in self.reachable(graph) {
                for (number, edge) in edges(graph, node).iter().enumerate() {
                    next.enter(graph, node, number, step(&edge.label, 0, c));
                }
            }
        }
        for &(node, number, offset) in &self.inside {
            let Some(edge) = edges(graph, node).get(number) else { continue };
            next.enter(graph, node, number, step(&edge.label, offset, c));
        }
        self.replace(next)
    }

    /// Something stands between two digits. It need not mean anything.
    pub(super) fn between(&mut self, graph: &Graph, c: char) -> bool {
        let mut next = Self { arrived: self.arrived.clone(), inside: Vec::new(), was_digit: false };
        for node in self.reachable(graph) {
            for (number, edge) in edges(graph, node).iter().enumerate() {
                if matches!(edge.label, Label::Text(_)) {
                    next.enter(graph, node, number, step(&edge.label, 0, c));
                }
            }
        }
        for &(node, number, offset) in &self.inside {
            let Some(edge) = edges(graph, node).get(number) else { continue };
            next.enter(graph, node, number, step_between(&edge.label, offset, c));
        }
        self.replace(next)
    }

    /// The least token that any way is still at, if a word may grow and if it cannot.
    pub(super) fn least_token(&self, graph: &Graph, may_grow: bool) -> usize {
        let arrived = self.arrived.iter().map(|&(node, from)| if may_grow { from } else { token(graph, node) });
        let inside = self.inside.iter().map(|&(node, _, _)| token(graph, node));
        arrived.chain(inside).min().unwrap_or(0)
    }

    /// The token at which a new word of the transcript is expected to begin.
    pub(super) fn next_token(&self, graph: &Graph) -> usize {
        let arrived = self.arrived.iter().map(|&(node, _)| token(graph, node)).max();
        arrived.unwrap_or_else(|| self.least_token(graph, false))
    }

    /// Whether everything may have been said.
    pub(super) fn is_at_end(&self, graph: &Graph) -> bool {
        self.reachable(graph).contains(&graph.end)
    }

    /// The nodes that were arrived at, and those that can be had from there by leaving something out.
    fn reachable(&self, graph: &Graph) -> Vec<usize> {
        let mut nodes: Vec<usize> = self.arrived.iter().map(|&(node, _)| node).collect();
        let mut at = 0;
        while let Some(&node) = nodes.get(at) {
            at += 1;
            for edge in edges(graph, node) {
                let is_empty = matches!(&edge.label, Label::Text(text) if text.is_empty());
                if is_empty && !nodes.contains(&edge.to) {
                    nodes.push(edge.to);
                }
            }
        }
        nodes
    }

    fn enter(&mut self, graph: &Graph, node: usize, number: usize, step: Step) {
        let Some(edge) = edges(graph, node).get(number) else { return };
        match step {
            Step::Off => {}
            Step::Inside(offset) => {
                // Of letters of any kind, any number may be enough.
                if !matches!(edge.label, Label::Text(_)) {
                    self.arrive(edge.to, token(graph, node));
                }
                if !self.inside.contains(&(node, number, offset)) {
                    self.inside.push((node, number, offset));
                }
            }
            Step::Done => self.arrive(edge.to, token(graph, node)),
        }
    }

    /// Of two ways to the same node, the one that began further back is kept: it is surer.
    fn arrive(&mut self, node: usize, from: usize) {
        match self.arrived.iter_mut().find(|(known, _)| *known == node) {
            Some((_, known)) => *known = from.min(*known),
            None => self.arrived.push((node, from)),
        }
    }

    fn replace(&mut self, next: Self) -> bool {
        let is_way = !next.arrived.is_empty() || !next.inside.is_empty();
        if is_way {
            *self = next;
        }
        is_way
    }
}

fn edges(graph: &Graph, node: usize) -> &[Edge] {
    graph.nodes.get(node).map_or(&[], |node| &node.edges)
}

fn token(graph: &Graph, node: usize) -> usize {
    graph.nodes.get(node).map_or(0, |node| node.token)
}

fn step(label: &Label, offset: usize, c: char) -> Step {
    let (is_allowed, most) = match label {
        Label::Text(text) => return step_text(text, offset, c),
        Label::Letters(most) => (is_letter(c), most),
        Label::Digits(most) => (c.is_ascii_digit(), most),
    };
    match offset + 1 {
        _ if !is_allowed => Step::Off,
        said if said >= usize::from(*most) => Step::Done,
        said => Step::Inside(said),
    }
}

fn step_text(text: &str, offset: usize, c: char) -> Step {
    let mut rest = text.get(offset..).unwrap_or_default().char_indices().skip_while(|&(_, c)| c == ANY_BETWEEN);
    match rest.next() {
        Some((at, wanted)) if wanted == c => {
            let said = offset + at + wanted.len_utf8();
            if said == text.len() { Step::Done } else { Step::Inside(said) }
        }
        _ => Step::Off,
    }
}

fn step_between(label: &Label, offset: usize, c: char) -> Step {
    match label {
        Label::Text(text) if text.get(offset..).is_some_and(|rest| rest.starts_with(ANY_BETWEEN)) => {
            Step::Inside(offset + ANY_BETWEEN.len_utf8())
        }
        Label::Text(text) => step_text(text, offset, c),
        Label::Digits(_) => Step::Inside(offset),
        Label::Letters(_) => Step::Off,
    }
}

fn is_letter(c: char) -> bool {
    (c.is_alphanumeric() || is_combining_mark(c)) && !c.is_ascii_digit()
}
