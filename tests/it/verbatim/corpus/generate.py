#!/usr/bin/env python3
"""Writes the corpora en.txt, de.txt, fr.txt, es.txt, zh.txt and ru.txt beside this file, and those of unseen forms.

A line is a sentence. {a|b|c} stands for ways of saying the same; {a|b!x|y} adds ways of saying something else.
The numbers in words are made here, by code that shares nothing with what is tested.
"""
import random
from pathlib import Path

HERE = Path(__file__).parent


# --- numbers in words -------------------------------------------------------------------------------------------------

def en(n):
    small = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
             "seventeen eighteen nineteen").split()
    tens = "x x twenty thirty forty fifty sixty seventy eighty ninety".split()
    if n < 20:
        return small[n]
    if n < 100:
        return tens[n // 10] + ("-" + small[n % 10] if n % 10 else "")
    if n < 1000:
        return small[n // 100] + " hundred" + (" and " + en(n % 100) if n % 100 else "")
    for value, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand")):
        if n >= value:
            rest = n % value
            link = " and " if 0 < rest < 100 else " "
            return en(n // value) + " " + name + (link + en(rest) if rest else "")


def en_ord(n):
    odd = {1: "first", 2: "second", 3: "third", 5: "fifth", 8: "eighth", 9: "ninth", 12: "twelfth"}
    if n in odd:
        return odd[n]
    if n < 20:
        return en(n) + "th"
    if n % 10 == 0:
        return en(n)[:-1] + "ieth"
    return en(n - n % 10) + "-" + en_ord(n % 10)


def en_suffix(n):
    return f"{n}" + ("th" if 10 < n % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th"))


def en_year(y):
    if 2000 <= y < 2010:
        return en(y)
    if y % 100 == 0:
        return en(y // 100) + " hundred"
    return en(y // 100) + " " + ("oh " + en(y % 100) if y % 100 < 10 else en(y % 100))


def de(n):
    small = ("null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
             "siebzehn achtzehn neunzehn").split()
    tens = "x x zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()

    def inner(m):
        if m < 20:
            return small[m]
        if m < 100:
            return (small[m % 10] + "und" if m % 10 else "") + tens[m // 10]
        if m < 1000:
            return small[m // 100] + "hundert" + (inner(m % 100) if m % 100 else "")
        return inner(m // 1000) + "tausend" + (inner(m % 1000) if m % 1000 else "")

    if n >= 10**6:
        millions = n // 10**6
        head = "eine Million" if millions == 1 else inner(millions) + " Millionen"
        return head + (" " + de(n % 10**6) if n % 10**6 else "")
    text = inner(n)
    return text + "s" if n % 100 == 1 else text


def de_year(y):
    if 1100 <= y < 2000:
        return de(y // 100) + "hundert" + (de(y % 100) if y % 100 else "")
    return de(y)


def de_ord(n, ending="en"):
    odd = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht"}
    return odd.get(n, de(n) + ("t" if n < 20 else "st")) + ending


def fr(n):
    small = ("zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
             "dix-huit dix-neuf").split()
    tens = "x x vingt trente quarante cinquante soixante".split()
    if n < 20:
        return small[n]
    if n < 70:
        unit = n % 10
        return tens[n // 10] + ("" if unit == 0 else " et un" if unit == 1 else "-" + small[unit])
    if n < 80:
        return "soixante et onze" if n == 71 else "soixante-" + small[n - 60]
    if n < 100:
        return "quatre-vingts" if n == 80 else "quatre-vingt-" + small[n - 80]
    if n < 1000:
        head = "cent" if n < 200 else small[n // 100] + " cent" + ("s" if n % 100 == 0 else "")
        return head + (" " + fr(n % 100) if n % 100 else "")
    if n < 10**6:
        head = "mille" if n < 2000 else fr(n // 1000).replace("cents", "cent").replace("vingts", "vingt") + " mille"
        return head + (" " + fr(n % 1000) if n % 1000 else "")
    head = fr(n // 10**6) + (" million" if n < 2 * 10**6 else " millions")
    return head + (" " + fr(n % 10**6) if n % 10**6 else "")


def es(n):
    small = ("cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
             "diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis "
             "veintisiete veintiocho veintinueve").split()
    tens = "x x x treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
    hundreds = ("x ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos "
                "novecientos").split()
    if n < 30:
        return small[n]
    if n < 100:
        return tens[n // 10] + (" y " + small[n % 10] if n % 10 else "")
    if n < 1000:
        return "cien" if n == 100 else hundreds[n // 100] + (" " + es(n % 100) if n % 100 else "")
    if n < 10**6:
        head = "mil" if n < 2000 else es(n // 1000).replace("veintiuno", "veintiún") + " mil"
        return head + (" " + es(n % 1000) if n % 1000 else "")
    head = "un millón" if n < 2 * 10**6 else es(n // 10**6) + " millones"
    return head + (" " + es(n % 10**6) if n % 10**6 else "")


def ru(n, feminine=False):
    small = ("ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать "
             "четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать").split()
    tens = "x x двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split()
    hundreds = "x сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот".split()
    if n >= 1000:
        thousands = n // 1000
        head = ("тысяча" if thousands == 1 else ru(thousands, True) + " "
                + forms(thousands, "тысяча", "тысячи", "тысяч"))
        return head + (" " + ru(n % 1000) if n % 1000 else "")
    words = []
    if n >= 100:
        words.append(hundreds[n // 100])
        n %= 100
        if n == 0:
            return words[0]
    if n >= 20:
        words.append(tens[n // 10])
        n %= 10
        if n == 0:
            return " ".join(words)
    word = small[n]
    if feminine and n in (1, 2):
        word = {1: "одна", 2: "две"}[n]
    return " ".join(words + [word])


def forms(n, one, few, many):
    if n % 10 == 1 and n % 100 != 11:
        return one
    return few if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else many


def ru_ord(n, ending="ого"):
    stems = ("x перв втор третьего четвёрт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат "
             "пятнадцат шестнадцат семнадцат восемнадцат девятнадцат").split()
    tens = "x x двадцат тридцат сороков пятидесят шестидесят семидесят восьмидесят девяност".split()
    if n % 1000 == 0 and n:
        return {2000: "двухтысячн"}[n] + ending
    if n >= 100:
        rest = n % 100
        return ru(n - rest) + " " + ru_ord(rest, ending)
    if n == 3 or n > 20 and n % 10 == 3:
        third = {"ого": "третьего", "ом": "третьем", "ый": "третий"}[ending]
        return third if n == 3 else ru(n - 3) + " " + third
    if n < 20:
        stem = stems[n] + ending
    elif n % 10 == 0:
        stem = tens[n // 10] + ending
    else:
        return ru(n - n % 10) + " " + ru_ord(n % 10, ending)
    return stem.replace("вторый", "второй").replace("шестый", "шестой").replace("седьмый", "седьмой").replace("восьмый", "восьмой")


def zh(n):
    digits = "零一二三四五六七八九"
    if n >= 10**8:
        rest = n % 10**8
        return zh(n // 10**8) + "亿" + (("零" if rest < 10**7 else "") + zh(rest) if rest else "")
    if n >= 10**4:
        rest = n % 10**4
        return zh(n // 10**4) + "万" + (("零" if rest < 1000 else "") + zh(rest) if rest else "")
    text, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // place % 10
        if digit:
            text += ("零" if gap and text else "") + digits[digit] + name
            gap = False
        else:
            gap = True
    if 10 <= n < 20:
        text = text[1:]
    return text or "零"


def zh_digits(n):
    return "".join("零一二三四五六七八九"[int(c)] for c in str(n))


# --- slots ------------------------------------------------------------------------------------------------------------

def slot(right, wrong=()):
    right, wrong = list(dict.fromkeys(right)), list(dict.fromkeys(wrong))
    return "{" + "|".join(right) + ("!" + "|".join(wrong) if wrong else "") + "}"


def other(rng, n):
    while True:
        m = rng.choice([n + 1, n - 1, n + 10, n * 2, n + 2, n + 100]) if n > 1 else n + rng.randint(1, 5)
        if m != n and m >= 0:
            return m


def grouped(n, mark):
    return f"{n:,}".replace(",", mark)


WORDS = {"en": en, "de": de, "fr": fr, "es": es, "ru": ru, "zh": zh}
MARK = {"en": ",", "de": ".", "fr": "\u202f", "es": ".", "ru": "\u00a0", "zh": ","}


def number(rng, lang, n):
    def ways(m):
        result = [str(m), WORDS[lang](m)]
        if m >= 1000:
            result.append(grouped(m, MARK[lang]))
        return result
    wrong = other(rng, n)
    return slot(ways(n), ways(wrong))


def year(rng, lang, y):
    def ways(m):
        if lang == "en":
            return [str(m), en_year(m)]
        if lang == "de":
            return [str(m), de_year(m)]
        if lang == "zh":
            return [str(m), zh_digits(m)]
        if lang == "ru":
            return [str(m), ru_ord(m, "ом")]
        return [str(m), WORDS[lang](m)]
    wrong = y + rng.choice([1, -1, 10, -10, 3])
    if lang == "ru" and wrong % 100 == 0 or lang == "ru" and wrong % 1000 == 0:
        wrong = y + 2
    return slot(ways(y), ways(wrong))


MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
}


def date(rng, lang, d, m, y):
    def ways(d, m, y):
        if lang == "zh":
            return [f"{y}年{m}月{d}日", f"{zh_digits(y)}年{zh(m)}月{zh(d)}日", f"{y}年{m}月{d}号"]
        month = MONTHS[lang][m - 1]
        if lang == "en":
            return [f"{month} {d}, {y}", f"{month} {en_suffix(d)}, {y}", f"{month} {en_ord(d)}, {en_year(y)}",
                    f"{d} {month} {y}", f"the {en_ord(d)} of {month} {en_year(y)}"]
        if lang == "de":
            return [f"{d}. {month} {y}", f"{de_ord(d)} {month} {de_year(y)}", f"{d:02}.{m:02}.{y}", f"{d}.{m}.{y}"]
        if lang == "fr":
            day = "1er" if d == 1 else str(d)
            word = "premier" if d == 1 else fr(d)
            return [f"{day} {month} {y}", f"{word} {month} {fr(y)}", f"{d:02}/{m:02}/{y}"]
        if lang == "es":
            return [f"{d} de {month} de {y}", f"{es(d)} de {month} de {es(y)}", f"{d}/{m}/{y}"]
        return [f"{d} {month} {y} года", f"{ru_ord(d)} {month} {ru_ord(y)} года", f"{d:02}.{m:02}.{y}"]
    right = ways(d, m, y)
    wrong = ways(d % 28 + 1, m, y) if rng.random() < 0.5 else ways(d, m % 12 + 1, y)
    return slot(right, wrong)


def time(rng, lang, h, m):
    def ways(h, m):
        if lang == "en":
            h12 = (h - 1) % 12 + 1
            half = "p.m." if h >= 12 else "a.m."
            spoken = en(m) if m > 9 else "oh " + en(m)
            if m == 0:
                return [f"{h12}:00 {half}", f"{en(h12)} {half}", f"{h12} {half.replace('.', '')}"]
            return [f"{h12}:{m:02} {half}", f"{en(h12)} {spoken} {half}", f"{h12}:{m:02} {half.upper().replace('.', '')}"]
        if lang == "de":
            word = "ein" if h == 1 else de(h)
            if m == 0:
                return [f"{h} Uhr", f"{word} Uhr", f"{h}:00 Uhr"]
            return [f"{h}:{m:02} Uhr", f"{word} Uhr {de(m)}", f"{h}.{m:02} Uhr"]
        if lang == "fr":
            hour = "une heure" if h == 1 else f"{fr(h)} heures"
            if m == 0:
                return [f"{h} h", hour, f"{h} heures"] if h > 1 else ["1 h", hour]
            return [f"{h} h {m:02}", f"{hour} {fr(m)}", f"{h}h{m:02}", f"{h}:{m:02}"]
        if lang == "es":
            return [f"{h}:{m:02}", f"{es(h)} y {es(m)}" if m else f"{es(h)}", f"{h}.{m:02}"]
        if lang == "ru":
            hours = forms(h, "час", "часа", "часов")
            minutes = forms(m, "минута", "минуты", "минут")
            return [f"{h}:{m:02}", f"{ru(h)} {hours} {ru(m, True)} {minutes}"] if m else [f"{h}:00", f"{ru(h)} {hours}"]
        if m == 0:
            return [f"{h}点", f"{zh(h)}点"]
        return [f"{h}点{m:02}分", f"{zh(h)}点{zh(m)}分", f"{h}:{m:02}"]
    wrong = (h % 11 + 1, m) if rng.random() < 0.5 else (h, 10 + (m + 7) % 50)
    if wrong == (h, m):
        wrong = (h % 11 + 2, m)
    return slot(ways(h, m), ways(*wrong))


def money(rng, lang, whole, cents):
    cents = 0 if lang in ("ru", "zh") else cents

    def ways(w, c):
        if lang == "en":
            if c:
                return [f"${w}.{c:02}", f"{en(w)} dollars and {en(c)} cents", f"{w}.{c:02} dollars", f"{en(w)} dollars {en(c)}"]
            return [f"${grouped(w, ',')}", f"{en(w)} dollars", f"{w} dollars", f"${w}.00"]
        if lang == "de":
            if c:
                return [f"{w},{c:02} €", f"{de(w)} Euro {de(c)}", f"{w},{c:02} Euro", f"{de(w)} Euro und {de(c)} Cent"]
            return [f"{grouped(w, '.')} €", f"{de(w)} Euro", f"{w} Euro"]
        if lang == "fr":
            if c:
                return [f"{w},{c:02} €", f"{fr(w)} euros {fr(c)}", f"{w},{c:02} euros", f"{fr(w)} euros et {fr(c)} centimes"]
            return [f"{w} €", f"{fr(w)} euros", f"{w} euros"]
        if lang == "es":
            if c:
                return [f"{w},{c:02} €", f"{es(w)} euros con {es(c)} céntimos", f"{w},{c:02} euros", f"{es(w)} euros y {es(c)} céntimos"]
            return [f"{w} €", f"{es(w)} euros", f"{w} euros"]
        if lang == "ru":
            name = forms(w, "рубль", "рубля", "рублей")
            return [f"{w} ₽", f"{ru(w)} {name}", f"{w} руб.", f"{w} {name}"]
        return [f"{w}元", f"{zh(w)}元", f"¥{w}"]
    wrong = (other(rng, whole), cents) if rng.random() < 0.6 or not cents else (whole, (cents + 11) % 80 + 11)
    return slot(ways(whole, cents), ways(*wrong))


PERCENT = {"en": "percent", "de": "Prozent", "fr": "pour cent", "es": "por ciento"}


def percent(rng, lang, n):
    def ways(m):
        if lang == "zh":
            return [f"{m}%", f"百分之{zh(m)}", f"百分之{m}"]
        if lang == "ru":
            return [f"{m}%", f"{ru(m)} {forms(m, 'процент', 'процента', 'процентов')}", f"{m} {forms(m, 'процент', 'процента', 'процентов')}"]
        mark = "%" if lang == "en" else " %"
        return [f"{m}{mark}", f"{WORDS[lang](m)} {PERCENT[lang]}", f"{m} {PERCENT[lang]}"]
    return slot(ways(n), ways(other(rng, n)))


POINT = {"en": ("point", "."), "de": ("Komma", ","), "fr": ("virgule", ","), "es": ("coma", ","), "zh": ("点", ".")}


def decimal(rng, lang, whole, tenth):
    def ways(w, t):
        if lang == "ru":
            return [f"{w},{t}", f"{w}.{t}"]
        name, mark = POINT[lang]
        space = "" if lang == "zh" else " "
        return [f"{w}{mark}{t}", f"{WORDS[lang](w)}{space}{name}{space}{WORDS[lang](t)}"]
    wrong = (whole, tenth % 9 + 1) if rng.random() < 0.5 else (whole + 1, tenth)
    return slot(ways(whole, tenth), ways(*wrong))


def ordinal(rng, lang, n):
    def ways(m):
        if lang == "en":
            return [en_suffix(m), en_ord(m)]
        if lang == "de":
            return [f"{m}.", de_ord(m)]
        if lang == "fr":
            return ["1er", "premier"] if m == 1 else [f"{m}e", fr_ord(m), f"{m}ème"]
        if lang == "es":
            names = "x primer segundo tercer cuarto quinto sexto séptimo octavo noveno décimo".split()
            return [f"{m}.º", names[m]]
        if lang == "ru":
            return [f"{m}-й", ru_ord(m, "ый")]
        return [f"第{m}", f"第{zh(m)}"]
    wrong = n % 9 + 1
    return slot(ways(n), ways(wrong if wrong != n else n + 1))


def fr_ord(n):
    word = fr(n)
    if word.endswith("cinq"):
        return word + "uième"
    if word.endswith("neuf"):
        return word[:-1] + "vième"
    if word.endswith("e"):
        word = word[:-1]
    return word + "ième"


def phone(rng, lang):
    digits = "".join(str(rng.randint(0, 9)) for _ in range(7))
    wrong = digits[:3] + str((int(digits[3]) + 3) % 10) + digits[4:]
    space = "" if lang == "zh" else " "

    def ways(d):
        return [f"{d[:3]}-{d[3:]}", space.join(WORDS[lang](int(c)) for c in d), " ".join(d), d[:3] + " " + d[3:]]
    return slot(ways(digits), ways(wrong))


UNITS = {
    "en": [("km", "kilometers"), ("kg", "kilograms"), ("m", "meters"), ("cm", "centimeters"), ("km/h", "kilometers per hour"),
           ("mph", "miles per hour"), ("lbs", "pounds"), ("GB", "gigabytes"), ("°C", "degrees Celsius")],
    "de": [("km", "Kilometer"), ("kg", "Kilogramm"), ("m", "Meter"), ("cm", "Zentimeter"), ("km/h", "Kilometer pro Stunde"),
           ("GB", "Gigabyte"), ("°C", "Grad Celsius"), ("m²", "Quadratmeter")],
    "fr": [("km", "kilomètres"), ("kg", "kilogrammes"), ("m", "mètres"), ("cm", "centimètres"), ("km/h", "kilomètres par heure"),
           ("Go", "gigaoctets"), ("°C", "degrés Celsius"), ("m²", "mètres carrés")],
    "es": [("km", "kilómetros"), ("kg", "kilogramos"), ("m", "metros"), ("cm", "centímetros"), ("km/h", "kilómetros por hora"),
           ("°C", "grados Celsius"), ("m²", "metros cuadrados")],
    "ru": [("км", "километров"), ("кг", "килограммов"), ("м", "метров"), ("см", "сантиметров"), ("км/ч", "километров в час"),
           ("°C", "градусов Цельсия"), ("л", "литров")],
    "zh": [("km", "公里"), ("kg", "公斤"), ("m", "米"), ("cm", "厘米"), ("°C", "摄氏度")],
}


def unit(rng, lang, n):
    short, long = rng.choice(UNITS[lang])
    space = "" if lang == "zh" else " "
    if lang == "ru":
        n = n - n % 10 + rng.randint(5, 9)

    def ways(m):
        return [f"{m}{space}{short}", f"{WORDS[lang](m)}{space}{long}", f"{m}{space}{long}"]
    wrong = n + 10
    return slot(ways(n), ways(wrong))


# --- languages --------------------------------------------------------------------------------------------------------

def fill(rng, lang, pools, template):
    """Replaces <pool> by a word of the pool, and <number> and the like by a slot."""
    makers = {
        "number": lambda: number(rng, lang, rng.choice([rng.randint(2, 99), rng.randint(100, 999), rng.randint(1001, 9999), rng.randint(10000, 99999)])),
        "small": lambda: number(rng, lang, rng.randint(2, 20)),
        "tens": lambda: number(rng, lang, rng.randint(21, 99)),
        "year": lambda: year(rng, lang, rng.choice([rng.randint(1801, 1999), rng.randint(2001, 2035)])),
        "date": lambda: date(rng, lang, rng.randint(1, 28), rng.randint(1, 12), rng.choice([rng.randint(1901, 1999), rng.randint(2001, 2030)])),
        "time": lambda: time(rng, lang, rng.randint(2, 11), rng.choice([0, 10, 15, 20, 25, 30, 35, 45, 50, 55])),
        "money": lambda: money(rng, lang, rng.randint(2, 99), rng.choice([0, 0, rng.randint(10, 99)])),
        "sum": lambda: money(rng, lang, rng.choice([rng.randint(100, 999), rng.randint(1000, 9999)]), 0),
        "percent": lambda: percent(rng, lang, rng.randint(2, 99)),
        "decimal": lambda: decimal(rng, lang, rng.randint(0, 40), rng.randint(1, 9)),
        "ordinal": lambda: ordinal(rng, lang, rng.randint(2, 10)),
        "phone": lambda: phone(rng, lang),
        "unit": lambda: unit(rng, lang, rng.randint(2, 180)),
    }
    while "<" in template:
        start = template.index("<")
        end = template.index(">", start)
        name = template[start + 1:end]
        value = makers[name]() if name in makers else rng.choice(pools[name])
        template = template[:start] + value + template[end + 1:]
    return template[0].upper() + template[1:] if template[0] not in "{<" else template


def write(name, lang, module, target):
    rng = random.Random(f"verbatim {name}")
    prose, templates, pools = module
    lines = list(dict.fromkeys(prose))
    seen = set(lines)
    turn = 0
    while len(lines) < target:
        line = fill(rng, lang, pools, templates[turn % len(templates)])
        turn += 1
        if line not in seen:
            seen.add(line)
            lines.append(line)
        if turn > 100 * target:
            raise SystemExit(f"{name}: the templates give only {len(lines)} sentences")
    rng.shuffle(lines)
    (HERE / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(name, len(lines))


if __name__ == "__main__":
    import sentences
    import unseen
    for language in ("en", "de", "fr", "es", "zh", "ru"):
        module = getattr(sentences, language.upper())
        write(language, language, module, 420 if language == "en" else 360)
        write(f"unseen_{language}", language, ([], getattr(unseen, language.upper()), module[2]), 96)
