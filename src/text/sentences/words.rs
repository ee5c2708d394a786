//! Abbreviations and sentence openings, language by language. Written in lower case, without the last full stop.
//!
//! Single letters ("p.", "S.", "д.") and acronyms ("U.S.", "z.B.") need no entry: their shape tells them.

use super::lexicon::Glue;
use crate::text::language::Language;

/// The words of one language or script.
pub(super) struct Words {
    titles: &'static [&'static str],
    numbers: &'static [&'static str],
    general: &'static [&'static str],
    last: &'static [&'static str],
    letters: &'static [&'static str],
    /// Words that, with a capital letter, begin a sentence far more often than they are part of a name.
    pub(super) starters: &'static [&'static str],
}

impl Words {
    /// The words that are glued by `kind`.
    pub(super) fn of(&self, kind: Glue) -> &'static [&'static str] {
        match kind {
            Glue::Title => self.titles,
            Glue::Number => self.numbers,
            Glue::Word => self.general,
            Glue::Last => self.last,
            Glue::Letter => self.letters,
        }
    }
}

/// The words of `language`, if it has any.
pub(super) fn of(language: Language) -> Option<&'static Words> {
    Some(match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
        Language::French => &FRENCH,
        Language::Spanish => &SPANISH,
        Language::Italian => &ITALIAN,
        Language::Portuguese => &PORTUGUESE,
        Language::Ordinal => return None,
    })
}

/// The words of languages whose script no other language here shares.
pub(super) const OTHER_SCRIPTS: [&Words; 3] = [&RUSSIAN, &HINDI, &ARABIC];

/// English.
#[rustfmt::skip]
pub(super) const ENGLISH: Words = Words {
    titles: &[
        "mr", "mrs", "ms", "mx", "messrs", "dr", "drs", "prof", "rev", "fr", "hon", "gov", "sen", "rep", "pres", "gen",
        "col", "lt", "capt", "cpt", "maj", "sgt", "cpl", "cmdr", "adm", "insp", "supt", "mt", "ft", "msgr", "mme", "mlle",
    ],
    numbers: &[
        "no", "nos", "n°", "nº", "fig", "figs", "vol", "vols", "ch", "chap", "sec", "sect", "pp", "pg", "art", "arts", "par", "para",
        "eq", "ref", "refs", "ver", "op", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
        "dec", "ext", "rm", "apt", "ste", "tel", "ca", "cir", "ln", "v",
    ],
    general: &[
        "approx", "vs", "viz", "cf", "al", "ed", "eds", "est", "dept", "univ", "assn", "bros", "gen", "min", "max", "incl",
        "misc", "st", "ave", "blvd", "rd", "hwy", "bldg", "e.g", "i.e", "ph.d", "ibid", "trans", "repr", "esp",
        "calif", "conn", "penn", "tex", "fla", "ariz", "wis", "minn", "ky", "okla",
        "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "a.m", "p.m",
        "jr", "sr", "esq", "inc", "ltd", "corp", "co", "llc", "plc", "cie", "n.b", "q.v", "oz", "lbs", "sq", "hr", "hrs",
    ],
    last: &["etc", "a.d", "b.c", "b.c.e"],
    letters: &[],
    starters: &[
        "A", "After", "Again", "All", "Also", "Although", "An", "And", "Another", "Any", "Are", "As", "At", "Because",
        "Before", "Both", "But", "By", "Can", "Could", "Did", "Do", "Does", "Each", "Even", "Every", "For", "From", "Had",
        "Has", "Have", "He", "Her", "Here", "His", "How", "However", "If", "In", "Instead", "Is", "It", "Its", "Just",
        "Later", "Let", "Many", "Maybe", "Meanwhile", "More", "Most", "My", "Neither", "No", "Nobody", "Nor", "Not",
        "Nothing", "Now", "Of", "On", "Once", "One", "Only", "Or", "Other", "Our", "Perhaps", "Please", "She", "Should",
        "Since", "So", "Some", "Sometimes", "Soon", "Still", "Such", "That", "The", "Their", "Then", "There", "Therefore",
        "These", "They", "This", "Those", "Though", "Thus", "To", "Today", "Tomorrow", "Under", "Until", "We", "Were",
        "What", "When", "Where", "Whether", "Which", "While", "Who", "Why", "Will", "With", "Without", "Would", "Yes",
        "Yesterday", "Yet", "You", "Your", "I'",
    ],
};

