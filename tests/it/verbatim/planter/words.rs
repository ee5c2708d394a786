//! Words to plant, language by language.

#[expect(clippy::too_many_lines, reason = "it is a table")]
pub(crate) fn synonyms(language: &str) -> &'static [(&'static str, &'static str)] {
    match language {
        "en" => &[
            ("broken", "damaged"),
            ("cheap", "inexpensive"),
            ("quiet", "silent"),
            ("noisy", "loud"),
            ("left", "departed"),
            ("bring", "carry"),
            ("bought", "purchased"),
            ("counted", "saw"),
            ("lost", "mislaid"),
            ("call", "phone"),
            ("closed", "shut"),
            ("arrive", "come"),
            ("paid", "spent"),
            ("holds", "contains"),
            ("near", "beside"),
            ("cost", "are"),
            ("old", "ancient"),
            ("rained", "poured"),
            ("child", "kid"),
            ("plan", "idea"),
            ("start", "begin"),
            ("rose", "climbed"),
            ("moved", "relocated"),
            ("know", "realise"),
            ("worse", "poorer"),
            ("town", "village"),
            ("walked", "went"),
            ("sure", "certain"),
        ],
        "de" => &[
            ("kaputt", "defekt"),
            ("billig", "günstig"),
            ("leise", "still"),
            ("laut", "lärmend"),
            ("verließ", "räumte"),
            ("bringen", "tragen"),
            ("kaufte", "erwarb"),
            ("zählten", "sahen"),
            ("geschlossen", "zu"),
            ("kosten", "machen"),
            ("stieg", "wuchs"),
            ("weiß", "ahnt"),
            ("trugen", "schleppten"),
            ("sagte", "meinte"),
            ("raum", "saal"),
            ("bestellung", "lieferung"),
            ("alte", "betagte"),
            ("ladens", "geschäfts"),
            ("wort", "satz"),
            ("stehen", "liegen"),
            ("anruft", "schreibt"),
            ("zog", "ging"),
        ],
        "fr" => &[
            ("quitta", "laissa"),
            ("apporter", "porter"),
            ("acheta", "acquit"),
            ("compté", "vu"),
            ("fermé", "clos"),
            ("coûtent", "valent"),
            ("perd", "égare"),
            ("portèrent", "menèrent"),
            ("dit", "répondit"),
            ("pièce", "salle"),
            ("commande", "livraison"),
            ("vieux", "ancien"),
            ("mot", "bruit"),
            ("aime", "adore"),
            ("humides", "mouillés"),
            ("environ", "presque"),
            ("sait", "croit"),
            ("resta", "vécut"),
            ("mesure", "fait"),
            ("arrivera", "viendra"),
            ("perdu", "oublié"),
        ],
        "es" => &[
            ("salió", "partió"),
            ("traer", "llevar"),
            ("compró", "adquirió"),
            ("contamos", "vimos"),
            ("cerrado", "clausurado"),
            ("cuestan", "valen"),
            ("pedido", "encargo"),
            ("llevaron", "portaron"),
            ("dijo", "contestó"),
            ("sala", "habitación"),
            ("viejo", "antiguo"),
            ("palabra", "frase"),
            ("sabe", "cree"),
            ("mudó", "trasladó"),
            ("llegará", "vendrá"),
            ("subieron", "crecieron"),
            ("pregunte", "busque"),
            ("pasa", "vive"),
            ("llama", "escribe"),
            ("hay", "vemos"),
            ("venderá", "dará"),
        ],
        "ru" => &[
            ("заказ", "пакет"),
            ("заплатил", "отдал"),
            ("ушёл", "отправился"),
            ("переехал", "перебрался"),
            ("принести", "доставить"),
            ("позвоните", "звоните"),
            ("продаст", "отдаст"),
            ("купил", "приобрёл"),
            ("любит", "терпит"),
            ("отнесли", "принесли"),
            ("лежат", "стоят"),
            ("нашли", "увидели"),
            ("повезёт", "доставит"),
            ("цены", "тарифы"),
            ("знает", "помнит"),
            ("скажите", "передайте"),
            ("спросите", "узнайте"),
            ("старый", "древний"),
            ("всегда", "часто"),
            ("потерял", "забыл"),
        ],
        _ => &[
            ("离开", "走出"),
            ("知道", "明白"),
            ("喜欢", "爱"),
            ("买下", "购得"),
            ("送到", "运到"),
            ("一共", "总共"),
            ("数到", "看到"),
            ("搬到", "运往"),
            ("房间", "屋子"),
            ("为什么", "怎么"),
            ("打电话", "来信"),
            ("弄丢", "丢失"),
            ("增长", "上升"),
            ("请拨打", "请致电"),
            ("卖掉", "出售"),
            ("能不能", "可否"),
            ("医生", "大夫"),
            ("孩子", "小孩"),
        ],
    }
}

