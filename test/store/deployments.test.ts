import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  beginDeployment,
  completeDeployment,
  discardDeployment,
  newStaging,
  sweepDeployments,
} from '../../src/store/index.js';
import type { StoreLayout } from '../../src/store/index.js';
import { faultyFileSystem } from './support/faulty-file-system.js';
import { refusalOf } from './support/refusal.js';
import { freshStore, recordOf } from './support/stores.js';

describe('a deployment', () => {
  it('is marked incomplete from its first moment until all of it is on disk', async () => {
    const layout = await freshStore();
    const folder = await beginDeployment(layout, 'screw', '1.0.0');
    expect(folder).toBe(layout.deployment('screw', '1.0.0'));
    expect(await readdir(folder)).toEqual(['.incomplete']);
    await writeFile(join(folder, 'main.py'), 'print()');

    const fs = faultyFileSystem({});
    await completeDeployment(layout, recordOf('screw'), fs);
    const removal = fs.calls.findIndex(({ operation }) => operation === 'removeFile');
    const synced = fs.calls.slice(0, removal).filter(({ operation }) => operation === 'file.sync');
    expect(synced.map(({ path }) => path)).toEqual(expect.arrayContaining([join(folder, 'main.py'), folder]));
    expect((await readdir(folder)).sort()).toEqual(['installation.json', 'main.py']);
    expect(JSON.parse(await readFile(join(folder, 'installation.json'), 'utf8'))).toEqual(recordOf('screw'));
    expect((await sweepDeployments(layout)).deployments).toMatchObject([{ name: 'screw', record: recordOf('screw') }]);
  });

  it('takes over what was staged, marker included, in one step', async () => {
    const layout = await freshStore();
    const from = await newStaging(layout);
    await writeFile(join(from, 'main.py'), 'print()');
    const folder = await beginDeployment(layout, 'screw', '1.0.0', { from });
    expect((await readdir(folder)).sort()).toEqual(['.incomplete', 'main.py']);
    expect(await readdir(layout.staging)).toEqual([]);
  });

  it('is never made over another one, complete, under way or not made by a Runner', async () => {
    const layout = await freshStore();
    await deploy(layout, 'screw', '1.0.0');
    expect((await refusalOf(beginDeployment(layout, 'screw', '1.0.0'))).faultName).toBe('already_installed');
    await beginDeployment(layout, 'screw', '2.0.0');
    expect((await refusalOf(beginDeployment(layout, 'screw', '2.0.0'))).faultName).toBe('operation_conflict');
    await mkdir(join(layout.deployed, 'screw/3.0.0'));
    await writeFile(join(layout.deployed, 'screw/3.0.0/mine.txt'), '');
    expect((await refusalOf(beginDeployment(layout, 'screw', '3.0.0'))).faultName).toBe('store_corrupt');
  });

  it('cannot be completed when none is under way', async () => {
    const layout = await freshStore();
    expect((await refusalOf(completeDeployment(layout, recordOf('screw')))).faultName).toBe('operation_conflict');
  });

  it('stays incomplete when its marker cannot be removed durably', async () => {
    const layout = await freshStore();
    await beginDeployment(layout, 'screw', '1.0.0');
    let removed = false;
    const fs = faultyFileSystem({
      fail: ({ operation }) => {
        if (operation === 'removeFile') removed = true;
        const failing = removed && operation === 'file.sync';
        if (failing) removed = false;
        return failing ? 'EIO' : undefined;
      },
    });
    await refusalOf(completeDeployment(layout, recordOf('screw'), fs));
    expect((await sweepDeployments(layout)).problems).toMatchObject([{ what: 'deployment_incomplete' }]);
  });

  it('is discarded whole, complete or not; discarding none is as good', async () => {
    const layout = await freshStore();
    await deploy(layout, 'screw', '1.0.0');
    await beginDeployment(layout, 'board', '1.0.0');
    for (const name of ['screw', 'board', 'none']) expect(await discardDeployment(layout, name, '1.0.0')).toEqual({});
    expect(await readdir(layout.deployed)).toEqual([]);
    expect(await readdir(layout.staging)).toEqual([]);
  });

  it('is out of the way even when its files cannot be deleted, and says what is left', async () => {
    const layout = await freshStore();
    await deploy(layout, 'screw', '1.0.0');
    const fs = faultyFileSystem({ fail: ({ operation }) => (operation === 'removeFile' ? 'EIO' : undefined) });
    const { leftover } = await discardDeployment(layout, 'screw', '1.0.0', fs);
    expect(leftover).toContain(layout.staging);
    expect(await readdir(layout.deployed)).toEqual([]);
    const { problems } = await sweepDeployments(layout);
    expect(problems).toMatchObject([{ what: 'leftover', done: 'removed' }]);
    expect(await readdir(layout.staging)).toEqual([]);
  });
});

