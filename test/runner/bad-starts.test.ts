import { readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { Runner, RunnerError } from '../../src/index.js';
import { refusalOf } from '../store/support/refusal.js';
import { census } from './support/census.js';
import type { Census } from './support/census.js';
import { scratchFolder } from './support/folders.js';
import { eyesZip, rogueZip } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

const store = join(scratchFolder(), 'store');
const layout = storeLayout(store);
let runner: Runner;

beforeAll(async () => {
  const silent = { timings: { helloMs: 250 } };
  runner = await openRunner({ store, releases: { 'never_says_hello@1.0.0': silent } });
  await runner.install(rogueZip({ name: 'good' }));
  await runner.activate('good@1.0.0', ['A01']);
  await runner.detect({ pid: 'A01', image: IMAGE });
});

const raw = (name: string, source: string) => rogueZip({ name, files: { 'rogue.py': `import wire\n${source}\n` } });
const onSdk = (name: string, before: string) =>
  eyesZip({ name, files: { 'eyes.py': `from procvision_algorithm_sdk import BaseAlgorithm\n${before}\n` } });

/** What happens, the package, its code, what the message must name, and what the log of the release holds. */
const BAD: readonly [
  what: string,
  name: string,
  zip: (name: string) => string,
  code: string,
  names: RegExp,
  logs: RegExp,
][] = [
  [
    'an entry that does not import',
    'no-import',
    (name) => onSdk(name, 'import nothing_like_it'),
    '3003',
    /cannot import eyes.*nothing_like_it/,
    /ModuleNotFoundError/,
  ],
  [
    'a crash in setup',
    'bad-setup',
    (name) =>
      onSdk(
        name,
        'class Eyes(BaseAlgorithm):\n    def setup(self): raise OSError("no GPU here")\n    get_info = execute = pre_execute = setup',
      ),
    '3003',
    /no GPU here/,
    /Traceback/,
  ],
  [
    'a get_info that disagrees',
    'other-info',
    (name) => raw(name, 'wire.serve(info={**wire.INFO, "version": "9"})'),
    '3005',
    /"9"/,
    /.*/,
  ],
  [
    'a hello that never comes',
    'never_says_hello',
    (name) => rogueZip({ name }, name),
    '3003',
    /hello within 250 ms/,
    /.*/,
  ],
  [
    'text on stdout before hello',
    'prints',
    (name) => rogueZip({ name }, 'prints_before_hello'),
    '3001',
    /printed to standard output/,
    /.*/,
  ],
  [
    'a frame over the cap',
    'huge',
    (name) => raw(name, 'wire.raw(b"\\x7f\\xff\\xff\\xff")'),
    '3001',
    /2147483647 bytes/,
    /.*/,
  ],
  [
    'an exit in mid-frame',
    'half',
    (name) => raw(name, 'wire.raw(b"\\0\\0\\0\\x50{")'),
    '3003',
    /middle of a frame/,
    /.*/,
  ],
  ['an exit before hello', 'crash', (name) => rogueZip({ name }, 'crashes_at_start'), '3003', /code 3/, /libcamera/],
  ['a foreign protocol', 'foreign', (name) => raw(name, 'wire.serve(protocol=9)'), '3004', /protocol 9/, /.*/],
];

describe.each(BAD)('%s', (_what, name, zip, code, names, logs) => {
  const release = `${name}@1.0.0`;
  let before: Census;
  let refusal: RunnerError;

  beforeAll(async () => {
    before = census(runner, layout);
    refusal = await refusalOf(runner.install(zip(name)));
  });

  test(`ends the deployment with ${code}, naming what went wrong`, () => {
    expect(refusal).toMatchObject({ code });
    expect(refusal.message).toMatch(names);
  });

  test('rests Invalid with that reason; what the algorithm said is in its log', async () => {
    const view = runner.list().releases.find((one) => one.release === release);
    expect(view).toMatchObject({ state: 'Invalid', wanted: 'stopped', reason: { code, message: refusal.message } });
    const log = join(layout.releaseLogs(name, '1.0.0'), 'algorithm.jsonl');
    await expect.poll(() => readFileSync(log, 'utf8')).toMatch(logs);
  });

  test('leaves no half deployment, no process, nothing; and the Runner goes on serving', async () => {
    await expect.poll(() => census(runner, layout)).toEqual(before);
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ status: 'OK', verdict: 'OK' });
  });
});

describe('a release whose probe was good but whose start fails later', () => {
  /** Says hello once, as the probe sees it, and never again. */
  const ONCE = 'import os, sys\nif os.path.exists("started"): sys.exit(7)\nopen("started", "w").close()\nwire.serve()';

  test('is Deployed, and an explicit install goes on to a start that fails with its reason', async () => {
    const refusal = await refusalOf(runner.install(raw('once', ONCE)));
    expect(refusal).toMatchObject({ code: '3003' });
    expect(refusal.message).toContain('code 7');
    const view = runner.list().releases.find(({ release }) => release === 'once@1.0.0');
    expect(view).toMatchObject({ state: 'Stopped', reason: { code: '3003' } });
  });

  test('can be started again once the cause is gone, and loses its reason then', async () => {
    await expect(runner.start('once@1.0.0')).rejects.toMatchObject({ code: '3003' });
    unlinkSync(join(layout.deployment('once', '1.0.0'), 'started'));
    await runner.start('once@1.0.0');
    const view = runner.list().releases.find(({ release }) => release === 'once@1.0.0');
    expect(view).toMatchObject({ state: 'Running', reason: null });
  });

  test('cannot be activated while it does not start', async () => {
    await runner.stop('once@1.0.0');
    const pid = { manifest: { supported_pids: ['P01'] }, files: { 'rogue.py': `import wire\n${ONCE}\n` } };
    await refusalOf(runner.install(rogueZip({ name: 'twice', ...pid })));
    await expect(runner.activate('twice@1.0.0', ['P01'])).rejects.toMatchObject({ code: '3003' });
    expect(() => runner.routeOf('P01')).toThrow(expect.objectContaining({ code: '1001' }));
    expect(runner.list().routes.map(({ pid }) => pid)).toEqual(['A01']);
  });
});
