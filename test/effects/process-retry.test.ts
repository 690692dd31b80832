import { describe, expect, test } from 'vitest';
import { startProcess } from './support/process-rig.js';

const answers = (frame: object) => ({ args: [JSON.stringify({ status: 'ERROR', message: 'as asked', ...frame })] });

describe('what another attempt may mend (contract §6)', () => {
  test.each([
    ['RecoverableError', { error_class: 'RecoverableError', error_code: '9999' }],
    ['1005', { error_code: '1005' }],
    ['1005 as a number', { error_code: 1005 }],
  ])('%s: the call failed for now, and the process goes on serving', async (_what, frame) => {
    const rig = await startProcess('answers_with', answers(frame)).ready();
    const { type, outcome, call } = await rig.call();
    expect({ type, outcome }).toEqual({ type: 'call.failed', outcome: 'error' });
    expect(rig.state).toBe('Running');
    expect(await rig.attempt(call)).toMatchObject({ type: 'call.failed', call: { attempts: 2 } });
  });

  test.each([
    ['no class and no code', {}],
    ['another code', { error_code: '1002' }],
    ['GPUOutOfMemoryError', { error_class: 'GPUOutOfMemoryError', error_code: '1004' }],
    ['ProgramError, whatever its code', { error_class: 'ProgramError', error_code: '1005' }],
    ['FatalError, whatever its code', { error_class: 'FatalError', error_code: '1005' }],
  ])('%s: not; the answer stands', async (_what, frame) => {
    const rig = await startProcess('answers_with', answers(frame)).ready();
    expect(await rig.call()).toMatchObject({ type: 'call.settled', outcome: 'error' });
  });

  test('a lost process and a missed deadline: the call failed for now', async () => {
    const crashed = await startProcess('crashes_when_called').ready();
    expect(await crashed.call()).toMatchObject({ type: 'call.failed', outcome: 'lost' });
    const hung = await startProcess('hangs_when_called').ready();
    expect(await hung.call({ deadlineMs: 50 })).toMatchObject({ type: 'call.failed', outcome: 'timed_out' });
  });
});

describe('each attempt', () => {
  test('goes by an id of its own', async () => {
    const rig = await startProcess('behaves').ready();
    const first = await rig.call();
    const second = await rig.attempt(first.call);
    const idOf = ({ reply }: typeof first) =>
      reply?.outcome === 'result' ? (reply.data['echo'] as { request_id: string }).request_id : undefined;
    expect([first, second].map(idOf)).toEqual(['1', '1.2']);
    expect(first.call.attempts).toBe(2);
  });

  test('begins without the answer to the one before', async () => {
    const rig = await startProcess('crashes_in_call', { args: ['{"crash_in_call":2}'] }).ready();
    const { call, reply } = await rig.call();
    expect(reply).not.toBeNull();
    expect(await rig.attempt(call)).toMatchObject({
      outcome: 'lost',
      reply: null,
      call: { servedBy: null, osPid: rig.osPid },
    });
  });

  test('is not settled by a second answer to the one before', async () => {
    const rig = await startProcess('replies_twice').ready();
    const { call } = await rig.call();
    const { reply } = await rig.attempt(call);
    expect(reply).toMatchObject({ data: { nth: 1 } });
    expect(await rig.events.next('reply.dropped')).toMatchObject({ requestId: '1', reason: 'duplicate' });
    expect(await rig.events.next('reply.dropped')).toMatchObject({ requestId: '1.2', reason: 'duplicate' });
  });
});
