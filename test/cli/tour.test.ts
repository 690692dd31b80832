import { copyFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Desk, EXAMPLES } from './support/command-line.js';
import { runInside } from './support/run-inside.js';

/**
 * A package's whole way, by hand: each test is the next step on the same store. screw-check looks at photographs whose
 * verdicts are known (examples/images/screw-check/truth.json).
 */
const commandLine = new Desk();
const store = commandLine.path('store');
const ZIP = 'packages/screw-check-v1.0.0-offline.zip';
const RELEASE = 'screw-check@1.0.0';
const IMAGES = join(EXAMPLES, 'images', 'screw-check');
const truth = JSON.parse(readFileSync(join(IMAGES, 'truth.json'), 'utf8')) as {
  image: string;
  pid: string;
  expected: 'OK' | 'NG';
}[];
const photo = (expected: 'OK' | 'NG') => truth.find((each) => each.expected === expected) ?? { image: '', pid: '' };
const good = photo('OK');
const bad = photo('NG');

const run = (...words: string[]) => commandLine.run(words, { PROCVISION_STORE: 'store' });
/** Where a process of its own adds nothing: test/docs/commands.test.ts runs the same commands as a person does. */
const look = (...words: string[]) => runInside(words, { PROCVISION_STORE: store });

afterAll(() => commandLine.remove());

