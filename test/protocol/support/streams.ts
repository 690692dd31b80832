import { createFrameDecoder, encodeFrame } from '../../../src/protocol/index.js';
import type { Message } from '../../../src/protocol/index.js';
import type { Fault } from '../../../src/base/errors/index.js';

/** What came out of a stream, in order, and how it ended. */
export interface Heard {
  readonly messages: readonly Message[];
  readonly faults: readonly Fault[];
  readonly atEnd: Fault | null;
}

/** Feeds a decoder chunk by chunk, then ends the stream. */
export function hear(chunks: readonly Uint8Array[], bytesMax?: number): Heard {
  const messages: Message[] = [];
  const faults: Fault[] = [];
  const decoder = createFrameDecoder({
    ...(bytesMax === undefined ? {} : { bytesMax }),
    onMessage: (message) => messages.push(message),
    onFault: (fault) => faults.push(fault),
  });
  for (const chunk of chunks) decoder.push(Buffer.from(chunk));
  return { messages, faults, atEnd: decoder.end() };
}

/** Frames as they stand one after the other on the wire. */
export const wire = (...messages: readonly object[]): Buffer => Buffer.concat(messages.map(encodeFrame));

/** A frame around any bytes at all, with an honest length. */
export function frameOf(body: Uint8Array | string): Buffer {
  const bytes = Buffer.from(body as Uint8Array);
  const header = Buffer.alloc(4);
  header.writeUInt32BE(bytes.length);
  return Buffer.concat([header, bytes]);
}

export function oneByteAtATime(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1));
}
