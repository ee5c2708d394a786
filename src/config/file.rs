//! The configuration file.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path as FilePath;

use toml::Table;
use toml::de::DeTable;
use toml::de::DeValue;

use crate::fault::Fault;

use super::layers::Leaf;
use super::layers::Path;
use super::layers::leaves;
use super::origin::Finding;
use super::origin::Origin;

/// Bytes that a configuration file may have.
const MAX_BYTES: u64 = 1 << 20;

/// A configuration file that has been read.
#[derive(Clone, Debug)]
pub struct File {
    /// As it was named on the command line.
    pub name: String,
    /// TOML.
    pub text: String,
}

impl File {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// One finding if it cannot be read, is not UTF-8 or is larger than 1 MiB.
    pub fn read(path: &FilePath) -> Result<Self, Finding> {
        let name = path.display().to_string();
        let mut text = String::new();
        let read = fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text));
        let problem = match read {
            Ok(bytes) if bytes as u64 <= MAX_BYTES => return Ok(Self { name, text }),
            Ok(_) => "the file is larger than 1 MiB".to_owned(),
            Err(error) => format!("cannot read the file: {error}"),
        };
        Err(Finding::new(Origin::File { name, line: None }, Fault::new("", problem)))
    }

    pub(super) fn leaves(&self) -> Result<Vec<Leaf>, Finding> {
        let table: Table = self.text.parse().map_err(|error: toml::de::Error| self.broken(&error))?;
        let lines = lines(&self.text);
        Ok(leaves(table, &|path| Origin::File { name: self.name.clone(), line: lines.get(path).copied() }))
    }

    fn broken(&self, error: &toml::de::Error) -> Finding {
        let line = error.span().map(|span| line_of(&self.text, span.start));
        Finding::new(Origin::File { name: self.name.clone(), line }, Fault::new("", error.message().to_owned()))
    }
}

/// The line of every key.
fn lines(text: &str) -> BTreeMap<Path, usize> {
    let mut lines = BTreeMap::new();
    let Ok(document) = DeTable::parse(text) else { return lines };
    let mut open = vec![(Path::new(), document.get_ref())];
    while let Some((path, table)) = open.pop() {
        for (key, value) in table {
            let path = [&path[..], &[key.get_ref().to_string()]].concat();
            if let DeValue::Table(inner) = value.get_ref() {
                open.push((path.clone(), inner));
            }
            lines.insert(path, line_of(text, key.span().start));
        }
    }
    lines
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
