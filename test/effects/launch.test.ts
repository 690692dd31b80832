import { tmpdir, userInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { launchSpec, withOwn } from '../../src/effects/launch.js';
import type { EntryPoint } from '../../src/package/index.js';

const FOLDER = '/store/algorithms/deployed/screw-check/1.0.0';
const launch = (entryPoint: EntryPoint) => launchSpec({ folder: FOLDER, entryPoint });
const CLASS: EntryPoint = { kind: 'class', text: 'screw.main:Check', module: 'screw.main', className: 'Check' };

describe('how a process of a release is started', () => {
  test.each<[EntryPoint, readonly string[]]>([
    [CLASS, ['-m', 'procvision_algorithm_sdk.adapter', '--entry', 'screw.main:Check']],
    [{ kind: 'module', text: 'screw.main', module: 'screw.main' }, ['-m', 'screw.main']],
    [{ kind: 'file', text: 'screw/main.py', path: 'screw/main.py' }, ['screw/main.py']],
  ])('%j', (entryPoint, args) => {
    const { command, args: given, folder } = launch(entryPoint);
    expect({ command, folder }).toEqual({ command: `${FOLDER}/venv/bin/python`, folder: FOLDER });
    expect(given).toEqual(['-u', ...args]);
  });

  test('with what the contract promises (§11), what a process needs to live, and nothing else', () => {
    process.env['PROCVISION_TEST_SECRET'] = 'do not tell';
    const { environment } = launch(CLASS);
    delete process.env['PROCVISION_TEST_SECRET'];
    expect(environment).toEqual({
      PROC_ENV: 'prod',
      PROC_ALGO_ROOT: FOLDER,
      PROC_ENTRY_POINT: 'screw.main:Check',
      PATH: `${FOLDER}/venv/bin:${process.env['PATH'] ?? ''}`,
      LANG: process.env['LANG'] ?? 'C.UTF-8',
      TMPDIR: tmpdir(),
      HOME: `${FOLDER}/.home`,
      XDG_CACHE_HOME: `${FOLDER}/.home/.cache`,
      XDG_CONFIG_HOME: `${FOLDER}/.home/.config`,
      XDG_DATA_HOME: `${FOLDER}/.home/.local/share`,
      USER: userInfo().username,
      LOGNAME: userInfo().username,
      ...(process.env['TZ'] === undefined ? {} : { TZ: process.env['TZ'] }),
      VIRTUAL_ENV: `${FOLDER}/venv`,
      PYTHONUTF8: '1',
    });
  });

  test('and what a host adds, behind its own commands', () => {
    const { environment } = withOwn(launch(CLASS), { PATH: '/opt/cuda/bin', CUDA_VISIBLE_DEVICES: '1', LANG: 'C' });
    expect(environment).toMatchObject({ CUDA_VISIBLE_DEVICES: '1', LANG: 'C' });
    expect(environment['PATH']).toBe(`${FOLDER}/venv/bin:/opt/cuda/bin`);
  });
});
