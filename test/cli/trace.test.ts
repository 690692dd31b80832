import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { acquireStoreLock } from '../../src/store/index.js';
import { eventually } from '../support/eventually.js';
import { openRunner } from '../runner/support/runners.js';
import { call } from '../runner/support/station.js';
import { fatalShift, STATION } from '../trace/support/story.js';
import { KIND, recorderIn } from '../trace/support/traces.js';
import { Desk } from './support/command-line.js';
import type { Running } from './support/command-line.js';
import { runInside } from './support/run-inside.js';

const commandLine = new Desk();
afterAll(() => commandLine.remove());

let store = '';
let run = '';
const trace = (...words: string[]) => runInside(['trace', ...words], { PROCVISION_STORE: store });
const lines = (text: string): string[] => text.trimEnd().split('\n');

beforeAll(async () => {
  store = (await fatalShift()).store;
  run = (readdirSync(storeLayout(store).traces)[0] ?? '').split('.')[0] ?? '';
});

describe('trace ls', () => {
  it('lists the runs: when they began, how much they hold, and whether their Runner closed them', async () => {
    const { code, json } = await trace('ls', '--json');
    expect(code).toBe(0);
    const [only, ...more] = json<{ records: number; bytes: number; files: string[]; started_at: string }[]>();
    expect(more).toEqual([]);
    expect(only).toMatchObject({ run, closed: true, problem: null, first_seq: 1, runner: '0.1.0' });
    expect(only?.records).toBeGreaterThan(100);
    expect(Math.abs(Date.parse(only?.started_at ?? '') - Date.now())).toBeLessThan(120_000);
    expect((await trace('ls')).stdout).toMatch(new RegExp(`^${run} .*\\d+ +\\d+ +1 +closed$`, 'm'));
  });

  it('tells a run that was cut off from one that was closed, and names one that was damaged', async () => {
    const other = commandLine.path('other');
    const { traces } = storeLayout(other);
    mkdirSync(traces, { recursive: true });
    const [name = ''] = readdirSync(storeLayout(store).traces);
    const sound = join(storeLayout(store).traces, name);
    const [cut, damaged] = [join(traces, `a.0001.trace.jsonl`), join(traces, `b.0001.trace.jsonl`)];
    copyFileSync(sound, cut);
    truncateSync(cut, readFileSync(sound).length - 40);
    writeFileSync(damaged, readFileSync(sound, 'utf8').replace('"runner":"0.1.0"', '"runner":"0.9.0"'));
    const { json } = await runInside(['trace', 'ls', '--json', '--store', other]);
    const [first, second] = json<{ problem: string | null }[]>();
    expect(first).toMatchObject({ run: 'a', closed: false, problem: null });
    expect(second).toMatchObject({ run: 'b', closed: false, records: null });
    expect(second?.problem).toContain(`Line 2 of ${damaged}, block 1`);
  });
});

