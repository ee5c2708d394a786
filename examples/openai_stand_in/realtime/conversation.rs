//! The session's own conversation, and where in a list of items the text to be read stands.

use std::collections::VecDeque;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::complaint::Complaint;
use super::contract::count_tokens;
use super::names::Names;

/// Items that a conversation keeps; older ones go first, as truncation has it.
const ITEM_LIMIT: usize = 1000;
/// The line before the text that is to be read, and the one behind it.
const MARKS: (&str, &str) = ("<<<READ\n", "\nREAD>>>");

/// What was said so far.
#[derive(Default)]
pub(crate) struct Conversation {
    items: VecDeque<Value>,
}

impl Conversation {
    /// Takes a `conversation.item.create` and returns the item as it is told back, with the id of the one before it.
    pub(crate) fn create(
        &mut self,
        event: &Map<String, Value>,
        names: &mut Names,
    ) -> Result<(Option<String>, Value), Complaint> {
        let item = event.get("item").ok_or_else(|| Complaint::missing("item"))?;
        check("item", item)?;
        let mut item = item.clone();
        if !item["id"].is_string() {
            item["id"] = json!(names.make("item"));
        }
        item["object"] = json!("realtime.item");
        item["status"] = json!("completed");
        Ok((self.append(item.clone()), item))
    }

    /// Adds an item and returns the id of the one before it.
    pub(crate) fn append(&mut self, item: Value) -> Option<String> {
        let previous = self.items.back().and_then(|item| item["id"].as_str()).map(str::to_owned);
        if self.items.len() == ITEM_LIMIT {
            self.items.pop_front();
        }
        self.items.push_back(item);
        previous
    }

    /// Takes an item out by its id.
    pub(crate) fn delete(&mut self, id: &str) -> Result<(), Complaint> {
        let position = self.items.iter().position(|item| item["id"] == id);
        let gone = position.and_then(|position| self.items.remove(position));
        let message = || format!("Error deleting item: the item with id '{id}' does not exist.");
        gone.map(drop).ok_or_else(|| Complaint::new("item_delete_invalid_item_id", message()).about("item_id"))
    }

    /// Everything that was said.
    pub(crate) fn items(&self) -> impl DoubleEndedIterator<Item = &Value> {
        self.items.iter()
    }
}

/// Whether `item` is a message of text.
pub(crate) fn check(path: &str, item: &Value) -> Result<(), Complaint> {
    if !item.is_object() {
        return Err(Complaint::wrong_type(path, "an object", item));
    }
    one_of(path, item, "type", &["message"])?;
    one_of(path, item, "role", &["user", "system", "assistant"])?;
    let path = format!("{path}.content");
    let parts = item.get("content").ok_or_else(|| Complaint::missing(&path))?;
    let Value::Array(parts) = parts else { return Err(Complaint::wrong_type(&path, "an array", parts)) };
    for (index, part) in parts.iter().enumerate() {
        let path = format!("{path}[{index}]");
        let kind = if item["role"] == "assistant" { "output_text" } else { "input_text" };
        one_of(&path, part, "type", &[kind])?;
        let path = format!("{path}.text");
        let text = part.get("text").ok_or_else(|| Complaint::missing(&path))?;
        if !text.is_string() {
            return Err(Complaint::wrong_type(&path, "a string", text));
        }
    }
    Ok(())
}

fn one_of(path: &str, object: &Value, name: &str, known: &[&str]) -> Result<(), Complaint> {
    let path = format!("{path}.{name}");
    let value = object.get(name).ok_or_else(|| Complaint::missing(&path))?;
    let fits = value.as_str().is_some_and(|value| known.contains(&value));
    if fits { Ok(()) } else { Err(Complaint::not_one_of(&path, value, known)) }
}

/// What a reader would read: the last `input_text` of the last item that a user wrote, without the marks around it.
pub(crate) fn text_to_read<'a>(items: impl DoubleEndedIterator<Item = &'a Value>) -> Option<&'a str> {
    let item = items.rev().find(|item| item["role"] == "user")?;
    let text = item["content"].as_array()?.iter().rev().find(|part| part["type"] == "input_text")?["text"].as_str()?;
    Some(between_marks(text).unwrap_or(text))
}

/// Every text of an item as it came, behind its role: `user: Hello.`
pub(crate) fn texts(item: &Value) -> impl Iterator<Item = String> {
    let role = item["role"].as_str().unwrap_or_default();
    let texts = item["content"].as_array().into_iter().flatten().filter_map(|part| part["text"].as_str());
    texts.map(move |text| format!("{role}: {text}"))
}

/// The lines between the mark at the first line that is one and the mark at the last line that is one.
fn between_marks(text: &str) -> Option<&str> {
    let (before, after) = MARKS;
    let start = text.match_indices(before).map(|(index, _)| index).find(|index| is_line_start(text, *index))?;
    let inside = &text[start + before.len()..];
    let end = inside.rmatch_indices(after).map(|(index, _)| index).find(|index| {
        let rest = &inside[index + after.len()..];
        rest.is_empty() || rest.starts_with(['\n', '\r'])
    })?;
    Some(&inside[..end])
}

fn is_line_start(text: &str, index: usize) -> bool {
    index == 0 || text.as_bytes()[index - 1] == b'\n'
}

/// The `o200k_base` tokens of all texts in `items`.
pub(crate) fn tokens<'a>(items: impl Iterator<Item = &'a Value>) -> usize {
    let parts = items.filter_map(|item| item["content"].as_array()).flatten();
    parts.filter_map(|part| part["text"].as_str().or(part["transcript"].as_str())).map(count_tokens).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_are_marks() {
        let cases = [
            ("<<<READ\nHello.\nREAD>>>", Some("Hello.")),
            ("Calmly:\n<<<READ\nTwo\nlines.\nREAD>>>\nThank you.", Some("Two\nlines.")),
            ("<<<READ\nIt says <<<READ\nand\nREAD>>> twice.\nREAD>>>", Some("It says <<<READ\nand\nREAD>>> twice.")),
            ("<<<READ\nNo end.", None),
            ("See <<<READ\nnothing.\nREAD>>>", None),
        ];
        for (text, inside) in cases {
            assert_eq!(between_marks(text), inside, "{text}");
        }
    }
}
