//! Layers, faults and the reference.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use super::Config;
use super::Engine;
use super::Environment;
use super::File;
use super::Flag;
use super::Loaded;
use super::Sources;
use super::page;
use super::reference;

fn sources(file: &str, env: &[(&str, &str)]) -> Sources {
    let file = File { name: "rhapsode.toml".to_owned(), text: file.to_owned() };
    let env: Environment = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Sources { file: Some(file), env, flags: Vec::new() }
}

fn load(file: &str, env: &[(&str, &str)]) -> Loaded {
    sources(file, env).load().unwrap()
}

fn findings(file: &str, env: &[(&str, &str)]) -> Vec<String> {
    sources(file, env).load().unwrap_err().iter().map(ToString::to_string).collect()
}

fn base_url(loaded: &Loaded, engine: &str) -> String {
    match &loaded.config.engines[engine] {
        Engine::SpeechApi(config) => config.base_url.to_string(),
        Engine::Realtime(config) => config.base_url.to_string(),
        Engine::Embedded(_) | Engine::Balanced(_) => String::new(),
    }
}

#[test]
fn without_anything_the_defaults_hold_and_are_valid() {
    let loaded = Sources::default().load().unwrap();
    assert_eq!(loaded.config, Config::default());
    assert_eq!(loaded.config.server.listen.to_string(), "127.0.0.1:50051");
    assert_eq!(loaded.config.defaults.model, "gpt-4o-mini-tts");
}

#[test]
fn each_layer_lies_over_the_one_before() {
    let file = "[server]\nlisten = '127.0.0.1:1'\nhttp_listen = '127.0.0.1:2'";
    let variable = ("RHAPSODE__SERVER__LISTEN", "127.0.0.1:3");
    let flag = Flag { name: "--listen", key: ["server", "listen"], value: "127.0.0.1:4".to_owned() };
    let mut layers = sources(file, &[]);
    let listens = |layers: &Sources| layers.load().unwrap().config.server.listen.port();
    assert_eq!(listens(&layers), 1);
    layers = sources(file, &[variable]);
    assert_eq!(listens(&layers), 3);
    layers.flags.push(flag);
    assert_eq!(listens(&layers), 4);
    assert_eq!(layers.load().unwrap().config.server.http_listen.port(), 2);
}

#[test]
fn a_model_is_changed_key_by_key() {
    let loaded = load("[models.\"tts-1\"]\nmax_call_chars = 100\nprice.list = 'contract'", &[]);
    let model = &loaded.config.models["tts-1"];
    assert_eq!((model.max_call_chars, model.voices.len()), (100, 9));
    let price = model.price.as_ref().unwrap();
    assert_eq!((price.list.as_str(), price.currency.as_str()), ("contract", "USD"));
}

#[test]
fn variables_reach_names_that_shells_cannot_spell() {
    let env = [
        ("RHAPSODE__MODELS__TTS_1__ENABLED", "false"),
        ("RHAPSODE__MODELS__gpt-4o-mini-tts__MAX_CALL_CHARS", "1000"),
        ("RHAPSODE__MODELS__MY_MODEL__ENGINE", "builtin"),
        ("RHAPSODE__MODELS__KOKORO_V1_0__VOICES", "['a', 'b']"),
        ("RHAPSODE__MODELS__MY_MODEL__VOICES", "['hibari']"),
    ];
    let models = load("[models.\"kokoro-v1.0\"]\nengine = 'builtin'", &env).config.models;
    assert!(!models["tts-1"].enabled);
    assert_eq!(models["gpt-4o-mini-tts"].max_call_chars, 1000);
    assert_eq!(models["kokoro-v1.0"].voices, ["a", "b"]);
    assert_eq!(models["my_model"].engine, "builtin");
}

#[test]
fn an_ambiguous_variable_is_refused() {
    let file = "[voices.'a-b']\n[voices.'a.b']\n[voices.'a_b']";
    let env = [("RHAPSODE__VOICES__A_B__DESCRIPTION", "x")];
    assert_eq!(load(file, &env).config.voices["a_b"].description, "x");
    let found = findings("[voices.'a-b']\n[voices.'a.b']", &env);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("RHAPSODE__VOICES__A_B__DESCRIPTION: `A_B` may mean any of"), "{}", found[0]);
}