#[rustfmt::skip]
const GERMAN: Words = Words {
    titles: &[
        "hr", "hrn", "fr", "frl", "dr", "prof", "dipl", "dipl.-ing", "ing", "mag", "st", "hl", "sel", "präs", "min", "gen",
        "univ", "univ.-prof", "phil", "med", "jur", "nat", "rer", "habil", "insb", "insbes",
    ],
    numbers: &[
        "nr", "nrn", "abs", "art", "abb", "bd", "bde", "kap", "ziff", "tab", "anm", "tel", "fn", "rn", "rdnr", "jg", "abt",
        "jan", "feb", "mrz", "apr", "jun", "jul", "aug", "sep", "sept", "okt", "nov", "dez", "ff",
    ],
    general: &[
        "bzw", "bspw", "ca", "vgl", "evtl", "ggf", "inkl", "exkl", "zzgl", "abzgl", "sog", "ehem", "etw",
        "geb", "gest", "gegr", "verh", "verw", "allg", "bes", "beschr", "betr", "bzgl", "einschl", "entspr", "erg",
        "eigtl", "i.d.r", "kath", "ev", "led", "lfd", "lt", "max", "mind", "mio", "mrd", "mwst", "möbl", "od", "orig",
        "österr", "schweiz", "dt", "engl", "frz", "franz", "lat", "griech", "ital", "span", "russ", "röm", "jüd", "christl",
        "röm.-kath", "rd", "resp", "spez", "stellv", "str", "südl", "nördl", "westl", "östl", "tägl", "jährl", "monatl",
        "u.u", "urspr", "verf", "vorm", "nachm", "wiss", "zt", "zus", "zw", "hrsg", "übers", "aufl", "ausg", "verl", "zit",
        "ebd", "fa", "dergl", "dgl", "gesch", "ges", "gem", "ggü", "ungef", "versch", "mo", "di", "mi", "do", "fr", "sa",
        "jh", "jhd", "jhs", "std", "stk", "qm", "kfm", "techn", "u.ä", "o.ä", "d.h", "z.b",
    ],
    last: &["etc", "usw", "usf", "u.a.m", "u.v.m", "u.s.w"],
    letters: &[],
    starters: &[
        "Aber", "Alle", "Alles", "Als", "Also", "Am", "An", "Auch", "Auf", "Aus", "Außerdem", "Bald", "Bei", "Beide", "Bis",
        "Da", "Dabei", "Dadurch", "Dafür", "Dagegen", "Daher", "Damals", "Damit", "Danach", "Dann", "Daran", "Darauf",
        "Darum", "Das", "Dass", "Dazu", "Dein", "Deine", "Dem", "Den", "Denn", "Dennoch", "Der", "Deren", "Des", "Deshalb",
        "Dessen", "Die", "Dies", "Diese", "Dieser", "Dieses", "Doch", "Dort", "Du", "Durch", "Ein", "Eine", "Einem",
        "Einen", "Einer", "Eines", "Einige", "Er", "Erst", "Es", "Etwas", "Euch", "Euer", "Für", "Gegen", "Gestern", "Hat",
        "Hatte", "Heute", "Hier", "Hinter", "Ich", "Ihm", "Ihn", "Ihnen", "Ihr", "Ihre", "Im", "Immer", "In", "Ist", "Ja",
        "Jede", "Jeder", "Jedoch", "Jetzt", "Kein", "Keine", "Man", "Manche", "Mehr", "Mein", "Meine", "Mit", "Morgen",
        "Nach", "Nachdem", "Neben", "Nein", "Nicht", "Nichts", "Niemand", "Noch", "Nun", "Nur", "Ob", "Obwohl", "Oder",
        "Ohne", "Schon", "Sehr", "Sein", "Seine", "Seit", "Sie", "Sind", "So", "Sobald", "Solche", "Sondern", "Später",
        "Trotz", "Über", "Um", "Und", "Uns", "Unser", "Unsere", "Unter", "Viel", "Viele", "Vielleicht", "Vom", "Von", "Vor",
        "Wann", "War", "Waren", "Warum", "Was", "Weder", "Wegen", "Weil", "Welche", "Wem", "Wen", "Wenn", "Wer", "Werden",
        "Wie", "Wieder", "Wir", "Wird", "Wo", "Während", "Zu", "Zudem", "Zuerst", "Zum", "Zur", "Zwar", "Zwischen",
    ],
};

