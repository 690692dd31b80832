import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discoverInterpreters, surveyInterpreters } from '../../../src/package/index.js';
import { processesWith } from '../support/processes.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = await tempFolder();
const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

/** A folder for the search path with programs in it; a text is a shell script, a link leads to the real Python. */
async function pathFolder(name: string, programs: Record<string, string | { link: string }>): Promise<string> {
  const place = join(folder, name);
  await mkdir(place);
  for (const [program, content] of Object.entries(programs)) {
    const path = join(place, program);
    if (typeof content === 'string') await writeFile(path, content);
    else await symlink(content.link, path);
    if (typeof content === 'string') await chmod(path, 0o755);
  }
  return place;
}

describe('looking for interpreters', () => {
  it('finds this machine’s, and learns what it is by running it', async () => {
    const path = await pathFolder('plain', { python3: { link: python } });
    const [found, ...others] = await discoverInterpreters({ path, wellKnown: false });
    expect(others).toEqual([]);
    expect(found).toMatchObject({ path: join(path, 'python3'), implementation: 'cpython', isVirtual: false });
    expect(found?.version).toMatch(/^3\.\d+\.\d+/);
    expect(found?.markers['python_version']).toBe(found?.version.split('.').slice(0, 2).join('.'));
    expect(found?.tags).toContain('py3-none-any');
    expect(found?.tags[0]).toMatch(/^cp3\d+-cp3\d+/);
  });

  it('passes over what does not work, and says why', async () => {
    const path = await pathFolder('broken', {
      python3: '#!/bin/sh\necho "pyenv: python3: command not found" >&2\nexit 127\n',
      'python3.8': '#!/bin/sh\nexit 0\n',
      'python3.9': '#!/bin/sh\necho "{}"\n',
      'python3.10': 'not a program',
      'python3.11': { link: '/nowhere/python' },
      'python3.12': { link: python },
      'python3-config': '#!/bin/sh\nexit 1\n',
      python3x: '#!/bin/sh\nexit 1\n',
    });
    const { interpreters, rejected } = await surveyInterpreters({ path, wellKnown: false });
    expect(interpreters.map((each) => each.path)).toEqual([join(path, 'python3.12')]);
    const reasons = Object.fromEntries(rejected.map((each) => [each.path.slice(path.length + 1), each.reason]));
    expect(Object.keys(reasons).sort()).toEqual(['python3', 'python3.10', 'python3.11', 'python3.8', 'python3.9']);
    expect(reasons['python3']).toContain('pyenv: python3: command not found');
    expect(reasons['python3.8']).toContain('did not answer');
  });

  it('does not wait for one that hangs, nor leaves it or its children behind', async () => {
    const mark = `hang-${process.pid}`;
    const path = await pathFolder('hanging', { python3: `#!/bin/sh\nsleep 600 & exec sh -c 'sleep 601; : ${mark}'\n` });
    const startMs = performance.now();
    const { rejected } = await surveyInterpreters({ path, wellKnown: false, timeoutMs: 300 });
    expect(rejected[0]?.reason).toContain('300 ms');
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect(await processesWith(mark)).toEqual([]);
  });

  it('takes one found twice, by link or by folder, as one', async () => {
    const first = await pathFolder('first', { python3: { link: python } });
    const second = await pathFolder('second', { python3: { link: python }, 'python3.99': { link: python } });
    expect(await discoverInterpreters({ path: `${first}:${second}:${first}`, wellKnown: false })).toHaveLength(1);
  });

  it('tells a virtual environment from the Python it is made of', async () => {
    const venv = join(folder, 'venv');
    execFileSync(python, ['-m', 'venv', '--without-pip', venv]);
    const [found] = await discoverInterpreters({ candidates: [join(venv, 'bin', 'python')] });
    expect(found).toMatchObject({ isVirtual: true, pipVersion: null, canInstall: false });
    expect(found?.tags).toContain('py3-none-any');
  });

  it('looks at nothing but the candidates it is given', async () => {
    expect(await discoverInterpreters({ candidates: [] })).toEqual([]);
    expect(await discoverInterpreters({ candidates: [join(folder, 'absent')] })).toEqual([]);
  });

  it('stops when told to', async () => {
    const path = await pathFolder('slow', { python3: '#!/bin/sh\nexec sleep 600\n' });
    const reason = new Error('enough');
    const found = discoverInterpreters({
      path,
      wellKnown: false,
      signal: AbortSignal.any([AbortSignal.abort(reason)]),
    });
    await expect(found).rejects.toBe(reason);
  });
});
