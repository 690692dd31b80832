import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runInside } from '../cli/support/run-inside.js';
import { hasPrivateMounts, runInPrivateTmpfs } from '../images/support/private-mount.js';
import { builtProgram } from '../support/built-program.js';
import { PYTHON } from '../support/python.js';
import { scratchFolder } from './support/folders.js';
import { rogueZip } from './support/packages.js';

const PROGRAM = builtProgram(new URL('./programs/full-disk.ts', import.meta.url));

/** A real file system that is really full. */
describe.runIf(hasPrivateMounts)('a store on a disk that is full for a moment', () => {
  const copy = join(scratchFolder(), 'store');
  let report: Record<string, unknown>;
  const saidWith = async (exitCode: number, ...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runInside([...words, '--store', copy]);
    expect(code).toBe(exitCode);
    return stdout + stderr;
  };
  const said = (...words: string[]): Promise<string> => saidWith(0, ...words);

  beforeAll(() => {
    const mount = join(scratchFolder(), 'disk');
    mkdirSync(mount);
    const zips = [rogueZip({ name: 'good' }), rogueZip({ name: 'good', version: '2.0.0' })];
    const { status, stdout, stderr } = runInPrivateTmpfs(mount, 200, PROGRAM, [PYTHON, ...zips, copy]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    report = JSON.parse(stdout) as Record<string, unknown>;
  });

  test('goes on serving, refuses changes by name, and changes again as soon as there is space', () => {
    expect(report).toMatchObject({
      before: 'OK',
      'call on the full disk': 'OK',
      'problems of the full disk': ['3027'],
      'install on the full disk': 'store_io_failed',
      'deactivate on the full disk': 'store_io_failed',
      'another call': 'OK',
      'call with space again': 'OK',
      'install with space again': 'done',
    });
  });

  test('is opened while the disk is full: its routes serve, and what is amiss is named', () => {
    expect(report).toMatchObject({
      'call after a start on the full disk': 'OK',
      'problems after a start on the full disk': ['3027'],
    });
  });

  test('leaves a trace in two files; whoever reads it is told of the gap between them', async () => {
    const missing = /\b(\d+) records are missing in a gap: .*ENOSPC/.exec(await said('trace', 'ls'))?.[1];
    expect(missing).toMatch(/^\d+$/);
    expect(await said('trace', 'show', '--all')).toMatch(new RegExp(`trace\\.gap +{"missing":${missing},`));
    expect(await said('trace', 'why', 'route/A01')).toContain('could not be written');
    expect(await said('doctor')).toContain(`has a gap of ${missing} records`);
  });

  test('leaves a trace that can be replayed beyond the gap, from where every actor stood then', async () => {
    expect(await saidWith(1, 'replay', 'latest')).toMatch(
      /every one led where the machines lead[^]* records before #\d+ are missing/,
    );
  });
});
