// One session with a real service, as a Node client sees it. `./check` runs it.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setImmediate as soon, setTimeout as sleep } from 'node:timers/promises';

import { Rhapsode, seconds, TalkError } from '../src/talk.js';
import { Agent } from './support/agent.js';
import { Listener } from './support/listener.js';
import { Service, StandIn } from './support/programs.js';
import { chance, deltas, sentence } from './support/prose.js';

const UTTERANCES = 200;
const INTERRUPTS = 20;
const PLAYING_SECONDS = 30 * 60;
const GROWTH = 2 * 1024 * 1024;

const SENTENCES = { segmentation: { mode: 'SEGMENTATION_MODE_SENTENCE', maxBufferDelay: { seconds: 5 } } };

let standIn;
let service;
let rhapsode;

before(async () => {
  standIn = await StandIn.start();
  service = await Service.start(standIn);
  rhapsode = new Rhapsode(service.address);
  await rhapsode.ready();
});

after(async () => {
  rhapsode?.close();
  await service?.stop();
  await standIn?.stop();
});

test('two hundred utterances and twenty interrupts in one stream', async (context) => {
  const random = chance(7);
  const texts = new Map(Array.from({ length: UTTERANCES }, (_, number) => [`text-${number}`, sentence(number)]));
  const cuts = places(random);
  const memory = new Memory();
  const talk = rhapsode.talk({ synthesis: SENTENCES });
  const [agent, listener] = [new Agent(talk, texts, random), new Listener()];
  agent.start();
  for await (const event of talk) {
    listener.hear(event);
    if (event.kind === 'audio') await maybeInterrupt(cuts, listener, talk, agent);
    if (event.kind === 'interrupted') resume(event, listener, agent, texts);
    if (event.kind === 'utteranceCompleted') {
      agent.done(event.utteranceId);
      await memory.look();
      if (event.utteranceId === `text-${UTTERANCES - 1}`) talk.close();
    }
  }

  const whole = listener.heard.filter(({ isWhole }) => isWhole);
  const cutOff = listener.heard.filter(({ isWhole }) => !isWhole);
  assert.deepEqual(whole.map(({ id }) => id), [...texts.keys()], 'every text was spoken once, in order');
  assert.equal(listener.summary.finishReason, 'FINISH_REASON_COMPLETED');
  assert.equal(listener.interrupts.length, INTERRUPTS);
  const playing = whole.reduce((sum, utterance) => sum + utterance.seconds, 0);
  assert.ok(playing >= PLAYING_SECONDS, `only ${playing} s were spoken`);
  assert.ok(cutOff.length >= INTERRUPTS / 2, `only ${cutOff.length} interrupts came while somebody was speaking`);
  await sameAudio(listener.heard, texts);

  context.diagnostic(`${(playing / 60).toFixed(1)} min of speech in ${whole.length} utterances, ${cutOff.length} cut`);
  context.diagnostic(`heap ${memory.told('heap')}, service ${memory.told('service')}`);
  assert.ok(memory.growth('heap') < GROWTH, `heap: ${memory.told('heap')}`);
  assert.ok(memory.growth('service') < GROWTH, `service: ${memory.told('service')}`);
});

test('the head comes before anything is sent', async () => {
  const talk = rhapsode.talk();
  const head = await Promise.race([talk.head, sleep(5_000)]);
  const requestId = head?.get('x-request-id')[0];
  assert.ok(requestId, 'the head is there, and names the request');
  talk.begin({ correlationId: 'turn 7' });
  const { value: started } = await talk.next();
  assert.deepEqual([started.kind, started.requestId, started.correlationId], ['started', requestId, 'turn 7']);
  talk.close();
  const { value: summary } = await talk.next();
  assert.deepEqual([summary.kind, summary.finishReason], ['summary', 'FINISH_REASON_NO_SPEAKABLE_TEXT']);
  assert.equal((await talk.next()).done, true);
});

