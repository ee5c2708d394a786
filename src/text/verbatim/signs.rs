//! What is said for a symbol, and for a mark between two words.

use super::language::Language;

/// What a reader may say for `sign`, apart from the sign itself.
pub(super) fn sign_names(sign: &str) -> &'static [&'static str] {
    SIGNS.iter().find(|(known, _)| *known == sign).map_or(&[], |(_, names)| names)
}

/// What may be said for a joint between two tokens. Nothing may be said either, unless a decimal point is meant.
pub(super) fn joint_names(joint: char, language: Language, is_between_digits: bool) -> &'static [&'static str] {
    let is_meant = |&&(joints, of, needs_digits, _): &&(&str, Option<Language>, bool, &[&str])| {
        joints.contains(joint) && of.is_none_or(|of| of == language) && (is_between_digits || !needs_digits)
    };
    JOINTS.iter().find(is_meant).map_or(&[], |(.., names)| names)
}

/// What is said for each sign. The words of all languages stand together: a word of another one is not what a transcript
/// would have by mistake.
#[rustfmt::skip]
const SIGNS: &[(&str, &[&str])] = &[
    ("%", &[
        "percent", "per cent", "prozent", "pour cent", "por ciento", "процент", "процента", "процентов", "процентам",
        "процентами", "процентах", "процентный", "percento", "por cento", "procent", "パーセント", "پرسنت",
    ]),
    ("‰", &[
        "per mille", "promille", "pour mille", "por mil", "промилле", "千分之",
    ]),
    ("&", &[
        "and", "und", "et", "y", "e", "и", "和", "与", "ampersand", "en", "och", "og",
    ]),
    ("@", &[
        "at", "at sign", "arobase", "arobas", "arroba", "собака", "艾特", "chiocciola",
    ]),
    ("+", &[
        "plus", "und", "and", "más", "y", "плюс", "加", "et",
    ]),
    ("=", &[
        "equals", "is", "is equal to", "equal to", "gleich", "ist gleich", "ist", "égal", "égale", "est égal à",
        "fait", "igual a", "es igual a", "es", "равно", "равняется", "будет", "等于", "等於", "是",
    ]),
    ("°", &[
        "degree", "degrees", "grad", "degré", "degrés", "grado", "grados", "градус", "градуса", "градусов", "度",
    ]),
    ("#", &[
        "number", "hash", "hashtag", "pound", "nummer", "numéro", "número", "номер", "no",
    ]),
    ("¢", &[
        "cent", "cents", "centavos", "centimes",
    ]),
    ("§", &[
        "section", "paragraph", "paragraf", "article", "artículo", "параграф", "第", "sections",
    ]),
    ("×", &[
        "times", "by", "mal", "x", "fois", "sur", "por", "на", "умножить на", "乘", "乘以",
    ]),
    ("÷", &[
        "divided by", "over", "geteilt durch", "durch", "divisé par", "entre", "dividido por", "разделить на", "除以",
    ]),
    ("±", &[
        "plus or minus", "plus minus", "plus oder minus", "plus ou moins", "más o menos", "плюс минус", "正负",
    ]),
    ("½", &[
        "half", "a half", "one half", "and a half", "einhalb", "ein halb", "ein halber", "ein halbes", "eine halbe",
        "un demi", "demi", "et demi", "et demie", "medio", "media", "y medio", "половина", "с половиной", "二分之一",
        "半", "1/2",
    ]),
    ("¼", &[
        "quarter", "a quarter", "one quarter", "one fourth", "and a quarter", "ein viertel", "viertel", "un quart",
        "un cuarto", "четверть", "四分之一", "1/4",
    ]),
    ("¾", &[
        "three quarters", "and three quarters", "drei viertel", "trois quarts", "tres cuartos", "три четверти",
        "四分之三", "3/4",
    ]),
];

