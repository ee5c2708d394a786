// Who speaks in a session, and is interrupted: writes texts ahead, and after an interrupt goes on with the first of which
// the listener did not get all.

import { EventEmitter, once } from 'node:events';

import { deltas } from './prose.js';

/** Texts that are written ahead of the one that is heard. */
const LEAD = 8;

export class Agent {
  /** Utterances that were opened so far, heard or not. */
  opened = 0;
  /** From an interrupt to its answer. */
  isStopped = false;
  #talk;
  #texts;
  #random;
  #done = new Set();
  #stint = 0;
  #ahead = 0;
  #writing;
  #turns = new EventEmitter();

  constructor(talk, texts, random) {
    [this.#talk, this.#texts, this.#random] = [talk, texts, random];
  }

  /** Writes what is not done yet, until it is stopped. */
  start() {
    this.#ahead = 0;
    this.isStopped = false;
    this.#writing = this.#write(++this.#stint);
  }

  /** Stops in the midst of a word. */
  async stop() {
    this.isStopped = true;
    this.#stint += 1;
    this.#turns.emit('turn');
    await this.#writing;
  }

  /** The text of this name has been spoken whole. */
  done(id) {
    this.#done.add(id);
    this.#ahead -= 1;
    this.#turns.emit('turn');
  }

  async #write(stint) {
    for (const [id, text] of this.#texts) {
      if (this.#done.has(id)) continue;
      while (this.#ahead >= LEAD && stint === this.#stint) await once(this.#turns, 'turn');
      this.#ahead += 1;
      let isOpen = false;
      for (const delta of deltas(text, this.#random)) {
        if (stint !== this.#stint) return;
        if (!isOpen) this.opened += 1;
        isOpen = true;
        await this.#talk.write(delta, { utteranceId: id });
      }
      if (stint !== this.#stint) return;
      await this.#talk.endUtterance();
    }
  }
}
