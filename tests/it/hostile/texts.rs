//! Texts that nobody would want to read out: every way to be long, empty, nested, unreadable or ambiguous.

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

/// What random texts are made of.
const ATOMS: &[&str] = &[
    "a",
    "Z",
    "Hello",
    "don't",
    "supercalifragilistic",
    "Dr.",
    "U.S.",
    "e.g.",
    "No.",
    "1",
    "0",
    "-7",
    "3.14",
    "1,000",
    "10 000",
    "1e400",
    "½",
    "²",
    "Ⅷ",
    "①",
    "٣",
    "$",
    "€",
    "£5",
    "$1.5M",
    "50%",
    "7th",
    "9:30",
    "25:61",
    "3/4/25",
    "99/99/9999",
    "2024-02-30",
    "+1 (555) 010-9999",
    "https://a.b/c?d=e#f",
    "www.",
    "x@y.z",
    "@",
    "#",
    "&",
    "&amp;",
    "<b>",
    "</",
    "{}",
    "[",
    "](",
    "(",
    ")",
    "'",
    "''",
    "\"",
    "`",
    "…",
    "...",
    "?!",
    "!",
    ";",
    ":",
    ",",
    ".",
    "。",
    "、",
    "—",
    "_",
    "*",
    "**",
    "/",
    "\\",
    "|",
    "~",
    "^",
    "%s",
    "\n",
    "\r\n",
    "\n\n",
    "\t",
    " ",
    "   ",
    "\u{a0}",
    "\u{2028}",
    "\u{85}",
    "\0",
    "\u{7}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{ad}",
    "\u{301}",
    "e\u{301}",
    "\u{20dd}",
    "\u{200b}",
    "\u{200d}",
    "\u{fe0f}",
    "\u{feff}",
    "\u{fffd}",
    "\u{fffd}\u{fffd}",
    "\u{fffe}",
    "\u{e000}",
    "\u{10ffff}",
    "\u{202e}",
    "\u{2066}",
    "\u{2069}",
    "😀",
    "👨\u{200d}👩\u{200d}👧",
    "🇩🇪",
    "🇩",
    "👍🏽",
    "1\u{fe0f}\u{20e3}",
    "ß",
    "ﬁ",
    "İ",
    "ǆ",
    "Ω",
    "π",
    "привет",
    "你好",
    "日本語",
    "한국어",
    "ไทย",
    "नमस्ते",
    "مرحبا",
    "שלום",
    "﷽",
    "𝔸",
    "ℵ",
    "km/h",
    "°C",
    "5'11\"",
];

/// Texts of a kind of their own, each with what it is.
pub(super) fn particular() -> Vec<(String, String)> {
    let mut texts: Vec<(String, String)> = repeated()
        .into_iter()
        .map(|(unit, count)| (format!("{unit:?} times {count}"), unit.repeat(count)))
        .chain(whole().into_iter().map(|text| (format!("{text:?}"), text.to_owned())))
        .collect();
    texts.extend((' '..='~').filter(char::is_ascii_punctuation).flat_map(|mark| {
        let run = mark.to_string().repeat(200);
        [(format!("{mark} in a run"), run.clone()), (format!("{mark} around a letter"), format!("{run}a{run}"))]
    }));
    texts.extend((0..32_u8).map(|control| {
        let control = char::from(control);
        (format!("control {control:?}"), format!("One{control}two {control}{control} three."))
    }));
    texts.push(("blanks around a letter".to_owned(), format!("{0}a{0}", " ".repeat(49_999))));
    texts.push(("brackets around a letter".to_owned(), format!("{}a{}", "[".repeat(10_000), "]".repeat(10_000))));
    texts.push(("zalgo".to_owned(), "H\u{30d}\u{31a}\u{35d}\u{489}e\u{321}\u{324}".repeat(2_000)));
    texts.push(("a number of forty digits".to_owned(), "It is 1234567890123456789012345678901234567890.".to_owned()));
    texts.push(("an address of 5,000".to_owned(), format!("https://example.org/{}?q=1", "a/b-c_d.".repeat(600))));
    texts
}