#[test]
fn a_variable_is_a_toml_value_where_the_setting_accepts_one_and_text_otherwise() {
    let env = [
        ("RHAPSODE__MODELS__TTS_1__DISPLAY_NAME", "1.0"),
        ("RHAPSODE__MODELS__TTS_1__MAX_CALL_CHARS", "512"),
        ("RHAPSODE__MODELS__TTS_1__RETIRE_DATE", "2026-12-15"),
        ("RHAPSODE__MODELS__TTS_1__PRICE__PER_MILLION_CHARS", "14.5"),
        ("RHAPSODE__MODELS__TTS_1__UPSTREAM_MODEL", "x = 1"),
        ("RHAPSODE__MODELS__TTS_1__PRICE__LIST", "1\ncurrency = 'EUR'"),
    ];
    let model = load("", &env).config.models["tts-1"].clone();
    assert_eq!(model.display_name.as_deref(), Some("1.0"));
    assert_eq!(model.max_call_chars, 512);
    assert_eq!(model.retire_date.unwrap().to_string(), "2026-12-15");
    assert_eq!(model.upstream_model.as_deref(), Some("x = 1"));
    let price = model.price.unwrap();
    assert_eq!((price.per_million_chars.unwrap().to_string(), price.currency), ("14.50".to_owned(), "USD".to_owned()));
}

#[test]
fn openai_variables_are_honoured_below_our_own() {
    let url = ("OPENAI_BASE_URL", "http://127.0.0.1:9100/v1");
    let file = "[engines.openai]\nbase_url = 'http://127.0.0.1:1/v1'";
    assert_eq!(base_url(&load(file, &[url]), "openai"), "http://127.0.0.1:9100/v1");
    assert_eq!(base_url(&load(file, &[url]), "openai_realtime"), "http://127.0.0.1:9100/v1");
    let ours = ("RHAPSODE__ENGINES__OPENAI__BASE_URL", "http://127.0.0.1:3/v1");
    assert_eq!(base_url(&load(file, &[url, ours]), "openai"), "http://127.0.0.1:3/v1");
    assert_eq!(base_url(&load("", &[("OPENAI_BASE_URL", "")]), "openai"), "https://api.openai.com/v1");
    assert_eq!(load("[engines.openai]\nkind = 'embedded'", &[url]).config.engines.len(), 3);
}

#[test]
fn a_key_goes_to_its_own_engine_and_is_printed_nowhere() {
    let file = "[engines.local]\nkind = 'speech_api'\nbase_url = 'http://127.0.0.1:8880/v1'";
    let loaded = load(file, &[("OPENAI_API_KEY", " sk-secret\n")]);
    assert_eq!(loaded.secrets.key("openai").unwrap().expose(), "sk-secret");
    assert!(loaded.secrets.key("local").is_none());
    assert!(!format!("{loaded:?}{}", loaded.print()).contains("sk-secret"));
    for (engine, with, without) in [("openai", true, false), ("local", true, true), ("builtin", true, true)] {
        let bare = load(file, &[("OPENAI_API_KEY", "")]);
        assert_eq!(loaded.config.engines[engine].is_usable(engine, &loaded.secrets), with);
        assert_eq!(bare.config.engines[engine].is_usable(engine, &bare.secrets), without);
    }
}

#[test]
fn a_key_file_is_read_and_an_unreadable_one_is_a_fault() {
    let key = tempfile::NamedTempFile::new().unwrap();
    let file = format!("[engines.openai]\napi_key_file = '{}'", key.path().display());
    assert_eq!(findings(&file, &[]), ["rhapsode.toml:2: engines.openai.api_key_file: the file is empty"]);
    fs::write(key.path(), "sk-1\n").unwrap();
    assert_eq!(load(&file, &[]).secrets.key("openai").unwrap().expose(), "sk-1");
    let missing = findings("[engines.openai]\napi_key_file = '/nowhere'", &[]);
    assert!(missing[0].contains("cannot read the file"), "{missing:?}");
}

