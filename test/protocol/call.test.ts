import { expect, test } from 'vitest';
import { attemptId, callText } from '../../src/protocol/index.js';
import type { CallFields } from '../../src/protocol/index.js';

const callMessage = (...given: Parameters<typeof callText>) => JSON.parse(callText(...given)) as unknown;

const fields: CallFields = {
  requestId: '41',
  phase: 'pre',
  stepIndex: 2,
  pid: 'A01',
  session: { id: 'flow-1', context: { product_code: 'A01', trace_id: 'flow-1' } },
  userParams: { threshold: 0.5 },
  sharedMemId: 'raw-00',
  imageMeta: { width: 640, height: 480, timestamp_ms: 1, camera_id: 'cam', color_space: 'RGB' },
};
const body = {
  phase: 'pre',
  method: 'pre_execute',
  step_index: 2,
  pid: 'A01',
  session: fields.session,
  user_params: { threshold: 0.5 },
  shared_mem_id: 'raw-00',
  image_meta: fields.imageMeta,
};

test('a call carries its fields at the top level, where older adapters read them, and inside data, where newer ones do', () => {
  expect(callMessage(fields, 1_700_000_000_000)).toEqual({
    type: 'call',
    request_id: '41',
    timestamp_ms: 1_700_000_000_000,
    ...body,
    data: body,
  });
});

test.each([
  ['pre', 'pre_execute'],
  ['execute', 'execute'],
  ['reset', 'reset'],
] as const)('the phase %s is also named as the method %s', (phase, method) => {
  const message = callMessage({ ...fields, phase }, 0);
  expect(message).toMatchObject({ phase, method, data: { phase, method } });
});

test('a call without an image says so', () => {
  const message = callMessage({ ...fields, sharedMemId: null, imageMeta: null }, 0);
  expect(message).toMatchObject({
    shared_mem_id: null,
    image_meta: null,
    data: { shared_mem_id: null, image_meta: null },
  });
});

test('session state travels inside the session, and only when it was given', () => {
  expect(JSON.stringify(callMessage(fields, 0))).not.toContain('state');
  const session = { ...fields.session, state: { seen: 3 } };
  expect(callMessage(fields, 0, '{"seen":3}')).toMatchObject({ session, data: { session } });
});

test('a further attempt goes by an id of its own, in the frame too', () => {
  expect([1, 2, 3].map((attempt) => attemptId('41', attempt))).toEqual(['41', '41.2', '41.3']);
  expect(callMessage(fields, 0, null, attemptId('41', 2))).toMatchObject({ request_id: '41.2' });
});

test('what it is given as JSON already stands in it as it was given', () => {
  const text = callText({ ...fields, userParamsJson: '{"gain":2.0}' }, 0, '{"n":12345678901234567890,"9":-0.0}');
  expect(text.split('"user_params":{"gain":2.0}')).toHaveLength(3);
  expect(text.split('"state":{"n":12345678901234567890,"9":-0.0}')).toHaveLength(3);
});
