// Somebody who holds a stream to the contract, event by event, and keeps what has to be compared afterwards.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

/** PCM of 24 kHz, 16 bit, mono. */
const NANOS_PER_BYTE = 1e9 / 48_000;
const MILLISECOND = 1e6;

export class Listener {
  started;
  summary;
  sequence = 0;
  bytes = 0;
  /** Playing time of all audio, nanoseconds. */
  played = 0;
  /** Utterances that are over, completed or cut, with the digest of their audio. */
  heard = [];
  interrupts = [];
  /** Utterances below this one were dropped by an interrupt: nothing more may come of them. */
  #dropped = 0;
  #current;

  /** Takes one event; throws if it must not come here. */
  hear(event) {
    assert.equal(this.summary, undefined, `${event.kind} behind the summary`);
    assert.equal(this.started === undefined, event.kind === 'started', 'started comes first, and once');
    const take = { started, utteranceStarted, audio, utteranceCompleted, interrupted, summary }[event.kind];
    assert.ok(take, `nothing was asked for that brings ${event.kind}`);
    take.call(this, event);
  }

  /** The utterance whose audio is coming; none between two. */
  get current() {
    return this.#current;
  }

  /** All that is below `opened` has been dropped, once the answer to the interrupt is there. */
  drop(opened) {
    this.#dropped = opened;
  }

  fresh(index) {
    assert.ok(index >= this.#dropped, `utterance ${index} was dropped; ${this.#dropped} is the first that was not`);
  }

  open(event) {
    this.#current = {
      index: event.utteranceIndex,
      id: event.utteranceId,
      start: this.played,
      bytes: 0,
      chunks: 0,
      hash: createHash('sha256'),
    };
  }

  shut(isWhole) {
    const { id, index, start, bytes, hash } = this.#current;
    this.heard.push({ id, index, bytes, isWhole, seconds: (this.played - start) / 1e9, digest: hash.digest('hex') });
    this.#current = undefined;
  }
}

function started(event) {
  assert.equal(event.audioFormat.mimeType, 'audio/L16;rate=24000');
  this.started = event;
}

function utteranceStarted(event) {
  assert.equal(this.current, undefined, 'an utterance starts when the one before is over');
  this.fresh(event.utteranceIndex);
  const last = this.heard.at(-1)?.index ?? -1;
  assert.ok(event.utteranceIndex > last, `utterance ${event.utteranceIndex} behind ${last}`);
  near(event.startOffset, this.played, 'start of an utterance');
  this.open(event);
}

function audio(event) {
  const { current } = this;
  assert.equal(event.utteranceIndex, current?.index, 'audio of the utterance that has started');
  this.fresh(event.utteranceIndex);
  assert.equal(event.sequence, this.sequence, 'sequence without holes');
  assert.ok(event.data.length > 0 && event.data.length % 2 === 0, 'whole samples');
  near(event.startOffset, this.played, 'start of a chunk');
  near(event.duration, event.data.length * NANOS_PER_BYTE, 'length of a chunk');
  this.sequence += 1;
  this.bytes += event.data.length;
  this.played += nanos(event.duration);
  current.bytes += event.data.length;
  current.chunks += 1;
  current.hash.update(event.data);
}

function utteranceCompleted(event) {
  this.fresh(event.utteranceIndex);
  assert.equal(event.utteranceIndex, this.current?.index, 'the utterance that sounds is the one that completes');
  assert.equal(event.utteranceId, this.current.id);
  assert.equal(event.error, null);
  near(event.audioDuration, this.played - this.current.start, 'length of an utterance');
  this.shut(true);
}

function interrupted(event) {
  this.interrupts.push(event);
  if (this.current) this.shut(false);
}

function summary(event) {
  assert.equal(this.current, undefined, 'all utterances are over');
  assert.equal(event.requestId, this.started.requestId);
  near(event.audioDuration, this.played, 'length of everything');
  assert.equal(event.audioByteCount, this.bytes);
  assert.equal(event.chunkCount, this.sequence);
  assert.equal(event.utteranceCount, this.heard.filter(({ isWhole }) => isWhole).length);
  this.summary = event;
}

function nanos(duration) {
  return duration.seconds * 1e9 + duration.nanos;
}

function near(duration, wanted, what) {
  const off = nanos(duration) - wanted;
  assert.ok(Math.abs(off) <= MILLISECOND, `${what}: ${off / MILLISECOND} ms off`);
}
