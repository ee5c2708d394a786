//! Who asks: the key in `Authorization` or, at Azure's paths, in `api-key`.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::refusal::Refusal;

/// Accepts the expected key, or any that is not empty if none is expected.
pub(crate) fn check(headers: &HeaderMap, azure: bool, expected: Option<&str>) -> Result<(), Refusal> {
    let given = bearer(headers).or_else(|| if azure { api_key(headers) } else { None });
    let accepted = match (given, expected) {
        (Some(given), Some(expected)) => given == expected,
        (given, None) => given.is_some(),
        (None, Some(_)) => false,
    };
    match given {
        _ if accepted => Ok(()),
        _ if azure => Err(Refusal::azure_key()),
        None => Err(Refusal::no_key()),
        Some(given) => Err(Refusal::wrong_key(&masked(given))),
    }
}

/// The scheme of the authorization with its secret hidden, for the log.
pub(crate) fn masked_authorization(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?;
    let scheme = value.to_str().ok().and_then(|text| text.split_once(' ')).map_or("", |(scheme, _)| scheme);
    Some(format!("{scheme} ***").trim_start().to_owned())
}

/// Whether an `api-key` header came with the request.
pub(crate) fn has_api_key(headers: &HeaderMap) -> bool {
    api_key(headers).is_some()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !key.trim().is_empty()).then(|| key.trim())
}

fn api_key(headers: &HeaderMap) -> Option<&str> {
    headers.get("api-key")?.to_str().ok().filter(|key| !key.is_empty())
}

/// A key as the error names it: eight characters, stars, four characters.
fn masked(key: &str) -> String {
    let characters: Vec<char> = key.chars().collect();
    let hidden = characters.len().saturating_sub(12);
    if hidden == 0 {
        return "*".repeat(characters.len());
    }
    let head: String = characters[..8].iter().collect();
    let tail: String = characters[characters.len() - 4..].iter().collect();
    format!("{head}{}{tail}", "*".repeat(hidden))
}
