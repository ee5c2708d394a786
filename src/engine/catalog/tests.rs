//! The shipped catalogue against the published facts, and who speaks when.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use time::Date;
use time::macros::date;

use super::Calendar;
use super::Catalog;
use super::Choice;
use super::Config;
use super::ModelConfig;
use super::Retirement;
use super::RetirementConfig;
use super::Route;
use super::Standing;
use crate::error::Kind;
use crate::fault::Fault;
use crate::speech::Encoding;

fn with_key() -> Catalog {
    made(&Config::shipped().unwrap(), &|_| true).unwrap()
}

fn without_key() -> Catalog {
    made(&Config::shipped().unwrap(), &|engine| engine == "builtin").unwrap()
}

/// A catalogue on a day when nothing has been shut down yet.
fn made(config: &Config, is_usable: &dyn Fn(&str) -> bool) -> Result<Catalog, Vec<Fault>> {
    catalog_on(date!(2026 - 11 - 24), config, is_usable)
}

fn catalog_on(day: Date, config: &Config, is_usable: &dyn Fn(&str) -> bool) -> Result<Catalog, Vec<Fault>> {
    let calendar = Calendar::new(RetirementConfig { rehearse_as_of: Some(day), ..RetirementConfig::default() });
    let standing = |engine: &str| Standing {
        is_usable: is_usable(engine),
        retirement: if engine == "builtin" { Retirement::Unknown } else { Retirement::Maker },
    };
    Catalog::new(config, &standing, Arc::new(calendar))
}

/// Who is asked first.
fn first(route: Route) -> Choice {
    route.choices.into_iter().next().unwrap()
}

fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    names.into_iter().collect()
}

#[test]
fn the_shipped_catalogue_holds_the_published_facts() {
    let catalog = with_key();
    let listed = names(catalog.models().map(|model| model.name.as_str()));
    let expected = [
        "builtin",
        "gpt-4o-mini-tts",
        "gpt-4o-mini-tts-2025-03-20",
        "gpt-4o-mini-tts-2025-12-15",
        "gpt-realtime-2.1",
        "gpt-realtime-2.1-mini",
        "tts-1",
        "tts-1-hd",
    ];
    assert_eq!(listed, expected);
    for model in catalog.models().filter(|model| model.engine == "openai") {
        let is_mini = model.name.starts_with("gpt-4o-mini-tts");
        assert_eq!(model.voices.len(), if is_mini { 13 } else { 9 }, "{}", model.name);
        for voice in ["fable", "onyx", "nova"] {
            assert!(model.voices.iter().any(|known| known == voice), "{}: {voice}", model.name);
        }
        assert_eq!(model.voices.iter().any(|known| known == "ballad"), is_mini);
        let is_of_openai =
            |encoding: &Encoding| encoding.may_pass_through() || matches!(encoding, Encoding::PcmS16le | Encoding::Wav);
        let made_by_openai: Vec<_> = Encoding::ALL.into_iter().filter(is_of_openai).collect();
        assert_eq!(model.encodings, made_by_openai);
        assert_eq!(model.max_call_chars, 4096);
        assert_eq!(model.max_call_tokens, is_mini.then_some(2000));
        assert_eq!((model.supports_instructions, model.reports_usage), (is_mini, is_mini));
        assert_eq!(model.retire_date, Some(date!(2027 - 01 - 06)));
        assert_eq!(model.upstream_model, model.name);
        assert!(model.supports_speed && model.native);
    }
    let builtin = first(catalog.resolve(Some("builtin"), None, true).unwrap());
    assert_eq!((builtin.voice.as_str(), builtin.model.price.as_ref()), ("hibari", None));
    assert_eq!(builtin.model.encodings, [Encoding::PcmS16le, Encoding::Wav]);
}

#[test]
fn the_shipped_prices_are_the_published_ones() {
    let catalog = with_key();
    let cost = |model: &str, tokens| {
        let choice = first(catalog.resolve(Some(model), None, false).unwrap());
        choice.model.price.as_ref().unwrap().cost(tokens, 1_000_000)
    };
    let million = Some(crate::speech::Tokens { input: 1_000_000, output: 1_000_000, ..<_>::default() });
    assert_eq!(cost("gpt-4o-mini-tts", million), 12_600_000_000);
    assert_eq!(cost("gpt-4o-mini-tts-2025-12-15", million), 12_600_000_000);
    assert_eq!(cost("tts-1", None), 15_000_000_000);
    assert_eq!(cost("tts-1-hd", None), 30_000_000_000);
}

