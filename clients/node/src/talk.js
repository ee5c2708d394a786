// StreamingSynthesize for Node: text goes in as it is written, events come out of an async iterator.

import grpc from '@grpc/grpc-js';

import { TalkError } from './failure.js';
import { SpeechService } from './schema.js';

export { TalkError };

/** A connection to Rhapsode. */
export class Rhapsode {
  #client;

  /**
   * @param {string} address such as "127.0.0.1:50051"
   * @param {grpc.ChannelCredentials} credentials of the channel; without TLS if left out
   * @param {grpc.ChannelOptions} options of the channel
   */
  constructor(address, credentials = grpc.credentials.createInsecure(), options = {}) {
    this.#client = new SpeechService(address, credentials, options);
  }

  /**
   * Opens a stream. With a `config` (the contract's StreamingConfig, in camel case) it begins at once; without one it waits
   * for `talk.begin(config)`, so that a stream can be open before it is known who is to speak.
   *
   * @param {object} [config]
   * @param {{ metadata?: grpc.Metadata, deadline?: Date | number }} [options]
   */
  talk(config, { metadata = new grpc.Metadata(), deadline } = {}) {
    const talk = new Talk(this.#client.streamingSynthesize(metadata, { deadline }));
    if (config) talk.begin(config);
    return talk;
  }

  /** Resolves when the server can be reached. */
  ready(seconds = 10) {
    const until = Date.now() + seconds * 1000;
    return new Promise((resolve, reject) => {
      this.#client.waitForReady(until, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Lets go of the connection; streams that are open finish. */
  close() {
    this.#client.close();
  }
}

/**
 * One StreamingSynthesize call. What is said goes out in order; what comes back is read by `for await`, or one by one with
 * `next()`. Each event is its message with the name of its field as `kind`: `started`, `utteranceStarted`, `audio`,
 * `alignment`, `warning`, `utteranceCompleted`, `interrupted`, `summary`. A call that fails throws a TalkError from there.
 *
 * Every method that sends gives a promise that resolves when the server has room for more. Await it where much is written;
 * events have to be read at the same time, or the server stops taking text.
 */
export class Talk {
  #call;
  #messages;
  #isOver = false;
  #room;

  constructor(call) {
    this.#call = call;
    this.#messages = call[Symbol.asyncIterator]();
    // Errors are told to whoever reads the events; without a listener here they would end the process.
    call.on('error', () => {});
    call.once('status', () => {
      this.#isOver = true;
    });
    /** The response headers, which come before anything is sent; undefined if the call ended without. */
    this.head = new Promise((resolve) => call.once('metadata', resolve).once('status', () => resolve()));
  }

  /** Says how to speak; must come first, and once. */
  begin(config) {
    return this.#send({ config });
  }

  /** Appends to the open utterance, or opens one, under the caller's own name for it. */
  write(text, { utteranceId = '' } = {}) {
    return this.#send({ text: { text, utteranceId } });
  }

  /** Has spoken what there is as it stands; the utterance stays open. */
  flush() {
    return this.#send({ flush: {} });
  }

  /** Closes the utterance. */
  endUtterance() {
    return this.#send({ endUtterance: {} });
  }

  /**
   * Drops what has not been sent: the listener has begun to speak. `heard` says how far they had heard, as
   * `{ utteranceIndex, seconds }`; the answer then divides the text there.
   */
  interrupt(heard, { keepBufferedText = false } = {}) {
    const playbackPosition = heard && { utteranceIndex: heard.utteranceIndex, offset: duration(heard.seconds) };
    return this.#send({ interrupt: { playbackPosition, keepBufferedText } });
  }

  /** Changes how the next utterances are spoken: `paths` names the fields of `synthesis` to take, as the contract does. */
  update(synthesis, paths) {
    return this.#send({ configUpdate: { synthesis, updateMask: { paths } } });
  }

  /** Keeps a quiet stream from ending as idle. */
  keepAlive() {
    return this.#send({ keepAlive: {} });
  }

  /** There will be no more text: what there is is spoken, and the stream ends with a summary. */
  close() {
    this.#call.end();
  }

  /** Drops everything, on both sides. */
  cancel() {
    this.#call.cancel();
  }

  /** The next event, as an iterator gives it. */
  async next() {
    try {
      const { value, done } = await this.#messages.next();
      return done ? { value: undefined, done } : { value: { kind: value.event, ...value[value.event] }, done };
    } catch (error) {
      throw new TalkError(error);
    }
  }

  /** Who leaves a `for await` early wants nothing more of the call. */
  async return() {
    this.cancel();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async #send(request) {
    if (this.#call.writableEnded) throw new Error('the talk is closed: nothing can be sent any more');
    // Why a call is over is told to whoever reads; whoever writes only has to stop waiting.
    if (this.#isOver || this.#call.write(request)) return;
    this.#room ??= this.#roomAgain();
    await this.#room;
  }

  /** One promise for all who wait, so that nothing gathers up in a long stream. */
  #roomAgain() {
    return new Promise((resolve) => {
      const done = () => {
        this.#call.off('drain', done).off('status', done);
        this.#room = undefined;
        resolve();
      };
      this.#call.on('drain', done).on('status', done);
    });
  }
}

/** A duration of the contract, in seconds; 0 if it is unset. */
export function seconds(duration) {
  return duration ? duration.seconds + duration.nanos / 1e9 : 0;
}

/** So many seconds as a duration of the contract. */
export function duration(seconds) {
  const nanos = Math.round(seconds * 1e9);
  return { seconds: Math.floor(nanos / 1e9), nanos: nanos % 1e9 };
}
