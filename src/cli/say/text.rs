//! The text to say, from the command line or from standard input.

use std::io::Read;

use crate::cli::trouble::Trouble;

/// Code points that a call may hold.
const MAX_CHARS: usize = 100_000;

/// Bytes that so many code points may have in UTF-8.
const MAX_BYTES: u64 = 4 * MAX_CHARS as u64;

/// The argument, or all of `stdin` if the argument is `-`.
pub(super) fn read(argument: &str, stdin: impl Read) -> Result<String, Trouble> {
    let text = if argument == "-" { read_all(stdin)? } else { argument.to_owned() };
    if text.chars().count() > MAX_CHARS {
        return Err(Trouble::usage("the text is longer than 100,000 characters; say it in parts"));
    }
    Ok(text)
}

fn read_all(stdin: impl Read) -> Result<String, Trouble> {
    let mut bytes = Vec::new();
    // One byte more than fits shows that there is more, without reading what may never end.
    stdin
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Trouble::other(format!("cannot read standard input: {error}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Trouble::usage("the text is longer than 100,000 characters; say it in parts"));
    }
    String::from_utf8(bytes).map_err(|error| {
        Trouble::usage(format!("standard input is not UTF-8: byte {} is wrong", error.utf8_error().valid_up_to()))
    })
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::read;

    #[test]
    fn a_text_is_bounded_in_code_points_wherever_it_comes_from() {
        let longest = "é".repeat(100_000);
        assert_eq!(read("-", longest.as_bytes()).as_deref(), Ok(longest.as_str()));
        assert_eq!(read(&longest, io::empty()).as_deref(), Ok(longest.as_str()));
        let too_long = format!("{longest}!");
        for (argument, stdin) in [("-", too_long.as_str()), (too_long.as_str(), "")] {
            let trouble = read(argument, stdin.as_bytes()).err();
            assert_eq!(trouble.map(|trouble| trouble.code), Some(64));
        }
    }

    #[test]
    fn an_endless_input_ends_the_command() {
        assert_eq!(read("-", io::repeat(b'a')).map_err(|trouble| trouble.code), Err(64));
    }

    #[test]
    fn other_bytes_than_utf8_are_refused_by_position() {
        let trouble = read("-", b"abc\xff".as_slice()).err();
        assert!(trouble.is_some_and(|trouble| trouble.messages[0].contains("byte 3")));
    }
}