describe('the sweep at a start', () => {
  it('removes staging and incomplete deployments, says so, and lists the complete ones', async () => {
    const layout = await freshStore();
    await deploy(layout, 'screw', '1.0.0');
    await deploy(layout, 'screw', '2.0.0');
    const half = await beginDeployment(layout, 'board', '1.0.0');
    await mkdir(join(half, 'venv/bin'), { recursive: true });
    await symlink(layout.registry, join(half, 'venv/bin/python'));
    await newStaging(layout);
    await writeFile(layout.registry, 'untouched');

    const { deployments, problems } = await sweepDeployments(layout);
    expect(deployments.map(({ version }) => version).sort()).toEqual(['1.0.0', '2.0.0']);
    expect(problems.map(({ what, done }) => ({ what, done }))).toEqual([
      { what: 'leftover', done: 'removed' },
      { what: 'deployment_incomplete', done: 'removed' },
    ]);
    expect(await readdir(layout.deployed)).toEqual(['screw']);
    expect(await readFile(layout.registry, 'utf8')).toBe('untouched');
    expect((await sweepDeployments(layout)).problems).toEqual([]);
  });

  it('leaves alone what no Runner made', async () => {
    const layout = await freshStore();
    await mkdir(join(layout.deployed, 'mine/1.0'), { recursive: true });
    await writeFile(join(layout.deployed, 'mine/1.0/main.py'), '');
    await mkdir(join(layout.deployed, 'mine/con'));
    await writeFile(join(layout.deployed, 'notes.txt'), '');
    await mkdir(join(layout.deployed, 'damaged/1.0'), { recursive: true });
    await writeFile(join(layout.deployed, 'damaged/1.0/installation.json'), '{');
    await deploy(layout, 'screw', '1.0.0');
    await mkdir(join(layout.deployed, 'copy/1.0'), { recursive: true });
    const record = await readFile(join(layout.deployment('screw', '1.0.0'), 'installation.json'));
    await writeFile(join(layout.deployed, 'copy/1.0/installation.json'), record);

    const { deployments, problems } = await sweepDeployments(layout);
    expect(deployments.map(({ name }) => name)).toEqual(['screw']);
    expect(problems.map(({ subject }) => subject).sort()).toEqual([
      'copy@1.0',
      'damaged@1.0',
      'mine@1.0',
      'mine@con',
      'notes.txt',
    ]);
    expect(problems.every(({ what, done }) => what === 'deployment_unrecognised' && done === null)).toBe(true);
    expect((await readdir(layout.deployed)).sort()).toEqual(['copy', 'damaged', 'mine', 'notes.txt', 'screw']);
  });

  it('goes on after what it cannot remove', async () => {
    const layout = await freshStore();
    await beginDeployment(layout, 'board', '1.0.0');
    await deploy(layout, 'screw', '1.0.0');
    const fs = faultyFileSystem({ fail: ({ operation }) => (operation === 'rename' ? 'EIO' : undefined) });
    const { deployments, problems } = await sweepDeployments(layout, fs);
    expect(deployments).toHaveLength(1);
    expect(problems).toMatchObject([{ what: 'deployment_incomplete', done: null }]);
    expect(problems[0]?.message).toContain('cannot be removed');
  });
});

async function deploy(layout: StoreLayout, name: string, version: string): Promise<void> {
  await beginDeployment(layout, name, version);
  await completeDeployment(layout, recordOf(name, version));
}