describe('the way of a package', () => {
  it('is packaged with the SDK, and the zip is all that standard output says', async () => {
    const { code, stdout, stderr } = await run('package', join(EXAMPLES, 'screw-check'), '--output', 'packages');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${ZIP}\n` });
    expect(stderr).toContain(`next: procvision install ${ZIP}`);
  });

  it('is valid, check by check', async () => {
    const { code, json } = await look('validate', commandLine.path(ZIP), '--json');
    const report = json<{ ok: boolean; checks: { name: string; result: string }[] }>();
    expect({ code, ok: report.ok }).toEqual({ code: 0, ok: true });
    expect(report.checks.map(({ result }) => result)).toEqual(report.checks.map(() => 'passed'));
  });

  it('shows in a throw-away store that its algorithm answers', async () => {
    const { code, stdout } = await look('validate', commandLine.path(ZIP), '--full');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^passed +probe +deployed, shook hands, agrees with its manifest$/m);
  });

  it('is found by a scan, as soon as it is copied, and deployed', async () => {
    mkdirSync(join(store, 'algorithms', 'zips'), { recursive: true });
    copyFileSync(commandLine.path(ZIP), join(store, 'algorithms', 'zips', 'by-hand.zip'));
    const { code, json } = await look('scan', '--json');
    expect(code).toBe(0);
    expect(json()).toEqual([{ zip: 'by-hand.zip', release: RELEASE, found: 'new', state: 'Deployed', fault: null }]);
  });

  it('gets ready when it is installed, and says how long that lasts', async () => {
    const { code, stdout, stderr } = await look('install', commandLine.path(ZIP));
    expect(code).toBe(0);
    expect(stdout).toBe(`${RELEASE} got ready: wanted running; runs while a Runner is open on this store\n`);
    expect(stderr).toContain(`next: procvision activate ${RELEASE} --pid A01 A02`);
  });

  it('stays as it is when it is installed once more', async () => {
    const { code, stdout } = await look('install', commandLine.path(ZIP), '--no-start');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^screw-check@1\.0\.0 is Stopped, wanted running; /);
  });

  it('is listed where it rests, with what is wanted of it', async () => {
    const { code, json } = await look('ls', '--json');
    const { releases, routes } = json<{ releases: object[]; routes: object[] }>();
    expect(code).toBe(0);
    expect(releases).toMatchObject([{ release: RELEASE, state: 'Stopped', wanted: 'running', routed_pids: [] }]);
    expect(routes).toEqual([]);
  });

  it('is bound to product ids', async () => {
    const { code, stdout } = await look('activate', RELEASE, '--pid', 'A01', 'A02');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `A01 → ${RELEASE}\nA02 → ${RELEASE}\n` });
    const listing = (await look('ls', '--json')).json<{ routes: object[] }>();
    expect(listing.routes).toMatchObject([
      { pid: 'A01', release: RELEASE, fault: null },
      { pid: 'A02', release: RELEASE, fault: null },
    ]);
  });

  it('tells a good board from one that lacks screws; an NG is no error', async () => {
    const passes = await run('detect', '--pid', good.pid, '--image', join(IMAGES, good.image), '--json');
    expect(passes.code).toBe(0);
    expect(passes.json()).toMatchObject([{ status: 'OK', verdict: 'OK', ng_reason: null, defect_rects: [] }]);

    const rejects = await look('detect', '--pid', bad.pid, '--image', join(IMAGES, bad.image), '--json');
    const [found] = rejects.json<{ verdict: string; ng_reason: string; defect_rects: object[]; steps: object[] }[]>();
    expect(rejects.code).toBe(0);
    expect(found).toMatchObject({ status: 'OK', verdict: 'NG', pid: bad.pid, release: RELEASE, fault: null });
    expect(found?.ng_reason).toContain('missing');
    expect(found?.defect_rects.length).toBeGreaterThan(0);
    expect(found?.steps).toMatchObject([
      { step_index: 1, name: 'locate_board' },
      { step_index: 2, name: 'find_screws' },
    ]);
  });

  it('prints a table, and writes what it found into a PNG', async () => {
    const image = join(IMAGES, bad.image);
    const { code, stdout } = await look(
      'detect',
      '--pid',
      bad.pid,
      '--image',
      image,
      '--annotate',
      commandLine.path('seen'),
    );
    expect(code).toBe(0);
    const [headings, row, ...more] = stdout.trimEnd().split('\n');
    expect(headings).toMatch(/^image +PID +verdict +reason +ms$/);
    expect(row).toMatch(new RegExp(`${bad.image} +${bad.pid} +NG +.*missing.* +\\d+$`));
    expect(more).toEqual([]);
    const [file = ''] = readdirSync(commandLine.path('seen'));
    const png = readFileSync(commandLine.path('seen', file));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1920, 1200]);
  });

  it('takes parameters by step, inline or from a file, and refuses those the manifest does not allow', async () => {
    const image = join(IMAGES, good.image);
    const params = JSON.stringify({ 2: { defect_label: 'hole' } });
    const ng = await look('detect', '--pid', bad.pid, '--image', join(IMAGES, bad.image), '--params', params, '--json');
    expect(ng.json()).toMatchObject([{ defect_rects: [{ label: 'hole' }] }]);

    const refused = await look('detect', '--pid', good.pid, '--image', image, '--params', '{"2": {"strictness": 7}}');
    expect(refused.code).toBe(64);
    expect(refused.stderr).toContain('1006 invalid_params');
  });

  it('runs a single step on request, which gives no verdict where the step has none', async () => {
    const words = ['detect', '--pid', good.pid, '--image', join(IMAGES, good.image), '--json', '--step'];
    const one = await look(...words, '1', '--params', '{"scan_lines": 32}');
    expect(one.code).toBe(0);
    expect(one.json()).toMatchObject([{ status: 'OK', verdict: null, steps: [{ step_index: 1 }] }]);
  });

  it('exits 1 when a call fails, naming why in the row of its image; the other images are inspected', async () => {
    // Step 2 looks for the board that step 1 has to have found in the same flow.
    const { code, json } = await look(
      ...['detect', '--pid', good.pid, '--step', '2', '--json', '--image'],
      ...[join(IMAGES, good.image), join(IMAGES, bad.image)],
    );
    expect(code).toBe(1);
    expect(json()).toMatchObject([
      { status: 'ERROR', verdict: null, fault: { code: '3010', name: 'algorithm_error' } },
      { status: 'ERROR', verdict: null, fault: { code: '3010', name: 'algorithm_error' } },
    ]);
  });

  it('leaves logs that can be read by release, PID and flow', async () => {
    const all = (await look('logs', RELEASE, '--json')).json<{ time: number; session_id?: string; pid?: string }[]>();
    expect(all.length).toBeGreaterThan(2);
    expect(all.map(({ time }) => time)).toEqual(all.map(({ time }) => time).sort((a, b) => a - b));

    const flow = all.find(({ session_id }) => session_id !== undefined)?.session_id ?? '';
    const ofFlow = (await look('logs', '--flow', flow, '--json')).json<{ session_id: string }[]>();
    expect(new Set(ofFlow.map(({ session_id }) => session_id))).toEqual(new Set([flow]));

    const ofPid = (await look('logs', '--pid', bad.pid, '--json')).json<{ pid: string }[]>();
    expect(new Set(ofPid.map(({ pid }) => pid))).toEqual(new Set([bad.pid]));

    const last = (await look('logs', '--tail', '1')).stdout.trimEnd().split('\n');
    expect(last).toHaveLength(1);
    expect(last[0]).toMatch(
      /^\d{4}-\d\d-\d\dT\S+Z info +(algorithm|runner) +screw-check@1\.0\.0 .* exited with code 0/,
    );
  });

  it('leaves a trace that shows every transition in order', async () => {
    const { code, stdout } = await look('trace', 'show', 'latest');
    const lines = stdout.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(lines.map((line) => Number(/^ *#(\d+) /.exec(line)?.[1]))).toEqual(lines.map((_line, i) => i + 1));
    expect(lines[0]).toMatch(/^ +#1 +\+\d+\.\d{6} {2}runner +\(new\) → Opening +xstate\.init +\{/);
    expect(stdout.replace(/ +/g, ' ')).toContain(
      `package/${RELEASE} Running → Executing call.requested {"callId":1,"pid":"${good.pid}"}`,
    );
    expect(stdout).toContain(`package/${RELEASE}/process/`);

    const records = (await look('trace', 'show', 'latest', '--json')).json<{ seq: number; machine: string }[]>();
    expect(records).toHaveLength(lines.length);
    expect(new Set(records.map(({ machine }) => machine))).toContain('process');
  });

  it('is not stopped while product ids are bound to it, unless forced', async () => {
    const refused = await look('stop', RELEASE);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('2007 unsafe_uninstall');

    const forced = await look('stop', RELEASE, '--force', '--json');
    expect(forced.json()).toEqual({ release: RELEASE, state: 'Stopped', wanted: 'stopped' });
  });

  it('still inspects for a bound product id, without becoming wanted running by it', async () => {
    const { json } = await look('detect', '--pid', good.pid, '--image', join(IMAGES, good.image), '--json');
    expect(json()).toMatchObject([{ verdict: 'OK' }]);
    const { releases } = (await look('ls', '--json')).json<{ releases: object[] }>();
    expect(releases).toMatchObject([{ wanted: 'stopped' }]);
  });

  it('is unbound', async () => {
    const { code, stdout, stderr } = await look('deactivate', 'A01', 'A02');
    expect(code).toBe(0);
    expect(stdout).toBe(`A01 is not bound any more (was ${RELEASE})\nA02 is not bound any more (was ${RELEASE})\n`);
    expect(stderr).toContain(`next: procvision stop ${RELEASE}`);
  });

  it('starts, which is recorded, and stops again, which is recorded too', async () => {
    const started = await look('start', RELEASE, '--json');
    expect(started.json()).toMatchObject({ release: RELEASE, state: 'Running', rests: 'Stopped', wanted: 'running' });
    const stopped = await look('stop', RELEASE, '--json');
    expect(stopped.json()).toEqual({ release: RELEASE, state: 'Stopped', wanted: 'stopped' });
  });

  it('is uninstalled; its zip stays and is not deployed again by a scan', async () => {
    const gone = await look('uninstall', RELEASE, '--json');
    const zip = join(store, 'algorithms', 'zips', 'by-hand.zip');
    expect(gone.json()).toEqual({ release: RELEASE, zip, unbound: [] });
    expect((await look('ls', '--json')).json()).toEqual({
      releases: [],
      routes: [],
      living_os_pid: null,
      problems: [],
    });
    expect((await look('scan', '--json')).json()).toMatchObject([{ zip: 'by-hand.zip', found: 'forgotten' }]);
  });

  it('leaves an audit trail of all of it that nobody changed', async () => {
    const { code, stdout } = await look('audit', 'verify');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^.+audit\.jsonl: \d+ records, none changed$/m);
  });
});
