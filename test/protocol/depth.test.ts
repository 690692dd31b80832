import { describe, expect, test } from 'vitest';
import { createFrameDecoder, judgeReply, LEVELS_MAX, whyNotPlain, withFittingState } from '../../src/protocol/index.js';
import type { Message } from '../../src/protocol/index.js';

const nested = (levels: number, open = '[', close = ']'): string => open.repeat(levels) + close.repeat(levels);

/** What is made of one frame with this body; more bytes than the default cap may be wanted. */
function decoded(body: string): { message?: Message; fault?: string } {
  const got: { message?: Message; fault?: string } = {};
  const decoder = createFrameDecoder({
    bytesMax: 64 * 1024 * 1024,
    onMessage: (message) => (got.message = message),
    onFault: ({ message }) => (got.fault = message),
  });
  const bytes = Buffer.from(body);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  decoder.push(Buffer.concat([length, bytes]));
  return got;
}

const result = (data: string, more = ''): string =>
  `{"type":"result","request_id":"r-1","status":"OK"${more},"data":${data}}`;
const judged = (body: string) => judgeReply(decoded(body).message as Message, 'execute', null);

describe('an answer that is nested too deep', () => {
  test.each([
    ['lists', nested(100_000)],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['a million levels', nested(1_000_000)],
    ['one level too many', nested(LEVELS_MAX)],
  ])('of %s breaks the contract by name, with the head of its frame', (_what, data) => {
    const reply = judged(result(`{"debug":${data}}`));
    expect(reply).toMatchObject({ outcome: 'error', fault: { name: 'contract_violation' } });
    if (reply.outcome !== 'error') return;
    expect(reply.fault.message).toContain(`more than ${LEVELS_MAX} levels`);
    expect(JSON.stringify(reply.fault.details)).toContain('request_id');
    expect(JSON.stringify(reply.fault).length).toBeLessThan(10_000);
  });

  test('in its session state alone breaks it as well', () => {
    expect(judged(result('{"result_status":"OK"}', `,"session_state":{"a":${nested(500)}}`))).toMatchObject({
      fault: { name: 'contract_violation' },
    });
  });

  test('keeps the message of an error', () => {
    const body = `{"type":"error","request_id":"r-1","message":"no lamp","error_code":"7","data":${nested(5_000)}}`;
    expect(judged(body)).toMatchObject({ errorCode: '7', fault: { details: { message: 'no lamp' } } });
  });

  test('is not mistaken for one by brackets in its texts', () => {
    const text = JSON.stringify('"[{'.repeat(5_000) + '\\');
    expect(judged(result(`{"result_status":"OK","debug":{"text":${text}}}`))).toMatchObject({ outcome: 'result' });
  });

  test('with as many levels as are allowed, and many keys, is a result', () => {
    const keys = Array.from({ length: 10_000 }, (_, i) => `"k${i}":${i}`).join(',');
    const twenty = `${'{"a":'.repeat(20)}{${keys}}${'}'.repeat(20)}`;
    expect(judged(result(`{"result_status":"OK","debug":${twenty}}`))).toMatchObject({ outcome: 'result' });
  });
});

describe('a list of defects', () => {
  test('of hundreds of thousands is cut, not in a long wait', () => {
    const rects = `[${'{"x":0,"y":0,"width":1,"height":1},'.repeat(300_000).slice(0, -1)}]`;
    const sinceMs = performance.now();
    const reply = judged(result(`{"result_status":"NG","ng_reason":"many","defect_rects":${rects}}`));
    expect(reply).toMatchObject({ outcome: 'result', defectRects: { length: 20 } });
    expect(performance.now() - sinceMs).toBeLessThan(5_000);
  });
});

describe('a session state', () => {
  const CAP = 1024 * 1024;
  const reply = (characters: number) =>
    judgeReply({ type: 'result', status: 'OK', data: {}, session_state: {} }, 'execute', null, {
      state: JSON.stringify({ text: 'x'.repeat(characters) }),
    });

  test('that could never be sent back is refused at the reply that brought it', () => {
    const judgedState = withFittingState(reply(600_000), CAP);
    expect(judgedState).toMatchObject({ outcome: 'error', sessionState: null, fault: { name: 'contract_violation' } });
    if (judgedState.outcome === 'error') expect(judgedState.fault.message).toMatch(/session_state takes 6\d{5} bytes/);
  });

  test('that fits is kept', () => {
    expect(withFittingState(reply(400_000), CAP)).toMatchObject({ outcome: 'result' });
  });
});

describe('what a caller gives', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  const evil = Object.defineProperty({}, 'x', {
    enumerable: true,
    get: () => {
      throw new Error('no');
    },
  });
  test.each<readonly [what: string, value: unknown, said: RegExp]>([
    ['a cycle', circle, /holds itself/],
    ['too many levels', JSON.parse(nested(100_000)), /levels deep/],
    ['a bigint', { a: [1n] }, /context\.a\.0 is a bigint/],
    ['not a number', { a: NaN }, /context\.a is NaN/],
    ['infinity', { a: { b: -Infinity } }, /context\.a\.b is -Infinity/],
    ['a date', { at: new Date() }, /context\.at is a Date/],
    ['a map', { m: new Map() }, /a Map/],
    ['bytes', { b: Buffer.from('x') }, /a Buffer/],
    ['a function', { f: () => 1 }, /a function/],
    ['a symbol', { s: Symbol('s') }, /a symbol/],
    ['a hole in a list', { l: [undefined] }, /context\.l\.0 is undefined/],
    ['a getter that throws', evil, /cannot be read/],
    ['more values than anybody reads', { l: new Array(1_100_000).fill(0) }, /1000000 values/],
  ])('%s is refused with its place', (_what, value, said) => {
    expect(whyNotPlain(value, 'context')).toMatch(said);
  });

  test('plain JSON is taken, names of the language included', () => {
    const value = JSON.parse('{"__proto__":{"a":1},"constructor":[null,true,"x",1.5],"toString":{}}') as object;
    expect(whyNotPlain(value, 'context')).toBeNull();
    expect(whyNotPlain({ left: undefined, bare: Object.create(null) as object }, 'context')).toBeNull();
  });
});
