import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fault } from '../../src/base/errors/index.js';
import { openRegistry } from '../../src/store/index.js';
import type { StoreLayout } from '../../src/store/index.js';
import { atCalls, diskFull, faultyFileSystem } from './support/faulty-file-system.js';
import { refusalOf } from './support/refusal.js';
import { NOON, SHA, entryOf, freshStore, recordOf } from './support/stores.js';

const forgottenScrew = { sha256: SHA, name: 'screw', version: '1.0.0', forgotten_at: NOON };

describe('the registry', () => {
  it('starts empty where there is none', async () => {
    const registry = await openRegistry(await freshStore());
    expect(registry.entries()).toEqual([]);
    expect(registry.problems).toEqual([]);
  });

  it('gives back what was put, after it was opened again too', async () => {
    const layout = await freshStore();
    const registry = await openRegistry(layout);
    const invalid = entryOf('broken', '0.1', {
      state: 'Invalid',
      reason: fault('invalid_zip', 'It is no zip.', { hint: 'Build it again.', details: { entry: 'a' } }),
      report: { checks: [{ name: 'zip', result: 'failed' }] },
    });
    const deployed = entryOf('screw', '2.0.0', { wanted: 'running', installation: recordOf('screw').installation });
    await registry.put(invalid);
    await registry.put(deployed);
    expect(registry.get('screw', '2.0.0')).toEqual(deployed);
    const again = await openRegistry(layout);
    expect(again.entries()).toEqual([invalid, deployed]);
    expect(again.problems).toEqual([]);
  });

  it('keeps keys it does not know, so that a newer Runner finds them again', async () => {
    const layout = await freshStore();
    const registry = await openRegistry(layout);
    await registry.put({ ...entryOf('screw'), signed_by: 'quality' } as ReturnType<typeof entryOf>);
    await registry.update('screw', '1.0.0', (entry) => ({ ...(entry ?? entryOf('screw')), state: 'Stopped' }));
    expect((await openRegistry(layout)).get('screw', '1.0.0')).toMatchObject({
      signed_by: 'quality',
      state: 'Stopped',
    });
  });

  it('shows a change only once it is on disk', async () => {
    const layout = await freshStore();
    const registry = await openRegistry(layout);
    const put = registry.put(entryOf('screw'));
    expect(registry.get('screw', '1.0.0')).toBeUndefined();
    await put;
    expect(registry.get('screw', '1.0.0')).toBeDefined();
    expect(await readFile(layout.registry, 'utf8')).toContain('"screw"');
  });

  it('writes many waiting changes at once, each promise settling with its own data on disk', async () => {
    const layout = await freshStore();
    const fs = faultyFileSystem({});
    const registry = await openRegistry(layout, fs);
    const puts = Array.from({ length: 50 }, async (_, n) => {
      await registry.put(entryOf(`a${n}`));
      expect((await openRegistry(layout)).get(`a${n}`, '1.0.0')).toBeDefined();
    });
    await Promise.all(puts);
    expect(fs.calls.filter(({ operation }) => operation === 'rename').length).toBeLessThan(5);
  });

  it('applies updates on top of each other, whoever asked first', async () => {
    const registry = await openRegistry(await freshStore());
    await registry.put(entryOf('screw', '1.0.0', { supported_pids: [] }));
    const add = (pid: string) =>
      registry.update('screw', '1.0.0', (entry = entryOf('screw')) => ({
        ...entry,
        supported_pids: [...entry.supported_pids, pid],
      }));
    await Promise.all(['A01', 'A02', 'A03'].map(add));
    expect(registry.get('screw', '1.0.0')?.supported_pids).toEqual(['A01', 'A02', 'A03']);
  });

  it('refuses an entry that could not be read back, and harms no other change of the same write', async () => {
    const registry = await openRegistry(await freshStore());
    const [bad, unwritable, good] = await Promise.allSettled([
      registry.put(entryOf('../etc')),
      registry.put(entryOf('big', '1', { report: { count: 1n } })),
      registry.put(entryOf('screw')),
    ]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { faultName: 'invalid_usage' } });
    expect(unwritable.status).toBe('rejected');
    expect(good.status).toBe('fulfilled');
    expect(registry.entries().map(({ name }) => name)).toEqual(['screw']);
  });

  it('remembers an uninstalled zip until it is asked for again', async () => {
    const layout = await freshStore();
    const registry = await openRegistry(layout);
    await registry.put(entryOf('screw'));
    await registry.forget(forgottenScrew);
    const again = await openRegistry(layout);
    expect(again.entries()).toEqual([]);
    expect(again.isForgotten(SHA)).toBe(true);
    expect(again.forgotten()).toEqual([forgottenScrew]);
    await again.recall(SHA);
    expect((await openRegistry(layout)).isForgotten(SHA)).toBe(false);
  });

  it('after a failed write is as before, in memory and on disk, and then works on', async () => {
    const layout = await freshStore();
    await (await openRegistry(layout)).put(entryOf('old'));
    let full = true;
    const fs = faultyFileSystem({ fail: (call) => (full ? diskFull(call) : undefined) });
    const registry = await openRegistry(layout, fs);
    await refusalOf(registry.put(entryOf('new')));
    expect(registry.entries()).toEqual([entryOf('old')]);
    expect((await openRegistry(layout)).entries()).toEqual([entryOf('old')]);
    full = false;
    await registry.put(entryOf('new'));
    expect((await openRegistry(layout)).entries()).toEqual([entryOf('old'), entryOf('new')]);
  });
});