/// The months of a German date, whose day is an ordinal: "1. Januar".
#[rustfmt::skip]
pub(super) const GERMAN_MONTHS: [&str; 13] = [
    "Januar", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
];

#[rustfmt::skip]
const FRENCH: Words = Words {
    titles: &[
        "mm", "mr", "mme", "mmes", "mlle", "mlles", "dr", "drs", "pr", "prof", "me", "mgr", "st", "ste", "sts", "cdt", "col",
        "gén", "cap", "lt", "adj",
    ],
    numbers: &[
        "no", "nos", "n°", "nº", "art", "chap", "fig", "vol", "pp", "tél", "tel", "éd", "t", "sect", "par", "al", "réf", "rf",
        "janv", "févr", "fév", "avr", "juil", "sept", "oct", "nov", "déc",
    ],
    general: &[
        "env", "cf", "ex", "p.ex", "c.-à-d", "c.à.d", "bd", "boul", "av", "ch", "dép", "hab", "max", "min", "apr", "av",
        "ibid", "id", "sq", "sqq", "suiv", "trad", "coll", "dir", "intro", "lib", "loc", "masc", "fém", "sing", "plur", "inf",
        "sup", "ms", "mss", "rel", "vs", "j.-c", "cie", "ltd", "inc", "anc", "auj", "bât", "hebdo", "qqch", "qqn", "lun",
        "mar", "mer", "jeu", "ven", "sam", "dim",
    ],
    last: &["etc"],
    letters: &[],
    starters: &[
        "À", "Ah", "Ainsi", "Alors", "Après", "Au", "Aucun", "Aussi", "Aux", "Avant", "Avec", "Bien", "Bon", "C'", "Ça", "Car",
        "Ce", "Ceci", "Cela", "Celle", "Celui", "Cependant", "Certains", "Ces", "Cet", "Cette", "Chacun", "Chaque", "Comme",
        "Comment", "D'", "Dans", "De", "Depuis", "Des", "Donc", "Du", "Elle", "Elles", "En", "Enfin", "Ensuite", "Est", "Et",
        "Être", "Hier", "Ici", "Il", "Ils", "J'", "Jamais", "Je", "Là", "Les", "Leur", "Leurs", "Lorsque", "Lui", "Ma",
        "Maintenant", "Mais", "Malgré", "Même", "Mes", "Moi", "Mon", "N'", "Ne", "Ni", "Non", "Nos", "Notre", "Nous", "On",
        "Or", "Où", "Oui", "Par", "Parce", "Parfois", "Pas", "Pendant", "Personne", "Peut", "Plus", "Pour", "Pourquoi",
        "Pourtant", "Puis", "Qu'", "Quand", "Que", "Quel", "Quelle", "Quelques", "Qui", "Quoi", "Rien", "S'", "Sa", "Sans",
        "Se", "Ses", "Seul", "Si", "Son", "Sur", "Ta", "Tandis", "Tous", "Tout", "Toute", "Très", "Tu", "Un", "Une", "Vers",
        "Voici", "Voilà", "Vos", "Votre", "Vous", "Y",
    ],
};

