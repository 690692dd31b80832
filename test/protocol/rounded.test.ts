import { describe, expect, test } from 'vitest';
import { judgeReply, roundedIn } from '../../src/protocol/index.js';
import type { Message } from '../../src/protocol/index.js';

/** A reply of an adapter that is not ours, as its bytes say. */
const judged = (text: string) => {
  const body = Buffer.from(text);
  return judgeReply(JSON.parse(text) as Message, 'execute', null, { rounded: roundedIn(body) });
};
const answer = (data: string): string => `{"type": "result", "status": "OK", "data": {"result_status": "OK", ${data}}}`;

describe('an integer beyond 2^53 in a reply is refused with its place, never rounded (contract §6)', () => {
  test.each([
    ['in data', '"serial": 9007199254740993', 'data.serial is 9007199254740993'],
    ['negative', '"serial":-9007199254740993', 'data.serial is -9007199254740993'],
    ['in a list', '"all": [1, [2, 12345678901234567891]]', 'data.all.1.1 is 12345678901234567891'],
    ['behind other objects', '"a": {"b": [{}, {"é\\"": 9007199254740993}]}', 'data.a.b.1.é" is 9007199254740993'],
    ['larger than any number', `"serial": ${'9'.repeat(400)}`, 'data.serial is 999'],
  ])('%s', (_what, data, message) => {
    const reply = judged(answer(data));
    expect(reply).toMatchObject({ outcome: 'error', fault: { code: '3009', name: 'contract_violation' } });
    expect(reply.outcome === 'error' && reply.fault.message).toContain(message);
  });

  test('with its digits in the frame that is kept', () => {
    const reply = judged(answer('"serial": 9007199254740993'));
    expect(reply).toMatchObject({ fault: { details: { frame: { data: { serial: '9007199254740993' } } } } });
  });

  test.each([
    ['a large integer that a number holds', '"serial": 1152921504606846976', { serial: 2 ** 60 }],
    ['a float', '"score": 0.12345678901234568, "big": 1.2345678901234567e+20', { big: 1.2345678901234567e20 }],
    ['a text of digits', '"serial": "9007199254740993,9007199254740993:9007199254740993"', {}],
    ['2^53 - 1', '"serial": 9007199254740991', { serial: 9007199254740991 }],
  ])('%s passes', (_what, data, found) => {
    expect(judged(answer(data))).toMatchObject({ outcome: 'result', verdict: 'OK', data: found });
  });

  test('in diagnostics it becomes its text: they never cost a verdict', () => {
    const reply = judged(answer('"debug": {"seen": [1, 9007199254740993]}'));
    expect(reply).toMatchObject({ verdict: 'OK', debug: { seen: [1, '9007199254740993'] } });
  });

  test('in the data of an error it becomes its text: the error is what matters', () => {
    const reply = judged(
      '{"type":"error","status":"ERROR","message":"dark","error_code":"1002","data":{"n":9007199254740993}}',
    );
    expect(reply).toMatchObject({ errorCode: '1002', fault: { details: { data: { n: '9007199254740993' } } } });
  });

  test('in a session state it is none of ours: that travels as the text it is', () => {
    const text = answer('"ok": 1').replace(/}$/, ',"session_state":{"n":9007199254740993}}');
    expect(roundedIn(Buffer.from(text))).toEqual([]);
  });

  test('names that are there twice, and names of prototypes, break nothing', () => {
    const twice = answer('"debug": {"a": {"n": 9007199254740993}, "a": "x", "__proto__": {"n": 9007199254740993}}');
    expect(judged(twice)).toMatchObject({ outcome: 'result', debug: { a: 'x' } });
    expect(Object.prototype).not.toHaveProperty('n');
  });

  test('a frame made of digits costs no time', () => {
    const digits = '9'.repeat(1_500_000);
    const startedMs = performance.now();
    expect(judged(answer(`"n": ${digits}`)).outcome).toBe('error');
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});
