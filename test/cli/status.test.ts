import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StatusReport } from '../../src/causes/index.js';
import { scratchFolder } from '../runner/support/folders.js';
import { rogueZip } from '../runner/support/packages.js';
import { openRunner } from '../runner/support/runners.js';
import { eventually } from '../support/eventually.js';
import { livingLine } from './support/living-line.js';
import type { LivingLine } from './support/living-line.js';
import { runInside } from './support/run-inside.js';

/** What `procvision status` says beside Runners that work, hang, were killed, closed. */
const store = join(scratchFolder(), 'store');
const timings = { pingIntervalMs: 300, pongGraceMs: 300 };
const status = async () => {
  const { code, json } = await runInside(['status', '--json', '--store', store]);
  return { code, ...json<StatusReport>() };
};
const words = async (...given: string[]) => (await runInside([...given, '--store', store])).stdout;

beforeAll(async () => {
  const runner = await openRunner({ store });
  await runner.install(rogueZip({ name: 'good' }));
  await runner.activate('good@1.0.0', ['A01']);
  await runner.close();
});

describe('without a Runner', () => {
  it('says that none works, and that nothing serves the PIDs', async () => {
    const { code, ok, runner, pids } = await status();
    expect({ code, ok, life: runner.life }).toEqual({ code: 1, ok: false, life: 'none' });
    expect(runner.message).toContain('the last one closed at 20');
    expect(pids).toMatchObject([
      { pid: 'A01', bound: 'good@1.0.0', serving: null, state: 'not served', amiss: 'no Runner serves it' },
    ]);
  });

  it('refuses a store that is not there', async () => {
    const { code, json } = await runInside(['status', '--json', '--store', join(store, 'none')]);
    expect(code).toBe(1);
    expect(json()).toMatchObject({ name: 'release_not_found' });
  });
});

describe('beside a Runner', () => {
  it('tells what serves each PID now, one that works from one that is stopped, hangs, or was killed', async () => {
    let line: LivingLine = await livingLine({ store, timings });
    // A Runner writes what it has after a moment.
    await eventually(async () => expect((await status()).ok).toBe(true));
    const well = await status();
    expect(well).toMatchObject({ code: 0, ok: true, amiss: [], runner: { life: 'working' } });
    expect(well.runner).toMatchObject({ os_pid: line.osPid });
    expect(well.pids).toMatchObject([{ pid: 'A01', serving: 'good@1.0.0', state: 'serving', amiss: null }]);
    expect(await words('status')).toMatch(/^all is well: process \d+ on \S+ works on the store, since 20/);

    // The registry says where it rests; what lives is said by the Runner.
    expect(await words('ls')).toMatch(/^good@1\.0\.0 +Running +running/m);

    line.child.kill('SIGSTOP');
    await eventually(async () => expect((await status()).runner.life).toBe('stopped'));
    expect(await status()).toMatchObject({ code: 1, pids: [{ pid: 'A01', serving: null }] });
    line.child.kill('SIGCONT');
    await eventually(async () => expect((await status()).ok).toBe(true));

    line.child.send(15_000);
    await eventually(async () => expect((await status()).runner.life).toBe('silent'));
    expect(await words('status')).toContain('it hangs');

    await line.end('SIGKILL');
    const killed = await status();
    expect(killed).toMatchObject({
      code: 1,
      runner: { life: 'killed' },
      pids: [{ serving: null, state: 'not served' }],
    });
    expect(killed.runner.message).toContain('was killed at 20');
    expect(await words('ls')).not.toMatch(/^good@1\.0\.0 +Running/m);

    line = await livingLine({ store, timings });
    await eventually(async () => expect(await status()).toMatchObject({ code: 0, runner: { life: 'working' } }));
    await line.end('SIGTERM');
    expect(await status()).toMatchObject({ code: 1, runner: { life: 'none' } });
  }, 60_000);

  it('says why a PID is not served where its release gave up', async () => {
    const line = await livingLine({
      store,
      timings: { ...timings, helloMs: 1 },
      restart: { immediateRestarts: 0 },
    });
    await eventually(async () => expect((await status()).pids[0]?.state).toBe('Stopped.Idle'));
    const { code, pids, amiss } = await status();
    expect(code).toBe(1);
    expect(pids).toMatchObject([{ pid: 'A01', serving: null, amiss: expect.stringMatching(/^300\d /) as string }]);
    expect(amiss).toMatchObject([{ subject: 'A01', next: ['trace', 'why', 'A01'] }]);
    await line.end('SIGTERM');
  }, 60_000);
});