#[rustfmt::skip]
const SPANISH: Words = Words {
    titles: &[
        "sr", "sra", "sres", "sras", "srta", "srtas", "d", "dña", "dn", "da", "dr", "dra", "dres", "dras", "prof", "profa",
        "lic", "ldo", "lda", "ing", "arq", "gral", "cnel", "cap", "tte", "sgto", "sto", "sta", "mons", "pbro", "excmo",
        "excma", "ilmo", "ilma", "rvdo", "fr", "ud", "uds", "vd", "vds", "avda", "avd", "pza", "pl", "ctra", "urb",
    ],
    numbers: &[
        "no", "núm", "núms", "nro", "n.º", "nº", "n°", "pág", "págs", "pp", "art", "arts", "cap", "caps", "fig", "figs", "vol",
        "vols", "tel", "tfno", "teléf", "ene", "feb", "abr", "jun", "jul", "ago", "sept", "oct", "nov", "dic", "km", "sec",
        "párr", "ed", "t",
    ],
    general: &[
        "aprox", "p.ej", "ej", "admón", "adm", "dpto", "depto", "dto", "gob", "hnos", "izq", "izda", "dcha", "máx", "mín",
        "pto", "ptas", "prov", "prol", "ref", "seg", "sig", "sigs", "trad", "univ", "vs", "cf", "cía", "ltda", "ee", "rr",
        "hh", "j.c", "ss", "mm", "cc", "av", "lun", "mié", "jue", "vie", "sáb", "dom",
    ],
    last: &["etc", "s.a", "s.l"],
    letters: &[],
    starters: &[
        "A", "Actualmente", "Además", "Ahora", "Al", "Algunos", "Allí", "Antes", "Aquel", "Aquella", "Aquí", "Así", "Aunque",
        "Ayer", "Cada", "Casi", "Como", "Cómo", "Con", "Cuando", "Cuándo", "Cuál", "Cuánto", "De", "Debe", "Desde", "Después",
        "Donde", "Dónde", "Durante", "El", "Él", "Ella", "Ellas", "Ellos", "En", "Entonces", "Entre", "Era", "Es", "Esa",
        "Ese", "Eso", "Esta", "Está", "Este", "Esto", "Estos", "Fue", "Ha", "Hace", "Hay", "Hoy", "La", "Las", "Le", "Les",
        "Lo", "Los", "Luego", "Mañana", "Más", "Me", "Mi", "Mientras", "Mis", "Muchos", "Muy", "Nada", "Nadie", "Ni", "No",
        "Nos", "Nosotros", "Nuestro", "Nunca", "O", "Otra", "Otro", "Para", "Pero", "Por", "Porque", "Pues", "Que", "Qué",
        "Quien", "Quién", "Quizás", "Se", "Según", "Si", "Sí", "Siempre", "Sin", "Sobre", "Solo", "Su", "Sus", "También",
        "Tampoco", "Te", "Tengo", "Todo", "Todos", "Tras", "Tú", "Un", "Una", "Usted", "Vamos", "Y", "Ya", "Yo",
    ],
};

#[rustfmt::skip]
const ITALIAN: Words = Words {
    titles: &[
        "sig", "sigg", "sig.ra", "sig.na", "dott", "dott.ssa", "dr", "prof", "prof.ssa", "proff", "ing", "avv", "arch", "geom",
        "rag", "on", "sen", "gen", "col", "cap", "ten", "mons", "card", "spett", "egr", "gent", "gent.mo", "ill", "ss",
        "cav", "comm", "amm", "mar", "pres", "rev",
    ],
    numbers: &[
        "no", "nn", "n°", "nº", "num", "pag", "pagg", "pp", "art", "artt", "cap", "capp", "fig", "figg", "vol", "voll", "tel",
        "par", "tab", "sez", "gen", "genn", "febb", "apr", "mag", "giu", "lug", "ago", "sett", "set", "ott", "nov", "dic",
    ],
    general: &[
        "ca", "cfr", "cf", "es", "p.es", "ad.es", "ecc.ti", "vs", "sgg", "segg", "seg", "ed", "trad", "cit", "ibid", "id",
        "max", "min", "tot", "prov", "reg", "rif", "all", "allg", "a.c", "d.c", "f.lli", "p.zza", "v.le", "c.so", "l.go",
        "lun", "mart", "merc", "giov", "ven", "sab", "dom", "cost", "civ", "pen", "proc", "c.c", "c.p",
    ],
    last: &["ecc", "etc", "s.p.a", "s.r.l", "s.n.c"],
    letters: &[],
    starters: &[
        "A", "Ad", "Adesso", "Ai", "Al", "Alcuni", "Alla", "Allora", "Anche", "Ancora", "Appena", "Avere", "Bene", "C'", "Che",
        "Chi", "Ci", "Ciò", "Come", "Con", "Così", "Da", "Dal", "Dalla", "Davvero", "Dei", "Del", "Della", "Dopo", "Dove",
        "Due", "Dunque", "Durante", "E", "È", "Ecco", "Ed", "Era", "Erano", "Essi", "Forse", "Fra", "Gli", "Ha", "Hanno", "Ho",
        "I", "Ieri", "Il", "Improvvisamente", "In", "Infatti", "Infine", "Inoltre", "Invece", "Io", "L'", "La", "Le", "Lei",
        "Li", "Lo", "Loro", "Lui", "Ma", "Mai", "Mentre", "Mi", "Mia", "Mio", "Molti", "Molto", "Ne", "Negli", "Nei", "Nel",
        "Nella", "Nelle", "Nessuno", "Niente", "No", "Noi", "Non", "Nulla", "Ogni", "Oggi", "Ora", "Per", "Perché", "Perciò",
        "Però", "Più", "Poi", "Prima", "Può", "Qualche", "Quale", "Quando", "Quanto", "Quasi", "Quel", "Quella", "Quello",
        "Questa", "Queste", "Questi", "Questo", "Qui", "Quindi", "Se", "Sei", "Sempre", "Senza", "Si", "Sì", "Siamo", "Solo",
        "Sono", "Su", "Sul", "Sulla", "Suo", "Sua", "Tra", "Tu", "Tutti", "Tutto", "Un", "Un'", "Una", "Uno", "Vi", "Voi",
    ],
};

