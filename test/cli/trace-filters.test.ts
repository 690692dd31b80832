import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../runner/support/folders.js';
import { stationZip } from '../runner/support/packages.js';
import { openRunner } from '../runner/support/runners.js';
import { call } from '../runner/support/station.js';
import { eventually } from '../support/eventually.js';
import { fatalShift, STATION } from '../trace/support/story.js';
import { runInside } from './support/run-inside.js';

/** What filters and formats leave out of a trace, and what they never may. */
let store = '';
const trace = (...words: string[]) => runInside(['trace', ...words, '--store', store]);
interface Stats {
  readonly records: number;
  readonly transitions: number;
  readonly actors: readonly { readonly actor: string; readonly losses: number; readonly restarts: number }[];
}
const stats = async (...words: string[]) => (await trace('stats', '--json', ...words)).json<Stats>();

beforeAll(async () => ({ store } = await fatalShift()));

describe('trace stats under filters', () => {
  const counts = ({ actors }: Stats, path: string) => actors.find(({ actor }) => actor === path);

  it.each([
    ['--release', [`--release`, STATION]],
    ['--actor', ['--actor', `package/${STATION}`]],
    ['--since', ['--since', '+0']],
    ['all of them', ['--actor', `package/${STATION}`, '--release', STATION, '--since', '+0', '--until', '+100000']],
  ])('%s keeps losses, restarts and transitions of what it shows', async (_, words) => {
    const path = `package/${STATION}`;
    const all = await stats();
    const some = await stats(...words);
    expect(counts(some, path)).toMatchObject({ losses: 3, restarts: 2 });
    expect(counts(some, path)).toEqual(counts(all, path));
    expect(counts(some, `${path}/process/1`)).toEqual(counts(all, `${path}/process/1`));
    expect(counts(some, `${path}/process/1`)).toMatchObject({ losses: 3 });
  });

  it('counts the records it went through and the transitions of what it shows', async () => {
    const all = await stats();
    const own = await stats('--actor', `package/${STATION}`);
    const shown = (await trace('show', '--json', '--actor', `package/${STATION}`)).json<object[]>();
    expect(own.records).toBe(shown.length);
    expect(own.records).toBeLessThan(all.records);
    expect(own.actors.every(({ actor }) => actor.startsWith(`package/${STATION}`))).toBe(true);
    expect(own.actors.length).toBeLessThan(all.actors.length);
  });
});

describe('trace follow --json', () => {
  it.each(['compact', 'timeline', 'full'])('gives each record whole, whatever is said of %s', async (format) => {
    const words = ['--pid', 'A01', '--format', format];
    const { stdout } = await trace('follow', '--json', '--tail', '100000', ...words);
    const followed = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    const shown = (await trace('show', '--json', '--pid', 'A01')).json<object[]>();
    expect(followed).toEqual(shown);
    expect((await trace('show', '--json', ...words)).json()).toEqual(shown);
    expect(shown.length).toBeGreaterThan(20);
  });
});

describe('a timeline', () => {
  it('tells what moved or failed, and of heartbeats what was missed', async () => {
    const other = join(scratchFolder(), 'store');
    const runner = await openRunner({ store: other, timings: { pingIntervalMs: 40, pongGraceMs: 2_000 } });
    await runner.install(stationZip());
    await runner.activate(STATION, ['A01']);
    await call(runner, 'A01');
    const answered = /"pong\.received"/g;
    await eventually(() => {
      runner.trace.subscribe(() => undefined).unsubscribe();
      expect(readFileSync(runner.traceFile ?? '', 'utf8')).toMatch(answered);
    });
    await runner.close();
    const show = async (...words: string[]) =>
      (await runInside(['trace', 'show', '--all', ...words, '--store', other])).stdout.trimEnd().split('\n');
    const every = await show();
    const told = await show('--format', 'timeline');
    expect(every.filter((line) => line.includes('/heartbeat')).length).toBeGreaterThan(4);
    expect(told.filter((line) => line.includes('/heartbeat'))).toEqual([]);
    // All that moved is there: start, call, stop.
    for (const moved of [
      /process\/1 +\(new\) → Starting/,
      /process\/1 +Running → Executing +call\.dispatched/,
      /process\/1 +Executing → Running +call\.answered/,
      /process\/1 +Stopping → Stopped +os\.exited/,
      /^\S+ +runner +\S+ → Closed/,
    ])
      expect(told.filter((line) => moved.test(line)).length, String(moved)).toBeGreaterThan(0);
    // Nothing else is: where the state stayed as it was, something failed.
    for (const line of told) {
      const [, before, after] = / (\S+) → (\S+) /.exec(line) ?? [];
      expect(before === after ? line : '').toMatch(/^$| \d{4} /);
    }
  });
});
