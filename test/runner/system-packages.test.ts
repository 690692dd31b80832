import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { storeLayout } from '../../src/index.js';
import type { RunnerOptions } from '../../src/index.js';
import { findNumpyPython, NUMPY_IS_REQUIRED } from '../examples/numpy-python.js';
import { wheelBytes, wheelFile } from '../package/support/wheel-bytes.js';
import { refusalOf } from '../store/support/refusal.js';
import { scratchFolder } from './support/folders.js';
import { eyesZip, SDK_WHEEL } from './support/packages.js';
import { IMAGE, openRunner } from './support/runners.js';

/**
 * NumPy of the system's Python (as TensorRT or a camera's SDK elsewhere): it has no wheel in the package, and the policy of
 * the host decides whether it may be used.
 */
const found = findNumpyPython();
const ask = (code: string): string => execFileSync(found ?? '', ['-c', code], { encoding: 'utf8' }).trim();
const python = found === undefined ? '' : ask('import sys; print(sys.executable)');
const numpy = found === undefined ? '' : ask('import numpy; print(numpy.__version__)');

const eyes = readFileSync(new URL('../fixtures/packages/eyes.py', import.meta.url), 'utf8');
/** It says where its NumPy is from. */
const source = `${eyes}\nimport numpy\nprint("numpy", numpy.__version__, numpy.__file__)\n`;
const sdk = `procvision_algorithm_sdk==${SDK_WHEEL.file.split('-')[1]}\n`;
const packageWith = (requirements: string, wheels = {}) =>
  eyesZip({
    name: 'with-numpy',
    requirements: sdk + requirements,
    files: { 'eyes.py': source },
    wheels: { [SDK_WHEEL.file]: SDK_WHEEL.bytes, ...wheels },
  });
const runnerOn = (interpreters: NonNullable<RunnerOptions['interpreters']>) =>
  openRunner({ store: join(scratchFolder(), 'store'), interpreters });

describe.skipIf(found === undefined && !NUMPY_IS_REQUIRED)('a module that only the system’s Python has', () => {
  test('serves where the host lets packages use what that Python has installed, listed or not', async () => {
    const store = join(scratchFolder(), 'store');
    const runner = await openRunner({ store, interpreters: [{ path: python, systemPackages: true }] });
    await runner.install(packageWith(`numpy==${numpy}\n`));
    await runner.activate('with-numpy@1.0.0', ['A01']);
    expect(await runner.detect({ pid: 'A01', image: IMAGE })).toMatchObject({ status: 'OK', verdict: 'OK' });
    const log = join(storeLayout(store).releaseLogs('with-numpy', '1.0.0'), 'algorithm.jsonl');
    await expect.poll(() => readFileSync(log, 'utf8')).toContain(`numpy ${numpy} `);
    const deployed = storeLayout(store).deployment('with-numpy', '1.0.0');
    expect(JSON.parse(readFileSync(join(deployed, 'installation.json'), 'utf8'))).toMatchObject({
      installation: { system_packages: true },
    });
  });

  test('is a wheel that is missing where the host does not: by default', async () => {
    const runner = await runnerOn([python]);
    const error = await refusalOf(runner.install(packageWith(`numpy==${numpy}\n`)));
    expect(error).toMatchObject({ code: '2004' });
    expect(error.message).toContain('wheels/ holds no wheel of numpy');
  });

  test('of another version than the package pins is refused with the version there is', async () => {
    const runner = await runnerOn([{ path: python, systemPackages: true }]);
    const error = await refusalOf(runner.install(packageWith('numpy==0.0.1\n')));
    expect(error.code).toBe('2004');
    expect(error.message).toContain(`itself has numpy ${numpy}`);
  });

  test('comes behind what the package brings', async () => {
    const own = { name: 'numpy', version: numpy, files: { 'numpy/__init__.py': '__version__ = "own"\n' } };
    const runner = await runnerOn([{ path: python, systemPackages: true }]);
    await runner.install(packageWith(`numpy==${numpy}\n`, { [wheelFile(own)]: wheelBytes(own) }));
    expect(runner.list().releases).toMatchObject([{ release: 'with-numpy@1.0.0', state: 'Running' }]);
  });
});

test('a virtual environment is refused as a Python whose packages are used: environments made from it do not see them', async () => {
  const venv = join(scratchFolder(), 'venv');
  execFileSync('python3', ['-m', 'venv', '--without-pip', venv]);
  const runner = await runnerOn([{ path: join(venv, 'bin', 'python'), systemPackages: true }]);
  const error = await refusalOf(runner.install(packageWith('')));
  expect(error.message).toContain('is itself a virtual environment');
  expect(error.hint).toContain('name the Python it was made of');
});
