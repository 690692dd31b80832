import { describe, expect, test } from 'vitest';
import { probeIsolation } from '../../src/effects/index.js';
import { isolationsWith, NO_ISOLATION } from '../../src/platform/index.js';
import { startProcess } from './support/process-rig.js';
import { COOKIE, expectNobodyWith, isAlive, newCookie, openPipes, processesWith } from './support/processes.js';

const isolation = await probeIsolation();
/** For what SIGKILL has to end. */
const QUICK = { shutdownMs: 100, terminateMs: 400 };
/** For what SIGTERM has to end, on a busy machine too. */
const POLITE = { shutdownMs: 100, terminateMs: 20_000 };

describe('a process that is asked to leave', () => {
  test('acknowledges, leaves by itself, and that is no fault', async () => {
    const rig = await startProcess('behaves').ready();
    expect(await rig.leave()).toMatchObject({ fault: null });
    expect(rig.events.count('shutdown.acknowledged')).toBe(1);
    expect(rig.events.seen('os.exited')).toMatchObject({ fault: { details: { exit_code: 0, signal: null } } });
  });

  test('gets SIGTERM when it does not', async () => {
    const rig = await startProcess('ignores_shutdown', { timings: POLITE }).ready();
    expect(await rig.leave()).toMatchObject({ fault: null });
    expect(rig.events.seen('os.exited')).toMatchObject({ fault: { details: { signal: 'SIGTERM' } } });
  });

  test('gets SIGKILL when not even that helps', async () => {
    const rig = await startProcess('ignores_sigterm', { timings: QUICK }).ready();
    expect(await rig.leave()).toMatchObject({ fault: null });
    expect(rig.events.seen('os.exited')).toMatchObject({ fault: { details: { signal: 'SIGKILL' } } });
  });

  test('amid a call: the call is cancelled, the process goes', async () => {
    const rig = await startProcess('hangs_when_called', { timings: QUICK }).ready();
    const settled = rig.call();
    const ended = rig.leave();
    expect(await settled).toMatchObject({ outcome: 'cancelled', fault: { code: '3008' } });
    await ended;
    expect(isAlive(rig.osPid)).toBe(false);
  });
});

describe('exit decides, not close', () => {
  test('a grandchild that holds the streams does not hold up its end, and ends with it', async () => {
    const rig = await startProcess('leaves_grandchild').ready();
    const { reply } = await rig.call();
    if (reply?.outcome !== 'result') throw new Error('what was written before the exit was not read');
    const sinceMs = performance.now();
    await rig.next('process.ended');
    expect(performance.now() - sinceMs).toBeLessThan(10_000);
    await expect.poll(() => isAlive(reply.data['grandchild'] as number)).toBe(false);
  });
});

describe('nothing of a process is left', () => {
  test.each(['behaves', 'forks', 'ignores_sigterm'])(
    '%s: not a process, not a descriptor, once it ended',
    async (program) => {
      const environment = { [COOKIE]: newCookie() };
      const before = openPipes();
      const rig = await startProcess(program, { timings: QUICK, environment }).ready();
      expect(processesWith(environment[COOKIE] ?? '')).not.toEqual([]);
      await rig.leave();
      await expectNobodyWith(environment[COOKIE] ?? '');
      await expect.poll(openPipes).toEqual(before);
      expect(rig.services.processes.size).toBe(0);
    },
  );

  test.each(['forks', 'ignores_sigterm'])('%s: also when the actor is taken away without asking', async (program) => {
    const environment = { [COOKIE]: newCookie() };
    const before = openPipes();
    const rig = await startProcess(program, { environment }).ready();
    rig.drop();
    await expectNobodyWith(environment[COOKIE] ?? '');
    await expect.poll(openPipes).toEqual(before);
  });

  test.runIf(isolation.level === 'namespace')('daemonizes: a namespace takes even that along', async () => {
    const environment = { [COOKIE]: newCookie() };
    const rig = await startProcess('daemonizes', { environment, services: { isolation } }).ready();
    const commands = () => processesWith(environment[COOKIE] ?? '').map(({ command }) => command);
    await expect.poll(commands).toContain('sleep 60');
    await rig.leave();
    await expectNobodyWith(environment[COOKIE] ?? '');
  });
});

describe('under isolation a process behaves as without', () => {
  const all = isolationsWith();
  const offered = [
    ...all.slice(all.findIndex(({ prefix }) => prefix.join() === isolation.prefix.join())),
    NO_ISOLATION,
  ];

  test.each(offered)('$level: serves, leaves when asked, and shows its exit code and signal', async (one) => {
    const services = { isolation: one };
    const rig = await startProcess('behaves', { services }).ready();
    expect(rig.events.seen('os.spawned')).toMatchObject({ isolation: one.level });
    expect(await rig.call()).toMatchObject({ outcome: 'result' });
    expect(await rig.leave()).toMatchObject({ fault: null });

    const crashed = await startProcess('crashes_when_called', { services }).ready();
    expect(await crashed.call()).toMatchObject({ outcome: 'lost', fault: { details: { exit_code: 1, signal: null } } });

    const stubborn = await startProcess('ignores_shutdown', { services, timings: POLITE }).ready();
    await stubborn.leave();
    expect(stubborn.events.seen('os.exited')).toMatchObject({ fault: { details: { signal: 'SIGTERM' } } });
  });

  test.each(offered)('$level: SIGTERM and SIGKILL reach the algorithm itself', async (one) => {
    const environment = { [COOKIE]: newCookie() };
    const rig = await startProcess('ignores_sigterm', {
      services: { isolation: one },
      timings: QUICK,
      environment,
    }).ready();
    await rig.leave();
    await expectNobodyWith(environment[COOKIE] ?? '');
  });
});