pub(crate) fn replacements(language: &str) -> &'static [&'static str] {
    match language {
        "en" => {
            &["umbrella", "quickly", "mountain", "seven", "perhaps", "blue", "understand", "window", "those", "river"]
        }
        "de" => {
            &["Regenschirm", "schnell", "Berg", "sieben", "vielleicht", "blau", "verstehen", "Fenster", "jene", "Fluss"]
        }
        "fr" => {
            &["parapluie", "vite", "montagne", "sept", "bleu", "comprendre", "fenêtre", "celles", "rivière", "hibou"]
        }
        "es" => &["paraguas", "rápido", "montaña", "siete", "quizás", "azul", "entender", "ventana", "aquellos", "río"],
        "ru" => &["зонтик", "быстро", "гора", "семь", "может", "синий", "понимать", "окно", "эти", "река"],
        _ => &["伞", "快", "山", "也许", "蓝", "窗", "河", "笑", "鱼", "龙"],
    }
}

pub(crate) fn answers(language: &str) -> &'static [&'static str] {
    match language {
        "en" => &[
            "Yes, of course.",
            "It is on the left, next to the bank.",
            "I don't know the answer to that.",
            "About twenty minutes.",
            "No, I'm afraid not.",
        ],
        "de" => &[
            "Ja, natürlich.",
            "Er liegt links neben der Bank.",
            "Das weiß ich leider nicht.",
            "Etwa zwanzig Minuten.",
            "Nein, tut mir leid.",
        ],
        "fr" => &[
            "Oui, bien sûr.",
            "C'est à gauche, à côté de la banque.",
            "Je ne sais pas.",
            "Environ vingt minutes.",
            "Non, désolé.",
        ],
        "es" => &[
            "Sí, claro.",
            "Está a la izquierda, junto al banco.",
            "No lo sé.",
            "Unos veinte minutos.",
            "No, lo siento.",
        ],
        "ru" => &["Да, конечно.", "Это слева, рядом с банком.", "Я не знаю.", "Минут двадцать.", "Нет, к сожалению."],
        _ => &["是的，当然可以。", "在左边，银行旁边。", "我不知道。", "大约二十分钟。", "不，很抱歉。"],
    }
}

pub(crate) fn preambles(language: &str) -> &'static [&'static str] {
    match language {
        "en" => &[
            "Sure, here it is:",
            "Okay.",
            "Of course!",
            "The text says:",
            "Certainly, I will read that for you.",
            "Here you go:",
        ],
        "de" => {
            &["Klar, hier ist es:", "Okay.", "Natürlich!", "Der Text lautet:", "Gerne lese ich das vor.", "Bitte sehr:"]
        }
        "fr" => {
            &["Bien sûr, voici :", "D'accord.", "Certainement !", "Le texte dit :", "Je vais lire cela.", "Voilà :"]
        }
        "es" => {
            &["Claro, aquí está:", "De acuerdo.", "¡Por supuesto!", "El texto dice:", "Voy a leerlo.", "Aquí tiene:"]
        }
        "ru" => &["Конечно, вот текст:", "Хорошо.", "Разумеется!", "Текст гласит:", "Сейчас прочитаю.", "Пожалуйста:"],
        _ => &["好的，内容如下：", "好的。", "当然！", "文字是：", "我来读一下。", "请听："],
    }
}

pub(crate) fn closings(language: &str) -> &'static [&'static str] {
    match language {
        "en" => &["Would you like me to read more?", "That's all.", "Thanks!", "I hope this helps.", "Anything else?"],
        "de" => &["Soll ich weiterlesen?", "Das war alles.", "Danke!", "Ich hoffe, das hilft.", "Sonst noch etwas?"],
        "fr" => &[
            "Voulez-vous que je continue ?",
            "C'est tout.",
            "Merci !",
            "J'espère que cela vous aide.",
            "Autre chose ?",
        ],
        "es" => &["¿Quiere que siga leyendo?", "Eso es todo.", "¡Gracias!", "Espero que le sirva.", "¿Algo más?"],
        "ru" => &["Читать дальше?", "Это всё.", "Спасибо!", "Надеюсь, это поможет.", "Что-нибудь ещё?"],
        _ => &["还要继续读吗？", "就这些。", "谢谢！", "希望对您有帮助。", "还有别的吗？"],
    }
}