test('whoever is interrupted says what was heard, and goes on with something else', async () => {
  const texts = [`${sentence(211)} ${sentence(212)}`, sentence(213), sentence(214), 'What can I do for you?'];
  const delivery = { pacingMode: 'PACING_MODE_REALTIME', pacingLead: { nanos: 200_000_000 } };
  const talk = rhapsode.talk({ synthesis: { ...SENTENCES, delivery } });
  const listener = new Listener();
  const until = async (kind) => {
    for (;;) {
      const { value } = await talk.next();
      listener.hear(value);
      if (value.kind === kind) return value;
    }
  };
  for (const text of texts.slice(0, 3)) {
    talk.write(text);
    talk.endUtterance();
  }
  await until('audio');
  talk.interrupt({ utteranceIndex: 0, seconds: 1 });
  const cut = await until('interrupted');
  listener.drop(3);
  assert.equal(cut.utteranceIndex, 0);
  assert.equal(cut.droppedUtteranceCount, 2);
  assert.equal(cut.textSpoken + cut.textRemaining, texts[0]);
  // A second is worth about fifteen characters of the test voice, and ends in the midst of a word.
  assert.ok(cut.textSpoken.length >= 5 && cut.textSpoken.length <= 25, `spoken: ${cut.textSpoken}`);
  assert.ok(seconds(cut.audioSentDuration) < 5, 'not much was sent ahead');
  talk.write(texts[3]);
  talk.endUtterance();
  talk.close();
  const summary = await until('summary');
  assert.equal(summary.finishReason, 'FINISH_REASON_COMPLETED');
  assert.deepEqual(listener.heard.map(({ index, isWhole }) => [index, isWhole]), [[0, false], [3, true]]);
  await sameAudio(listener.heard.slice(1), new Map([['', texts[3]]]));
  // The next utterance may be made ready ahead; those behind it are not paid for.
  assert.equal((await standIn.asked()).includes(texts[2]), false, 'what was dropped was not asked for');
});

test('an interrupt is answered with the text however much waits behind it', async () => {
  const talk = rhapsode.talk({ synthesis: { ...SENTENCES, delivery: { pacingMode: 'PACING_MODE_REALTIME' } } });
  for (let number = 0; number < 30; number += 1) {
    talk.write(sentence(number), { utteranceId: `text-${number}` });
    talk.endUtterance();
  }
  let cut;
  for await (const event of talk) {
    if (event.kind === 'audio' && event.sequence === 0) talk.interrupt({ utteranceIndex: 0, seconds: 0.5 });
    if (event.kind === 'interrupted') cut = event;
    if (cut) break;
  }
  assert.deepEqual([cut.utteranceIndex, cut.utteranceId, cut.droppedUtteranceCount], [0, 'text-0', 29]);
  assert.equal(cut.textSpoken + cut.textRemaining, sentence(0));
  assert.ok(seconds(cut.audioSentDuration) > 0, 'some of it was sent');
});

test('whoever writes far ahead in small pieces loses nothing', async () => {
  const synthesis = { ...SENTENCES, audioFormat: { encoding: 'AUDIO_ENCODING_MULAW' } };
  const talk = rhapsode.talk({ synthesis });
  const texts = Array.from({ length: UTTERANCES }, (_, number) => sentence(number));
  const writer = { written: 0 };
  const writing = writeAll(talk, texts, writer);
  let summary;
  for await (const event of talk) {
    if (event.kind === 'started') await runAhead(writer, event.limits.maxBufferedChars);
    if (event.kind === 'summary') summary = event;
  }
  await writing;
  assert.equal(summary.utteranceCount, UTTERANCES);
  assert.equal(summary.usage.inputCharacterCount, texts.join('').length);
});

test('a message that cannot be obeyed ends the call, and its status says why', async () => {
  const talk = rhapsode.talk({});
  assert.equal((await talk.next()).value.kind, 'started');
  talk.begin({});
  const repeated = await talk.next().catch((error) => error);
  assert.ok(repeated instanceof TalkError);
  assert.deepEqual([repeated.code, repeated.reason], ['INVALID_ARGUMENT', 'CONFIG_REPEATED']);
  assert.equal(repeated.details.ErrorInfo.domain, 'rhapsode.dev');
  assert.equal(repeated.progress.audioStarted, false);
  assert.equal(repeated.progress.lastSequence, -1);
  // Whoever goes on writing is not kept waiting, and hears nothing new.
  await talk.write('Nobody hears this.');

  const unknown = rhapsode.talk({ synthesis: { voice: 'aloy' } });
  const refused = await unknown.next().catch((error) => error);
  assert.deepEqual([refused.code, refused.reason], ['INVALID_ARGUMENT', 'VOICE_UNKNOWN']);
  assert.deepEqual(refused.fields.map(({ field }) => field), ['config.synthesis.voice']);
  assert.ok(refused.fields[0].description.length > 0);
  assert.equal(refused.details.RequestInfo.requestId, refused.progress.requestId);
});

