"""A long text without a number or a rare word, every sentence of it different, so that its order can be heard."""

WHO = (
    "The baker",
    "My grandmother",
    "The young doctor",
    "A tired soldier",
    "The old captain",
    "Our neighbor",
    "The music teacher",
    "A quiet farmer",
    "The little girl",
    "The tall policeman",
    "A clever student",
    "The village priest",
    "My uncle",
    "The night nurse",
    "A famous painter",
    "The bus driver",
)
DID = (
    "carried a basket of apples",
    "found a silver ring",
    "opened a wooden box",
    "told a long story",
    "cooked a pot of soup",
    "painted a blue door",
    "planted a row of roses",
    "repaired the broken clock",
    "sang an old song",
    "wrote a short letter",
    "bought a loaf of bread",
    "lost a leather glove",
    "watched the evening news",
    "washed the dirty windows",
    "read a book about birds",
    "built a stone wall",
)
WHERE = (
    "near the river",
    "behind the church",
    "in the empty kitchen",
    "beside the railway station",
    "at the edge of the forest",
    "in front of the hotel",
    "under the bridge",
    "on the top floor",
    "close to the harbor",
    "in the middle of the market",
    "on the beach",
    "across the street",
    "in the school garden",
)
WHEN = (
    "before breakfast",
    "on a rainy morning",
    "late in the evening",
    "while the children slept",
    "after the storm",
    "without saying a word",
    "with great care",
    "because nobody else had time",
    "and then went home",
)


def story(characters: int) -> list[str]:
    """Sentences that together, joined by spaces, have at least so many characters."""
    sentences: list[str] = []
    length = 0
    while length < characters:
        number = len(sentences)
        # The first two change at different paces, so that no pair comes twice within 256 sentences.
        did = DID[(number + number // len(WHO)) % len(DID)]
        sentence = f"{WHO[number % len(WHO)]} {did} {WHERE[number % len(WHERE)]} {WHEN[number % len(WHEN)]}."
        sentences.append(sentence)
        length += len(sentence) + 1
    return sentences
