import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  acquireStoreLock,
  appendDurable,
  listAside,
  makeFolderDurable,
  newStaging,
  recoverStore,
  storeLayout,
} from '../../src/store/index.js';
import type { StoreLayout } from '../../src/store/index.js';
import { refusalOf } from './support/refusal.js';
import { freshStore, scratchFolder } from './support/stores.js';

/** What others laid in the place of the store's own files and folders. */
const foreignFolder = async (): Promise<string> => {
  const folder = await scratchFolder();
  await writeFile(join(folder, 'precious'), 'x');
  await mkdir(join(folder, 'a'.repeat(16)));
  return folder;
};

const replaceByLink = async (path: string, target: string): Promise<void> => {
  await rm(path, { recursive: true, force: true });
  await symlink(target, path);
};

describe.each([
  ['staging', ({ staging }: StoreLayout) => staging],
  ['aside', ({ aside }: StoreLayout) => aside],
] as const)('a link in the place of %s', (_name, place) => {
  it('is named at the start, and nothing behind it is touched', async () => {
    const layout = await freshStore();
    const foreign = await foreignFolder();
    await replaceByLink(place(layout), foreign);
    const { problems } = await recoverStore(layout);
    expect(problems).toMatchObject([{ what: 'folder_unavailable' }]);
    expect(problems[0]?.message).toContain('symbolic link');
    expect((await readdir(foreign)).sort()).toEqual(['a'.repeat(16), 'precious']);
  });
});

it('work that needs a linked staging folder is refused by name', async () => {
  const layout = await freshStore();
  await replaceByLink(layout.staging, await foreignFolder());
  expect((await refusalOf(newStaging(layout))).message).toContain('symbolic link');
});

it('a bad file is not set aside through a link', async () => {
  const layout = await freshStore();
  const foreign = await foreignFolder();
  await replaceByLink(layout.aside, foreign);
  await writeFile(layout.registry, 'not JSON');
  await recoverStore(layout);
  expect((await readdir(foreign)).sort()).toEqual(['a'.repeat(16), 'precious']);
  expect(await listAside(layout)).toEqual([]);
});

it('sweeping staging removes only what bears a name of ours', async () => {
  const layout = await freshStore();
  const own = await newStaging(layout);
  await writeFile(join(own, 'half'), 'x');
  await mkdir(join(layout.staging, 'photos'));
  const { problems } = await recoverStore(layout);
  expect(problems.map(({ what, done }) => [what, done])).toEqual([
    ['leftover', 'removed'],
    ['leftover_unrecognised', null],
  ]);
  expect(await readdir(layout.staging)).toEqual(['photos']);
});

it('a folder of logs that cannot be made keeps nobody from starting', async () => {
  const layout = await freshStore();
  await rm(layout.logs, { recursive: true });
  await writeFile(layout.logs, 'a file');
  const { problems } = await recoverStore(layout);
  expect(problems.map(({ what, subject }) => [what, subject])).toEqual([
    ['folder_unavailable', 'logs'],
    ['folder_unavailable', 'logs/traces'],
    ['audit_unavailable', 'logs/audit.jsonl'], // found while opening
    ['audit_unavailable', 'logs/audit.jsonl'], // and while telling of it
  ]);
});

it('a record is not appended to a pipe, though somebody reads from it', async () => {
  const pipe = join(await scratchFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = Number(execFileSync('sh', ['-c', 'sleep 20 <>"$1" >/dev/null 2>&1 & echo $!', 'sh', pipe]).toString());
  try {
    expect((await refusalOf(appendDurable(pipe, 'x'))).message).toContain('is not an ordinary file');
  } finally {
    process.kill(reader, 'SIGKILL');
  }
});

it.each(['/proc/procvision', '/proc/self/fd/store/deep', '/dev/null/store', '/sys/procvision'])(
  'a store at %s is refused at once',
  async (path) => {
    const begunMs = performance.now();
    expect((await refusalOf(makeFolderDurable(path))).code).toBe('3019');
    expect(performance.now() - begunMs).toBeLessThan(1_000);
  },
);

describe('the folder of the lock', () => {
  it('that a file or a link took the place of, costs only word of who holds the store', async () => {
    const layout = await freshStore();
    await writeFile(layout.lock, 'x');
    const lock = await acquireStoreLock(layout.root);
    expect(lock).toMatchObject({ kind: 'flock', problem: { details: {} } });
    expect((await refusalOf(acquireStoreLock(layout.root))).code).toBe('3017');
    await lock.release();
    await (await acquireStoreLock(layout.root)).release();
  });

  it('has to be there where there is no flock to ask', async () => {
    const layout = storeLayout(join(await scratchFolder(), 'store'));
    await makeFolderDurable(layout.root);
    await writeFile(layout.lock, 'x');
    const refusal = await refusalOf(acquireStoreLock(layout.root, { tool: 'no-such-flock' }));
    expect(refusal.message).toContain(layout.lock);
    expect(await readFile(layout.lock, 'utf8')).toBe('x');
  });

  it('with the claim of another container says which file to remove when that is gone', async () => {
    const layout = await freshStore();
    await mkdir(layout.lock);
    const claim = join(layout.lock, `${'0'.repeat(16)}.7.77.pidfile`);
    await writeFile(claim, JSON.stringify({ host: 'container-a', boot_id: 'b', since: 'then' }));
    const refusal = await refusalOf(acquireStoreLock(layout.root, { tool: 'no-such-flock' }));
    expect(refusal.hint).toContain(`remove ${claim}`);
    await rm(claim);
    await (await acquireStoreLock(layout.root, { tool: 'no-such-flock' })).release();
  });
});
