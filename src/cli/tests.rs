//! What the command line accepts, and with which code it refuses.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::sync::Arc;

use clap::CommandFactory;
use clap::Parser;

use super::Cli;
use super::Command;
use super::settings;
use super::settings::Server;
use super::trouble::Trouble;
use crate::client::Code;
use crate::client::Failure;
use crate::client::stand_in::begun;
use crate::client::stand_in::serve;
use crate::client::stand_in::whole;
use crate::config::Environment;
use crate::error::Error;
use crate::proto::AudioEncoding;

fn env(server: Option<&str>) -> Environment {
    server.map(|url| ("RHAPSODE_SERVER".to_owned(), url.to_owned())).into_iter().collect()
}

fn parses(line: &str) -> bool {
    Cli::try_parse_from(line.split_whitespace()).is_ok()
}

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn commands_are_parsed_and_contradictions_refused() {
    for line in [
        "rhapsode serve",
        "rhapsode serve --config a.toml --listen 127.0.0.1:0 --http-listen 127.0.0.1:0",
        "rhapsode say Hello -o a.wav",
        "rhapsode say --live -o a.wav",
        "rhapsode say - --format opus --speed 1.5 --model m --voice v --instructions i --strict",
        "rhapsode say Hello --local --config a.toml",
        "rhapsode say Hello --server http://127.0.0.1:1 -o -",
        "rhapsode voices --json --model tts-1 --language en",
        "rhapsode models --json",
        "rhapsode config check --config a.toml",
        "rhapsode config print",
        "rhapsode config reference",
    ] {
        assert!(parses(line), "{line}");
    }
    for line in [
        "rhapsode",
        "rhapsode say",
        "rhapsode say Hello --live",
        "rhapsode say Hello --speed fast",
        "rhapsode say Hello --format midi",
        "rhapsode say Hello --local --server http://127.0.0.1:1",
        "rhapsode say Hello --config a.toml",
        "rhapsode serve --local",
        "rhapsode config",
    ] {
        assert!(!parses(line), "{line}");
    }
}

#[test]
fn the_server_is_a_flag_or_a_variable_or_here() {
    let flag = Server { server: Some("http://flag:1".to_owned()) };
    let none = Server::default();
    assert_eq!(flag.url(&env(Some("http://variable:1"))), "http://flag:1");
    assert_eq!(none.url(&env(Some("http://variable:1"))), "http://variable:1");
    assert_eq!(none.url(&env(Some(" "))), "http://127.0.0.1:50051");
    assert_eq!(none.url(&env(None)), "http://127.0.0.1:50051");
}

#[test]
fn exit_codes_tell_mistakes_from_absence_and_from_failure() {
    for (code, exit) in [
        (Code::InvalidArgument, 64),
        (Code::Unavailable, 69),
        (Code::Aborted, 1),
        (Code::DataLoss, 1),
        (Code::ResourceExhausted, 1),
    ] {
        assert_eq!(Trouble::from(Failure::new(code, "")).code, exit, "{code:?}");
    }
}

#[test]
fn a_setting_that_a_start_refuses_is_named_and_is_a_mistake() {
    let trouble = Trouble::from(Error::invalid("OTEL_TRACES_EXPORTER", "`console` is not an exporter"));
    assert_eq!(trouble, Trouble::usage("OTEL_TRACES_EXPORTER: `console` is not an exporter"));
    assert_eq!(Trouble::from(Error::internal("cannot listen")), Trouble::other("cannot listen"));
}

#[test]
fn a_missing_key_is_a_warning_in_the_log_if_it_was_named_and_else_one_line_of_information() {
    for (variable, expected) in
        [("", &["INFO"][..]), ("TYPO", &["WARN", "WARN", "WARN", "WARN", "WARN", "WARN", "INFO"])]
    {
        let named = ("RHAPSODE__ENGINES__OPENAI__API_KEY_ENV".to_owned(), variable.to_owned());
        let env = if variable.is_empty() { Environment::new() } else { Environment::from([named]) };
        let loaded = settings::load(None, env, Vec::new()).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        let lines = Arc::new(fs::File::create(file.path()).unwrap());
        let subscriber = tracing_subscriber::fmt().with_writer(lines).without_time().with_ansi(false).finish();
        tracing::subscriber::with_default(subscriber, || settings::log_warnings(&loaded));
        let log = fs::read_to_string(file.path()).unwrap();
        let levels: Vec<_> = log.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
        assert_eq!(levels, expected, "{log}");
        assert!(!log.contains("TYPO"), "{log}");
    }
}

