//! Sentence ends, language by language. A bar stands where a sentence ends; nowhere else may one end.

use super::Rules;
use super::sentences;

/// Checks each case with the language's tag and, unless it needs the tag, without.
fn check(language: &str, needs_tag: &[&str], cases: &[&str]) {
    for case in cases.iter().chain(needs_tag) {
        assert_cut(case, Some(language));
    }
    for case in cases {
        assert_cut(case, None);
    }
}

fn assert_cut(case: &str, language: Option<&str>) {
    let text = case.replace('|', "");
    let expected: Vec<&str> = case.split('|').map(str::trim).collect();
    let found: Vec<&str> = sentences(&text, language).map(|range| &text[range]).collect();
    assert_eq!(found, expected, "language {language:?}");
    assert_certain(&text, Rules::of(&text, language), &expected);
}

/// However much of `text` is written, what counts as certain is the beginning of what turns out in the end.
fn assert_certain(text: &str, rules: Rules, sentences: &[&str]) {
    for (end, _) in text.char_indices() {
        let (mut at, mut found) = (0, Vec::new());
        while let Some(sentence) = rules.certain_sentence(&text[..end], at) {
            at = sentence.end;
            found.push(&text[sentence]);
        }
        assert!(sentences.starts_with(&found), "{:?}: {found:?}", &text[..end]);
    }
}

#[test]
fn english() {
    check(
        "en",
        &[],
        &[
            "Hello there.| How are you?| Fine!| Good.",
            "Dr. Smith met Mrs. Jones and Prof. Lee at St. Mary's.| They talked.",
            "J. R. R. Tolkien wrote it.| C.S. Lewis read it.",
            "It is 98.6 degrees and costs $3.50.| Pi is 3.14.| Yes, 1,000.5 is right.",
            "He lives in the U.S. and works for the U.N. in N.Y. with friends.",
            "She moved to the U.S.| The weather was better.",
            "See example.com/a.b?c=1.| Write to a.b@c.co.| Then wait.",
            "Go to https://www.example.org/index.html?q=x.y&z=1! now.",
            "We bring fruit, bread, etc. to the party.| We eat apples, pears, etc.| Nobody complains.",
            "It opens at 9 a.m. on Mondays.| It closes at 5 p.m.| The bar stays open.",
            "See No. 5 and fig. 3, vol. 2, p. 17.| No.| I said no.| They left.",
            "Wait... what is it?| I don't know…| Maybe later.",
            "\"Stop!\" he cried.| \"Why?\"| She ran (fast.)| Then silence.",
            "He said, \"I know. It is late. We should go,\" and left.| She stayed.",
            "“I know. It is late,” he said.| “So?”",
            "What?!| Really!!!| Yes.",
            "Version 2.0.1 is out.| Python 3.12 runs on v1.2 too.",
            "So did I.| Peter left.| I. Newton stayed.",
            "Acme Inc. bought Foo Ltd. and Bar Co. last year.| They paid cash.",
            "Chapter One\n\n|It was a dark night\nand it rained.| The end",
            "To buy:\n|- milk\n|- two eggs\n|1. first\n|2) second",
            "1. Open the door.| 2. Close it.",
            "It is 5 ft. 6 in. tall.| Mine vs. the other, i.e. yours, e.g. this.",
            "**Bold.**| Next one.| _Really?_| Yes.",
            "He was born in 1999.| In 2020 he was 21.| Ok.",
            "Great!| 😀 That worked.",
            "Is it 5:30?| It is.| Mr. and Mrs. O'Neil came at 12.",
        ],
    );
}

#[test]
fn german() {
    check(
        "de",
        &["Er ist 30.| Das wissen alle.", "Im 19. Jahrhundert war er der 2. Mann."],
        &[
            "Guten Tag.| Wie geht es Ihnen?| Gut!",
            "Das ist z. B. hier so, d. h. nicht dort, u. a. wegen Hrn. Müller.| Er kam.",
            "Ich sah Hrn. Müller und Fr. Dr. Schmidt.| Sie lachten.",
            "Am 1. Januar und am 3. Oktober ist frei.| Das ist schön.",
            "Es kostet 1.000,50 Euro.| Das ist zu viel.",
            "Wir wohnen in der Nr. 5.| Dort ist es ruhig.| Nr. 12 ist frei.",
            "Er kaufte Brot, Käse usw. und ging.| Sie kaufte Obst usw.| Dann kam er.",
            "„Komm!“ rief er.| „Ja!“| Er ging.",
            "„Ich weiß. Es ist spät“, sagte er.| „Na und?“",
            "»Halt! Wer da?«, fragte die Wache.| Niemand antwortete.",
            "Vgl. Abs. 3 und S. 12 ff. des Buches, Bd. 2.| Das reicht.",
            "Prof. Dr. med. Weber kommt ca. um 8 Uhr.| Er bleibt bis 17.30 Uhr.",
            "Siehe www.beispiel.de/a.b.| Oder schreib an a.b@c.de.| Danke!",
            "Die Fa. Maier (vgl. oben) bzw. ihr Chef zahlt.| Wir nicht.",
        ],
    );
}