#[rustfmt::skip]
const PORTUGUESE: Words = Words {
    titles: &[
        "sr", "sra", "srs", "sras", "srta", "dr", "dra", "drs", "dras", "prof", "profa", "profª", "eng", "engº", "arq", "exmo",
        "exma", "ilmo", "ilma", "v.exa", "v.ex.ª", "d", "sto", "sta", "gen", "cel", "cap", "ten", "maj", "sgt", "pe", "fr",
        "mons", "dep", "gov", "pres", "min", "av", "pça", "trav", "rod",
    ],
    numbers: &[
        "no", "nº", "n°", "n.º", "núm", "pág", "págs", "pp", "art", "arts", "cap", "caps", "fig", "figs", "vol", "vols", "tel",
        "jan", "fev", "abr", "jun", "jul", "ago", "set", "out", "nov", "dez", "inc", "sec", "tab", "ed", "ref",
    ],
    general: &[
        "aprox", "ex", "p.ex", "obs", "máx", "mín", "cf", "vs", "cia", "ltda", "depto", "adm", "apto", "bl", "séc", "sécs",
        "trad", "org", "orgs", "univ", "a.c", "d.c", "km", "seg", "sex", "sáb", "ibid", "id",
    ],
    last: &["etc", "s.a"],
    letters: &[],
    starters: &[
        "A", "À", "Agora", "Ainda", "Além", "Algumas", "Alguns", "Ali", "Antes", "Ao", "Aos", "Apenas", "Após", "Aquela",
        "Aquele", "Aqui", "As", "Às", "Assim", "Até", "Cada", "Com", "Como", "Contudo", "Da", "Das", "De", "Depois", "Desde",
        "Dessa", "Desse", "Deve", "Do", "Dos", "Durante", "E", "É", "Ela", "Elas", "Ele", "Eles", "Em", "Embora", "Enquanto",
        "Então", "Entre", "Era", "Essa", "Esse", "Esta", "Está", "Este", "Eu", "Foi", "Há", "Hoje", "Isso", "Isto", "Já", "Lá",
        "Mais", "Mas", "Me", "Mesmo", "Meu", "Minha", "Muitas", "Muito", "Muitos", "Na", "Nada", "Não", "Nas", "Nem", "Nenhum",
        "Ninguém", "No", "Nos", "Nós", "Nossa", "Nosso", "Num", "Numa", "Nunca", "O", "Onde", "Ontem", "Os", "Ou", "Outra",
        "Outro", "Para", "Pela", "Pelo", "Pode", "Pois", "Por", "Porém", "Porque", "Portanto", "Quais", "Qual", "Quando",
        "Quanto", "Quase", "Que", "Quem", "São", "Se", "Segundo", "Sem", "Sempre", "Ser", "Seu", "Sim", "Só", "Sobre", "Sua",
        "Também", "Tem", "Toda", "Todas", "Todo", "Todos", "Tudo", "Um", "Uma", "Você", "Vocês", "Vou",
    ],
};

