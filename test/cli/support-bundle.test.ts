import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeLayout } from '../../src/index.js';
import { rogueZip } from '../runner/support/packages.js';
import { IMAGE, openRunner } from '../runner/support/runners.js';
import { Desk, MAIN } from './support/command-line.js';
import { livingLine } from './support/living-line.js';
import { runInside } from './support/run-inside.js';

/** `procvision support bundle` of a store with a release, a failed call, settings with secrets; unpacked by the system's tar. */
const commandLine = new Desk();
afterAll(() => commandLine.remove());
const store = commandLine.path('runtime_store');
const layout = storeLayout(store);

interface Bundle {
  readonly file: string;
  readonly bytes: number;
  readonly entries: readonly { readonly path: string; readonly bytes: number; readonly cut_bytes: number }[];
  readonly left_out: readonly { readonly path: string; readonly bytes: number | null; readonly why: string }[];
  readonly redacted: readonly string[];
}

const bundled = async (out: string, ...more: string[]) => {
  const { code, json } = await runInside(['support', 'bundle', '--out', out, '--json', '--store', store, ...more]);
  return { code, ...json<Bundle>() };
};
const listed = (file: string): string[] =>
  execFileSync('tar', ['-tf', file], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((path) => path.slice(path.indexOf('/') + 1));

/** @returns the folder its files lie in */
function unpacked(file: string): string {
  const folder = commandLine.path(`unpacked-${readdirSync(commandLine.folder).length}`);
  mkdirSync(folder);
  execFileSync('tar', ['-xf', file, '-C', folder]);
  return join(folder, readdirSync(folder)[0] ?? '');
}

const SECRET = 'hunter2-never-to-be-seen';

beforeAll(async () => {
  mkdirSync(store);
  const settings = {
    environment: { DB_PASSWORD: SECRET, TZ: 'UTC', HTTP_PROXY: `http://me:${SECRET}@proxy:80` },
    releases: { 'good@1.0.0': { environment: { HF_TOKEN: SECRET } } },
  };
  writeFileSync(layout.settings, JSON.stringify(settings));
  const runner = await openRunner({ store });
  await runner.install(rogueZip({ name: 'good' }));
  await runner.activate('good@1.0.0', ['A01']);
  await runner.detect({ pid: 'A01', image: IMAGE });
  await runner.detect({ pid: 'A01', image: IMAGE, params: { 1: { do: 'crash' } } }).catch(() => undefined);
  await runner.close();
});

describe('a bundle', () => {
  it('holds traces, logs, registry, routes, audit, settings, doctor, status and facts of the host, and nothing else', async () => {
    const file = commandLine.path('one.tar.gz');
    const { code, entries, left_out: leftOut, bytes } = await bundled(file);
    expect({ code, leftOut }).toEqual({ code: 0, leftOut: [] });
    expect(bytes).toBe(statSync(file).size);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [trace = ''] = readdirSync(layout.traces);
    const paths = entries.map(({ path }) => path);
    expect(listed(file)).toEqual([...paths]);
    for (const path of [
      ...['host.json', 'doctor.json', 'status.json', 'settings.json', 'registry.json', 'active/A01.json'],
      ...['logs/audit.jsonl', `logs/traces/${trace}`, 'logs/algorithms/good/1.0.0/algorithm.jsonl', 'bundle.json'],
    ])
      expect(paths).toContain(path);
    // No image, zip, wheel, code.
    expect(paths.filter((path) => !/^(logs|active|operations|aside)\/|^[a-z]+\.json$/.test(path))).toEqual([]);
    expect(paths.filter((path) => !/\.jsonl?(\.1)?$/.test(path))).toEqual([]);
  });

  it('is the files as they are, and what it says of itself is so', async () => {
    const file = commandLine.path('two.tar');
    const { entries } = await bundled(file);
    const folder = unpacked(file);
    const [trace = ''] = readdirSync(layout.traces);
    for (const path of ['registry.json', 'logs/audit.jsonl', `logs/traces/${trace}`])
      expect(readFileSync(join(folder, path))).toEqual(readFileSync(join(store, path)));
    for (const { path, bytes } of entries) expect(statSync(join(folder, path)).size).toBe(bytes);
    const read = <T>(path: string): T => JSON.parse(readFileSync(join(folder, path), 'utf8')) as T;
    const own = read<{ entries: { path: string }[]; made: string }>('bundle.json');
    expect([...own.entries.map(({ path }) => path), 'bundle.json']).toEqual(entries.map(({ path }) => path));
    expect(Date.parse(own.made)).toBeGreaterThan(0);
    expect(read('host.json')).toMatchObject({
      ...{ procvision: '0.1.0', node: process.versions.node, store },
      ...{ zips: [{ name: 'good-v1.0.0-offline.zip' }], deployed: ['good@1.0.0'] },
    });
    expect(read('doctor.json')).toMatchObject({ store, checks: expect.any(Array) as unknown });
    expect(read('status.json')).toMatchObject({ ok: false, pids: [{ pid: 'A01', bound: 'good@1.0.0' }] });
  });

  it('can be read by the commands that read a store', async () => {
    const file = commandLine.path('three.tar.gz');
    await bundled(file);
    const there = unpacked(file);
    const answer = async (...words: string[]) => (await runInside([...words, '--store', there])).stdout;
    expect(await answer('ls')).toContain('good@1.0.0');
    expect(await answer('trace', 'incidents')).toContain('3002');
    expect(await answer('logs', 'good@1.0.0')).toContain('the lens is gone');
    expect(await answer('history', 'A01')).toContain('activate');
    expect(await answer('audit', 'verify')).toContain('none changed');
  });

  it('holds no secret of the settings, and names those it left out', async () => {
    const file = commandLine.path('four.tar');
    const { redacted } = await bundled(file);
    expect(redacted).toEqual([
      'settings.json: environment.DB_PASSWORD',
      'settings.json: environment.HTTP_PROXY',
      'settings.json: releases.good@1.0.0.environment.HF_TOKEN',
    ]);
    expect(readFileSync(file, 'latin1')).not.toContain(SECRET);
    expect(JSON.parse(readFileSync(join(unpacked(file), 'settings.json'), 'utf8'))).toEqual({
      environment: { DB_PASSWORD: '[Redacted]', TZ: 'UTC', HTTP_PROXY: 'http://me:[Redacted]@proxy:80' },
      releases: { 'good@1.0.0': { environment: { HF_TOKEN: '[Redacted]' } } },
    });
  });

  it('tells a person what is in it, what is not, and to look through it', async () => {
    const { stdout, stderr, code } = await runInside([
      'support',
      'bundle',
      '--out',
      commandLine.folder,
      '--store',
      store,
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/procvision-support-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.tar\.gz\n$/);
    expect(stderr).toMatch(/^\d+ files, [\d.]+ [KM]iB, packed [\d.]+ KiB$/m);
    expect(stderr).toContain('taken for secrets and left out: settings.json: environment.DB_PASSWORD');
    expect(stderr).toContain('look through it before you send it');
  });

  it('never replaces what is there', async () => {
    const file = commandLine.path('there.tar.gz');
    for (const lay of [() => writeFileSync(file, 'precious'), () => symlinkSync('/nowhere', `${file}.tar`)]) lay();
    for (const path of [file, `${file}.tar`]) {
      const { code, stderr } = await runInside(['support', 'bundle', '--out', path, '--store', store]);
      expect(code).toBe(64);
      expect(stderr).toContain(`${path} is there already.`);
    }
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });

  it('of no store is refused', async () => {
    const { code, stderr } = await runInside(['support', 'bundle', '--store', commandLine.path('nothing')]);
    expect(code).toBe(1);
    expect(stderr).toContain('There is no store at');
  });
});

describe('a bundle with little room', () => {
  it('takes the newest, the end of what can be cut, and says what it left out', async () => {
    const old = join(layout.traces, '000000-2020-01-01T00-00-00-000Z-1.0001.trace.jsonl');
    writeFileSync(old, `{"old":"${'x'.repeat(900_000)}"}\n`);
    utimesSync(old, 1, 1);
    const long = join(layout.logs, 'algorithms', 'long', '1', 'algorithm.jsonl');
    mkdirSync(join(long, '..'), { recursive: true });
    for (let i = 0; i < 8; i++) appendFileSync(long, `{"n":${i},"x":"${'y'.repeat(150_000)}"}\n`);
    const file = commandLine.path('small.tar');
    const { code, entries, left_out: leftOut } = await bundled(file, '--max-mb', '1');
    expect(code).toBe(0);
    expect(entries.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(1024 * 1024 + 64 * 1024);
    expect(leftOut).toContainEqual({
      path: 'logs/traces/000000-2020-01-01T00-00-00-000Z-1.0001.trace.jsonl',
      bytes: 900_011,
      why: 'there was no room left for it',
    });
    const cut = entries.find(({ path }) => path === 'logs/algorithms/long/1/algorithm.jsonl');
    expect(cut?.cut_bytes).toBeGreaterThan(150_000);
    const kept = readFileSync(join(unpacked(file), 'logs/algorithms/long/1/algorithm.jsonl'), 'utf8');
    const numbers = kept
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { n: number }).n);
    expect(numbers.at(-1)).toBe(7);
    expect(numbers).toEqual(numbers.map((_, i) => 8 - numbers.length + i));
    expect(leftOut).toContainEqual({
      path: 'logs/algorithms/long/1/algorithm.jsonl',
      bytes: cut?.cut_bytes,
      why: 'its begin: there was no room left for it',
    });
  });
});

describe('on a bad day', () => {
  it('a Runner that works and writes meanwhile is no hindrance', async () => {
    const line = await livingLine({ store });
    const file = commandLine.path('beside.tar.gz');
    const { code } = await bundled(file);
    await line.end('SIGTERM');
    expect(code).toBe(0);
    const there = unpacked(file);
    expect(JSON.parse(readFileSync(join(there, 'status.json'), 'utf8'))).toMatchObject({ runner: { life: 'working' } });
    expect((await runInside(['trace', 'show', '--all', '--store', there])).stderr).not.toContain('error:');
  }, 60_000);

  it('a full disk is told, and nothing half done is left', () => {
    const script = `ulimit -f 8; exec '${process.execPath}' '${MAIN}' support bundle --out full.tar --store '${store}'`;
    let stderr = '';
    let code = 0;
    try {
      execFileSync('bash', ['-c', script], { cwd: commandLine.folder, stdio: 'pipe' });
    } catch (error) {
      ({ stderr, code } = {
        stderr: String((error as { stderr: Buffer }).stderr),
        code: (error as { status: number }).status,
      });
    }
    expect(stderr).toMatch(/full\.tar cannot be written: .*EFBIG.* Nothing is left of it\./);
    expect(stderr).toContain('--max-mb');
    expect(code).toBe(78);
    expect(readdirSync(commandLine.folder).filter((name) => name.includes('full.tar'))).toEqual([]);
  });

  it.skipIf(!existsSync('/dev/full') || process.getuid?.() !== 0)('a disk without room says so', () => {
    const folder = commandLine.path('small-disk');
    mkdirSync(folder);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'pipe' });
    } catch {
      return; // not every root may mount
    }
    try {
      const words = [MAIN, 'support', 'bundle', '--out', join(folder, 'x.tar'), '--store', store];
      expect(() => execFileSync(process.execPath, words, { stdio: 'pipe' })).toThrow(/no space is left on the device/);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      execFileSync('umount', [folder]);
    }
  });

  it('a folder that is not there is named', async () => {
    const out = commandLine.path('no', 'such', 'x.tar');
    const { code, stderr } = await runInside(['support', 'bundle', '--out', out, '--store', store]);
    expect(code).toBe(78);
    expect(stderr).toContain('its folder is not there');
  });

  it('an interrupted one leaves nothing', async () => {
    for (let i = 0; i < 40; i++)
      writeFileSync(join(layout.logs, 'algorithms', 'long', '1', `more-${i}.jsonl`), Buffer.alloc(4_000_000, 'x\n'));
    const running = commandLine.begin(['support', 'bundle', '--out', 'cut-off.tar.gz', '--store', store]);
    const begun = (): boolean => readdirSync(commandLine.folder).some((name) => name.startsWith('.cut-off'));
    while (!begun()) await new Promise((resolve) => setTimeout(resolve, 5));
    running.child.kill('SIGINT');
    const { code } = await running.ended;
    expect(code).toBe(130);
    expect(readdirSync(commandLine.folder).filter((name) => name.includes('cut-off'))).toEqual([]);
  }, 30_000);

  it('a damaged store gives what can be read, and says what cannot', async () => {
    truncateSync(layout.registry, 20);
    writeFileSync(layout.route('A01'), 'garbage');
    writeFileSync(layout.settings, `{"environment": {"DB_PASSWORD": "${SECRET}"`);
    symlinkSync('/etc/passwd', join(layout.traces, 'x.0001.trace.jsonl'));
    const file = commandLine.path('damaged.tar');
    const { code, left_out: leftOut, entries } = await bundled(file);
    expect(code).toBe(0);
    expect(leftOut).toContainEqual({
      path: 'settings.json',
      bytes: null,
      why: '3034 It is not JSON: what in it is a secret cannot be told.',
    });
    expect(leftOut).toContainEqual({
      path: 'logs/traces/x.0001.trace.jsonl',
      bytes: null,
      why: 'it is no ordinary file',
    });
    expect(readFileSync(file, 'latin1')).not.toContain(SECRET);
    expect(entries.map(({ path }) => path)).toEqual(expect.arrayContaining(['registry.json', 'active/A01.json']));
    expect(readFileSync(join(unpacked(file), 'active/A01.json'), 'utf8')).toBe('garbage');
  });
});
