//! What is written, and how it is spoken.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::normalise;
use super::unspeakable;

mod context;
mod heights;
mod names;
mod properties;

fn check(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(written, spoken)| (written, spoken, normalise(written)))
        .filter(|(_, spoken, got)| got != *spoken)
        .map(|(written, spoken, got)| format!("{written:?}\n  want {spoken:?}\n  got  {got:?}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

#[test]
fn plain_sentences() {
    check(&[
        ("Hello there.", "Hello there."),
        ("  Many   spaces\tand\nlines ", "Many spaces and lines"),
        ("Don't stop; it's o'clock!", "Don't stop; it's o'clock!"),
        ("“Curly” ‘quotes’ and it’s", "Curly quotes and it's"),
        ("A well-known, state-of-the-art idea", "A well-known, state-of-the-art idea"),
        ("Wait… what?!", "Wait. what?"),
        ("Yes (or no) maybe", "Yes, or no, maybe"),
        ("One—two – three - four", "One, two, three, four"),
        ("**bold** _words_ and `code`", "bold words and code"),
        ("[a link](to it)", "a link, to it,"),
        ("NASA and the FBI", "NASA and the FBI"),
        ("the dogs' bowls", "the dogs bowls"),
        ("- a list item", "a list item"),
        ("", ""),
        ("...", ""),
        ("😀 👍🏽 🎉", ""),
        ("Good 😀 morning", "Good morning"),
        ("naïve café in Zürich, Łódź, Ærø", "naive cafe in Zurich, Lodz, Aero"),
        ("ﬁne ｗｉｄｅ 𝐛𝐨𝐥𝐝", "fine wide bold"),
        ("z̷̧̛a̸l̵g̶o̸", "zalgo"),
        ("the angle α and 5 μm", "the angle alpha and five micrometers"),
        ("Δt", "delta t"),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("0", "zero"),
        ("7 of 12", "seven of twelve"),
        ("100", "one hundred"),
        ("1,234,567", "one million two hundred thirty four thousand five hundred sixty seven"),
        ("3.14", "three point one four"),
        (".5", "zero point five"),
        ("-40", "minus forty"),
        ("−40", "minus forty"),
        ("+5", "plus five"),
        ("48213", "forty eight thousand two hundred thirteen"),
        ("007", "zero zero seven"),
        ("1234567", "one two three four five, six seven"),
        ("10-20", "ten to twenty"),
        ("1990–1995", "nineteen ninety to nineteen ninety five"),
        ("100-2000", "one hundred to two thousand"),
        ("1.2.3", "one point two point three"),
        ("192.168.0.1", "one hundred ninety two dot one hundred sixty eight dot zero dot one"),
        ("1920x1080", "nineteen twenty by ten eighty"),
        ("3:2", "three to two"),
        ("٣ and १", "three and one"),
        ("①", "one"),
        ("1e10", "one E ten"),
        ("1,23", "one point two three"),
        ("100,00 EUR", "one hundred euros"),
        ("1,2,3", "one two three"),
        ("5,", "five,"),
        ("5.", "five."),
        ("100%.", "one hundred percent."),
    ]);
}

#[test]
fn ordinals_years_and_decades() {
    check(&[
        ("1st", "first"),
        ("22nd", "twenty second"),
        ("23rd", "twenty third"),
        ("the 112th time", "the one hundred twelfth time"),
        ("1,000th", "one thousandth"),
        ("in 1999", "in nineteen ninety nine"),
        ("in 2026", "in twenty twenty six"),
        ("in 2005", "in two thousand five"),
        ("1905", "nineteen oh five"),
        ("1066", "ten sixty six"),
        ("the 1990s", "the nineteen nineties"),
        ("the '80s", "the eighties"),
        ("the 2000s", "the two thousands"),
    ]);
}

#[test]
fn fractions() {
    check(&[
        ("1/2", "one half"),
        ("3/4", "three quarters"),
        ("2/3 of it", "two thirds of it"),
        ("1 1/2 cups", "one and a half cups"),
        ("2½ cups", "two and a half cups"),
        ("½", "one half"),
        ("5/8", "five eighths"),
        ("1/100", "one one hundredth"),
        ("7/3", "seven slash three"),
        ("24/7", "twenty four seven"),
    ]);
}

#[test]
fn money() {
    check(&[
        ("$3.50", "three dollars and fifty cents"),
        ("$1", "one dollar"),
        ("$1.00", "one dollar"),
        ("$0.99", "ninety nine cents"),
        ("$1,234.56", "one thousand two hundred thirty four dollars and fifty six cents"),
        ("€20", "twenty euros"),
        ("20€", "twenty euros"),
        ("20 €", "twenty euros"),
        ("£1.2 million", "one point two million pounds"),
        ("£1", "one pound"),
        ("$5k", "five thousand dollars"),
        ("$2.5B", "two point five billion dollars"),
        ("-$5", "minus five dollars"),
        ("$5-10", "five to ten dollars"),
        ("$5–$10", "five to ten dollars"),
        ("$5/month", "five dollars per month"),
        ("20 USD", "twenty dollars"),
        ("USD 20.5", "twenty dollars and fifty cents"),
        ("CHF 100", "one hundred Swiss francs"),
        ("¥500", "five hundred yen"),
        ("50¢", "fifty cents"),
        ("US$5", "five U.S. dollars"),
        (
            "It costs $9.99, or $99 a year.",
            "It costs nine dollars and ninety nine cents, or ninety nine dollars a year.",
        ),
        ("15% off", "fifteen percent off"),
        ("$ 5", "five dollars"),
    ]);
}

#[test]
fn dates() {
    check(&[
        ("3/3/2026", "March third, twenty twenty six"),
        ("12/31/99", "December thirty first, nineteen ninety nine"),
        ("31/12/2026", "December thirty first, twenty twenty six"),
        ("2026-11-23", "November twenty third, twenty twenty six"),
        ("23.11.2026", "November twenty third, twenty twenty six"),
        ("23 Nov 2026", "the twenty third of November, twenty twenty six"),
        ("the 5th of May", "the fifth of May"),
        ("on 4 July", "on the fourth of July"),
        ("Jan. 5", "January fifth"),
        ("January 5, 2026,", "January fifth, twenty twenty six,"),
        ("Sept. 11th 2001", "September eleventh, two thousand one"),
        ("March 2024", "March twenty twenty four"),
        ("Nov. 2026", "November twenty twenty six"),
        ("May I go?", "May I go?"),
        ("May 5", "May fifth"),
        ("2026-11-23T16:05:00Z", "November twenty third, twenty twenty six, sixteen oh five and zero seconds U.T.C."),
        ("99/99/9999", "ninety nine slash ninety nine slash nine nine nine nine"),
    ]);
}

#[test]
fn times() {
    check(&[
        ("4:30pm", "four thirty P.M."),
        ("4:30 pm", "four thirty P.M."),
        ("at 4:30 p.m. sharp", "at four thirty P.M. sharp"),
        ("16:05", "sixteen oh five"),
        ("12:00", "twelve o'clock"),
        ("wait 80s", "wait eighty seconds"),
        ("5 a day", "five a day"),
        ("16:00", "sixteen hundred hours"),
        ("5pm", "five P.M."),
        ("5 am", "five A.M."),
        ("9am-5pm", "nine A.M. to five P.M."),
        ("9-5pm", "nine to five P.M."),
        ("9:00–17:00", "nine o'clock to seventeen hundred hours"),
        ("7:05:09", "seven oh five and nine seconds"),
        ("I am 5 and am happy", "I am five and am happy"),
        ("at 4:30pm on 3/3/2026", "at four thirty P.M. on March third, twenty twenty six"),
        ("It ends at 9 p.m.", "It ends at nine P.M."),
        ("99:99", "ninety nine to ninety nine"),
    ]);
}

#[test]
fn telephone_numbers() {
    check(&[
        ("1-800-555-0199", "one, eight zero zero, five five five, zero one nine nine"),
        ("(555) 123-4567", "five five five, one two three, four five six seven"),
        ("+49 30 123456", "plus four nine, three zero, one two three four five, six"),
        ("+1 (555) 123-4567.", "plus one, five five five, one two three, four five six seven."),
        ("555-0199", "five five five, zero one nine nine"),
        ("555.123.4567", "five five five, one two three, four five six seven"),
        ("020 7946 0958", "zero two zero, seven nine four six, zero nine five eight"),
        ("Call 555-0199 now", "Call five five five, zero one nine nine now"),
        ("123-45-6789", "one two three, four five, six seven eight nine"),
        ("+15551234567", "plus one five five five one, two three four five six, seven"),
    ]);
}

#[test]
fn measures() {
    check(&[
        ("5 kg", "five kilograms"),
        ("5kg", "five kilograms"),
        ("1 km", "one kilometer"),
        ("60 km/h", "sixty kilometers per hour"),
        ("20°C", "twenty degrees Celsius"),
        ("-5 °C", "minus five degrees Celsius"),
        ("98.6°F", "ninety eight point six degrees Fahrenheit"),
        ("45°", "forty five degrees"),
        ("16GB", "sixteen gigabytes"),
        ("300 ms", "three hundred milliseconds"),
        ("10 MB/s", "ten megabytes per second"),
        ("9.8 m/s", "nine point eight meters per second"),
        ("50 m²", "fifty square meters"),
        ("3.5 %", "three point five percent"),
        ("5-10 km", "five to ten kilometers"),
        ("2.4 GHz", "two point four gigahertz"),
        ("100 mph", "one hundred miles per hour"),
        ("5 in a row", "five in a row"),
        ("10 min.", "ten minutes."),
        ("Wait 10 min. then go", "Wait ten minutes then go"),
        ("4 kΩ", "four kilohms"),
        ("1000 Hz", "one thousand hertz"),
    ]);
}

#[test]
fn abbreviations() {
    check(&[
        ("Dr. Smith", "Doctor Smith"),
        ("Mr. and Mrs. Jones", "Mister and Missus Jones"),
        ("Ms. Lee", "Miz Lee"),
        ("in St. Louis", "in Saint Louis"),
        ("12 Main St.", "twelve Main Street."),
        ("on Ocean Dr. today", "on Ocean Drive today"),
        ("e.g. this", "for example this"),
        ("i.e., that", "that is, that"),
        ("cats, dogs, etc.", "cats, dogs, et cetera."),
        ("cats etc. and dogs", "cats et cetera and dogs"),
        ("red vs. blue", "red versus blue"),
        ("No. 5", "number five"),
        ("No. I will not.", "No. I will not."),
        ("pp. 5-7", "pages five to seven"),
        ("approx. 10", "approximately ten"),
        ("Acme Inc. said", "Acme Incorporated said"),
        ("the U.S. economy", "the U.S. economy"),
        ("J. R. Smith", "J. R. Smith"),
        ("a.k.a. Joe", "also known as Joe"),
        ("on Mon. and Tues.", "on Monday and Tuesday."),
    ]);
}

#[test]
fn addresses_of_the_web() {
    check(&[
        ("joe@example.com", "joe at example dot com"),
        ("joe.b_1@mail.example.co.uk", "joe dot b underscore one at mail dot example dot co dot U.K."),
        ("https://example.com/a-b?x=1", "example dot com slash a dash b question mark x equals one"),
        ("www.example.org", "W.W.W. dot example dot org"),
        ("Visit example.com.", "Visit example dot com."),
        ("http://localhost:8080/", "localhost colon eight zero eight zero"),
        ("#RustLang", "hashtag RustLang"),
        ("@joe_b", "at joe b"),
        ("#5", "number five"),
        ("main.rs", "main dot rs"),
        ("https://", "https, slash"),
    ]);
}

#[test]
fn codes_and_symbols() {
    check(&[
        ("A1B2", "eh one B two"),
        ("COVID-19", "COVID nineteen"),
        ("20-year-old", "twenty year old"),
        ("5th-grade", "fifth grade"),
        ("mid-1990s", "mid nineteen nineties"),
        ("A-10", "eh ten"),
        ("4K TV in apt. 5B", "four K TV in apartment five B"),
        ("a != b >= c", "a not equal to b greater than or equal to c"),
        ("~15 min walk for <$5", "about fifteen minutes walk for less than five dollars"),
        ("MP3", "M.P. three"),
        ("B2B", "B two B"),
        ("H2O", "H two O"),
        ("F-16", "F sixteen"),
        ("x86", "X eighty six"),
        ("iPhone15", "iPhone fifteen"),
        ("order XK4421", "order X.K. four four two one"),
        ("Tom & Jerry", "Tom and Jerry"),
        ("2 + 2 = 4", "two plus two equals four"),
        ("2+2=4", "two plus two equals four"),
        ("5 * 3", "five times three"),
        ("5*3", "five times three"),
        ("6 - 2", "six minus two"),
        ("8 / 2", "eight divided by two"),
        ("x^2", "x to the power of two"),
        ("a < b > c", "a less than b greater than c"),
        ("~5", "about five"),
        ("A | B", "A, B"),
        ("snake_case", "snake underscore case"),
        ("he/she", "he slash she"),
        ("50 % sure", "fifty percent sure"),
        ("C++ and C#", "C plus plus and C sharp"),
        ("a -> b", "a to b"),
        ("me @ home", "me at home"),
        ("-----", ""),
        ("5'10\"", "five ten"),
        ("rock'n'roll", "rock'n'roll"),
        ("what?!no", "what? no"),
        ("e=mc²", "e equals mc to the power of two"),
        ("100€/$5", "one hundred euros slash dollars five"),
    ]);
}

#[test]
fn long_numbers_are_read_digit_by_digit() {
    let spoken = normalise(&"7".repeat(40));
    assert_eq!(spoken.matches("seven").count(), 40);
    assert_eq!(normalise(&"7".repeat(10_000)).matches("seven").count(), 10_000);
    let grouped = format!("1{}", ",000".repeat(20));
    assert_eq!(normalise(&grouped).matches("zero").count(), 60);
}

#[test]
fn other_scripts_are_found() {
    let found = |text: &str| unspeakable(text).map(|letter| (letter.script, letter.offset));
    assert_eq!(found("Hello, мир"), Some(("Cyrillic", 7)));
    assert_eq!(found("你好"), Some(("Han", 0)));
    assert_eq!(found("a こ"), Some(("Hiragana", 2)));
    assert_eq!(found("한"), Some(("Hangul", 0)));
    assert_eq!(found("שלום"), Some(("Hebrew", 0)));
    assert_eq!(found("مرحبا"), Some(("Arabic", 0)));
    assert_eq!(found("नमस्ते"), Some(("Devanagari", 0)));
    assert_eq!(found("λόγος"), Some(("Greek", 0)));
    assert_eq!(found("the λ calculus, Zürich, naïve, Ærø, 5 kΩ, 😀 — ﬁne"), None);
}

#[test]
fn the_first_foreign_letter_is_the_one_reported() {
    let letter = unspeakable("ab жш").unwrap();
    assert_eq!((letter.script, letter.offset), ("Cyrillic", 3));
}