#[test]
fn what_a_start_would_refuse_is_found_beforehand_and_all_at_once() {
    let file = "[telemetry]\nlog_filter = 'blah=foo=bar'\n[engines.openai]\norganization = \"a\\nb\"\nproject = 'é'";
    let env = [
        ("OPENAI_API_KEY", "sk-a\nbc"),
        ("OTEL_TRACES_EXPORTER", "console"),
        ("OTEL_METRICS_EXPORTER", "otlp"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
    ];
    let found = findings(file, &env);
    for place in [
        "rhapsode.toml:2: telemetry.log_filter: `blah=foo=bar` is not a log filter",
        "rhapsode.toml:4: engines.openai.organization: ",
        "rhapsode.toml:5: engines.openai.project: ",
        "default: engines.openai.api_key_env: the variable OPENAI_API_KEY holds a character",
        "default: engines.openai_realtime.api_key_env: the variable OPENAI_API_KEY holds a character",
        "OTEL_TRACES_EXPORTER: `console` is not an exporter",
        "OTEL_EXPORTER_OTLP_PROTOCOL: `http/json` is not supported",
    ] {
        assert!(found.iter().any(|finding| finding.starts_with(place)), "{place} is missing in\n{}", found.join("\n"));
    }
    assert_eq!(found.len(), 7, "{}", found.join("\n"));
    assert!(!found.join("").contains("sk-a"));
    load("", &[("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]);
}

#[test]
fn a_key_that_no_request_can_carry_is_refused_wherever_it_comes_from() {
    let key = tempfile::NamedTempFile::new().unwrap();
    fs::write(key.path(), "sk-schlüssel\n").unwrap();
    let file = format!("[engines.openai]\napi_key_file = '{}'", key.path().display());
    let found = findings(&file, &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("rhapsode.toml:2: engines.openai.api_key_file: the file holds"), "{found:?}");
    let only_openai = "[models.builtin]\nenabled = false";
    let found = findings(only_openai, &[("OPENAI_API_KEY", "sk-\u{fffd}")]);
    assert_eq!(found.len(), 2, "one for each engine, and nothing about a missing key: {found:?}");
}

#[test]
fn a_key_in_the_place_of_its_variable_is_refused_and_not_shown() {
    let found = findings("[engines.openai]\napi_key_env = 'sk-SECRET'", &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("rhapsode.toml:2: engines.openai.api_key_env: must be the name"), "{found:?}");
    assert!(!found[0].contains("SECRET"), "{found:?}");
}

#[test]
fn a_rehearsal_is_said_with_its_place_and_is_no_fault() {
    let warnings = |file: &str| load(file, &[]).warnings().iter().map(ToString::to_string).collect::<Vec<_>>();
    let said = warnings("[retirement]\nrehearse_as_of = 2027-01-06");
    assert!(
        matches!(&said[..], [line] if line.starts_with("rhapsode.toml:2: retirement.rehearse_as_of: ")),
        "{said:?}"
    );
    assert!(said[0].contains("as on 2027-01-06"), "{said:?}");
    assert_eq!(warnings("[retirement]\nwarn_days = 7"), Vec::<String>::new());
}

fn missing_keys(file: &str, env: &[(&str, &str)]) -> Vec<String> {
    load(file, env).missing_keys().iter().map(ToString::to_string).collect()
}

#[test]
fn a_key_that_was_promised_and_is_not_there_is_told_with_the_models_that_lack_it() {
    let engine = "[engines.azure]\nkind = 'speech_api'\nshape = 'azure_v1'\nbase_url = 'https://r.openai.azure.com'\n";
    let model = "[models.mine]\nengine = 'azure'\nvoices = ['alloy']\n";
    let named = format!("{engine}api_key_env = 'TYPO'\n{model}");
    let instead = "`azure` has no key, so the built-in voice speaks instead";
    let expected = [
        "rhapsode.toml:5: engines.azure.api_key_env: the variable of this name is not set, or is empty, so the engine is not used".to_owned(),
        format!("rhapsode.toml:7: models.mine.engine: {instead}"),
    ];
    assert_eq!(missing_keys(&named, &[]), expected);
    assert_eq!(missing_keys(&named, &[("TYPO", " ")]), expected);
    assert_eq!(missing_keys(&named, &[("TYPO", "key")]), Vec::<String>::new());
    let unnamed = missing_keys(&format!("{engine}{model}"), &[]);
    assert!(unnamed[0].starts_with("rhapsode.toml:4: engines.azure: has neither `api_key_env` nor"), "{unnamed:?}");
    assert_eq!(unnamed[1], format!("rhapsode.toml:6: models.mine.engine: {instead}"));
    let alone = format!("{named}[models.builtin]\nenabled = false");
    assert!(missing_keys(&alone, &[("OPENAI_API_KEY", "sk-1")])[1].ends_with("so the model is left out"));
}

#[test]
fn a_start_without_any_key_is_no_mistake() {
    let bare = load("", &[]);
    assert_eq!(bare.missing_keys(), []);
    let waiting = [("openai", "OPENAI_API_KEY")];
    assert_eq!(bare.waiting_for_a_key().into_iter().collect::<Vec<_>>(), waiting);
    assert!(load("", &[("OPENAI_API_KEY", "sk-1")]).waiting_for_a_key().is_empty());
    let local = "[engines.openai]\nbase_url = 'http://127.0.0.1:1/v1'";
    assert!(!load(local, &[]).waiting_for_a_key().contains_key("openai"), "it is used without a key");
    assert_eq!(missing_keys(local, &[]), Vec::<String>::new());
    let named = missing_keys(&format!("{local}\napi_key_env = 'TYPO'"), &[]);
    assert_eq!(named.len(), 1, "{named:?}");
    assert!(named[0].ends_with("so requests carry no key"), "{named:?}");
    let explicit = load("", &[("RHAPSODE__ENGINES__OPENAI__API_KEY_ENV", "OPENAI_API_KEY")]);
    assert!(explicit.waiting_for_a_key().is_empty());
    assert!(explicit.missing_keys()[0].to_string().starts_with("RHAPSODE__ENGINES__OPENAI__API_KEY_ENV: "));
}

#[test]
fn every_fault_is_reported_at_once_with_its_origin() {
    let file = r#"
[server]
lisen = "127.0.0.1:1"
http_listen = "nowhere"

[serverr]

[engines.local]
kind = "speech_api"
base_url = 7

[engines.odd]
kind = "carrier_pigeon"
wings = 2

[models.mine]
engine = "absent"
voices = ["a"]
speed = true

[models."tts-1"]
encodings = ["wav", "midi"]
"#;
    let env = [
        ("RHAPSODE__MODELS__TTS_1__MAX_CALL_CHARS", "many"),
        ("RHAPSODE__SERVER", "1"),
        ("RHAPSODE__", "1"),
        ("RHAPSODE__DEFAULTS__VOICE", "nobody"),
    ];
    let mut layers = sources(file, &env);
    layers.env.remove("RHAPSODE__SERVER");
    layers.flags.push(Flag { name: "--listen", key: ["server", "listen"], value: "localhost".to_owned() });
    let found: Vec<_> = layers.load().unwrap_err().iter().map(ToString::to_string).collect();
    for (place, problem) in [
        ("rhapsode.toml:3: server.lisen: ", "unknown field"),
        ("rhapsode.toml:4: server.http_listen: ", "expected IP:PORT"),
        ("rhapsode.toml:6: serverr: ", "unknown field"),
        ("rhapsode.toml:10: engines.local.base_url: ", "invalid type"),
        ("rhapsode.toml:13: engines.odd.kind: ", "unknown variant"),
        ("rhapsode.toml:19: models.mine.speed: ", "unknown field"),
        ("rhapsode.toml:17: models.mine.engine: ", "no [engines.absent]"),
        ("rhapsode.toml:22: models.tts-1.encodings: ", "unknown variant `midi`"),
        ("RHAPSODE__MODELS__TTS_1__MAX_CALL_CHARS: models.tts-1.max_call_chars: ", "invalid type"),
        ("RHAPSODE__: ", "expected RHAPSODE__SECTION__KEY"),
        ("RHAPSODE__DEFAULTS__VOICE: defaults.voice: ", "`nobody` is not a voice"),
        ("--listen: server.listen: ", "expected IP:PORT, such as 127.0.0.1:50051"),
    ] {
        let is_found = found.iter().any(|finding| finding.starts_with(place) && finding.contains(problem));
        assert!(is_found, "{place}{problem} is missing in\n{}", found.join("\n"));
    }
    assert_eq!(found.len(), 12, "{}", found.join("\n"));
}

#[test]
fn an_address_is_a_number_and_a_port_in_every_layer() {
    for text in ["localhost:50051", ":50051", "50051", "127.0.0.1"] {
        let found = findings("", &[("RHAPSODE__SERVER__LISTEN", text)]);
        let place = "RHAPSODE__SERVER__LISTEN: server.listen: ";
        assert_eq!(found, [format!("{place}expected IP:PORT, such as 127.0.0.1:50051")], "{text}");
    }
    let six = load("[server]\nlisten = '[::1]:50051'", &[]);
    assert_eq!(six.config.server.listen.to_string(), "[::1]:50051");
}

#[test]
fn a_file_that_is_no_toml_is_reported_with_its_line_beside_the_faults_of_other_layers() {
    let found = findings("[server]\nlisten = \n", &[("RHAPSODE__NONSENSE", "1")]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("rhapsode.toml:2: "), "{found:?}");
    assert!(found[1].starts_with("RHAPSODE__NONSENSE: nonsense: unknown field"), "{found:?}");
}

#[test]
fn a_section_that_is_no_table_is_refused() {
    let found = findings("server = 5", &[]);
    assert!(found[0].starts_with("rhapsode.toml:1: server: invalid type: integer `5`"), "{found:?}");
}

#[test]
fn faults_of_defaults_that_meet_in_one_place_name_a_setting_that_was_supplied() {
    let found = findings("[server]\nlisten = '127.0.0.1:9'\nhttp_listen = '127.0.0.1:9'", &[]);
    assert_eq!(found, ["rhapsode.toml:3: server.http_listen: must differ from `listen`"]);
    let found = findings("[defaults]\nvoice = 'alloy'\n[models.builtin]\nenabled = false", &[]);
    assert!(found[0].starts_with("default: defaults.model: engine `openai`"), "{found:?}");
}

#[test]
fn what_is_missing_in_a_table_is_missing_where_the_table_is() {
    let model = "[models.foo]\nengine = 'builtin'\nvoices = ['hibari']\n";
    let found = findings(&format!("{model}price.currency = 'EUR'\nprice.per_million_chars = 1"), &[]);
    assert_eq!(found, ["rhapsode.toml:4: models.foo.price.list: is required: name the price list"]);
    let found = findings(&format!("{model}[models.foo.price]"), &[]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|finding| finding.starts_with("rhapsode.toml:4: models.foo.price.")), "{found:?}");
    let found = findings("", &[("RHAPSODE__MODELS__FOO__ENGINE", "builtin")]);
    assert!(found[0].starts_with("RHAPSODE__MODELS__FOO__ENGINE: models.foo.voices: is required"), "{found:?}");
}

#[test]
fn an_engine_that_changes_its_kind_starts_from_nothing() {
    let file = "[engines.openai]\nbase_url = 'http://127.0.0.1:1/v1'";
    let loaded = load(file, &[("RHAPSODE__ENGINES__OPENAI__KIND", "embedded")]);
    assert!(matches!(loaded.config.engines["openai"], Engine::Embedded(_)));
}

#[test]
fn the_print_out_is_a_configuration_with_the_same_meaning_that_names_origins() {
    let file = "[server]\nlisten = '127.0.0.1:7'\n[models.'a.b']\nengine = 'builtin'\nvoices = ['hibari']";
    let loaded = load(file, &[("RHAPSODE__DEFAULTS__MODEL", "a.b")]);
    let printed = loaded.print();
    assert!(printed.contains("listen = \"127.0.0.1:7\"  # rhapsode.toml:2\n"), "{printed}");
    assert!(printed.contains("model = \"a.b\"  # RHAPSODE__DEFAULTS__MODEL\n"), "{printed}");
    let own = printed.split("[models.\"a.b\"]").nth(1).unwrap().split("\n[").next().unwrap();
    assert!(own.contains("max_call_chars = 4096\n"), "a default of a model that was added is in force, too: {own}");
    assert_eq!(load(&printed, &[]).config, loaded.config);
}

#[test]
fn the_reference_names_every_setting_and_changes_nothing() {
    let text = reference();
    assert_eq!(load(&text, &[]).config, Config::default(), "{text}");
    for key in ["listen", "base_url", "engine", "max_call_chars", "per_million_chars", "description", "kind"] {
        assert!(text.contains(&format!("{key} =")), "{key} is missing in\n{text}");
    }
}

#[test]
fn the_page_in_docs_is_the_one_that_the_settings_give() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
    let there = fs::read_to_string(path).unwrap_or_default();
    assert!(there == page(), "run: cargo run -- config reference --page > docs/configuration.md");
}

#[test]
fn every_example_is_valid() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples");
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut seen = 0;
    for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "toml")) {
        let loaded = Sources { file: Some(File::read(&path).unwrap()), ..Sources::default() }.load();
        assert!(loaded.is_ok(), "{}: {:?}", path.display(), loaded.err());
        seen += 1;
    }
    assert!(seen >= 3, "{seen} examples");
}

#[test]
fn a_file_that_cannot_be_read_or_is_too_large_is_a_finding() {
    assert!(File::read(Path::new("/nowhere.toml")).unwrap_err().to_string().starts_with("/nowhere.toml: cannot read"));
    let large = tempfile::NamedTempFile::new().unwrap();
    fs::write(large.path(), "#".repeat((1 << 20) + 1)).unwrap();
    assert!(File::read(large.path()).unwrap_err().to_string().ends_with("larger than 1 MiB"));
}
