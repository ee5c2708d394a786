//! All the ways in which a text may rightly be said, as a graph.
//!
//! Nodes are the places between tokens, and edges are labelled with what leads from one to the next, in the form of
//! [`fold`](super::fold::fold). There are no cycles. Reading is walking; a transcript that cannot be walked says something
//! else.

/// In a label: whatever stands between two digits, or nothing.
pub(super) const ANY_BETWEEN: char = '\u{1}';

/// What may be said between two nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// Just this.
    Text(Box<str>),
    /// From one up to so many letters, whichever they are: a number in a language whose numbers are not known.
    Letters(u16),
    /// The same for digits, with anything between them.
    Digits(u16),
}

/// A step from a node.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) label: Label,
    pub(super) to: usize,
}

/// A place in the text, and what may be said next.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// The token that has been begun here.
    pub(super) token: usize,
    pub(super) edges: Vec<Edge>,
}

/// The graph of a text.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// The node behind the last token.
    pub(super) end: usize,
}

impl Graph {
    /// A text of so many tokens, of which nothing can be said yet.
    pub(super) fn new(tokens: usize) -> Self {
        let nodes = (0..=tokens).map(|token| Node { token, edges: Vec::new() }).collect();
        Self { nodes, end: tokens }
    }

    /// Lets `label` be said from one node to another; an empty one lets what lies between be left out.
    pub(super) fn edge(&mut self, from: usize, to: usize, label: &str) {
        self.add(from, Edge { label: Label::Text(label.into()), to });
    }

    /// Lets up to `most` letters of any kind be said.
    pub(super) fn letters(&mut self, from: usize, to: usize, most: u16) {
        self.add(from, Edge { label: Label::Letters(most), to });
    }

    /// Lets up to `most` digits of any kind be said.
    pub(super) fn digits(&mut self, from: usize, to: usize, most: u16) {
        self.add(from, Edge { label: Label::Digits(most), to });
    }

    /// Lets one of each of `parts` be said in turn.
    pub(super) fn path<S: AsRef<str>>(&mut self, from: usize, to: usize, parts: &[&[S]]) {
        let mut at = from;
        for (index, part) in parts.iter().enumerate() {
            let next = if index + 1 == parts.len() { to } else { self.inner(from) };
            for label in *part {
                self.edge(at, next, label.as_ref());
            }
            at = next;
        }
    }

    /// A node of its own in the middle of what begins at `from`.
    pub(super) fn inner(&mut self, from: usize) -> usize {
        let token = self.nodes.get(from).map_or(0, |node| node.token);
        self.nodes.push(Node { token, edges: Vec::new() });
        self.nodes.len() - 1
    }

    fn add(&mut self, from: usize, edge: Edge) {
        let Some(node) = self.nodes.get_mut(from).filter(|_| from != edge.to) else { return };
        if !node.edges.iter().any(|known| known.to == edge.to && known.label == edge.label) {
            node.edges.push(edge);
        }
    }
}