#[test]
fn a_request_is_spoken_by_the_model_and_voice_it_names() {
    let catalog = with_key();
    for (model, voice, spoken_by, with) in [
        (None, None, "gpt-4o-mini-tts", "alloy"),
        (None, Some("marin"), "gpt-4o-mini-tts", "marin"),
        (Some("tts-1"), None, "tts-1", "alloy"),
        (Some("tts-1-hd"), Some("onyx"), "tts-1-hd", "onyx"),
        (Some("builtin"), Some("hibari"), "builtin", "hibari"),
    ] {
        let route = catalog.resolve(model, voice, true).unwrap();
        assert_eq!((route.asked.as_str(), route.why.as_ref(), route.choices.len()), (spoken_by, None, 1));
        let choice = first(route);
        assert_eq!((choice.model.name.as_str(), choice.voice.as_str()), (spoken_by, with));
        assert_eq!(choice.in_place_of, None);
    }
}

#[test]
fn a_default_voice_of_the_operator_holds_for_requests_that_leave_both_open() {
    let mut config = Config::shipped().unwrap();
    config.defaults.voice = Some("cedar".to_owned());
    let catalog = made(&config, &|_| true).unwrap();
    assert_eq!(first(catalog.resolve(None, None, false).unwrap()).voice, "cedar");
    assert_eq!(first(catalog.resolve(Some("gpt-4o-mini-tts"), None, false).unwrap()).voice, "alloy");
    assert_eq!(catalog.default_voice(), "cedar");
}

#[test]
fn without_a_key_every_known_name_is_served_by_the_built_in_voice() {
    let catalog = without_key();
    for model in catalog.models().filter(|model| model.name != "builtin") {
        assert!(!model.native && !model.supports_instructions);
        assert_eq!(model.encodings, [Encoding::PcmS16le, Encoding::Wav], "what can be had, not what could be");
        for voice in std::iter::once(None).chain(model.voices.iter().map(|voice| Some(voice.as_str()))) {
            let route = catalog.resolve(Some(&model.name), voice, false).unwrap();
            assert_eq!(route.asked, model.name);
            assert!(route.why.as_ref().unwrap().contains(&format!("`{}`", model.engine)));
            let choice = first(route);
            assert_eq!((choice.model.name.as_str(), choice.voice.as_str()), ("builtin", "hibari"));
            let error = catalog.resolve(Some(&model.name), voice, true).unwrap_err();
            assert_eq!((error.kind(), error.field()), (Kind::OptionUnsupported, Some("config.model")));
        }
        let error = catalog.resolve(Some(&model.name), Some("hibari"), false).unwrap_err();
        assert_eq!(error.kind(), Kind::VoiceUnknown);
    }
    assert_eq!(catalog.resolve(Some("builtin"), None, true).unwrap().why, None);
}

#[test]
fn before_its_end_a_model_is_asked_first_and_its_successor_stands_by() {
    let catalog = with_key();
    let route = catalog.resolve(Some("gpt-4o-mini-tts"), Some("nova"), false).unwrap();
    let asked: Vec<_> = route.choices.iter().map(|c| (c.model.name.as_str(), c.voice.as_str())).collect();
    assert_eq!(asked, [("gpt-4o-mini-tts", "nova"), ("gpt-realtime-2.1-mini", "coral")]);
    assert_eq!((route.why, route.choices[1].in_place_of.as_deref()), (None, Some("nova")));
    assert!(route.choices[1].speaks_instead().contains("`coral` for `nova`"));
}

#[test]
fn after_its_end_the_successor_speaks_for_every_voice() {
    for (day, is_gone) in [(date!(2027 - 01 - 05), false), (date!(2027 - 01 - 06), true), (date!(2027 - 02 - 01), true)]
    {
        let catalog = catalog_on(day, &Config::shipped().unwrap(), &|_| true).unwrap();
        for model in catalog.models().filter(|model| model.engine == "openai") {
            for voice in &model.voices {
                let route = catalog.resolve(Some(&model.name), Some(voice), false).unwrap();
                assert_eq!(route.why.is_some(), is_gone);
                let speaks = first(route);
                assert_eq!(speaks.model.name == "gpt-realtime-2.1-mini", is_gone, "{day}: {}", model.name);
                assert!(speaks.model.voices.contains(&speaks.voice));
                let is_known = speaks.model.voices.contains(voice);
                assert_eq!(speaks.in_place_of.is_some(), !is_known, "{voice}");
            }
            let strict = catalog.resolve(Some(&model.name), None, true);
            assert_eq!(
                strict.as_ref().err().map(crate::error::Error::kind),
                is_gone.then_some(Kind::OptionUnsupported)
            );
        }
        let default = first(catalog.resolve(None, None, false).unwrap());
        assert_eq!(default.model.name == "gpt-realtime-2.1-mini", is_gone);
    }
}

