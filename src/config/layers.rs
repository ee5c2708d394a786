//! Layers of settings, laid over each other key by key. Each leaf remembers where it came from.

use std::collections::BTreeMap;

use toml::Table;
use toml::Value;

use crate::fault::key_part;

use super::origin::Origin;

/// The key that decides which other keys a table has.
pub(super) const KIND: &str = "kind";

/// The parts of a dotted key.
pub(super) type Path = Vec<String>;

/// One supplied setting.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Leaf {
    pub(super) path: Path,
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// All layers so far: the settings in force, and the origin of those that are not shipped.
#[derive(Clone, Debug)]
pub(super) struct Merged {
    pub(super) table: Table,
    pub(super) origins: BTreeMap<Path, Origin>,
}

impl Merged {
    /// The lowest layer.
    pub(super) fn new(shipped: Table) -> Self {
        Self { table: shipped, origins: BTreeMap::new() }
    }

    /// Lays `leaves` over what is there.
    pub(super) fn lay(&mut self, leaves: Vec<Leaf>) {
        for leaf in &leaves {
            self.forget_another_kind(leaf);
        }
        for leaf in leaves {
            insert(&mut self.table, &leaf.path, leaf.value);
            self.origins.retain(|path, _| !path.starts_with(&leaf.path) && !leaf.path.starts_with(path));
            self.origins.insert(leaf.path, leaf.origin);
        }
    }

    /// A table that changes its kind starts from nothing: the keys of the old kind mean nothing to the new one.
    fn forget_another_kind(&mut self, leaf: &Leaf) {
        let Some((last, table)) = leaf.path.split_last() else { return };
        if last != KIND || get(&self.table, &leaf.path).is_none_or(|kind| *kind == leaf.value) {
            return;
        }
        insert(&mut self.table, table, Value::Boolean(false));
        self.origins.retain(|path, _| !path.starts_with(table));
    }

    /// Where the setting at the dotted `key`, or the first setting of the table at it, comes from. A setting that is not
    /// there is missing where the table around it was supplied.
    pub(super) fn origin(&self, key: &str) -> Origin {
        let supplied = self.origins.iter().find(|(path, _)| is_within(&dotted(path), key));
        let around = || if holds(&self.table, key) { None } else { self.nearest(key) };
        supplied.map(|(_, origin)| origin).or_else(around).cloned().unwrap_or(Origin::Shipped)
    }

    /// The origin of the first setting in the innermost table around `key` in which there is one that was supplied.
    fn nearest(&self, key: &str) -> Option<&Origin> {
        let shared = |path: &Path| (1..=path.len()).rev().find(|depth| is_within(key, &dotted(&path[..*depth])));
        let around = self.origins.iter().filter_map(|(path, origin)| Some((shared(path)?, origin)));
        // The last of those that are equally near is the first of the reversed.
        around.rev().max_by_key(|(depth, _)| *depth).map(|(_, origin)| origin)
    }

    /// `shipped` with the leaf at `path` laid over it, and with what decides the kind of the tables around the leaf.
    pub(super) fn alone(&self, shipped: &Table, path: &Path, value: Value) -> Table {
        let kinds = (1..path.len()).filter_map(|depth| {
            let kind = [&path[..depth], &[KIND.to_owned()]].concat();
            let value = get(&self.table, &kind)?.clone();
            (kind != *path).then_some(Leaf { path: kind, value, origin: Origin::Shipped })
        });
        let mut alone = Self::new(shipped.clone());
        alone.lay(kinds.chain([Leaf { path: path.clone(), value, origin: Origin::Shipped }]).collect());
        alone.table
    }
}

/// The leaves of `table`: every value that is not a table, and every empty table.
pub(super) fn leaves(table: Table, origin: &dyn Fn(&[String]) -> Origin) -> Vec<Leaf> {
    let mut found = Vec::new();
    let mut open = vec![(Path::new(), table)];
    while let Some((path, table)) = open.pop() {
        for (key, value) in table {
            let path = [&path[..], &[key]].concat();
            match value {
                Value::Table(inner) if !inner.is_empty() => open.push((path, inner)),
                value => found.push(Leaf { origin: origin(&path), path, value }),
            }
        }
    }
    found
}

/// What stands at `path`.
pub(super) fn get<'a>(table: &'a Table, path: &[String]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(first)?, |value, key| value.get(key))
}

/// The path as it is written in a configuration file.
pub(super) fn dotted(path: &[String]) -> String {
    path.iter().map(|part| key_part(part)).collect::<Vec<_>>().join(".")
}

/// Whether the dotted `key` is that of `table` or of something in it.
fn is_within(key: &str, table: &str) -> bool {
    key.strip_prefix(table).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn holds(table: &Table, key: &str) -> bool {
    table.iter().any(|(name, value)| {
        let rest = key.strip_prefix(&key_part(name));
        let within = rest.and_then(|rest| rest.strip_prefix('.'));
        rest == Some("") || within.is_some_and(|rest| value.as_table().is_some_and(|table| holds(table, rest)))
    })
}

fn insert(table: &mut Table, path: &[String], value: Value) {
    match path {
        [] => {}
        [key] if value.as_table().is_some_and(Table::is_empty) && table.get(key).is_some_and(Value::is_table) => {}
        [key] => {
            table.insert(key.clone(), value);
        }
        [key, rest @ ..] => {
            let slot = table.entry(key.clone()).or_insert_with(|| Value::Table(Table::new()));
            if !slot.is_table() {
                *slot = Value::Table(Table::new());
            }
            if let Value::Table(inner) = slot {
                insert(inner, rest, value);
            }
        }
    }
}