#[test]
fn a_rehearsal_is_a_warning_in_the_log() {
    let day = ("RHAPSODE__RETIREMENT__REHEARSE_AS_OF".to_owned(), "2027-01-06".to_owned());
    let loaded = settings::load(None, Environment::from([day]), Vec::new()).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let lines = Arc::new(fs::File::create(file.path()).unwrap());
    let subscriber = tracing_subscriber::fmt().with_writer(lines).without_time().with_ansi(false).finish();
    tracing::subscriber::with_default(subscriber, || settings::log_warnings(&loaded));
    let log = fs::read_to_string(file.path()).unwrap();
    let warned: Vec<_> = log.lines().filter(|line| line.trim_start().starts_with("WARN")).collect();
    assert!(matches!(warned[..], [line] if line.contains("as on 2027-01-06")), "{log}");
}

#[test]
fn every_fault_of_a_configuration_becomes_a_line() {
    let Command::Config(config) = Cli::try_parse_from(["rhapsode", "config", "check"]).unwrap().command else {
        unreachable!("the line names this command");
    };
    let env = [("RHAPSODE__SERVER__LISTEN", "x"), ("RHAPSODE__NONSENSE", "1")];
    let trouble = config.run(env.map(|(name, value)| (name.into(), value.into())).into()).unwrap_err();
    assert_eq!((trouble.code, trouble.messages.len()), (64, 2), "{trouble:?}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    // A port that was free a moment ago and that nobody else is given.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let Command::Models(models) = Cli::try_parse_from(["rhapsode", "models", "--server", &url]).unwrap().command else {
        unreachable!("the line names this command");
    };
    let trouble = models.run(Environment::new()).await.unwrap_err();
    assert_eq!(trouble.code, 69);
    assert!(trouble.messages[0].contains(&url), "{trouble:?}");
}

#[tokio::test]
async fn a_server_without_a_scheme_is_a_mistake_and_not_an_absence() {
    for (url, expected) in [
        ("127.0.0.1:47001", "`127.0.0.1:47001` is no server's URL: write http://127.0.0.1:47001"),
        ("localhost:47001", "`localhost:47001` is no server's URL: write http://localhost:47001"),
        ("grpc://localhost:1", "`grpc://localhost:1` is no server's URL: it must begin with http:// or https://"),
    ] {
        assert_eq!(say(&["Hello", "--server", url, "-o", "a.wav"]).await, Err(Trouble::usage(expected)));
    }
}

async fn say(arguments: &[&str]) -> Result<(), Trouble> {
    let line = ["rhapsode", "say"].into_iter().chain(arguments.iter().copied());
    let Command::Say(say) = Cli::try_parse_from(line).unwrap().command else {
        unreachable!("the line names this command");
    };
    say.run(Environment::new()).await
}

#[tokio::test]
async fn say_asks_for_what_it_was_told_and_writes_what_it_hears() {
    let url = serve(|request| {
        let config = request.config.unwrap_or_default();
        let is_as_told = (request.text.as_str(), config.voice.as_str(), config.speed) == ("Hello", "nova", Some(1.5));
        let encoding = config.audio_format.unwrap_or_default().encoding();
        if is_as_told && encoding == AudioEncoding::Mp3 && config.strict { whole(&[b"ab", b"cd"]) } else { Vec::new() }
    })
    .await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a.mp3");
    let file_name = file.to_str().unwrap();
    let options = ["--voice", "nova", "--speed", "1.5", "--strict", "--server", &url, "-o", file_name];
    say(&[&["Hello"][..], &options].concat()).await.unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"abcd");
}

#[tokio::test]
async fn a_text_without_anything_to_speak_leaves_no_file() {
    let url = serve(|_| whole(&[])).await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("e.wav");
    say(&["...", "--server", &url, "-o", file.to_str().unwrap()]).await.unwrap();
    assert!(!file.exists());
}

#[tokio::test]
async fn a_broken_stream_leaves_what_came_says_so_and_fails() {
    let url = serve(|_| begun(&[b"ab", b"cd"])).await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a.pcm");
    let trouble = say(&["Hello", "--server", &url, "-o", file.to_str().unwrap()]).await.unwrap_err();
    assert_eq!(trouble.code, 1);
    assert!(trouble.messages[0].contains("ended without a summary"), "{trouble:?}");
    assert!(trouble.messages[1].contains("is not whole: it holds the 4 bytes"), "{trouble:?}");
    assert_eq!(fs::read(&file).unwrap(), b"abcd");
}
