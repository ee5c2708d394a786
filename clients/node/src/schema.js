// The contract as proto/ has it, read when the module is loaded: nothing is generated, so nothing can be out of date.

import { fileURLToPath } from 'node:url';

import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

// 64-bit numbers of the contract count chunks, bytes and billionths of a currency; all fit a JavaScript number.
const FORM = { longs: Number, enums: String, defaults: true, oneofs: true };

const contract = loadSync('rhapsode/v1/speech.proto', { ...FORM, includeDirs: [path('../../../proto')] });
const details = loadSync('details.proto', { ...FORM, includeDirs: [path('.')] });

/** The client that grpc-js makes of the service. */
export const { SpeechService } = grpc.loadPackageDefinition(contract).rhapsode.v1;

/** Reads the bytes of a message by its full name; undefined if the name is not known. */
export function decode(name, bytes) {
  return (contract[name] ?? details[name])?.deserialize(bytes);
}