#[test]
fn french() {
    check(
        "fr",
        &["M. Dupont est là."],
        &[
            "Bonjour.| Comment allez-vous ?| Très bien !| Merci.",
            "M. Dupont et Mme Martin sont là.| Ils attendent.",
            "On mange des fruits, p. ex. des pommes, etc.| C'est bon.",
            "« Bonjour ! » dit-il.| « Où est-il ? »| Elle rit.",
            "« Je sais. Il est tard », dit-elle.| Il se tut.",
            "Cela coûte 1 234,56 euros ou 3.50 francs.| C'est cher.",
            "Le Dr. Petit habite au no. 5, av. Foch.| Il est gentil.",
            "J.-P. Sartre a écrit cela.| Il était philosophe.",
            "Voir exemple.fr/a.b?c=1.| Ou écrire à a@b.fr.| Voilà.",
            "Je ne sais pas… peut-être.| Qu'en penses-tu…| Rien ?",
            "C.-à-d. rien, env. 5 pages, cf. p. 12 du livre.| Et voilà.",
        ],
    );
}

#[test]
fn spanish() {
    check(
        "es",
        &["El Sr. Pérez llegó."],
        &[
            "Hola.| ¿Cómo estás?| ¡Muy bien!| Gracias.",
            "El Sr. Pérez y la Sra. García llegaron a la casa.| Después comieron.",
            "La Dra. López vive en la Avda. Mayor, núm. 5, de la ciudad.| No está.",
            "Cuesta 1.000,50 euros.| Es mucho.| Pi es 3,14.",
            "EE. UU. es un país grande y con muchos estados.",
            "Claro que no.| Ella se fue con él.| Vino por el mar.| La noche cayó.",
            "Compró pan, leche, etc.| Luego se fue a la calle.",
            "«Ya lo sé. Es tarde», dijo.| —¿Qué?| —Nada.",
            "Mira ejemplo.es/a.b?c=1.| O escribe a a@b.es.| ¡Listo!",
            "J. L. Borges escribió los cuentos.| Son buenos.",
            "Véase p. ej. la pág. 12 del libro.| Es el cap. 3.",
            "No sé... quizás.| ¿Y tú?...| Tampoco.",
        ],
    );
}

#[test]
fn italian() {
    check(
        "it",
        &["Il sig. Rossi arrivò."],
        &[
            "Ciao.| Come stai?| Bene!| Grazie.",
            "Il Sig. Rossi e il dott. Bianchi sono qui.| Aspettano.",
            "L'avv. Verdi e l'ing. Neri lavorano con la Foo S.p.A. di Milano.| Sono bravi.",
            "Costa 1.000,50 euro.| È troppo.| Sono 3,14.",
            "Ho comprato pane, latte, ecc.| Poi sono uscito.",
            "Vedi p. es. la pag. 12 del libro, cfr. cap. 3.| È lì.",
            "«Lo so. È tardi», disse.| «E allora?»",
            "Guarda esempio.it/a.b?c=1.| O scrivi a a@b.it.| Fatto!",
            "Non lo so.| Ne ho due.| Il mare è blu.| Così è.| Ma no.",
            "G. Verdi scrisse la musica.| Era bravo.",
            "Boh... forse.| Che ne dici?",
        ],
    );
}

#[test]
fn portuguese() {
    check(
        "pt",
        &["O Sr. Silva chegou."],
        &[
            "Olá.| Como está você?| Muito bem!| Obrigado.",
            "O Sr. Silva e a Dra. Souza não estão.| Eles saíram.",
            "Moro na Av. Paulista, n.º 5, no centro.| É bom.",
            "Custa 1.000,50 reais.| É muito.| Pi é 3,14.",
            "Comprei pão, leite, etc.| Depois saí.",
            "Veja p. ex. a pág. 12 do livro.| É o cap. 3.",
            "“Eu sei. É tarde”, disse ele.| “E daí?”",
            "Veja exemplo.pt/a.b?c=1.| Ou escreva para a@b.pt.| Pronto!",
            "J. M. Machado escreveu os contos.| São bons.",
            "Não sei... talvez.| E você?",
            "Eu quero ter.| Ele disse que não.| Eu vou no dia 5.| Ela não.",
        ],
    );
}

