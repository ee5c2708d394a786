//! What a transcript may say for a text, and what it may not.

use proptest::prelude::*;
use rhapsode::text::Deviation;
use rhapsode::text::DeviationKind;
use rhapsode::text::Verbatim;

fn hear(text: &str, said: &str, language: Option<&str>) -> Option<Deviation> {
    let mut verbatim = Verbatim::new(text, language);
    verbatim.hear(said);
    verbatim.finish().cloned()
}

#[test]
fn what_sounds_the_same_is_no_deviation() {
    let mut wrong = Vec::new();
    for (language, text, said) in [
        ("en", "I'm sure it's fine; they can't come.", "I am sure it is fine, they cannot come."),
        ("en", "It’s been a while, hasn’t it?", "It has been a while, has not it?"),
        ("en", "We are going to leave.", "We're gonna leave."),
        ("en", "It was 1999.", "It was nineteen ninety-nine."),
        ("en", "In nineteen ninety-nine we left.", "In 1999 we left."),
        ("en", "It costs $4.50.", "It costs four dollars fifty."),
        ("en", "It costs four dollars fifty.", "It costs $4.50."),
        ("en", "Meet me at 3:30 PM.", "Meet me at three thirty p.m."),
        ("en", "On 5 March 2024", "On March 5th, 2024"),
        ("en", "On 5 March 2024", "on the fifth of March twenty twenty-four"),
        ("en", "Call 555-0142.", "Call five five five, oh one four two."),
        ("en", "Henry VIII", "Henry the Eighth"),
        ("en", "Elizabeth the Second", "Elizabeth II"),
        ("en", "R&D grew 12.5% @ home", "R and D grew twelve point five percent at home"),
        (
            "en",
            "Dr. Smith, e.g., drove 5 km at 30 km/h.",
            "Doctor Smith, for example, drove five kilometres at thirty kilometers per hour.",
        ),
        ("en", "The colour was organised by the centre.", "The color was organized by the center."),
        ("en", "My e-mail and web site", "my email and website"),
        ("en", "OK, the USA", "Okay, the U S A"),
        ("en", "See https://example.com/a for **more** 😀", "See example dot com slash a for more"),
        ("en", "ﬁve １２ cafe\u{301}", "five 12 café"),
        ("en", "-5 °C outside", "minus five degrees Celsius outside"),
        ("en", "2+2=4", "two plus two equals four"),
        ("en", "1,250,000 people", "one million two hundred and fifty thousand people"),
        ("en", "$5 million", "five million dollars"),
        ("en", "Add 1/2 cup, then 3/4.", "Add a half cup, then three quarters."),
        ("en", "The 21st and the 3rd", "The twenty-first and the third"),
        ("en", "Half is 50 per cent", "half is 50%"),
        ("en", "ages 5–10", "ages five to ten"),
        ("de", "Das ist fürs Haus, geht's?", "Das ist für das Haus, geht es?"),
        ("de", "Am 5. März 2024 um 15:30 Uhr", "Am fünften März zweitausendvierundzwanzig um fünfzehn Uhr dreißig"),
        ("de", "z. B. 21 km/h, 4,50 €", "zum Beispiel einundzwanzig Kilometer pro Stunde, vier Euro fünfzig"),
        ("de", "Ludwig XIV. kam", "Ludwig der Vierzehnte kam"),
        ("de", "um halb vier", "um halb vier"),
        ("fr", "Il a 97 ans, n'est-ce pas ?", "il a quatre-vingt-dix-sept ans n’est-ce pas"),
        ("fr", "À 15h30, M. Dupont", "A quinze heures trente, monsieur Dupont"),
        ("fr", "le 1er mai 1998", "le premier mai mille neuf cent quatre-vingt-dix-huit"),
        ("es", "Son las 3:30 y 21 personas", "Son las tres y media y veintiún personas"),
        ("es", "el 2 de mayo de 1808", "el dos de mayo de mil ochocientos ocho"),
        ("ru", "В 1999 году было 5 ёлок.", "В тысяча девятьсот девяносто девятом году было пять елок"),
        ("ru", "с 5 друзьями", "с пятью друзьями"),
        ("zh", "我有50%的把握，下午3点半见。", "我有百分之五十的把握下午三点半见"),
        ("zh", "２０２４年有105个人", "二零二四年有一百零五个人"),
        ("ja", "３人が来た。", "三人が来た"),
        ("it", "Ho 21 anni", "Ho ventuno anni"),
        ("it", "Ho ventuno anni", "Ho 21 anni"),
    ] {
        if let Some(deviation) = hear(text, said, Some(language)) {
            wrong.push(format!("{text} / {said}: {deviation:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn what_does_not_is_one_and_says_what_it_is() {
    use DeviationKind::Added;
    use DeviationKind::Changed;
    use DeviationKind::Missing;
    use DeviationKind::Negation;
    use DeviationKind::Number;
    let mut wrong = Vec::new();
    for (language, text, said, kind, at) in [
        ("en", "The cat sat on the mat.", "The cat sat on the rug.", Changed, 19),
        ("en", "The cat sat on the mat.", "The cat on sat the mat.", Changed, 8),
        ("en", "The cat sat on the mat.", "Sure, here it is: The cat sat on the mat.", Added, 0),
        ("en", "The cat sat on the mat.", "The cat sat on the mat. Anything else?", Added, 23),
        ("en", "The cat sat on the mat.", "The cat sat on", Missing, 15),
        ("en", "The cat sat on the mat.", "The cat sat the mat.", Missing, 12),
        ("en", "Where is the station?", "It is on the left.", Changed, 0),
        ("en", "It takes 15 days.", "It takes 16 days.", Number, 9),
        ("en", "It takes 15 days.", "It takes fifty days.", Number, 9),
        ("en", "It takes fifteen days.", "It takes 50 days.", Number, 9),
        ("en", "It costs $4.50.", "It costs $45.", Number, 9),
        ("en", "Version 4.5 is out.", "Version 45 is out.", Number, 8),
        ("en", "It is here.", "It is not here.", Negation, 6),
        ("en", "Press 1, then #.", "Press 1, then 2.", Added, 13),
        ("en", "A well-known place", "A well to known place", Added, 6),
        ("en", "Open Mon-Fri.", "Open Monday to Sunday.", Changed, 9),
        ("en", "You can go.", "You can't go.", Negation, 4),
        ("en", "You cannot go.", "You can go.", Negation, 4),
        ("de", "Das ist kein Haus.", "Das ist ein Haus.", Negation, 8),
        ("fr", "Ce n'est pas loin.", "C'est loin.", Negation, 0),
        ("es", "No hay pan.", "Hay pan.", Negation, 0),
        ("ru", "Он не пришёл.", "Он пришёл.", Negation, 3),
        ("zh", "我不去。", "我去。", Negation, 1),
        ("zh", "他在家里。", "他在家裡。", Changed, 3),
        ("en", "Ask Tobias.", "Ask Thomas.", Changed, 4),
        ("it", "Ho 21 anni", "Ho 22 anni", Number, 3),
        ("it", "Ho 21 anni", "Ho 21 giorni", Changed, 6),
        ("en", "The heating costs plus tax.", "The heating costs tax.", Missing, 18),
    ] {
        let deviation = hear(text, said, Some(language));
        let found = deviation.as_ref().map(|deviation| (deviation.kind, deviation.at_char));
        if found != Some((kind, at)) {
            wrong.push(format!("{text} / {said}: {deviation:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_deviation_quotes_both_sides() {
    let deviation = hear("Der Zug fährt um “acht”.", "Der Zug hält um acht", Some("de")).unwrap();
    assert_eq!((deviation.wanted.as_str(), deviation.said.as_str()), ("fährt", "hält"));
    let deviation = hear("One two", "One", None).unwrap();
    assert_eq!((deviation.wanted.as_str(), deviation.said.as_str()), ("two", ""));
    let deviation = hear("One", "One more", None).unwrap();
    assert_eq!((deviation.wanted.as_str(), deviation.said.as_str(), deviation.at_char), ("", "more", 3));
}

#[test]
fn a_decision_waits_until_nothing_can_repair_it_and_no_longer() {
    let mut verbatim = Verbatim::new("It's nineteen ninety-nine, and I cannot go.", Some("en"));
    for (delta, confirmed) in [
        ("I", 0),
        ("t", 0),
        (" i", 0),
        ("s", 0),
        (" 19", 1),
        ("99", 1),
        (", a", 3),
        ("nd I", 4),
        (" can", 5),
        ("no", 5),
        ("t ", 6),
        ("go", 6),
    ] {
        verbatim.hear(delta);
        assert_eq!((verbatim.deviation(), verbatim.confirmed()), (None, confirmed), "{delta}");
    }
    assert_eq!(verbatim.finish(), None);
    assert_eq!((verbatim.confirmed(), verbatim.words()), (7, 7));

    let mut verbatim = Verbatim::new("The quick fox", Some("en"));
    verbatim.hear("The qui");
    assert_eq!(verbatim.deviation(), None);
    verbatim.hear("e");
    assert_eq!((verbatim.deviation().unwrap().said.as_str(), verbatim.confirmed()), ("quie", 1));
    verbatim.hear("t fox");
    assert_eq!(verbatim.deviation().unwrap().said, "quiet");
}

#[test]
fn nothing_is_wrong_with_nothing() {
    for text in ["", "…", "😀", " \n"] {
        assert_eq!(hear(text, "", None), None);
        assert_eq!(hear(text, "?!", None), None);
        assert_eq!(hear(text, "Hi", None).unwrap().kind, DeviationKind::Added);
    }
    assert_eq!(hear("Hi", "", None).unwrap().kind, DeviationKind::Missing);
}

#[test]
fn a_long_transcript_is_followed_without_growing() {
    for (text, piece) in [
        ("One word after another.", "la la la "),
        ("One word after another.", "la"),
        ("a", "\u{323}"),
        ("a", " ... "),
        ("", "\u{301}\u{200d}"),
    ] {
        let mut verbatim = Verbatim::new(text, None);
        verbatim.hear("a");
        let before = format!("{verbatim:?}").len();
        for _ in 0..5_000 {
            verbatim.hear(piece);
        }
        let grown = format!("{verbatim:?}").len() - before;
        assert!(grown < 2_500, "{piece:?} after {text:?}: {grown}");
    }
}

/// What a follower holds, as far as it can be seen from outside.
fn size(text: &str, language: &str) -> usize {
    format!("{:?}", Verbatim::new(text, Some(language))).len()
}

#[test]
fn what_is_held_grows_no_faster_than_the_text() {
    for (language, piece) in [
        ("en", "On 5 March 2024 at 3:30 p.m. we paid $4,250.75 for 12.5% of it. "),
        ("de", "Am 5. März 2024 um 15:30 Uhr zahlten wir 4.250,75 € für 12,5 %. "),
        ("ru", "5 марта 2024 года в 15:30 мы заплатили 4250 рублей за 12,5%. "),
        ("zh", "2024年3月5日下午3点30分，我们付了4250元，占12.5%。"),
        ("en", "1 2 3 4 5 6 7 8 9 "),
        ("it", "una parola dopo l'altra "),
        ("en", "./-:#~*_"),
        ("en", "I I I I "),
    ] {
        let (short, long) = (size(&piece.repeat(10), language), size(&piece.repeat(100), language));
        assert!(long < short * 11, "{language} {piece}: {short} {long}");
    }
}

fn language() -> impl Strategy<Value = Option<&'static str>> {
    proptest::sample::select(vec![
        None,
        Some("en"),
        Some("de"),
        Some("fr"),
        Some("es"),
        Some("ru"),
        Some("zh"),
        Some("ja"),
    ])
}

/// Texts that are full of what is treated specially.
fn text() -> impl Strategy<Value = String> {
    let pieces = proptest::sample::select(vec![
        "twenty",
        "one",
        "hundred",
        "and",
        "a",
        "$",
        "4.50",
        "1,000",
        "15:30",
        "Uhr",
        "%",
        "-",
        "/",
        "5",
        "March",
        "2024",
        "VIII",
        "can't",
        "it's",
        "I",
        "not",
        "@",
        "example",
        ".",
        "com",
        "три",
        "二",
        "十",
        "年",
        "ééé",
        "e\u{301}",
        "😀",
        "+",
        "=",
        "°C",
        "km/h",
        "z. B.",
        "**",
        "[a](b)",
        "’",
        "½",
        "№",
        "ß",
        "\n",
        "\u{200b}",
        "一百零五",
        "quatre-vingt",
        "y",
        "las",
        "3",
        "ins",
        "ﬁ",
        "１２",
        "مرحبا",
        "١٢",
        "ไทย",
        "dot",
        "at",
        "p.m.",
        "007",
        "99999999999999999999999",
    ]);
    proptest::collection::vec((pieces, proptest::sample::select(vec!["", " ", " ", ", ", ". "])), 0..14)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, gap)| [piece, gap]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_text_never_deviates_from_itself(text in text(), language in language()) {
        prop_assert_eq!(hear(&text, &text, language), None);
        let mut verbatim = Verbatim::new(&text, language);
        verbatim.hear(&text);
        verbatim.finish();
        prop_assert_eq!(verbatim.confirmed(), verbatim.words());
    }

    #[test]
    fn any_text_never_deviates_from_itself(text in "\\PC{0,40}", language in language()) {
        prop_assert_eq!(hear(&text, &text, language), None);
    }

    #[test]
    fn cutting_the_transcript_changes_nothing(
        text in text(),
        said in text(),
        is_same in any::<bool>(),
        cuts in proptest::collection::vec(1_usize..6, 0..60),
        language in language(),
    ) {
        let said = if is_same { format!("{text}{said}") } else { said };
        let mut whole = Verbatim::new(&text, language);
        whole.hear(&said);
        let before = (whole.deviation().cloned(), whole.confirmed());
        let mut pieces = Verbatim::new(&text, language);
        let chars: Vec<char> = said.chars().collect();
        let (mut at, mut confirmed, mut was_found) = (0, 0, false);
        for cut in cuts.into_iter().chain([chars.len()]) {
            let end = (at + cut).min(chars.len());
            pieces.hear(&chars[at..end].iter().collect::<String>());
            prop_assert!(pieces.confirmed() >= confirmed, "what was confirmed stays so");
            prop_assert!(!was_found || pieces.deviation().is_some(), "what was wrong stays so");
            prop_assert!(pieces.confirmed() <= pieces.words());
            (at, confirmed, was_found) = (end, pieces.confirmed(), pieces.deviation().is_some());
        }
        prop_assert_eq!((pieces.deviation().cloned(), pieces.confirmed()), before);
        prop_assert_eq!(pieces.finish(), whole.finish());
    }

    #[test]
    fn anything_can_be_heard_for_anything(text in any::<String>(), said in any::<String>(), language in language()) {
        let mut verbatim = Verbatim::new(&text, language);
        verbatim.hear(&said);
        verbatim.finish();
        prop_assert!(verbatim.confirmed() <= verbatim.words());
    }
}

/// Renderings as a careful reader would write them, in both directions; a `>` behind the language marks those whose
/// second text is not understood as the first.
#[test]
fn careful_renderings_are_no_deviation_in_either_direction() {
    let mut wrong = Vec::new();
    for line in include_str!("corpus/pairs.tsv").lines() {
        let [language, one, other] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let forth = Some((one, other));
        let back = (!language.ends_with('>')).then_some((other, one));
        for (text, said) in forth.into_iter().chain(back) {
            if let Some(deviation) = hear(text, said, Some(language.trim_end_matches('>'))) {
                wrong.push(format!("{language} {text} / {said}: {deviation:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_character_that_stands_for_a_fraction_is_itself() {
    for language in [Some("en"), Some("de"), Some("fr"), Some("es"), Some("ru"), Some("zh"), Some("ja"), None] {
        for text in ["⅐", "⅓", "⅒", "3⅐", "½", "2½", "↉", "⅔ cup", "🄀0E", "⒈2", "🄀"] {
            let mut verbatim = Verbatim::new(text, language);
            verbatim.hear(text);
            assert_eq!(verbatim.finish(), None, "{text} in {language:?}");
        }
    }
}