#[test]
fn azure_ends_on_days_of_its_own() {
    let days = |retirement: Retirement| {
        let standing = move |_: &str| Standing { is_usable: true, retirement };
        let catalog = Catalog::new(&Config::shipped().unwrap(), &standing, Arc::default()).unwrap();
        ["gpt-4o-mini-tts", "gpt-4o-mini-tts-2025-03-20", "gpt-4o-mini-tts-2025-12-15", "tts-1", "tts-1-hd"]
            .map(|name| catalog.calendar().last_day(catalog.models().find(|model| model.name == name).unwrap()))
    };
    let (october, december) = (date!(2026 - 10 - 15), date!(2026 - 12 - 15));
    assert_eq!(days(Retirement::Azure), [december, october, december, december, december].map(Some));
    assert_eq!(days(Retirement::Maker), [Some(date!(2027 - 01 - 06)); 5]);
    assert_eq!(days(Retirement::Unknown), [None; 5]);
}

#[test]
fn another_server_goes_on_with_a_model_until_it_says_otherwise() {
    let calendar = Calendar::new(RetirementConfig { rehearse_as_of: Some(date!(2027 - 02 - 01)), ..<_>::default() });
    let standing = |_: &str| Standing { is_usable: true, retirement: Retirement::Unknown };
    let catalog = Catalog::new(&Config::shipped().unwrap(), &standing, Arc::new(calendar)).unwrap();
    let speaks = |catalog: &Catalog| first(catalog.resolve(Some("tts-1"), None, false).unwrap()).model.name.clone();
    assert_eq!(speaks(&catalog), "tts-1");
    catalog.calendar().tell("tts-1", date!(2027 - 02 - 02));
    assert_eq!(speaks(&catalog), "tts-1");
    catalog.calendar().tell("tts-1", date!(2027 - 01 - 31));
    assert_eq!(speaks(&catalog), "gpt-realtime-2.1-mini");
}

#[test]
fn a_model_that_is_absent_is_the_last_resort_of_its_route() {
    let catalog = with_key();
    let asked = |route: Route| route.choices.iter().map(|choice| choice.model.name.clone()).collect::<Vec<_>>();
    catalog.calendar().miss("openai", "tts-1");
    let route = catalog.resolve(Some("tts-1"), Some("onyx"), false).unwrap();
    assert_eq!(route.why.as_deref(), Some("Model `tts-1` is not there at present"));
    assert_eq!(asked(route), ["gpt-realtime-2.1-mini", "tts-1"]);
    assert_eq!(asked(catalog.resolve(Some("tts-1-hd"), None, false).unwrap())[0], "tts-1-hd");
    let strict = catalog.resolve(Some("tts-1"), None, true).unwrap();
    assert_eq!((strict.why.clone(), asked(strict)), (None, vec!["tts-1".to_owned()]));
    // If nobody is there, the order is the usual one.
    catalog.calendar().miss("openai_realtime", "gpt-realtime-2.1-mini");
    let route = catalog.resolve(Some("tts-1"), None, false).unwrap();
    assert_eq!(route.why, None);
    assert_eq!(asked(route), ["tts-1", "gpt-realtime-2.1-mini"]);
    catalog.calendar().meet("openai", "tts-1");
    assert_eq!(asked(catalog.resolve(Some("tts-1"), None, false).unwrap()), ["tts-1", "gpt-realtime-2.1-mini"]);
}

#[test]
fn nobody_who_is_gone_is_asked_unless_there_is_nobody_else() {
    let mut config = Config::shipped().unwrap();
    let far = date!(2028 - 01 - 01);
    config.models.get_mut("gpt-realtime-2.1-mini").unwrap().retire_date = Some(far);
    let catalog = catalog_on(far, &config, &|_| true).unwrap();
    let route = catalog.resolve(Some("tts-1"), None, false).unwrap();
    assert_eq!((route.choices.len(), route.choices[0].model.name.as_str()), (1, "tts-1"));
    assert_eq!(route.why, None, "it is what was asked for");
}

#[test]
fn a_model_without_a_key_is_spoken_by_a_successor_that_has_one() {
    let catalog = made(&Config::shipped().unwrap(), &|engine| engine == "openai_realtime").unwrap();
    let route = catalog.resolve(Some("tts-1"), Some("onyx"), false).unwrap();
    assert!(route.why.as_ref().unwrap().contains("no key for engine `openai`"));
    let speaks = first(route);
    assert_eq!((speaks.model.name.as_str(), speaks.voice.as_str()), ("gpt-realtime-2.1-mini", "ash"));
}

