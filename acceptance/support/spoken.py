"""One spelling for what can be written as words or as digits, so that two transcripts can be compared.

Everything becomes lower-case words; a number, however it was written, becomes its digits one by one:
`twenty-one`, `21` and `21st` are `2 1`, `$4.50` and `four dollars and fifty cents` are `4 dollars 5 0 cents`.
"""

import re

UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
UNITS += ["seventeen", "eighteen", "nineteen"]
TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10)))
SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
ORDINALS |= {f"{word}th": number for number, word in enumerate(UNITS) if word not in ("one", "two", "three", "five")}
ORDINALS |= {f"{word[:-1]}ieth": number for word, number in TENS.items()}
VALUES = {word: number for number, word in enumerate(UNITS)} | TENS | ORDINALS

# Written forms, in the order in which they are put into words.
WRITTEN = (
    (r"\bdr\b\.?", "doctor"),
    (r"\bmr\b\.?", "mister"),
    (r"\bmrs\b\.?", "missus"),
    (r"\bst\b\.", "street"),
    (r"([ap])\.? ?m\b\.?", r"\1 m"),
    (r"(?<=\d),(?=\d{3})", ""),
    (r"(?<=\d)[.:](?=\d\d ?[ap] m)", " "),
    (r"\$0\.(\d\d)\b", r"\1 cents"),
    (r"\$(\d+)\.(\d\d)\b", r"\1 dollars \2 cents"),
    (r"\$(\d+)", r"\1 dollars"),
    (r"€ ?(\d+)", r"\1 euros"),
    (r"%", " percent "),
    (r"° ?c\b", " degrees celsius "),
    (r"(?<=\d) ?kg\b", " kilograms "),
    (r"(?<=\d) ?cm\b", " centimeters "),
    (r"\bkm/h\b|\bkmh\b|\bkph\b", " kilometers per hour "),
    (r"\bmph\b", " miles per hour "),
    (r"(?<=\d) ?gb\b", " gigabytes "),
    (r"(\d+)(?:st|nd|rd|th)\b", r"\1"),
    (r"(?<=\d)\.(?=\d)", " point "),
    (r"(?<=\w)@(?=\w)", " at "),
    (r"(?<=[a-z])\.(?=[a-z]{2})", " dot "),
    (r"(?<=[a-z])/(?=[a-z])", " slash "),
    (r"\bwww\b", "w w w"),
    (r"\bviii\b", "eighth"),
    (r"\b(?:three|3)[ -](?:quarters|fourths)\b", "3 4"),
    (r"\bneighbours\b", "neighbors"),
    (r"\bokay\b", "ok"),
)
# Words that are said or left out without a change of meaning.
OPTIONAL = {"and", "the"}


def canonical(text: str) -> str:
    """`text` in that spelling."""
    text = text.lower().replace("’", "'")
    for pattern, words in WRITTEN:
        text = re.sub(pattern, words, text)
    words = re.findall(r"[a-z']+|\d+", text.replace("-", " "))
    return " ".join(_digits([word for word in words if word not in OPTIONAL]))


def _digits(words: list[str]) -> list[str]:
    """Each run of number words as digits; what cannot be one number (`twenty twenty`) is several in a row."""
    spelled: list[str] = []
    number: int | None = None
    last = 0
    for word in [*words, ""]:
        value = VALUES.get(word, 0 if word == "oh" and number is not None else None)
        if number is not None and word in SCALES:
            number, last = _scaled(number, SCALES[word]), SCALES[word]
        elif number is not None and value is not None and _joins(last, value):
            number, last = number + value, value
        else:
            if number is not None:
                spelled.extend(str(number))
            number, last = (value, value) if value is not None else (None, 0)
            if value is None and word:
                spelled.extend(word if word.isdigit() else [word])
    return spelled


def _joins(last: int, value: int) -> bool:
    """Whether `value` goes on with a number whose last part was `last`: `twenty` `one`, `hundred` `forty`."""
    return (20 <= last <= 90 and 0 < value < 10) or (last in SCALES.values() and 0 < value < last)


def _scaled(number: int, scale: int) -> int:
    group = 100 if scale == 100 else scale * 1000
    return number // group * group + (number % group or 1) * scale
