// Text to speak, and chance, both the same in every run.

const WHO = ['The captain', 'My neighbour', 'A young doctor', 'The old gardener', 'Nobody in the village', 'The bus driver'];
const DID = ['walked slowly along', 'had often talked about', 'could not remember', 'was looking for', 'never went back to'];
const WHAT = ['the narrow road behind the church', 'a small house at the edge of the forest', 'the bridge by the station'];
const WHEN = ['on the first cold morning of the year', 'while the others were still asleep', 'long before the storm came'];
const WHY = ['because there was nothing else to do', 'as if it had always been so', 'and said not a word about it at home'];

/** Sentence `number`: about 150 characters, one sentence and no other way to read it; 270 of them differ. */
export function sentence(number) {
  const parts = [WHO, DID, WHAT, WHEN, WHY];
  let rest = number;
  const chosen = parts.map((part) => {
    const choice = part[rest % part.length];
    rest = Math.floor(rest / part.length);
    return choice;
  });
  return `${chosen.join(' ')}.`;
}

/** `text` in pieces as a language model writes them: about four characters each, at most `longest`, cut anywhere. */
export function deltas(text, random, longest = 7) {
  const pieces = [];
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random() * longest);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

/** Numbers from 0 to 1 that look random (mulberry32). */
export function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
