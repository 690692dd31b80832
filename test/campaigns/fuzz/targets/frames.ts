import assert from 'node:assert';
import {
  createFrameDecoder,
  encodeFrame,
  judgeReply,
  readErrorFrame,
  readHello,
  severityOf,
} from '../../../../src/protocol/index.js';
import { compareInfo } from '../../../../src/package/index.js';
import type { Message } from '../../../../src/protocol/index.js';
import { mutated, mutatedJson } from '../mutate.js';
import type { Chance } from '../mutate.js';
import type { Target } from '../target.js';

const RECT = { x: 1, y: 2, width: 3, height: 4, label: 'screw', score: 0.5 };
const MESSAGES: readonly Message[] = [
  { type: 'hello', sdk_version: '1.0.0', capabilities: ['info', 'session_state'], protocol: 1 },
  { type: 'pong', request_id: 'ping-1' },
  { type: 'result', request_id: 'r-1', status: 'OK', data: { calibration_rects: [RECT], debug: { a: [1, { b: 2 }] } } },
  {
    ...{ type: 'result', request_id: 'r-2', status: 'OK', session_state: { seen: [1, 2] } },
    data: { result_status: 'NG', ng_reason: 'no screw', defect_rects: [RECT, RECT], position_rects: [RECT], debug: {} },
  },
  { type: 'error', request_id: 'r-3', status: 'ERROR', message: 'no lamp', error_code: '1004', data: { a: 1 } },
  {
    type: 'result',
    request_id: 'info',
    status: 'OK',
    data: { name: 'x', version: '1', supported_pids: ['A'], steps: [] },
  },
];
const DECLARED = { name: 'x', version: '1', supportedPids: ['A'], steps: [] };

export const frames: Target = {
  attempt(chance) {
    const sent = Array.from({ length: 1 + chance.below(4) }, () => {
      const message = chance.of(MESSAGES);
      return chance.isOneIn(2) ? (mutatedJson(message, chance) as object) : message;
    });
    const sound = Buffer.concat(sent.map((message) => encodeFrame(message ?? {})));
    const stream = chance.isOneIn(2) ? mutated(sound, chance) : sound;
    const whole = told(stream, [stream.length]);
    // Wherever a stream is cut, it says the same.
    assert.deepEqual(told(stream, cuts(stream.length, chance)), whole);
  },
};

function cuts(length: number, chance: Chance): number[] {
  const found: number[] = [];
  for (let at = 0; at < length && found.length < 2_000; at += 1 + chance.below(chance.of([2, 50, 5_000])))
    found.push(at);
  return [...found, length];
}

function told(stream: Buffer, ends: readonly number[]): readonly string[] {
  const heard: string[] = [];
  const decoder = createFrameDecoder({
    onMessage: (message) => heard.push(JSON.stringify(judged(message))),
    // What is quoted of a broken stream is what had come of it by then.
    onFault: ({ message }) => heard.push(message.replace(/ It begins with the text .*$/su, '')),
  });
  let from = 0;
  for (const to of ends) {
    decoder.push(stream.subarray(from, to));
    from = to;
  }
  heard.push(decoder.end()?.message ?? 'ended');
  return heard;
}

function judged(message: Message): unknown {
  const image = { width: 10, height: 10 };
  const replies = (['pre', 'execute', 'reset'] as const).map((phase) => judgeReply(message, phase, image));
  return [
    readHello(message),
    readErrorFrame(message),
    replies,
    replies.map(severityOf),
    compareInfo(message['data'], DECLARED),
  ];
}
