import { describe, expect, test } from 'vitest';
import { DEFECT_RECTS_MAX, judgeReply } from '../../src/protocol/index.js';
import type { Phase } from '../../src/protocol/index.js';

const IMAGE = { width: 100, height: 80 };
const RECT = { x: 1, y: 2, width: 3, height: 4, label: 'screw_missing', score: 0.9 };

const answer = (fields: object, phase: Phase = 'execute', image: typeof IMAGE | null = IMAGE) =>
  judgeReply({ type: 'result', request_id: '1', ...fields }, phase, image);
const result = (data: object, phase: Phase = 'execute') => {
  const reply = answer({ status: 'OK', data }, phase);
  if (reply.outcome !== 'result') throw new Error(`not a result: ${reply.fault.message}`);
  return reply;
};
const violation = (fields: object, phase: Phase = 'execute') => {
  const reply = answer(fields, phase);
  if (reply.outcome !== 'error') throw new Error('taken for a result');
  expect(reply.fault).toMatchObject({ code: '3009', name: 'contract_violation' });
  return reply.fault;
};

describe('two layers of status: whether the call worked, and the verdict on the product', () => {
  test('OK with result_status OK is the verdict OK', () => {
    expect(result({ result_status: 'OK' })).toMatchObject({ verdict: 'OK', ngReason: null, defectRects: [] });
  });

  test('OK with result_status NG is a call that worked and a bad product', () => {
    expect(result({ result_status: 'NG', ng_reason: 'screw missing', defect_rects: [RECT] })).toMatchObject({
      verdict: 'NG',
      ngReason: 'screw missing',
      defectRects: [RECT],
    });
  });

  test('ERROR is a call that did not work, whatever verdict its data claim', () => {
    const reply = answer({ status: 'ERROR', message: 'camera dark', data: { result_status: 'OK' } });
    expect(reply).toMatchObject({ outcome: 'error', fault: { code: '3010', name: 'algorithm_error' } });
    expect(reply).not.toHaveProperty('verdict');
  });

  test.each([[null], [undefined]])('result_status %s is no verdict, never OK', (status) => {
    expect(result({ result_status: status }).verdict).toBeNull();
  });

  test.each(['OK', 'NG', 'MAYBE'])('pre never gives a verdict, even if it claims %s', (status) => {
    const { verdict, ngReason } = result({ result_status: status, ng_reason: 'dark' }, 'pre');
    expect({ verdict, ngReason }).toEqual({ verdict: null, ngReason: null });
  });

  test('an error frame is a call that did not work', () => {
    const frame = {
      type: 'error',
      request_id: '1',
      message: 'no memory',
      error_code: '1004',
      error_class: 'GPUOutOfMemoryError',
    };
    expect(judgeReply(frame, 'execute', null)).toMatchObject({
      outcome: 'error',
      errorCode: '1004',
      errorClass: 'GPUOutOfMemoryError',
      fault: {
        code: '3010',
        details: { error_code: '1004', error_class: 'GPUOutOfMemoryError', message: 'no memory' },
      },
    });
  });

  test.each([['ok'], ['NG'], [true], [null], [undefined], [{}]])('the status %j is a contract violation', (status) => {
    expect(violation({ status, data: { result_status: 'OK' } }).message).toContain('status');
  });
});

describe('checks on results: a violation is an error with the raw frame kept, never a verdict', () => {
  test.each([
    ['NG without ng_reason', { result_status: 'NG', defect_rects: [RECT] }, 'ng_reason'],
    ['NG with an empty ng_reason', { result_status: 'NG', ng_reason: '', defect_rects: [RECT] }, 'ng_reason'],
    ['NG with an ng_reason that is no text', { result_status: 'NG', ng_reason: 5, defect_rects: [RECT] }, 'ng_reason'],
    ['NG without defect_rects', { result_status: 'NG', ng_reason: 'x' }, 'defect_rects'],
    ['NG with defect_rects null', { result_status: 'NG', ng_reason: 'x', defect_rects: null }, 'defect_rects'],
    ['an unknown result_status', { result_status: 'MAYBE' }, 'MAYBE'],
    ['a result_status in lower case', { result_status: 'ok' }, 'ok'],
    ['a result_status that is no text', { result_status: true }, 'true'],
    ['defect_rects that are no list', { result_status: 'OK', defect_rects: { x: 1 } }, 'defect_rects'],
    [
      'a rectangle without a height',
      { result_status: 'OK', defect_rects: [{ x: 1, y: 1, width: 1 }] },
      'defect_rects[0]',
    ],
    ['a rectangle of texts', { result_status: 'OK', position_rects: [RECT, { ...RECT, x: '1' }] }, 'position_rects[1]'],
    ['a rectangle that is null', { result_status: 'OK', calibration_rects: [null] }, 'calibration_rects[0]'],
  ])('%s', (_what, data, named) => {
    const { message, details } = violation({ status: 'OK', data });
    expect(message).toContain(named);
    expect(details?.['frame']).toMatchObject({ type: 'result', data });
  });

  test.each([[undefined], [null], ['text'], [[]]])('data %j', (data) => {
    expect(violation({ status: 'OK', data }).details).toHaveProperty('frame');
  });

  test('a reset needs no data', () => {
    expect(answer({ status: 'OK' }, 'reset')).toMatchObject({ outcome: 'result', verdict: null });
  });

  test('NG with an empty list of rectangles is an NG', () => {
    expect(result({ result_status: 'NG', ng_reason: 'too dark', defect_rects: [] }).verdict).toBe('NG');
  });
});