describe('a registry that was damaged', () => {
  it.each([
    ['empty', ''],
    ['cut short', '{"store_format":1,"releases":[{"name":"scr'],
    ['not an object', '[]'],
    ['without its list', '{"store_format":1}'],
    ['not UTF-8', Buffer.from([0xff, 0xfe, 0x7b])],
  ])('(%s) starts empty, keeps a copy aside once, and says so', async (_, text) => {
    const layout = await freshStore();
    await writeFile(layout.registry, text);
    const registry = await openRegistry(layout);
    await openRegistry(layout);
    expect(registry.entries()).toEqual([]);
    expect(registry.problems).toMatchObject([{ what: 'registry_unreadable', subject: 'registry.json' }]);
    const [copy = '', ...more] = await readdir(layout.aside);
    expect(more).toEqual([]);
    expect(registry.problems[0]?.done).toContain(copy);
    await registry.put(entryOf('screw'));
    expect(await readFile(join(layout.aside, copy))).toEqual(Buffer.from(text));
  });

  it('keeps its good entries and names the bad ones', async () => {
    const layout = await freshStore();
    await damage(layout, (releases) => [
      releases[0],
      { ...entryOf('bad'), state: 'Running' },
      'nonsense',
      entryOf('good'),
      { ...entryOf('bad', '2'), name: '../../etc' },
    ]);
    const registry = await openRegistry(layout);
    expect(registry.entries()).toEqual([entryOf('good')]);
    expect(registry.problems.map(({ what, subject }) => ({ what, subject }))).toEqual([
      { what: 'registry_entry_unreadable', subject: 'bad@1.0.0' },
      { what: 'registry_entry_unreadable', subject: 'registry.json /releases/2' },
      { what: 'registry_entry_unreadable', subject: 'good@1.0.0' },
      { what: 'registry_entry_unreadable', subject: '../../etc@2' },
    ]);
    expect(registry.problems[0]?.message).toContain('/releases/1: /state');
    expect(await readdir(layout.aside)).toHaveLength(1);
  });

  it('accepts the byte order mark of an editor and a fault code of a newer Runner', async () => {
    const layout = await freshStore();
    const reason = { code: '3999', name: 'too_hot', message: 'It is too hot.' };
    await writeFile(layout.registry, `\uFEFF{"releases":[${JSON.stringify({ ...entryOf('screw'), reason })}]}`);
    const registry = await openRegistry(layout);
    expect(registry.problems).toEqual([]);
    expect(registry.get('screw', '1.0.0')?.reason).toMatchObject({ code: '9999', message: 'It is too hot.' });
  });

  it('is not touched when a newer Runner wrote it', async () => {
    const layout = await freshStore();
    await writeFile(layout.registry, '{"store_format":2,"packages":{}}');
    const error = await refusalOf(openRegistry(layout));
    expect(error.faultName).toBe('store_corrupt');
    expect(error.message).toContain('newer Runner');
    expect(await readFile(layout.registry, 'utf8')).toBe('{"store_format":2,"packages":{}}');
  });

  it('is moved aside when it is a link or a folder', async () => {
    const layout = await freshStore();
    await symlink('/etc/hostname', layout.registry);
    expect((await openRegistry(layout)).problems[0]?.message).toContain('symbolic link');
    await mkdir(layout.registry);
    const registry = await openRegistry(layout);
    expect(registry.problems[0]?.message).toContain('folder');
    await registry.put(entryOf('screw'));
    expect(await readdir(layout.aside)).toHaveLength(2);
  });

  it('on a full disk is read all the same, and not replaced before a copy could be kept', async () => {
    const layout = await freshStore();
    await writeFile(layout.registry, 'precious');
    let full = true;
    const fs = faultyFileSystem({ fail: (call) => (full ? diskFull(call) : undefined) });
    const registry = await openRegistry(layout, fs);
    expect(registry.problems[0]?.done).toContain('no copy could be kept yet');
    await refusalOf(registry.put(entryOf('screw')));
    expect(await readFile(layout.registry, 'utf8')).toBe('precious');
    full = false;
    await registry.put(entryOf('screw'));
    const [copy = ''] = await readdir(layout.aside);
    expect(await readFile(join(layout.aside, copy), 'utf8')).toBe('precious');
  });

  it('that cannot be read at all keeps the Runner from starting, rather than being forgotten', async () => {
    const layout = await freshStore();
    await (await openRegistry(layout)).put(entryOf('screw'));
    const error = await refusalOf(openRegistry(layout, faultyFileSystem({ fail: atCalls({ 1: 'EMFILE' }) })));
    expect(error.faultName).toBe('store_io_failed');
  });
});

/** As a person would edit the file by hand. */
async function damage(layout: StoreLayout, edit: (releases: unknown[]) => unknown[]): Promise<void> {
  await (await openRegistry(layout)).put(entryOf('good'));
  const document = JSON.parse(await readFile(layout.registry, 'utf8')) as { releases: unknown[] };
  await writeFile(layout.registry, JSON.stringify({ ...document, releases: edit(document.releases) }, null, 2));
}
