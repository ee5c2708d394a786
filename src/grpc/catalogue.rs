//! The lists: voices, models, and what the service itself is.

use prost_types::Timestamp;

use crate::engine::catalog::Catalog;
use crate::engine::catalog::Model;
use crate::engine::catalog::Present;
use crate::engine::catalog::Voice;
use crate::error::Error;
use crate::error::Result;
use crate::grpc::convert;
use crate::grpc::streaming;
use crate::proto;
use crate::speech::Encoding;

const DEFAULT_PAGE: usize = 100;
const LARGEST_PAGE: usize = 1000;

/// One page of voices, by name.
///
/// # Errors
/// If the page is not one of ours, or the model is unknown.
pub(super) fn voices(catalog: &Catalog, request: &proto::ListVoicesRequest) -> Result<proto::ListVoicesResponse> {
    if !request.model.is_empty() {
        catalog.look_up(Some(&request.model), None).map_err(|error| error.with_field("model"))?;
    }
    let wanted = catalog
        .voices()
        .iter()
        .filter(|voice| request.model.is_empty() || voice.models.contains(&request.model))
        .filter(|voice| speaks(voice, &request.language_code));
    let (page, next_page_token) = page(wanted, |voice| &voice.name, request.page_size, &request.page_token)?;
    Ok(proto::ListVoicesResponse { voices: page.into_iter().map(voice).collect(), next_page_token })
}

/// One page of models, by name.
///
/// # Errors
/// If the page is not one of ours.
pub(super) fn models(catalog: &Catalog, request: &proto::ListModelsRequest) -> Result<proto::ListModelsResponse> {
    let (page, next_page_token) = page(catalog.models(), |model| &model.name, request.page_size, &request.page_token)?;
    Ok(proto::ListModelsResponse { models: page.into_iter().map(|one| model(catalog, one)).collect(), next_page_token })
}

/// Build, limits, formats and defaults.
pub(super) fn service_info(catalog: &Catalog, limits: proto::Limits) -> proto::GetServiceInfoResponse {
    let formats = Encoding::ALL
        .into_iter()
        .map(|encoding| proto::FormatSupport {
            encoding: convert::wire_encoding(encoding).into(),
            sample_rates_hertz: encoding.rates_hertz().iter().map(|rate| convert::hertz(*rate)).collect(),
            multi_utterance: streaming::ENDLESS.contains(&encoding),
            passthrough: encoding.may_pass_through()
                && catalog.present().any(|present| present.model.encodings.contains(&encoding)),
        })
        .collect();
    proto::GetServiceInfoResponse {
        server_version: env!("CARGO_PKG_VERSION").to_owned(),
        build_revision: env!("RHAPSODE_REVISION").to_owned(),
        default_model: catalog.default_model().name.clone(),
        default_voice: catalog.default_voice().to_owned(),
        limits: Some(limits),
        formats,
    }
}

/// The items behind `token`, which is the name of the last item of the page before, and the token of the page after.
fn page<'a, T>(
    items: impl Iterator<Item = &'a T>,
    name: impl Fn(&T) -> &String,
    size: i32,
    token: &str,
) -> Result<(Vec<&'a T>, String)> {
    let size = match usize::try_from(size) {
        Ok(0) => DEFAULT_PAGE,
        Ok(size) => size.min(LARGEST_PAGE),
        Err(_) => return Err(Error::invalid("page_size", "The page size must not be negative.")),
    };
    let mut rest = items.skip_while(|item| !token.is_empty() && name(item).as_str() <= token).peekable();
    let page: Vec<_> = rest.by_ref().take(size).collect();
    let next = match (rest.peek(), page.last()) {
        (Some(_), Some(last)) => name(last).clone(),
        _ => String::new(),
    };
    Ok((page, next))
}

/// Whether a voice speaks `wanted`, a BCP-47 tag or its beginning; a voice without tags speaks anything.
fn speaks(voice: &Voice, wanted: &str) -> bool {
    let matches = |tag: &String| {
        let head = tag.get(..wanted.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(wanted))
            && matches!(tag.as_bytes().get(wanted.len()), None | Some(b'-'))
    };
    wanted.is_empty() || voice.language_codes.is_empty() || voice.language_codes.iter().any(matches)
}

fn voice(voice: &Voice) -> proto::Voice {
    proto::Voice {
        name: voice.name.clone(),
        display_name: voice.display_name.clone(),
        description: voice.description.clone(),
        language_codes: voice.language_codes.clone(),
        models: voice.models.clone(),
    }
}

/// `model` as a call for it would get it now: models come and go while the service runs.
fn model(catalog: &Catalog, model: &Model) -> proto::Model {
    let last_day = catalog.calendar().last_day(model);
    let Present { model, is_native, spoken_by } = catalog.presence(model);
    proto::Model {
        name: model.name.clone(),
        display_name: model.display_name.clone(),
        supports_instructions: model.supports_instructions,
        supports_speed: model.supports_speed,
        reports_usage: model.reports_usage,
        max_call_chars: convert::small(model.max_call_chars),
        max_call_tokens: convert::small(model.max_call_tokens.unwrap_or_default()),
        retire_time: last_day.map(|day| Timestamp { seconds: day.midnight().assume_utc().unix_timestamp(), nanos: 0 }),
        // What its engine does not make is made here.
        encodings: Encoding::ALL.map(|encoding| convert::wire_encoding(encoding).into()).into(),
        native: is_native,
        spoken_by: spoken_by.unwrap_or_default(),
    }
}
