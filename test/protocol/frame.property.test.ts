import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFrameDecoder, encodeFrame } from '../../src/protocol/index.js';
import type { Message } from '../../src/protocol/index.js';
import { hear, wire } from './support/streams.js';

/** Another run: PROCVISION_SEED=<number> npx vitest run test/protocol; a failure prints the seed it had. */
const seed = Number(process.env['PROCVISION_SEED'] ?? 20_261_120);

const message = fc
  .record({
    type: fc.string({ unit: 'grapheme', maxLength: 12 }),
    body: fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' }),
  })
  .map((value) => JSON.parse(JSON.stringify(value)) as Message);
const messages = fc.array(message, { maxLength: 12 });
const cuts = fc.array(fc.nat(), { maxLength: 40 });

/** The bytes in as many pieces as there are cuts, whatever numbers they are. */
function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

describe('any stream', () => {
  test('any sequence of messages, cut anywhere, arrives whole and in order', () => {
    fc.assert(
      fc.property(messages, cuts, (sent, places) => {
        expect(hear(cutAt(wire(...sent), places))).toEqual({ messages: sent, faults: [], atEnd: null });
      }),
      { seed, numRuns: 500 },
    );
  });

  test('what is appended after a fault changes nothing, and there is exactly one fault', () => {
    const broken = fc.constantFrom([0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 2, 0x5b, 0x5d]);
    fc.assert(
      fc.property(messages, broken, messages, cuts, (before, bad, after, places) => {
        const bytes = Buffer.concat([wire(...before), Buffer.from(bad), wire(...after)]);
        const { messages: heard, faults, atEnd } = hear(cutAt(bytes, places));
        expect({ heard, faults: faults.length, atEnd }).toEqual({ heard: before, faults: 1, atEnd: null });
      }),
      { seed, numRuns: 300 },
    );
  });

  test('any bytes at all give messages and at most one fault, wherever they are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), cuts, (bytes, places) => {
        const whole = hear([bytes], 64);
        const pieces = hear(cutAt(Buffer.from(bytes), places), 64);
        expect(pieces.messages).toEqual(whole.messages);
        expect(pieces.faults.map(({ code }) => code)).toEqual(whole.faults.map(({ code }) => code));
        expect(pieces.atEnd).toEqual(whole.atEnd);
        expect(whole.faults.length).toBeLessThanOrEqual(1);
      }),
      { seed, numRuns: 500 },
    );
  });
});

describe('memory is bounded by the cap plus one chunk', () => {
  const CAP = 256 * 1024;
  const ALLOWED_BYTES = 4 * 1024 * 1024;
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const bytesHeld = async (): Promise<number> => {
    // Memory of buffers is given back a turn after their objects were collected.
    for (let round = 0; round < 3; round++) {
      collectGarbage();
      await setImmediate();
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const decoderOf = () => createFrameDecoder({ bytesMax: CAP, onMessage: () => undefined, onFault: () => undefined });

  test('while a frame of the cap drips in byte by byte', async () => {
    const decoder = decoderOf();
    const frame = encodeFrame({ type: 'x', pad: 'y'.repeat(CAP - 30) });
    const before = await bytesHeld();
    // A copy of each byte: what a socket hands out shares no memory with the next read.
    for (let at = 0; at < frame.length - 1; at++) decoder.push(Buffer.from(frame.subarray(at, at + 1)));
    const held = (await bytesHeld()) - before;
    // Asked afterwards, so that the decoder is not garbage itself by then.
    expect(decoder.end()?.message).toContain(`after ${frame.length - 1} bytes`);
    expect(held).toBeLessThan(CAP + ALLOWED_BYTES);
  });

  test('after a fault, however much still comes', async () => {
    const decoder = decoderOf();
    decoder.push(Buffer.from('this is not a frame at all'));
    const before = await bytesHeld();
    for (let i = 0; i < 200; i++) decoder.push(Buffer.alloc(64 * 1024));
    const held = (await bytesHeld()) - before;
    expect(decoder.end()).toBeNull();
    expect(held).toBeLessThan(ALLOWED_BYTES);
  });
});