#[rustfmt::skip]
const RUSSIAN: Words = Words {
    titles: &[
        "ул", "пр-т", "пр-кт", "просп", "пер", "пл", "наб", "бул", "б-р", "ш", "пос", "дер", "обл", "респ", "гр", "гр-н", "гр-ка",
        "акад", "проф", "доц", "канд", "ген", "полк", "кап", "св", "тов", "гос", "зав", "зам", "нач", "мл", "ст", "уч",
        "инж", "адм", "арх", "худ", "реж", "муз", "мкр", "р-н", "шт", "о-в", "оз", "хр", "г-н", "г-жа",
    ],
    numbers: &[
        "стр", "рис", "табл", "гл", "разд", "кв", "корп", "оф", "тел", "ном", "ч", "изд", "вып", "янв", "февр", "фев", "апр",
        "авг", "сент", "окт", "нояб", "дек", "пп", "эт", "подъезд",
    ],
    general: &[
        "им", "т.е", "т.к", "т.н", "т.о", "напр", "см", "ср", "ред", "пер", "прим", "англ", "нем", "фр", "лат", "рус", "греч", "итал",
        "исп", "букв", "устар", "разг", "соч", "собр", "цит", "род", "ум", "млн", "млрд", "тыс", "руб", "коп", "долл", "экз",
        "мин", "сек", "час", "вв", "гг", "н.э", "пн", "вт", "чт", "пт", "сб", "вс", "макс", "ок", "прибл",
    ],
    last: &["др", "т.д", "т.п", "пр", "etc"],
    letters: &[],
    starters: &[
        "А", "Без", "Был", "Была", "Были", "Было", "В", "Ведь", "Во", "Вот", "Все", "Всё", "Вы", "Где", "Да", "Даже", "Для",
        "До", "Его", "Её", "Если", "Есть", "Ещё", "За", "Завтра", "Зачем", "Здесь", "И", "Из", "Или", "Именно", "Иногда", "Их",
        "К", "Каждый", "Как", "Какой", "Когда", "Конечно", "Которые", "Кто", "Куда", "Между", "Меня", "Мне", "Многие", "Может",
        "Мой", "Мы", "На", "Над", "Нам", "Не", "Недавно", "Нет", "Ни", "Никто", "Ничего", "Но", "Ну", "О", "Об", "Однажды",
        "Однако", "Он", "Она", "Они", "Оно", "От", "Ото", "Перед", "По", "Под", "Пока", "После", "Потом", "Потому", "Почему",
        "Поэтому", "При", "Пусть", "С", "Сегодня", "Сейчас", "Сколько", "Снова", "Со", "Так", "Такой", "Также", "Там", "Теперь",
        "То", "Тогда", "Только", "Ты", "У", "Уже", "Хотя", "Чем", "Через", "Что", "Чтобы", "Эта", "Эти", "Это", "Этот", "Я",
    ],
};

#[rustfmt::skip]
const HINDI: Words = Words {
    titles: &["डॉ", "डा", "प्रो", "पं", "श्री", "सुश्री", "स्व", "कु", "मो", "इंजी", "एड"],
    numbers: &["क्र", "सं", "पृ", "रु", "ई", "वि", "नं", "अनु"],
    general: &["कि.मी", "कि.ग्रा", "ई.पू", "मि.मी", "से.मी", "उदा", "वि.सं", "लि", "प्रा"],
    last: &[],
    letters: &[
        "ए", "बी", "सी", "डी", "ई", "एफ", "जी", "एच", "आई", "जे", "के", "एल", "एम", "एन", "ओ", "पी", "क्यू", "आर", "एस", "टी", "यू",
        "वी", "डब्ल्यू", "डब्लू", "एक्स", "वाई", "ज़ेड", "जेड",
    ],
    starters: &[],
};

#[rustfmt::skip]
const ARABIC: Words = Words {
    titles: &["د", "أ", "م", "أ.د", "أ.م.د", "م.م", "الأستاذ.د"],
    numbers: &["ص", "ج", "ط", "ت", "رقم", "ص.ب", "هاتف"],
    general: &["ق.م", "ج.م.ع", "كم", "سم", "مم", "كلم", "كجم"],
    last: &["إلخ", "الخ"],
    letters: &[],
    starters: &[],
};
