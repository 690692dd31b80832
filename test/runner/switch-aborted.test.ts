import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { TraceRecord } from '../../src/api/trace.js';
import type { ChangeStep, Runner, RunnerError } from '../../src/index.js';
import { nodeFileSystem } from '../../src/store/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { eventually } from '../support/eventually.js';
import { processesOf } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { stationZip } from './support/packages.js';
import { openRunner } from './support/runners.js';
import * as bad from './support/station.js';
import { call, spoil, station, told } from './support/station.js';
import { of, traceOnce, walk } from './support/trace.js';

const layout = storeLayout(join(scratchFolder(), 'store'));
const [ONE, TWO] = [station(1), station(2)];
const PIDS = ['A01', 'A02'];
let runner: Runner;

beforeAll(async () => {
  const manifest = { supported_pids: PIDS };
  runner = await openRunner({
    store: layout.root,
    releases: {
      [TWO]: {
        timings: { helloMs: 3000, shutdownMs: 100, terminateMs: 100 },
        restart: { immediateRestarts: 0 },
      },
    },
  });
  await runner.install(stationZip({ version: '1.0.0', manifest }));
  await runner.install(stationZip({ version: '2.0.0', manifest }), { target: 'Deployed' });
  await runner.activate(ONE, PIDS);
});

/** Everything a switch that does not come about must leave as it was. */
const facts = () => ({
  files: PIDS.map((pid) => readFileSync(layout.route(pid), 'utf8')),
  active: readdirSync(layout.active).sort(),
  operations: readdirSync(layout.operations),
  routes: runner.list().routes,
  old: runner.list().releases.find(({ release }) => release === ONE),
  processes: processesOf(layout).map(({ osPid }) => osPid),
});
const stateOf = (release: string) => runner.list().releases.find((one) => one.release === release)?.state;

/** Both PIDs are called all the time; none of it may notice. */
function inspect(): { readonly served: readonly string[]; stop(): Promise<void> } {
  const served: string[] = [];
  let stopped = false;
  const callers = PIDS.map(async (pid) => {
    while (!stopped) {
      const result = await call(runner, pid, 'sleep 5');
      served.push(result.status === 'OK' ? told(result).version : result.fault.message);
    }
  });
  return {
    served,
    async stop() {
      const seen = served.length;
      await eventually(() => expect(served.length).toBeGreaterThan(seen + 2));
      stopped = true;
      await Promise.all(callers);
    },
  };
}

let before: ReturnType<typeof facts>;
let mend = (): void => undefined;
let callers: ReturnType<typeof inspect>;

beforeEach(() => {
  before = facts();
  callers = inspect();
});

afterEach(async () => {
  await callers.stop();
  expect([...new Set(callers.served)]).toEqual(['1.0.0']);
  await eventually(() => expect(facts()).toEqual({ ...before, old: { ...before.old, state: 'Running' } }));
  expect(stateOf(TWO)).toMatch(/^(Deployed|Stopped)$/);
  mend();
  mend = () => undefined;
});

let aborts = 0;
/** The states of the change that was aborted last. */
async function aborted(): Promise<string[]> {
  const count = (all: readonly TraceRecord[]): number =>
    of(all, 'changeover/A01').filter(({ after }) => after === 'Aborting').length;
  const records = await traceOnce(runner, (all) => count(all) > aborts);
  aborts = count(records);
  const states = walk(records, 'changeover/A01');
  return states.slice(states.lastIndexOf('Preparing'));
}

describe('a release that is not able to serve is not switched to, and the old one never stops serving', () => {
  test.each<[string, (source: string) => string, string, RegExp]>([
    ['it never says hello', bad.NEVER_HELLO, '3003', /hello within 3000 ms/],
    ['it crashes at once', bad.CRASH_AT_ONCE, '3003', /code 1/],
    ['its get_info disagrees with its manifest', bad.WRONG_INFO, '3005', /"9"/],
  ])('because %s', async (_what, change, code, names) => {
    mend = spoil(layout, TWO, change);
    const refusal = await refusalOf(runner.switch(PIDS, TWO));
    expect(refusal).toMatchObject({ code });
    expect(refusal.message).toMatch(names);
    expect(await aborted()).toEqual(['Preparing', 'Preheating', 'Aborting']);
    expect(runner.list().releases.find(({ release }) => release === TWO)).toMatchObject({ reason: { code } });
  });

  test('because it is not there', async () => {
    expect(await refusalOf(runner.switch(PIDS, station(9)))).toMatchObject({ code: '3011' });
  });
});

describe('a commit that fails changes nothing', () => {
  const noSpace = (path: string): Error =>
    Object.assign(new Error(`ENOSPC: no space left on device, rename '${path}'`), { code: 'ENOSPC', errno: -28 });

  /** The disk refuses the first file whose name ends like this. */
  function refuse(name: RegExp) {
    const { rename } = nodeFileSystem;
    return vi.spyOn(nodeFileSystem, 'rename').mockImplementation((from, to) => {
      return name.test(to) ? Promise.reject(noSpace(to)) : rename.call(nodeFileSystem, from, to);
    });
  }

  test.each([
    ['the intent cannot be recorded', /operations\/\d+\.committed\.json$/],
    ['the first route cannot be written', /active\/A01\.json$/],
    ['the second route cannot be written, the first one being in place already', /active\/A02\.json$/],
  ])('because %s', async (_what, name) => {
    const rename = refuse(name);
    const refusal: RunnerError = await refusalOf(runner.switch(PIDS, TWO)).finally(() => rename.mockRestore());
    expect(refusal).toMatchObject({ code: '3019', faultName: 'store_io_failed' });
    expect(refusal.message).toContain('ENOSPC');
    expect(await aborted()).toEqual(['Preparing', 'Preheating', 'Committing', 'Aborting']);
    const [last] = (await runner.history('A02')).slice(-1);
    expect(last).toMatchObject({ what: 'switch', outcome: 'failed' });
  });
});

describe('a switch that is called off before its commit leaves everything as it was', () => {
  test('while the release is being started: that is stopped again', async () => {
    mend = spoil(layout, TWO, bad.WAITS_TO_START);
    const giveUp = new AbortController();
    const onProgress = ({ stage }: ChangeStep): void =>
      void (stage === 'Preheating' && setTimeout(() => giveUp.abort(), 30));
    const refusal = await refusalOf(runner.switch(PIDS, TWO, { signal: giveUp.signal, onProgress }));
    expect(refusal).toMatchObject({ code: '3024', faultName: 'operation_cancelled' });
    expect(await aborted()).toEqual(['Preparing', 'Preheating', 'Aborting']);
  });

  test('before it began, and any number of times', async () => {
    for (let i = 0; i < 3; i++) {
      const refusal = await refusalOf(runner.switch(PIDS, TWO, { signal: AbortSignal.abort() }));
      expect(refusal).toMatchObject({ code: '3024' });
      expect(await aborted()).toEqual(['Preparing', 'Preheating', 'Aborting']);
    }
  });
});