/// What denies, and the same without it. Each pair is tried in both directions.
pub(crate) fn negations(language: &str) -> &'static [(&'static str, &'static str)] {
    match language {
        "en" => &[
            ("isn't", "is"),
            ("doesn't", "does"),
            ("didn't", "did"),
            ("couldn't", "could"),
            ("wasn't", "was"),
            ("can't", "can"),
            (" not ", " "),
            ("never ", "always "),
            ("nobody", "somebody"),
            ("won't", "will"),
            ("was not", "was"),
            ("were not", "were"),
            ("are not", "are"),
            ("will not", "will"),
            ("is not", "is"),
            ("did not", "did"),
            ("does not", "does"),
        ],
        "de" => &[
            (" nicht ", " "),
            (" kein ", " ein "),
            (" keine ", " eine "),
            ("niemals ", "immer "),
            ("ist nicht", "ist"),
            ("sind nicht", "sind"),
            ("waren nicht", "waren"),
            ("war nicht", "war"),
            ("kommt nicht", "kommt"),
            ("kosten nicht", "kosten"),
            ("kaufte nicht", "kaufte"),
        ],
        "fr" => &[
            ("n'est pas", "est"),
            (" ne sont pas ", " sont "),
            ("n'aime pas", "aime"),
            ("ne vendra pas", "vendra"),
            (" jamais", ""),
            (" ne ", " "),
            ("n'étaient pas", "étaient"),
            ("ne coûtent pas", "coûtent"),
            ("ne reste pas", "reste"),
        ],
        "es" => &[
            ("no son ", "son "),
            ("no venderá", "venderá"),
            ("no le gustan", "le gustan"),
            ("nunca ", "siempre "),
            ("No ", ""),
            (" no ", " "),
            ("no está ", "está "),
            ("no cuestan", "cuestan"),
            ("no llegará", "llegará"),
            ("no compró", "compró"),
        ],
        "ru" => &[
            ("не ", ""),
            ("Не ", ""),
            ("никогда ", "всегда "),
            ("не придёт", "придёт"),
            ("не купил", "купил"),
            ("не выросли", "выросли"),
            ("не заплатил", "заплатил"),
            ("не лежат", "лежат"),
        ],
        _ => &[
            ("不会", "会"),
            ("不喜欢", "喜欢"),
            ("没有", "有"),
            ("不", ""),
            ("不知道", "知道"),
            ("不是", "是"),
            ("没有买下", "买下"),
            ("没离开", "离开"),
        ],
    }
}

pub(crate) fn names(language: &str) -> &'static [&'static str] {
    match language {
        "en" => &[
            "Amina",
            "Jonas",
            "Priya",
            "Tobias",
            "Rosalind",
            "Kwame",
            "Harriet",
            "Desmond",
            "Norwich",
            "Dublin",
            "Geneva",
            "Leeds",
            "Okafor",
            "Whitfield",
            "Miriam",
        ],
        "de" => &[
            "Amina",
            "Jonas",
            "Priya",
            "Tobias",
            "Rosalinde",
            "Friedrich",
            "Henriette",
            "Bremen",
            "Genf",
            "Leipzig",
            "Brandt",
            "Alvarez",
            "Miriam",
        ],
        "fr" => &[
            "Amina",
            "Jonas",
            "Thibault",
            "Rosalie",
            "Kwame",
            "Henriette",
            "Bordeaux",
            "Genève",
            "Nantes",
            "Brunel",
            "Alvarez",
            "Miriam",
        ],
        "es" => &[
            "Amina",
            "Jonás",
            "Tomás",
            "Rosalía",
            "Kwame",
            "Enriqueta",
            "Sevilla",
            "Ginebra",
            "Quito",
            "Benítez",
            "Álvarez",
            "Miriam",
        ],
        "ru" => {
            &["Иван", "Степан", "Глеб", "Олег", "Никита", "Родион", "Казани", "Москве", "Рязани", "Громов", "Алварес"]
        }
        _ => &["李明", "王芳", "张伟", "陈静", "赵磊", "周涛", "北京", "上海", "成都", "厦门"],
    }
}