describe('rectangles', () => {
  const rects = (count: number) => Array.from({ length: count }, (_, i) => ({ ...RECT, label: `r${i}` }));

  test(`up to ${DEFECT_RECTS_MAX} defect_rects are kept as they are`, () => {
    expect(DEFECT_RECTS_MAX).toBe(20);
    const { defectRects, warnings } = result({ result_status: 'NG', ng_reason: 'x', defect_rects: rects(20) });
    expect({ count: defectRects.length, warnings }).toEqual({ count: 20, warnings: [] });
  });

  test('more are cut to the first 20, with a warning that says how many there were', () => {
    const { defectRects, warnings, data } = result({ result_status: 'NG', ng_reason: 'x', defect_rects: rects(21) });
    expect(defectRects).toEqual(rects(20));
    expect(warnings).toEqual([expect.objectContaining({ code: '3009', details: { given: 21 } })]);
    expect(data['defect_rects']).toHaveLength(21);
  });

  test('position_rects and calibration_rects are not cut', () => {
    expect(result({ result_status: 'OK', position_rects: rects(30) }).positionRects).toHaveLength(30);
    expect(result({ calibration_rects: rects(30) }, 'pre').calibrationRects).toHaveLength(30);
  });

  test.each([
    ['left of it', { x: -1, y: 0, width: 5, height: 5 }],
    ['above it', { x: 0, y: -0.5, width: 5, height: 5 }],
    ['over its right edge', { x: 96, y: 0, width: 5, height: 5 }],
    ['over its bottom edge', { x: 0, y: 76, width: 5, height: 5 }],
    ['of no width', { x: 5, y: 5, width: 0, height: 5 }],
    ['of negative height', { x: 5, y: 5, width: 5, height: -5 }],
    ['infinitely far away', JSON.parse('{"x":1e999,"y":0,"width":1,"height":1}') as object],
  ])('a rectangle outside the image (%s) is kept and flagged 1007', (_where, rect) => {
    const { positionRects, verdict, warnings } = result({ result_status: 'OK', position_rects: [RECT, rect] });
    expect({ positionRects, verdict }).toEqual({ positionRects: [RECT, rect], verdict: 'OK' });
    expect(warnings).toEqual([
      expect.objectContaining({ code: '1007', details: { list: 'position_rects', index: 1 } }),
    ]);
  });

  test('a rectangle as large as the image lies inside it', () => {
    const whole = { x: 0, y: 0, ...IMAGE };
    expect(result({ result_status: 'OK', defect_rects: [whole] }).warnings).toEqual([]);
  });

  test('without an image no rectangle can lie outside', () => {
    const data = { result_status: 'OK', defect_rects: [{ ...RECT, x: -9 }] };
    expect(answer({ status: 'OK', data }, 'execute', null)).toMatchObject({ warnings: [] });
  });

  test('a flood of rectangles outside does not become a flood of warnings', () => {
    const outside = Array.from({ length: 5000 }, () => ({ x: -1, y: 0, width: 1, height: 1 }));
    const { warnings } = result({ result_status: 'NG', ng_reason: 'x', defect_rects: outside });
    expect(warnings.length).toBeLessThanOrEqual(DEFECT_RECTS_MAX + 1);
  });
});

describe('what the algorithm gave is passed through', () => {
  test('unknown keys in data, and debug', () => {
    const data = { result_status: 'OK', debug: { latency_ms: 5, model_version: '3' }, heatmap_url: 'file:///x' };
    expect(result(data)).toMatchObject({ data, debug: data.debug });
  });

  test('a debug that is no object is no debug, and the data are still whole', () => {
    const { debug, data } = result({ result_status: 'OK', debug: 'fast' });
    expect({ debug, data }).toEqual({ debug: {}, data: { result_status: 'OK', debug: 'fast' } });
  });

  test('the message', () => {
    expect(answer({ status: 'OK', message: 'fine', data: {} })).toMatchObject({ message: 'fine' });
    expect(answer({ status: 'OK', data: {} })).toMatchObject({ message: '' });
  });

  test.each([
    ['1003', '1003'],
    ['E-77', 'E-77'],
    [1003, '1003'],
    [undefined, null],
    [{ code: 1 }, null],
  ])('the error_code %j of an ERROR', (given, errorCode) => {
    const reply = answer({ status: 'ERROR', message: 'no model', error_code: given, data: { path: 'm.onnx' } });
    expect(reply).toMatchObject({
      errorCode,
      fault: { code: '3010', details: { error_code: errorCode, message: 'no model', data: { path: 'm.onnx' } } },
    });
  });

  test('the ng_reason of an OK is not a reason', () => {
    expect(result({ result_status: 'OK', ng_reason: 'left over' }).ngReason).toBeNull();
  });

  test.each(['OK', 'ERROR'])('the session state, also with status %s', (status) => {
    const given = { status, data: {}, session_state: { n: 1 } };
    const reply = judgeReply({ type: 'result', ...given }, 'execute', null, { state: '{"n":1.0}' });
    expect(reply.sessionState).toBe('{"n":1.0}');
    expect(answer({ status, data: {} }).sessionState).toBeNull();
    expect(answer({ status, data: {}, session_state: [1] }).sessionState).toBeNull();
  });
});

describe('an answer made to break the one who reads it', () => {
  const deep: unknown = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));

  test.each([
    ['status', { status: deep, data: {} }],
    ['result_status', { status: 'OK', data: { result_status: deep } }],
    ['data', { status: 'OK', data: deep }],
    ['error_code', { status: 'ERROR', error_code: deep }],
  ])('%s nested 200,000 levels deep is an error like any other', (_where, fields) => {
    expect(answer(fields).outcome).toBe('error');
  });

  test('a status of a megabyte is not quoted whole', () => {
    const { message } = violation({ status: 'x'.repeat(1_000_000), data: {} });
    expect(message.length).toBeLessThan(1000);
  });
});