#[test]
fn russian() {
    check(
        "ru",
        &[],
        &[
            "Привет.| Как дела?| Хорошо!| Спасибо.",
            "Он живёт на ул. Ленина, д. 5.| Это рядом.",
            "А. С. Пушкин родился в 1799 г. в Москве.| Он поэт.",
            "А. И. Куприн и Л.Н. Толстой писали.| Мы читали.",
            "Купи хлеб, молоко и т. д.| Потом приходи.",
            "Это, т. е. всё, стоит 3,14 руб. за кг.| Дорого.",
            "Это был я.| Потом пришёл ты.",
            "«Я знаю. Уже поздно», — сказал он.| «И что?»",
            "См. стр. 12, рис. 3, гл. 2.| Там всё есть.",
            "Проф. Иванов и акад. Петров пришли.| Они спорили.",
            "Смотри пример.рф/а.б?в=1.| Или пиши на a@b.ru.| Готово!",
            "Не знаю… может быть.| А ты?",
        ],
    );
}

#[test]
fn chinese() {
    check(
        "zh",
        &[],
        &[
            "你好。|今天天气很好！|你去吗？|我去。",
            "他说：“你好。”|然后走了。",
            "他说：“我知道。太晚了。”|她笑了。",
            "价格是3.14元。|温度是98.6度。",
            "请看example.com/a.b?c=1。|或者写信到a@b.co。|谢谢。",
            "真的吗?|我不信!|好吧。",
            "我……不知道。|也许吧。",
            "（他来了。）|我们走。",
            "Dr. Smith来了。|他很高兴。",
            "好！！！|真的？！|是的。",
            "第一段\n\n|第二段",
            "「走吧！」|他们走了。",
        ],
    );
}

#[test]
fn japanese() {
    check(
        "ja",
        &[],
        &[
            "こんにちは。|元気ですか？|はい！|ありがとう。",
            "「行くぞ！」と彼は言った。|みんな笑った。",
            "「もう遅い。帰ろう。」と言った。|彼は帰った。",
            "「はい。」|彼女は答えた。",
            "『本』を読む。|映画を見る。",
            "値段は3.14円です。|高いですね。",
            "example.com/a.b?c=1を見て。|a@b.coへ送って。|以上。",
            "えっ…そうなの。|本当？！|はい。",
            "彼（田中さん。先生です。）は来た。|よかった。",
            "はい。|いいえ。|そう。",
            "Mr. Smithが来た。|J. R. R. Tolkienを読む。",
            "３．１４です。|そうです｡|はい。",
        ],
    );
}

#[test]
fn hindi() {
    check(
        "hi",
        &[],
        &[
            "नमस्ते।| आप कैसे हैं?| मैं ठीक हूँ!| धन्यवाद।",
            "डॉ. शर्मा आए।| वे खुश हैं।",
            "मूल्य 3.14 रुपये है।| तापमान 98.6 है।",
            "ए. पी. जे. अब्दुल कलाम आए।| वे महान थे।",
            "यह अच्छा है.| वह भी.",
            "नमस्ते जी.| आप आइए.",
            "उसने कहा, \"मैं जानता हूँ। देर हो गई।\"| फिर वह गया।",
            "देखें example.com/a.b?c=1।| लिखें a@b.co।| बस।",
            "पता नहीं... शायद।| और तुम?",
            "पहला पैरा\n\n|दूसरा पैरा॥| तीसरा।",
            "प्रो. वर्मा और पं. नेहरू मिले।| रु. 500 दिए।",
        ],
    );
}

#[test]
fn arabic() {
    check(
        "ar",
        &[],
        &[
            "مرحبا.| كيف حالك؟| بخير!| شكرا.",
            "جاء د. محمد إلى البيت.| ثم خرج.",
            "السعر 3.14 دينار.| الحرارة 98.6 درجة.",
            "قال: «أعرف. تأخر الوقت» ثم خرج.| ضحكت.",
            "انظر example.com/a.b?c=1.| اكتب إلى a@b.co.| شكرا.",
            "هل جئت؟| نعم، جئت؛ ثم ذهبت.",
            "لا أعرف... ربما.| وأنت؟",
            "ولد عام 500 ق.م. في مصر.",
            "الفقرة الأولى\n\n|الفقرة الثانية",
            "أ.د. أحمد وصل.| م. علي غاب.",
        ],
    );
}

#[test]
fn nothing_but_white_space_has_no_sentence() {
    for text in ["", " ", "\n\n\t\u{3000}\u{2029}"] {
        assert_eq!(sentences(text, None).count(), 0, "{text:?}");
    }
}

#[test]
fn an_unclosed_quotation_does_not_swallow_what_follows() {
    let text = format!("\"This never ends. {}", "It goes on and on. ".repeat(50));
    assert_eq!(sentences(&text, Some("en")).count(), 51);
    assert_eq!(sentences("(Oh no. He forgot.", Some("en")).count(), 2);
}

#[test]
fn ends_in_front_of_a_combining_mark_are_none() {
    assert_eq!(sentences("字。\u{301}字", None).count(), 1);
}
