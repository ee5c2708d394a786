// What went wrong, in the terms of the contract.

import grpc from '@grpc/grpc-js';

import { decode } from './schema.js';

/** A call that did not end well. */
export class TalkError extends Error {
  constructor(status) {
    const rich = richStatus(status);
    // grpc-js leaves some characters of the plain message as they are escaped on the wire.
    super(rich?.message || status.details || status.message, { cause: status });
    this.name = 'TalkError';
    /** The name of the gRPC status, such as "INVALID_ARGUMENT". */
    this.code = grpc.status[status.code] ?? 'UNKNOWN';
    /** All details that came with the status, by the short names of their types. */
    this.details = details(rich);
    /** Why, for programs, such as "INVALID_FIELD"; empty if the server did not say. */
    this.reason = this.details.ErrorInfo?.reason ?? '';
    /** The fields that were refused: `{ field, description }`. */
    this.fields = this.details.BadRequest?.fieldViolations ?? [];
    /** What was heard before, and where to go on: the contract's SynthesisFailure. */
    this.progress = this.details.SynthesisFailure;
  }
}

/** The google.rpc.Status that came with a gRPC status, if one did. */
function richStatus(status) {
  const [packed] = status.metadata?.get('grpc-status-details-bin') ?? [];
  return packed && decode('google.rpc.Status', packed);
}

function details(rich) {
  // protobufjs brings Any along, and writes its fields as the schema does.
  const named = (rich?.details ?? []).map(({ type_url: url, value }) => {
    const name = url.slice(url.lastIndexOf('/') + 1);
    return [name.slice(name.lastIndexOf('.') + 1), decode(name, value)];
  });
  return Object.fromEntries(named.filter(([, detail]) => detail));
}
