import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/base/errors/index.js';
import type { RigOptions } from './support/process-rig.js';
import { PROGRAMS, startProcess } from './support/process-rig.js';
import { isAlive } from './support/processes.js';

/** Starts a program that does not get ready, and gives back why, once it is gone. */
async function failedStart(program: string, options: RigOptions = {}): Promise<Fault> {
  const rig = startProcess(program, options);
  const { fault } = await rig.next('process.ended');
  expect(rig.events.count('process.ready')).toBe(0);
  expect(rig.events.count('os.exited')).toBe(1);
  expect(rig.services.processes.size).toBe(0);
  expect(rig.osPid === undefined || !isAlive(rig.osPid)).toBe(true);
  if (fault === null) throw new Error('ended without a reason');
  return fault;
}

describe('a process is ready once it said hello and its info agrees', () => {
  test('and is known by its os pid while it lives', async () => {
    const rig = await startProcess('behaves').ready();
    expect(rig.state).toBe('Running');
    expect(rig.events.seen('os.spawned')).toMatchObject({ osPid: rig.osPid, isolation: 'group' });
    expect([...rig.services.processes]).toEqual([
      [rig.osPid, { key: 'stub@1.0.0', slot: 0, resources: null, isolation: 'group' }],
    ]);
    await rig.leave();
    expect([...rig.services.processes]).toEqual([]);
  });

  test('without info, a pong confirms it', async () => {
    const rig = await startProcess('says_hello', { args: ['{"capabilities":[]}'] }).ready();
    expect(rig.events.seen('hello.received')).toMatchObject({ announcesInfo: false });
    expect(rig.events.seen('info.received')).toBeUndefined();
  });

  test('an odd hello is accepted, and the log says what was odd', async () => {
    const rig = await startProcess('says_hello', { args: ['{"sdk_version":{},"protocol":"one"}'] }).ready();
    expect(rig.lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringContaining('sdk_version'), expect.stringContaining('protocol')]),
    );
  });

  test('a second hello is ignored with a warning', async () => {
    const rig = await startProcess('says_hello', { args: ['{}', 'twice'] }).ready();
    expect(rig.events.count('hello.received')).toBe(1);
    expect(rig.lines).toContainEqual(expect.objectContaining({ level: 'warn', message: 'a second hello was ignored' }));
  });

  test('its environment is what the release asks for and nothing of the host', async () => {
    process.env['PROCVISION_TEST_SECRET'] = 'do not tell';
    const rig = await startProcess('behaves', { environment: { PROC_ENV: 'prod' } }).ready();
    delete process.env['PROCVISION_TEST_SECRET'];
    const { reply } = await rig.call();
    if (reply?.outcome !== 'result') throw new Error('no result');
    const { LC_CTYPE: _setByPython, ...environment } = reply.data['environment'] as Record<string, string>;
    expect(Object.keys(environment).sort()).toEqual(['PATH', 'PROC_ENV', 'PROC_SHM_DIR', 'PYTHONDONTWRITEBYTECODE']);
    expect(`${reply.data['folder'] as string}/`).toBe(PROGRAMS);
  });

  test('reset is remembered of those that announce it', async () => {
    const rig = await startProcess('carries_state').ready();
    expect([...rig.services.resettable]).toEqual(['stub@1.0.0']);
    const other = await startProcess('behaves', { services: { resettable: rig.services.resettable } }).ready();
    expect([...other.services.resettable]).toEqual([]);
  });
});

describe('a start that fails says why, and leaves nothing', () => {
  test('hello never comes', async () => {
    const fault = await failedStart('never_says_hello', { timings: { helloMs: 150 } });
    expect(fault).toMatchObject({ code: '3003', name: 'start_failed' });
    expect(fault.message).toContain('150 ms');
  });

  test('text on standard output before hello', async () => {
    const fault = await failedStart('prints_before_hello');
    expect(fault).toMatchObject({ code: '3001', name: 'protocol_fault' });
    expect(fault.message).toContain('loading the model');
    expect(fault.message).toContain('printed to standard output');
  });

  test('an exit before hello, with its code and last words', async () => {
    const fault = await failedStart('crashes_at_start');
    expect(fault).toMatchObject({
      code: '3003',
      details: { exit_code: 3, signal: null, last_stderr: ['cannot find libcamera.so'] },
    });
  });

  test.each(['hello', 'info'])('an error frame in place of %s: its message is kept', async (instead) => {
    const fault = await failedStart('refuses_to_start', { args: [instead], timings: { shutdownMs: 100 } });
    expect(fault).toMatchObject({
      code: '3003',
      details: { error_code: '1003', error_class: 'FatalError', last_stderr: [] },
    });
    expect(fault.message).toContain('no model found');
  });

  test.each([
    [
      'OSError: libGL.so.1: cannot open shared object file: No such file or directory',
      /Install the library libGL\.so\.1/,
    ],
    ["ModuleNotFoundError: No module named 'cv2'", /Pin what brings cv2 in requirements\.txt/],
  ])('what the host lacks, with what to do: %s', async (text, hint) => {
    const fault = await failedStart('refuses_to_start', { args: ['hello', text], timings: { shutdownMs: 100 } });
    expect(fault.hint).toMatch(hint);
  });

  test('an info that disagrees with the manifest', async () => {
    const fault = await failedStart('has_info', { args: ['{"version":"2.0.0","supported_pids":["B07"]}'] });
    expect(fault).toMatchObject({ code: '3005', name: 'info_mismatch', details: { mismatches: { length: 2 } } });
    expect(fault.message).toContain('"2.0.0"');
    expect(fault.message).toContain('B07');
  });

  test('an info made to break its reader', async () => {
    expect(await failedStart('has_info', { args: ['deep'], timings: { shutdownMs: 100 } })).toMatchObject({
      code: '3005',
    });
  });

  test('a protocol this Runner does not speak', async () => {
    const fault = await failedStart('says_hello', { args: ['{"protocol":7}'] });
    expect(fault).toMatchObject({ code: '3004', name: 'protocol_unsupported' });
    expect(fault.message).toContain('7');
  });

  test('a hello without the confirmation that should follow', async () => {
    const fault = await failedStart('never_confirms', { timings: { confirmMs: 100 } });
    expect(fault).toMatchObject({ code: '3003', name: 'start_failed' });
    expect(fault.message).toContain('100 ms');
  });

  test('a confirmation that comes in time after the hello, and too late after the spawn', async () => {
    const rig = startProcess('confirms_late', {
      args: ['{"hello_s": 0.4, "info_s": 0.4}'],
      timings: { confirmMs: 600 },
    });
    const { fault } = await rig.next('process.ended');
    expect(fault).toMatchObject({ code: '3003', name: 'start_failed' });
    expect(fault?.message).toContain('within 600 ms of its start');
    expect(rig.events.seen('hello.received')?.['afterMs']).toBeGreaterThanOrEqual(400);
  });

  test.each([
    ['a command that is not there', { command: '/nowhere/python3' }],
    ['a folder that is not there', { folder: '/nowhere' }],
    ['a command that may not be run', { command: `${PROGRAMS}wire.py` }],
  ])('%s', async (_what, options) => {
    const fault = await failedStart('behaves', options);
    expect(fault).toMatchObject({ code: '3003', name: 'start_failed' });
    expect(fault.message).toMatch(/could not be started[^]*(ENOENT|EACCES)/);
  });

  test('being asked to leave meanwhile is no failure', async () => {
    const rig = startProcess('never_says_hello', { timings: { shutdownMs: 50 } });
    await rig.next('os.spawned');
    expect(await rig.leave()).toMatchObject({ fault: null });
  });
});