#[test]
fn unknown_names_are_answered_with_near_ones() {
    let catalog = with_key();
    let error = catalog.resolve(Some("gpt-4o-mini"), None, false).unwrap_err();
    assert_eq!((error.kind(), error.field()), (Kind::ModelUnknown, Some("config.model")));
    let (key, near) = &error.facts()[0];
    assert_eq!(*key, "nearMatches");
    assert!(near.starts_with("gpt-4o-mini-tts") && near.split(", ").count() == 3, "{near}");
    assert!(error.message().contains("rhapsode models"));

    let error = catalog.resolve(Some("tts-1"), Some("novva"), false).unwrap_err();
    assert_eq!((error.kind(), error.field()), (Kind::VoiceUnknown, Some("config.voice")));
    assert_eq!(error.facts(), [("nearMatches", "nova".to_owned())]);

    let error = catalog.resolve(Some("tts-1"), Some("ballad"), false).unwrap_err();
    assert!(error.message().contains("voice of model `gpt-4o-mini-tts`"), "{}", error.message());

    let error = catalog.resolve(Some("zzz"), None, false).unwrap_err();
    assert!(error.facts().is_empty());
}

#[test]
fn voices_know_their_models() {
    let catalog = with_key();
    assert_eq!(catalog.voices().len(), 14);
    assert!(catalog.voices().is_sorted_by(|a, b| a.name < b.name));
    let ballad = catalog.voices().iter().find(|voice| voice.name == "ballad").unwrap();
    let with_ballad = [
        "gpt-4o-mini-tts",
        "gpt-4o-mini-tts-2025-03-20",
        "gpt-4o-mini-tts-2025-12-15",
        "gpt-realtime-2.1",
        "gpt-realtime-2.1-mini",
    ];
    assert_eq!(ballad.models, with_ballad);
    let hibari = catalog.voices().iter().find(|voice| voice.name == "hibari").unwrap();
    assert_eq!(
        (hibari.models.as_slice(), hibari.language_codes.as_slice()),
        (&["builtin".into()][..], &["en-US".into()][..])
    );
}

#[test]
fn a_removed_model_is_gone_and_a_model_that_nobody_can_speak_is_not_listed() {
    let mut config = Config::shipped().unwrap();
    config.models.get_mut("tts-1").unwrap().enabled = false;
    let catalog = made(&config, &|_| true).unwrap();
    assert_eq!(catalog.resolve(Some("tts-1"), None, false).unwrap_err().kind(), Kind::ModelUnknown);

    let kokoro = ModelConfig { engine: "local".into(), voices: vec!["af_sky".into()], ..ModelConfig::default() };
    config.models.insert("kokoro".into(), kokoro);
    config.models.get_mut("builtin").unwrap().enabled = false;
    config.defaults.model = "kokoro".into();
    let catalog = made(&config, &|engine| engine == "local").unwrap();
    assert_eq!(names(catalog.models().map(|model| model.name.as_str())), ["kokoro"]);
    assert_eq!(first(catalog.resolve(None, None, true).unwrap()).voice, "af_sky");

    let faults = made(&config, &|_| false).unwrap_err();
    assert_eq!(faults[0].key, "defaults.model");
}

#[test]
fn every_fault_is_reported_at_once_with_its_key() {
    let mut config = Config::shipped().unwrap();
    config.models.insert("a.b".into(), ModelConfig { max_call_chars: 0, encodings: vec![], ..ModelConfig::default() });
    config.models.get_mut("tts-1").unwrap().default_voice = Some("marin".into());
    config.models.get_mut("tts-1-hd").unwrap().price.as_mut().unwrap().currency = "$".into();
    config.defaults.voice = Some("hibari".into());
    let keys: Vec<_> = made(&config, &|_| true).unwrap_err().into_iter().map(|fault| fault.key).collect();
    let expected = [
        "models.\"a.b\".engine",
        "models.\"a.b\".voices",
        "models.\"a.b\".encodings",
        "models.\"a.b\".max_call_chars",
        "models.tts-1.default_voice",
        "models.tts-1-hd.price.currency",
        "defaults.voice",
    ];
    assert_eq!(keys, expected);
}

#[test]
fn a_retirement_day_is_read_with_and_without_quotes_and_written_back() {
    for day in ["2027-01-06", "'2027-01-06'"] {
        let model: ModelConfig = toml::from_str(&format!("retire_date = {day}")).unwrap();
        assert_eq!(model.retire_date, Some(date!(2027 - 01 - 06)));
        assert!(toml::to_string(&model).unwrap().contains("retire_date = \"2027-01-06\""));
    }
    for wrong in ["'soon'", "7", "2027-01-06T00:00:00Z", "'2027-13-01'"] {
        assert!(toml::from_str::<ModelConfig>(&format!("retire_date = {wrong}")).is_err(), "{wrong}");
    }
}
