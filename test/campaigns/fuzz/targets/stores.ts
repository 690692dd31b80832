import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCli } from '../../../../src/cli/run.js';
import { createRunner, storeLayout } from '../../../../src/index.js';
import { openReleaseLog } from '../../../../src/effects/index.js';
import { openAudit } from '../../../../src/store/index.js';
import { openRecorder } from '../../../../src/trace/index.js';
import { mutated } from '../mutate.js';
import type { Chance } from '../mutate.js';
import { refusable } from '../target.js';
import type { Target } from '../target.js';

const AT = '2026-01-01T00:00:00.000Z';
/** Stands for a file in the folder of the case. */
const NEW_FILE = 'new-file.tar';
const COMMANDS: readonly (readonly string[])[] = [
  ...[
    ['ls'],
    ['logs'],
    ['logs', '--level', 'error', '--tail', '3'],
    ['history', 'A01'],
    ['audit', 'verify'],
    ['trace', 'ls'],
  ],
  ...[
    ['trace', 'show'],
    ['trace', 'show', '--tail', '2'],
    ['trace', 'why', 'A01'],
    ['trace', 'next', 'A01'],
  ],
  ...[['trace', 'stats'], ['replay', 'latest'], ['diagram', 'route', '--trace', 'latest'], ['doctor'], ['scan']],
  ...[['status'], ['audit', 'show'], ['trace', 'incidents'], ['settings', 'show'], ['settings', 'check']],
  ['support', 'bundle', '--max-mb', '1', '--out', NEW_FILE],
  ...[['start', 'odd@1.0.0'], ['deactivate', 'A01'], ['confirm', '--pid', 'A01'], ['rollback', 'A01'], ['prune']],
  ...[
    ['uninstall', 'odd@1.0.0'],
    ['activate', 'odd@1.0.0', '--pid', 'A02'],
    ['stop', 'odd@1.0.0'],
  ],
];
/** Nothing outside the store may be touched, whatever a link in it says. */
const OUTSIDE = 'outside.txt';

export const stores: Target = {
  cpuMs: 5_000,
  async attempt(chance, folder) {
    const store = join(folder, 'store');
    cpSync(await template(), store, { recursive: true });
    writeFileSync(join(folder, OUTSIDE), 'untouched');
    const hurt = damage(store, join(folder, OUTSIDE), chance);
    const words = chance.of(COMMANDS).map((word) => (word === NEW_FILE ? join(folder, NEW_FILE) : word));
    const json = chance.isOneIn(2) ? ['--json'] : [];
    const said = await run([...words, ...json, '--store', store]);
    assert(!said.includes('9999'), `${words.join(' ')} after ${hurt}: ${said.slice(0, 2_000)}`);
    await refusable(async () => {
      const images = { folder: join(folder, 'images') };
      const runner = await createRunner({ store, resume: false, scanIntervalMs: 0, images });
      runner.list();
      await runner.close();
    });
    assert.equal(
      readFileSync(join(folder, OUTSIDE), 'utf8'),
      'untouched',
      `something outside was changed after ${hurt}`,
    );
  },
};

async function run(words: readonly string[]): Promise<string> {
  let said = '';
  const stream = { write: (text: string) => void (said += text), on: () => undefined };
  await runCli(words, { env: { PATH: process.env['PATH'] }, stdout: stream, stderr: stream });
  return said;
}

/** @returns what was done */
function damage(store: string, outside: string, chance: Chance): string {
  const files = filesIn(store);
  const file = chance.of(files);
  const path = join(store, file);
  const how = chance.of([
    'bytes',
    'bytes',
    'bytes',
    'nothing',
    'gone',
    'folder',
    'fifo',
    'link',
    'parent is a link',
  ] as const);
  switch (how) {
    case 'bytes':
      writeFileSync(path, mutated(readFileSync(path), chance));
      break;
    case 'nothing':
      writeFileSync(path, '');
      break;
    case 'gone':
      rmSync(path);
      break;
    case 'folder':
      rmSync(path);
      mkdirSync(join(path, 'inside'), { recursive: true });
      break;
    case 'fifo':
      rmSync(path);
      execFileSync('mkfifo', [path]);
      break;
    case 'link':
      rmSync(path);
      symlinkSync(chance.of([outside, '/dev/zero', '/dev/null', path, 'nowhere']), path);
      break;
    case 'parent is a link':
      rmSync(dirname(path), { recursive: true });
      if (dirname(path) !== store) symlinkSync(chance.of([dirname(outside), '/dev/null', 'nowhere']), dirname(path));
      break;
  }
  return `${how} of ${file}`;
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

let made: string | null = null;

/** One small sound store, made once; it lies beside the folders of the cases. */
async function template(): Promise<string> {
  if (made !== null) return made;
  const root = join(process.env['FUZZ_KEPT'] ?? '', 'template');
  const layout = storeLayout(root);
  const put = (path: string, value: unknown): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  };
  const entry = {
    ...{ name: 'odd', version: '1.0.0', supported_pids: ['A01', 'A02'], state: 'Deployed', wanted: 'stopped' },
    ...{ sha256: 'a'.repeat(64), zip: 'odd-v1.0.0-offline.zip', created_at: AT, updated_at: AT },
  };
  put(join(root, 'registry.json'), { store_format: 1, releases: [entry], forgotten: [] });
  put(join(root, 'active', 'A01.json'), { name: 'odd', version: '1.0.0', activated_at: AT });
  put(join(root, 'algorithms', 'zips', 'odd-v1.0.0-offline.zip'), 'no zip');
  const deployed = join(root, 'algorithms', 'deployed', 'odd', '1.0.0');
  const steps = [{ index: 1, name: 'look', params: [] }];
  put(join(deployed, 'manifest.json'), {
    name: 'odd',
    version: '1.0.0',
    entry_point: 'odd.py',
    supported_pids: ['A01', 'A02'],
    steps,
  });
  put(join(deployed, 'installation.json'), {
    interpreter: '/nowhere',
    python_version: '3.11.2',
    wheels: [],
    installed_at: AT,
    duration_ms: 1,
  });
  put(join(root, 'settings.json'), {});
  mkdirSync(join(root, 'logs'), { recursive: true });
  const audit = await openAudit(layout);
  for (const what of ['route.activated', 'route.switched'])
    await audit.append({ who: 'cli', what, subject: 'A01', outcome: 'done', details: { pids: ['A01'] } });
  const log = openReleaseLog(join(root, 'logs', 'algorithms', 'odd', '1.0.0', 'algorithm.jsonl'), 'odd@1.0.0');
  log.write('error', 'no lamp', { slot: 0 });
  log.write('info', 'lamp', { slot: 0, pid: 'A01' });
  log.close();
  const recorder = openRecorder({ folder: layout.traces, runnerVersion: '1', machines: {} });
  const kind = { a: 'route/A01', m: 'route', e: 'xstate.init', b: null, f: 'Unbound', d: ['input'] };
  recorder.record(recorder.kind(kind), `,${JSON.stringify({ pid: 'A01', stored: null })}`);
  recorder.close();
  made = root;
  return root;
}
