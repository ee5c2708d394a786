// Rhapsode in front of the stand-in for OpenAI's endpoint, as programs of their own on ports that were free.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const RELEASE = new URL('../../../../target/release/', import.meta.url);
const KEY = 'sk-node-3c1f';
// What would change how the programs behave, and is no part of the test.
const FOREIGN = /^(OPENAI_|OTEL_|RHAPSODE|https?_proxy|all_proxy)/i;

/** A program, and what it has written. */
class Program {
  output = '';

  constructor(file, args, variables = {}) {
    const clean = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
    const env = { ...Object.fromEntries(clean), ...variables };
    this.file = file;
    this.process = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.once('error', (error) => {
      this.output += error.message;
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      // Only the beginning is kept: a log that grows here would look like a leak of the client.
      stream.setEncoding('utf8').on('data', (text) => {
        if (this.output.length < 16_384) this.output += text;
      });
    }
  }

  /** Whether it has ended, or never began. */
  get isGone() {
    const { pid, exitCode, signalCode } = this.process;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  async waitFor(ready) {
    for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50)) {
      const found = await ready();
      if (found) return found;
      if (this.isGone) break;
    }
    await this.stop();
    throw new Error(`${this.file} was not ready:\n${this.output}`);
  }

  async stop() {
    if (this.isGone) return;
    const gone = once(this.process, 'exit');
    this.process.kill('SIGINT');
    const impatient = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(impatient);
  }

  /** Bytes of memory that it holds. */
  async resident() {
    const status = await readFile(`/proc/${this.process.pid}/status`, 'ascii');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
  }
}

/** The stand-in; docs/stand-in.md has its options. */
export class StandIn extends Program {
  static async start(...options) {
    const file = process.env.OPENAI_STAND_IN ?? fileURLToPath(new URL('examples/openai_stand_in', RELEASE));
    const standIn = new StandIn(file, ['--port', '0', '--api-key', KEY, ...options]);
    const address = () => /OPENAI_BASE_URL=(\S+)\s/.exec(standIn.output)?.[1];
    standIn.baseUrl = await standIn.waitFor(address);
    return standIn;
  }

  /** PCM of `text`, without Rhapsode in between. */
  async speak(text) {
    const body = { model: 'gpt-4o-mini-tts', voice: 'alloy', input: text, response_format: 'pcm' };
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` };
    const answer = await fetch(`${this.baseUrl}/audio/speech`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the stand-in answered ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** What it was asked, in order. */
  async asked() {
    const records = await (await fetch(`${this.baseUrl.replace(/v1$/, '_control')}/log`)).json();
    return records.map((record) => record.request.text);
  }
}

/** The service, in front of `standIn`. */
export class Service extends Program {
  static async start(standIn) {
    const [grpc, http] = [await freeAddress(), await freeAddress()];
    const file = process.env.RHAPSODE ?? fileURLToPath(new URL('rhapsode', RELEASE));
    const variables = {
      OPENAI_BASE_URL: standIn.baseUrl,
      OPENAI_API_KEY: KEY,
      // The allocator gives back at once what is not used, so that what the process holds is what it uses.
      MIMALLOC_PURGE_DELAY: '0',
    };
    const service = new Service(file, ['serve', '--listen', grpc, '--http-listen', http], variables);
    service.address = grpc;
    await service.waitFor(async () => (await fetch(`http://${http}/readyz`).catch(() => undefined))?.ok);
    return service;
  }
}

async function freeAddress() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return `127.0.0.1:${port}`;
}