/** Writes everything in pieces of one or two characters, each in a frame of its own, as fast as the server takes it. */
async function writeAll(talk, texts, writer) {
  const random = chance(11);
  for (const text of texts) {
    for (const delta of deltas(text, random, 2)) {
      await talk.write(delta);
      await soon();
      writer.written += delta.length;
    }
    await talk.endUtterance();
  }
  talk.close();
}

/** Reads nothing until all was written that is taken, which is more than the server wants to have waiting. */
async function runAhead(writer, room) {
  for (let before = -1; writer.written > before; await sleep(500)) before = writer.written;
  assert.ok(writer.written > room, `${writer.written} characters were written, ${room} may wait`);
}

/** Interrupts so many times, each while a certain text is heard, after so many of its chunks; in order. */
function places(random) {
  const numbers = Array.from({ length: UTTERANCES - 10 }, (_, number) => [random(), number]).sort(([a], [b]) => a - b);
  const chosen = numbers.slice(0, INTERRUPTS).map(([, number]) => ({ number, chunks: 10 + Math.floor(random() * 60) }));
  return chosen.sort((a, b) => a.number - b.number);
}

/** Interrupts if the next place is reached where that was planned, or was passed while another answer was awaited. */
async function maybeInterrupt(cuts, listener, talk, agent) {
  const { id, index, chunks, start } = listener.current;
  const number = Number(id.slice('text-'.length));
  const [next] = cuts;
  if (!next || agent.isStopped || number < next.number || chunks < next.chunks) return;
  cuts.shift();
  await agent.stop();
  await talk.interrupt({ utteranceIndex: index, seconds: (listener.played - start) / 1e9 });
}

/** From here on, nothing may come of what was opened before the interrupt. */
function resume(event, listener, agent, texts) {
  listener.drop(agent.opened);
  const text = texts.get(event.utteranceId);
  assert.ok(text.startsWith(event.textSpoken + event.textRemaining), 'the text is told as it was written');
  assert.ok(event.textSpoken.length > 0, 'of nearly a second of speech, a word had been heard');
  agent.start();
}

/** What was heard of each text, whole or cut, is what the upstream speaks, byte for byte. */
async function sameAudio(heard, texts) {
  for (const { id, index, bytes, isWhole, digest } of heard) {
    const direct = await standIn.speak(texts.get(id));
    if (isWhole) assert.equal(bytes, direct.length, `length of utterance ${index}`);
    const wanted = createHash('sha256').update(direct.subarray(0, bytes)).digest('hex');
    assert.equal(digest, wanted, `audio of utterance ${index}`);
  }
}

/** What the client's heap and the service hold, looked at after each utterance. */
class Memory {
  #seen = [];

  async look() {
    globalThis.gc();
    this.#seen.push({ heap: process.memoryUsage().heapUsed, service: await service.resident() });
  }

  /** How much more there is in the last quarter than in the second. */
  growth(of) {
    return this.#quarter(of, 3) - this.#quarter(of, 1);
  }

  told(of) {
    const quarters = [0, 1, 2, 3].map((number) => (this.#quarter(of, number) / 1024 / 1024).toFixed(1));
    return `${quarters.join(', ')} MiB`;
  }

  /** The least that was seen in a quarter: what is on its way at the moment comes and goes, what leaks stays. */
  #quarter(of, number) {
    const quarter = this.#seen.length / 4;
    return Math.min(...this.#seen.slice(number * quarter, (number + 1) * quarter).map((look) => look[of]));
  }
}