describe('trace show', () => {
  it('finds what belongs to one call', async () => {
    const { code, json } = await trace('show', '--call', '5', '--json');
    expect(code).toBe(0);
    expect(json<{ event: string; time: string }[]>().map(({ event }) => event)).toEqual([
      ...['call.requested', 'call.dispatched', 'os.exited', 'call.failed'],
    ]);
  });

  it('prints a line for each record, in columns', async () => {
    const { stdout } = await trace('show', run, '--actor', `package/${STATION}`, '--event', 'call.*');
    const found = lines(stdout);
    expect(found.length).toBeGreaterThan(5);
    for (const line of found) expect(line).toMatch(/^ *#\d+ +\+\d+\.\d{6} {2}package\/\S+ +\S+ → \S+ +call\.\S+ +\{/);
    expect(new Set(found.map((line) => line.indexOf('call.')))).toHaveProperty('size', 1);
  });

  it('prints as a timeline only what moved or failed, by the clock', async () => {
    const { stdout } = await trace('show', '--format', 'timeline', '--pid', 'A01', '--failed');
    expect(lines(stdout)[0]).toMatch(/^\d{4}-\d\d-\d\dT\S+Z {2}package\/\S+ +Executing → \S+ +os\.exited +3002 /);
    const moved = await trace('show', '--format', 'timeline');
    expect(moved.stdout).not.toContain('Serving → Serving  package.reported');
  });

  it('prints all data when it is asked to', async () => {
    const { stdout } = await trace('show', '--format', 'full', '--event', 'process.ended');
    expect(stdout).toMatch(/^ {8} {2}"slot": 0,$/m);
    expect(stdout).toContain('"name": "process_lost"');
  });

  it('cuts out a stretch of time', async () => {
    const all = (await trace('show', '--json')).json<{ at_us: number; time: string }[]>();
    const from = (all[20]?.at_us ?? 0) / 1e6;
    const since = (await trace('show', '--since', `+${from.toFixed(6)}`, '--json')).json<{ seq: number }[]>();
    expect(Math.abs((since[0]?.seq ?? 0) - 21)).toBeLessThanOrEqual(1);
    const until = await trace('show', '--until', all[30]?.time ?? '', '--json');
    expect(until.json<object[]>().length).toBeLessThan(all.length);
    expect((await trace('show', '--since', '1h', '--json')).json()).toEqual(all);
  });

  it.each(['yesterday', '12', '+', '10x'])('refuses the time %s', async (time) => {
    const { code, stderr } = await trace('show', '--since', time);
    expect(code).toBe(64);
    expect(stderr).toContain('10m');
  });

  it('says where it looked when there is no trace', async () => {
    const { code, json } = await runInside(['trace', 'show', '--json', '--store', commandLine.path('empty')]);
    expect(code).toBe(1);
    expect(json()).toMatchObject({
      code: '3011',
      details: { looked_in: storeLayout(commandLine.path('empty')).traces },
    });
    const none = await trace('show', 'no-such-run');
    expect(none.stderr).toContain('trace ls');
  });
});

describe('trace stats', () => {
  it('tells the time in each state, transitions a minute, losses and restarts of every actor', async () => {
    const { json } = await trace('stats', '--json');
    const { actors } = json<{ actors: { actor: string; states: { state: string; duration_ms: number }[] }[] }>();
    const release = actors.find(({ actor }) => actor === `package/${STATION}`);
    expect(release).toMatchObject({ losses: 3, restarts: 2 });
    expect(release?.states.find(({ state }) => state === 'Running.Restarting')?.duration_ms).toBeGreaterThan(0);
    expect((await trace('stats', '--actor', 'runner')).stdout).toMatch(/^runner +Closed .*Serving/m);
  });
});

describe('trace why and trace next', () => {
  it('print the chain from the first cause, and each fault once', async () => {
    const { code, stdout } = await trace('why', STATION);
    expect(code).toBe(0);
    expect(lines(stdout)[0]).toMatch(new RegExp(`^package/${STATION} was last Stopped.Idle since `));
    expect(stdout).toMatch(/during #\d+ +it ended: The process was ended by SIGKILL during execute of step 1/);
    expect(stdout.split('(call 5).')).toHaveLength(3);
    const { links } = (await trace('why', STATION, '--json')).json<{
      links: { because: object; sentence: string }[];
    }>();
    expect(links[1]).toMatchObject({ because: { kind: 'sent' }, sentence: 'it was given call 5' });
  });

  it('look into the run before when the newest Runner only found it like that', async () => {
    const newest = await openRunner({ store, resume: false });
    await eventually(() => expect(readFileSync(newest.traceFile ?? '', 'utf8')).toContain(STATION));
    const { stdout } = await trace('why', STATION);
    expect(stdout).toMatch(/^package\/station@1\.0\.0 is \S+ since /);
    expect(stdout).toContain(`It was found like this; how it came to be is in the run ${run}:`);
    expect(stdout).toMatch(/^package\/station@1\.0\.0 was last \S+ since \S+; its Runner closed at 20/m);
    expect(stdout).toContain('somebody asked for call 5');
    expect((await trace('why', STATION, newest.traceFile ?? '')).stdout).toContain('as the store has it');
    expect((await trace('why', STATION, 'latest')).stdout).toContain('somebody asked for call 5');
    await newest.close();
    expect(readdirSync(storeLayout(store).traces).every((name) => name.startsWith(run))).toBe(true);
  });

  it('say what could come next, and what not', async () => {
    const { stdout } = await trace('next', STATION, run);
    expect(stdout).toMatch(/^yes +package\.start +Stopped\.Requested +an operator$/m);
    const { json } = await trace('next', 'runner', run, '--json');
    expect(json()).toMatchObject({ actor: 'runner', state: 'Closed', ended: true, events: [] });
  });

  it('name the actors there are when they are asked for another', async () => {
    for (const command of ['why', 'next']) {
      const { code, stderr } = await trace(command, 'nobody@1');
      expect(code).toBe(64);
      expect(stderr).toContain(`package/${STATION}`);
    }
  });
});

/** Resolves once standard output holds the text. */
function said({ child }: Running, text: string): Promise<void> {
  return new Promise((resolve) => {
    let out = '';
    child.stdout?.on('data', (part: string) => {
      out += part;
      if (out.includes(text)) resolve();
    });
  });
}

describe('trace follow', () => {
  it('prints records while another process writes them, one JSON value a line, and ends when its Runner closes', async () => {
    const runner = await openRunner({ store: commandLine.path('live') });
    const following = commandLine.begin(['trace', 'follow', '--json', '--store', 'live']);
    await said(following, '{');
    await runner.close();
    const { code, stdout } = await following.ended;
    expect(code).toBe(0);
    const seqs = lines(stdout).map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(seqs).toEqual(seqs.map((_seq, i) => (seqs[0] ?? 0) + i));
    expect(seqs.at(-1)).toBe(runner.trace.lastSeq);
  });

  it('goes on over files that rotate, and ends cleanly by a signal', async () => {
    const { traces } = storeLayout(commandLine.path('rotating'));
    mkdirSync(traces, { recursive: true });
    const lock = await acquireStoreLock(commandLine.path('rotating'));
    const recorder = recorderIn(traces, { fileBytesMax: 100 });
    const kind = recorder.kind(KIND);
    recorder.record(kind, ',0');
    recorder.flush();
    const following = commandLine.begin(['trace', 'follow', '--json', '--tail', '1', '--store', 'rotating']);
    const all = said(following, '"callId":30}');
    const first = said(following, '{').then(() => clearInterval(until));
    const until = setInterval(() => {
      recorder.record(kind, ',0');
      recorder.flush();
    }, 20);
    await first;
    for (let i = 1; i <= 30; i++) {
      recorder.record(kind, `,${i}`);
      recorder.flush();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await all;
    following.child.kill('SIGINT');
    const { code, stdout } = await following.ended;
    recorder.close();
    await lock.release();
    expect(code).toBe(130);
    const seen = lines(stdout)
      .map((line) => (JSON.parse(line) as { data: { callId: number } }).data.callId)
      .filter((id) => id > 0);
    expect(seen.slice(-10)).toEqual(Array.from({ length: 10 }, (_, i) => 21 + i));
    expect(seen).toEqual(seen.map((_id, i) => 31 - seen.length + i));
    expect(readdirSync(traces).length).toBeGreaterThan(20);
  });
});

describe('trace follow, once its Runner is gone', () => {
  it('ends when a newer run begins that it does not belong to, and names it', async () => {
    const { traces } = storeLayout(commandLine.path('killed'));
    const killed = recorderIn(traces);
    killed.record(killed.kind(KIND), ',1');
    killed.flush();
    const following = commandLine.begin(['trace', 'follow', '--store', 'killed']);
    await following.said(`following ${killed.run}`);
    const next = recorderIn(traces, { clock: { nowMs: () => 0, wallMs: () => Date.now() + 1000 } });
    const { code, stdout, stderr } = await following.ended;
    expect(code).toBe(1);
    expect(stdout).toContain('{"callId":1}');
    expect(stderr).toMatch(new RegExp(`its Runner was killed at 20\\S+Z, or soon after; a newer run is ${next.run}`));
    killed.close();
    next.close();
  });
});

describe('what never enters a trace', () => {
  it('values of parameters and bytes of images do not', async () => {
    const runner = await openRunner({ store: commandLine.path('secret') });
    const { stationZip } = await import('../runner/support/packages.js');
    await runner.install(stationZip());
    await runner.activate(STATION, ['A01']);
    const secret = 'OK; code top-secret-4711';
    await call(runner, 'A01', secret, {
      image: { width: 8, height: 8, channels: 3, data: new Uint8Array(192).fill(0xab) },
    });
    await runner.detect({
      pid: 'A01',
      image: { width: 8, height: 8, channels: 3, data: new Uint8Array(192).fill(0xab) },
    });
    const file = runner.traceFile ?? '';
    await runner.close();
    const bytes = readFileSync(file);
    expect(bytes.includes('top-secret')).toBe(false);
    expect(bytes.includes(Buffer.alloc(16, 0xab))).toBe(false);
    expect(bytes.includes(Buffer.alloc(16, 0xab).toString('base64').slice(0, 16))).toBe(false);
    expect(bytes.includes('call.requested')).toBe(true);
  });
});