/// `count` texts at random, a few characters to a few lines long.
pub(super) fn random(dice: &mut StdRng, count: usize) -> Vec<(String, String)> {
    let text = |index| {
        let atoms = dice.random_range(1..25);
        let is_spaced = dice.random_bool(0.5);
        let chosen: Vec<&str> = (0..atoms).filter_map(|_| ATOMS.choose(dice).copied()).collect();
        (format!("random text {index}"), chosen.join(if is_spaced { " " } else { "" }))
    };
    (0..count).map(text).collect()
}

fn repeated() -> Vec<(&'static str, usize)> {
    vec![
        ("a ", 1 << 19),
        ("x", 1 << 20),
        ("😀", 1 << 18),
        ("字", 100_001),
        ("a", 100_000),
        (" ", 100_000),
        ("\n", 100_000),
        ("字", 100_000),
        ("ก", 30_000),
        ("é", 50_000),
        ("W ", 50_000),
        ("\u{301}", 50_000),
        ("\u{fffd}", 50_000),
        ("\u{0}", 50_000),
        ("x\u{0}", 20_000),
        ("[", 10_000),
        ("](", 5_000),
        ("(", 10_000),
        ("((a", 5_000),
        ("'", 10_000),
        ("'a", 10_000),
        ("\"a\" ", 5_000),
        ("$", 10_000),
        ("$(1)", 5_000),
        ("$1", 5_000),
        ("7", 10_000),
        ("1,", 10_000),
        ("1.", 10_000),
        ("1. ", 10_000),
        ("1/", 5_000),
        ("1:", 5_000),
        ("0-", 5_000),
        ("1 000 ", 5_000),
        ("a.b.", 10_000),
        ("U.S. ", 5_000),
        ("Mr. ", 5_000),
        (". ", 20_000),
        ("?!", 20_000),
        ("。", 20_000),
        ("a。", 20_000),
        ("- x\n", 10_000),
        ("@a", 5_000),
        ("http://", 5_000),
        ("a-", 10_000),
        ("a'", 10_000),
        ("&amp;", 5_000),
        ("<a>", 5_000),
        ("e\u{301}", 10_000),
        ("a\u{200d}", 10_000),
        ("👩\u{200d}", 5_000),
        ("🇩", 10_001),
        ("👍🏽", 5_000),
        ("\u{202e}abc ", 5_000),
        ("\u{2066}a", 5_000),
        ("مرحبا ", 5_000),
        ("नमस्ते", 5_000),
        ("\u{1100}", 10_000),
        ("ﷺ", 5_000),
        ("½", 5_000),
        ("Ⅷ", 5_000),
        ("supercalifragilisticexpialidocious", 1_000),
    ]
}

fn whole() -> Vec<&'static str> {
    vec![
        "",
        " ",
        "\u{feff}",
        ".",
        "\u{301}\u{302}\u{303}",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}🏳\u{fe0f}\u{200d}🌈",
        "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}abc\u{2066}\u{2067}\u{2068}\u{2069}",
        "\u{fffd}\u{fffd}lone\u{fffd}halves\u{fffd}",
        "\u{fdd0}\u{ffff}\u{1fffe}nothing",
        "Grüße, 你好, привет and سلام in one breath.",
        "1e999 -0 0x1F 1/0 1,2,3,,4 1.2.3.4.5 007 +-3",
        "99/99/9999 at 25:61:61 on February 30th, 0000-00-00T24:00:00Z",
        "$99999999999999999999999999.999 -$0.00 €,5 £ ¥-1 $$$",
        "{\"text\": \"[1, {}]\", \"x\": null}",
        "<speak><break time='10000h'/><phoneme alphabet='ipa' ph='a'>b</phoneme></speak>",
        "%s%n%x {} {0} ${jndi:ldap://127.0.0.1/a} `reboot` ; rm -rf / --",
        "Robert'); DROP TABLE voices;--",
        "../../../../etc/passwd%00.wav",
        "grpc-status: 13\r\ngrpc-message: injected\r\n\r\ndata: [DONE]\n\n",
        "# Title\n\n* **bold** _it_ `code`\n> quote\n\n|a|b|\n|-|-|\n```\nx\n```",
        "\\frac{1}{2}\\sqrt[3]{x^{y_z}}",
        "Wait... what?! No!!! (Really?) \"Yes.\" 'No.' — Why… because.",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "bcdfghjklmnpqrstvwxz BCDFGHJKLMNPQRSTVWXZ qxqxqx",
        "o.O ^_^ ¯\\_(ツ)_/¯ :-) <3",
    ]
}