/// What is said for each joint, and whether only between two digits; of several rows the first counts.
#[rustfmt::skip]
const JOINTS: &[(&str, Option<Language>, bool, &[&str])] = &[
    (".", Some(Language::English), false, &["dot", "point", "period"]),
    (".", Some(Language::German), false, &["punkt", "komma"]),
    (".", Some(Language::French), false, &["point", "virgule"]),
    (".", Some(Language::Spanish), false, &["punto", "coma"]),
    (".", Some(Language::Russian), false, &["точка"]),
    (".", Some(Language::Chinese), false, &["点", "點"]),
    ("/", Some(Language::English), false, &[
        "slash", "or", "per", "over", "and", "by", "out of", "of", "forward slash", "a", "an", "colon slash slash",
    ]),
    ("/", Some(Language::German), false, &[
        "schrägstrich", "oder", "pro", "durch", "und", "von", "slash", "je", "doppelpunkt slash slash",
    ]),
    ("/", Some(Language::French), false, &[
        "slash", "barre", "barre oblique", "ou", "par", "sur", "et", "deux points slash slash",
    ]),
    ("/", Some(Language::Spanish), false, &["barra", "o", "por", "sobre", "y", "de", "dos puntos barra barra"]),
    ("/", Some(Language::Russian), false, &["слэш", "слеш", "косая черта", "дробь", "или", "на", "в", "и"]),
    ("/", Some(Language::Chinese), false, &["斜杠", "或", "每", "和"]),
    ("–", Some(Language::English), false, &["to", "through", "until", "till", "dash", "and"]),
    ("–", Some(Language::German), false, &["bis", "strich"]),
    ("–", Some(Language::French), false, &["à", "au", "tiret"]),
    ("–", Some(Language::Spanish), false, &["a", "al", "hasta", "guion"]),
    ("–", Some(Language::Russian), false, &["до", "по", "тире"]),
    ("–", Some(Language::Chinese), false, &["到", "至"]),
    ("-", Some(Language::English), true, &["to", "through", "until", "till", "dash", "hyphen", "minus", "and"]),
    ("-", Some(Language::English), false, &["dash", "hyphen"]),
    ("-", Some(Language::German), true, &["bis", "minus", "zu", "strich", "und"]),
    ("-", Some(Language::German), false, &["minus", "strich", "bindestrich"]),
    ("-", Some(Language::French), true, &["à", "tiret", "moins", "et", "au"]),
    ("-", Some(Language::French), false, &["tiret", "trait d'union"]),
    ("-", Some(Language::Spanish), true, &["a", "al", "hasta", "guion", "guión", "menos", "y"]),
    ("-", Some(Language::Spanish), false, &["guion", "guión"]),
    ("-", Some(Language::Russian), true, &["до", "по", "тире", "дефис", "минус"]),
    ("-", Some(Language::Russian), false, &["тире", "дефис"]),
    ("-", Some(Language::Chinese), true, &["到", "至", "减", "減", "杠"]),
    ("-", Some(Language::Chinese), false, &["杠"]),
    (":", Some(Language::English), false, &["to", "colon"]),
    (":", Some(Language::German), false, &["zu", "uhr", "doppelpunkt"]),
    (":", Some(Language::French), false, &["à", "heures", "heure", "h"]),
    (":", Some(Language::Spanish), false, &["a", "y"]),
    (":", Some(Language::Russian), false, &["к", "на"]),
    (":", Some(Language::Chinese), false, &["比", "点", "點"]),
    ("#", Some(Language::English), false, &["number", "hash", "hashtag", "pound", "sharp", "hash sign", "pound sign"]),
    ("#", Some(Language::German), false, &["nummer", "raute", "hashtag"]),
    ("#", Some(Language::French), false, &["numéro", "dièse", "hashtag"]),
    ("#", Some(Language::Spanish), false, &["número", "almohadilla", "hashtag", "numeral"]),
    ("#", Some(Language::Russian), false, &["номер", "решётка", "хэштег"]),
    ("#", Some(Language::Chinese), false, &["井", "号"]),
    ("~≈", Some(Language::English), false, &["about", "approximately", "around", "roughly", "tilde"]),
    ("~≈", Some(Language::German), false, &["etwa", "ungefähr", "circa", "rund", "tilde"]),
    ("~≈", Some(Language::French), false, &["environ", "tilde"]),
    ("~≈", Some(Language::Spanish), false, &["aproximadamente", "unos", "unas", "virgulilla"]),
    ("~≈", Some(Language::Russian), false, &["около", "примерно", "тильда"]),
    ("~≈", Some(Language::Chinese), false, &["约", "大约"]),
    ("_", Some(Language::English), false, &["underscore"]),
    ("_", Some(Language::German), false, &["unterstrich"]),
    ("_", Some(Language::French), false, &["tiret bas", "underscore"]),
    ("_", Some(Language::Spanish), false, &["guion bajo", "guión bajo"]),
    ("_", Some(Language::Russian), false, &["нижнее подчёркивание", "подчёркивание"]),
    ("_", Some(Language::Chinese), false, &["下划线"]),
    ("*", None, false, &[
        "times", "mal", "fois", "por", "умножить на", "乘以", "asterisk", "star", "stern", "sternchen", "étoile",
        "astérisque", "asterisco", "estrella", "звёздочка", "звёздочку", "星号", "星號", "米字键",
    ]),
    ("<", None, false, &["less than", "is less than", "kleiner als", "inférieur à", "menor que", "меньше", "小于"]),
    (">", None, false, &[
        "greater than", "is greater than", "größer als", "supérieur à", "mayor que", "больше", "大于",
    ]),
    ("+", None, false, &["plus", "más", "плюс", "加"]),
    (",", Some(Language::English), false, &["comma"]),
    (",", Some(Language::German), false, &["komma"]),
    (",", Some(Language::French), false, &["virgule"]),
    (",", Some(Language::Spanish), false, &["coma", "con"]),
    (",", Some(Language::Russian), false, &["запятая", "и"]),
];
