import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireStoreLock } from '../../src/store/index.js';
import { refusalOf } from './support/refusal.js';
import { startProgram } from './support/programs.js';
import { scratchFolder } from './support/stores.js';

const NO_TOOL = 'no-such-flock';

describe.each([
  ['flock', 'flock'],
  ['pidfile', NO_TOOL],
] as const)('one Runner per store, kept by %s', (kind, tool) => {
  it('refuses a second Runner while the first lives, and says who holds the store since when', async () => {
    const root = await scratchFolder();
    const before = new Date();
    const holder = startProgram('hold-lock', root, tool);
    expect(await holder.nextLine()).toBe(`held ${kind}`);

    const error = await refusalOf(acquireStoreLock(root, { tool }));
    expect(error.code).toBe('3017');
    expect(error.message).toContain(`process ${holder.child.pid} on host ${hostname()}`);
    const told = error.details['holder'] as { osPid: number; since: string };
    expect(told.osPid).toBe(holder.child.pid);
    expect(Date.parse(told.since)).toBeGreaterThanOrEqual(before.getTime());
    expect(Date.parse(told.since)).toBeLessThanOrEqual(Date.now());
  });

  it('is free at once after kill -9, even while a child of the killed one lives on', async () => {
    const root = await scratchFolder();
    const holder = startProgram('hold-lock', root, tool);
    await holder.nextLine();
    holder.say('fork');
    const orphan = Number(await holder.nextLine());
    try {
      await holder.kill();
      const lock = await acquireStoreLock(root, { tool });
      expect(lock.kind).toBe(kind);
      await lock.release();
    } finally {
      process.kill(orphan, 'SIGKILL');
    }
  });

  it('is free once released, twice being harmless', async () => {
    const root = await scratchFolder();
    const holder = startProgram('hold-lock', root, tool);
    await holder.nextLine();
    holder.say('release');
    expect(await holder.nextLine()).toBe('released');
    const lock = await acquireStoreLock(root, { tool });
    await lock.release();
    await lock.release();
    expect(await readdir(join(root, 'lock'))).toEqual([]);
  });

  it('refuses a second Runner in the same process', async () => {
    const root = await scratchFolder();
    const lock = await acquireStoreLock(root, { tool });
    expect((await refusalOf(acquireStoreLock(root, { tool }))).faultName).toBe('store_locked');
    await lock.release();
    await (await acquireStoreLock(root, { tool })).release();
  });
});

describe('the lock', () => {
  it('lets exactly one of many contenders in', async () => {
    const root = await scratchFolder();
    const contenders = Array.from({ length: 5 }, () => startProgram('hold-lock', root, 'flock'));
    const said = await Promise.all(contenders.map((contender) => contender.nextLine()));
    expect(said.filter((line) => line === 'held flock')).toHaveLength(1);
    expect(said.filter((line) => line.includes('store_locked'))).toHaveLength(4);
  });

  it('is not lost when somebody deletes what is in the lock folder', async () => {
    const root = await scratchFolder();
    const lock = await acquireStoreLock(root);
    await rm(join(root, 'lock'), { recursive: true });
    expect((await refusalOf(acquireStoreLock(root))).message).toContain('has not said who it is');
    await lock.release();
  });

  it.each([
    ['flock', NO_TOOL],
    [NO_TOOL, 'flock'],
  ])('holds between a Runner that has %s and one that has %s', async (first, second) => {
    const root = await scratchFolder();
    const holder = startProgram('hold-lock', root, first);
    await holder.nextLine();
    const error = await refusalOf(acquireStoreLock(root, { tool: second }));
    expect(error.message).toContain(`process ${holder.child.pid}`);
    await holder.kill();
    await (await acquireStoreLock(root, { tool: second })).release();
  });

  it('says why it has to do without flock', async () => {
    const lock = await acquireStoreLock(await scratchFolder(), { tool: NO_TOOL });
    expect(lock.reason).toContain('ENOENT');
    await lock.release();
  });

  it('knows a new process with the number of a dead holder for another one', async () => {
    const root = await scratchFolder();
    const lock = await acquireStoreLock(root, { tool: NO_TOOL });
    const [own = ''] = await readdir(join(root, 'lock'));
    await lock.release();
    const [place, osPid, started] = own.split('.');
    await writeFile(join(root, 'lock', `${place}.${osPid}.${Number(started) - 1}.pidfile`), '{}');
    await (await acquireStoreLock(root, { tool: NO_TOOL })).release();
    expect(await readdir(join(root, 'lock'))).toEqual([]);
  });

  it('without flock, never takes a store from a holder on another machine, and with it may ask the kernel', async () => {
    const root = await scratchFolder();
    await mkdir(join(root, 'lock'));
    const elsewhere = { host: 'line-7', boot_id: 'other', since: '2026-11-20T12:00:00.000Z' };
    await writeFile(join(root, 'lock', `${'0'.repeat(16)}.41.900.pidfile`), JSON.stringify(elsewhere));
    expect((await refusalOf(acquireStoreLock(root, { tool: NO_TOOL }))).message).toContain('process 41 on host line-7');
    await (await acquireStoreLock(root)).release();
  });

  it('is free after the machine was booted again', async () => {
    const root = await scratchFolder();
    await mkdir(join(root, 'lock'));
    const earlier = { host: hostname(), boot_id: 'earlier', since: '2026-11-20T12:00:00.000Z' };
    await writeFile(join(root, 'lock', `${'0'.repeat(16)}.41.900.pidfile`), JSON.stringify(earlier));
    await (await acquireStoreLock(root, { tool: NO_TOOL })).release();
  });
});
