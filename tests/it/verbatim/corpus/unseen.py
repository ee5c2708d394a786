"""Forms of sentences that nobody looked at while the comparison was written, for generate.py; the pools are those of sentences.py."""

EN = [
    "Please put <small> <things> into the <adj> box before <time>.",
    "<name> said that <percent> of the <things> had been sold by <date>.",
    "Was it <name> who lost <tens> <things> in <city>?",
    "The <place> in <city> will not open until <year>.",
    "Turn left at the <place>, walk for <unit>, and ask <name>.",
    "The <person> says that <money> is too much for <small> <adj> <things>.",
    "Nobody but <name> remembered the number, which is <phone>.",
    "On the <ordinal> floor, the <person> found <number> <things> and no <adj> ones.",
]

DE = [
    "Legen Sie bitte <small> <things> in den <place>, bevor <name> kommt.",
    "<name> sagte, dass <percent> der <things> schon am <date> verkauft waren.",
    "Hat <name> wirklich <tens> <things> in <city> verloren?",
    "Der <place> in <city> öffnet nicht vor <year>.",
    "Vom <place> bis nach <city> sind es <unit>, und <name> kennt den Weg.",
    "Für <small> <things> sind <money> zu viel, meinte <name>.",
    "Nur <name> kannte die Nummer, und die ist <phone>.",
    "Um <time> standen <number> <things> vor dem <place>, aber keine für <name>.",
]

FR = [
    "Mettez <small> <things> dans le <place> avant que <name> n'arrive.",
    "<name> dit que <percent> des <things> étaient vendues le <date>.",
    "Est-ce <name> qui a perdu <tens> <things> à <city> ?",
    "Le <place> de <city> n'ouvrira pas avant <year>.",
    "Du <place> jusqu'à <city> il y a <unit>, et <name> connaît la route.",
    "Pour <small> <things>, <money> c'est trop, répondit <name>.",
    "Seul <name> connaissait le numéro, qui est le <phone>.",
    "À <time>, il y avait <number> <things> devant le <place>, mais aucune pour <name>.",
]

ES = [
    "Ponga <small> <things> en el <place> antes de que llegue <name>.",
    "<name> dijo que el <percent> de las <things> se vendió el <date>.",
    "¿Fue <name> quien perdió <tens> <things> en <city>?",
    "El <place> de <city> no abrirá antes de <year>.",
    "Del <place> a <city> hay <unit>, y <name> conoce el camino.",
    "Por <small> <things>, <money> es demasiado, respondió <name>.",
    "Solo <name> sabía el número, que es el <phone>.",
    "A las <time> había <number> <things> delante del <place>, pero ninguna para <name>.",
]

RU = [
    "Положите <things> на <place>, пока не пришёл <name>.",
    "<name> сказал, что <percent> мест продали ещё <date>.",
    "Это <name> потерял <things> в <city>?",
    "В <year> году <things> в <city> ещё не были <adj>.",
    "От <place2> до реки <unit>, и <name> знает дорогу.",
    "<name> отдал <money> за <things> и ни о чём не жалеет.",
    "Номер знал только <name>, и это <phone>.",
    "В <time> у <place2> лежало <number>, но <name> ничего не взял.",
]

ZH = [
    "请把<small>个<things>放进<place>，<name>马上就到。",
    "<name>说<percent>的<things>在<date>以前就卖完了。",
    "是<name>在<city>丢了<tens>个<things>吗？",
    "<city>的<place><year>年以前不会开门。",
    "从<place>到<city>有<unit>，<name>认识路。",
    "<name>觉得<money>买<small>个<things>太<adj>了。",
    "只有<name>知道电话，就是<phone>。",
    "<time>，<place>门口有<number>个<things>，可是没有人要。",
]
