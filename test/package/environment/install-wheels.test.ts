import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEnvironment, installWheels } from '../../../src/package/index.js';
import type { InstallProgress, PinnedWheel } from '../../../src/package/index.js';
import { hostPython } from '../support/host-python.js';
import { refused } from '../support/refused.js';
import { everythingIn, tempFolder } from '../support/temp-folder.js';
import { wheelBytes, wheelFile } from '../support/wheel-bytes.js';
import type { WheelRecipe } from '../support/wheel-bytes.js';

const folder = await tempFolder();
// Where this file's installers keep their lists; other test files do not look here.
process.env['TMPDIR'] = folder;
const { executable: python } = await hostPython();

/** A deployed folder with these wheels, its environment built. */
async function deployed(...recipes: WheelRecipe[]) {
  const place = await mkdtemp(join(folder, 'deployed-'));
  const wheelsFolder = join(place, 'wheels');
  await mkdir(wheelsFolder);
  const requirements = await Promise.all(recipes.map((recipe) => put(wheelsFolder, recipe)));
  const environment = await createEnvironment({ python, folder: place });
  return { place, wheelsFolder, requirements, ...environment, base: python };
}

async function put(wheelsFolder: string, recipe: WheelRecipe): Promise<PinnedWheel> {
  const [file, bytes] = [wheelFile(recipe), wheelBytes(recipe)];
  await writeFile(join(wheelsFolder, file), bytes);
  return { name: recipe.name, version: recipe.version, file, sha256: createHash('sha256').update(bytes).digest('hex') };
}

const temporaryFolders = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('procvision-install-'));

describe('an environment', () => {
  it('is built at its place, without pip, and works', async () => {
    const place = await mkdtemp(join(folder, 'env-'));
    const environment = await createEnvironment({ python, folder: place });
    expect(environment.venv).toBe(join(place, 'venv'));
    const script =
      'import sys; print(sys.prefix); print("pip" in sys.modules or __import__("importlib.util").util.find_spec("pip"))';
    const output = execFileSync(environment.python, ['-I', '-c', script], { encoding: 'utf8' });
    expect(output.trim().split('\n')).toEqual([environment.venv, 'None']);
  });

  it('is never built over something that is there', async () => {
    const place = await mkdtemp(join(folder, 'env-'));
    await mkdir(join(place, 'venv'));
    await writeFile(join(place, 'venv', 'mine'), 'kept');
    await refused(createEnvironment({ python, folder: place }), 'install_failed');
    expect(await everythingIn(place)).toEqual(['venv/', 'venv/mine']);
  });

  it.each(['/bin/false', '/nowhere/python'])('by %s fails with 2005 and leaves nothing', async (broken) => {
    const place = await mkdtemp(join(folder, 'env-'));
    const error = await refused(createEnvironment({ python: broken, folder: place }), 'install_failed');
    expect(error.code).toBe('2005');
    expect(await everythingIn(place)).toEqual([]);
  });

  it('that is aborted leaves nothing', async () => {
    const place = await mkdtemp(join(folder, 'env-'));
    const abort = new AbortController();
    const building = createEnvironment({ python, folder: place, signal: abort.signal });
    setImmediate(() => abort.abort(new Error('enough')));
    await expect(building).rejects.toThrow('enough');
    expect(await everythingIn(place)).toEqual([]);
  });
});

describe('installing wheels', () => {
  it('puts them into the environment, scripts included, and reports up to 100 %', async () => {
    const tiny: WheelRecipe = {
      name: 'tiny',
      version: '1.0',
      entryPoints: '[console_scripts]\ntiny-tool = tiny:main\n',
    };
    const site = await deployed(tiny, { name: 'other-pkg', version: '2.5' });
    const seen: InstallProgress[] = [];
    await installWheels({ ...site, python: site.base, onProgress: (progress) => seen.push(progress) });
    const script = 'import tiny, other_pkg; print(tiny.VERSION, other_pkg.VERSION)';
    expect(execFileSync(site.python, ['-I', '-c', script], { encoding: 'utf8' })).toBe('1.0 2.5\n');
    expect(await readFile(join(site.venv, 'bin', 'tiny-tool'), 'utf8')).toContain(site.venv);
    expect(seen.at(-1)).toEqual({ done: 2, total: 2, percent: 100 });
    expect(seen.map(({ percent }) => percent)).toEqual([...seen.map(({ percent }) => percent)].sort((a, b) => a - b));
    expect(await temporaryFolders()).toEqual([]);
  });

  it('takes exactly the files that were validated: one that changed since is refused', async () => {
    const site = await deployed({ name: 'tiny', version: '1.0' });
    await put(site.wheelsFolder, { name: 'tiny', version: '1.0', files: { 'tiny/evil.py': '' } });
    const error = await refused(installWheels({ ...site, python: site.base }), 'install_failed');
    expect(error.code).toBe('2005');
    expect(error.details['tail']).toContain('DO NOT MATCH THE HASHES');
    expect(execFileSync('find', [site.venv, '-name', 'tiny*'], { encoding: 'utf8' })).toBe('');
  });

  it('that are not there fails with 2004 naming the requirement', async () => {
    const site = await deployed({ name: 'tiny', version: '1.0' });
    const absent: PinnedWheel = { name: 'absent', version: '3.0', file: '', sha256: 'ab'.repeat(32) };
    const error = await refused(
      installWheels({ ...site, python: site.base, requirements: [...site.requirements, absent] }),
      'wheels_missing',
    );
    expect(error.code).toBe('2004');
    expect(error.message).toContain('absent==3.0');
  });

  it('of nothing starts nothing', async () => {
    await installWheels({ python: '/nowhere/python', venv: '/nowhere', wheelsFolder: '/nowhere', requirements: [] });
  });

  it('that is aborted ends the installer, with the reason of the abort', async () => {
    const site = await deployed({ name: 'tiny', version: '1.0' });
    const abort = new AbortController();
    const reason = new Error('enough');
    const installing = installWheels({ ...site, python: site.base, signal: abort.signal });
    setTimeout(() => abort.abort(reason), 50);
    await expect(installing).rejects.toBe(reason);
    expect(await temporaryFolders()).toEqual([]);
  });

  it('by a Python that fails keeps the tail of what it said', async () => {
    const site = await deployed({ name: 'tiny', version: '1.0' });
    const broken = join(site.place, 'broken');
    await writeFile(broken, '#!/bin/sh\necho "out of luck" >&2\nexit 3\n', { mode: 0o755 });
    const error = await refused(installWheels({ ...site, python: broken }), 'install_failed');
    expect(error.details).toMatchObject({ exitCode: 3, tail: 'out of luck' });
  });
});

describe('what an installer made is looked at:', () => {
  /** Stands in for an installer that read a wheel in another way than we did. */
  async function installing(deed: string) {
    const site = await deployed({ name: 'tiny', version: '1.0' });
    const installer = join(site.place, 'installer');
    await writeFile(installer, `#!/bin/sh\ncd ${site.venv}\nsite=$(echo lib/python3*/site-packages)\n${deed}\n`, {
      mode: 0o755,
    });
    return { site, installed: installWheels({ ...site, python: installer }) };
  }

  it.each([
    ['another interpreter', 'rm bin/python; echo x > bin/python', 'venv/bin/python'],
    ['an interpreter of another mode', 'chmod 4755 bin/activate', 'venv/bin/activate'],
    ['another activation', 'echo evil >> bin/activate', 'venv/bin/activate'],
    ['no setup', 'rm pyvenv.cfg', 'venv/pyvenv.cfg'],
    ['another setup', 'echo "include-system-site-packages = true" >> pyvenv.cfg', 'venv/pyvenv.cfg'],
    ['a tool of the host', 'echo x > bin/setpriv', 'venv/bin/setpriv'],
    ['an interpreter of another version', 'echo x > bin/python3.99', 'venv/bin/python3.99'],
    ['a link', 'ln -s /etc bin/tool', 'venv/bin/tool'],
    ['a pipe', 'mkfifo share', 'venv/share'],
    ['a start-up file', 'echo "import os" > $site/evil.pth', '/evil.pth'],
    ['a start-up module', 'echo > $site/sitecustomize.py', '/sitecustomize.py'],
    ['a file beside the environment', 'echo > ../beside', 'beside'],
  ])('%s is refused with 2005 by its path', async (_, deed, path) => {
    const { installed } = await installing(deed);
    const error = await refused(installed, 'install_failed');
    expect(error.code).toBe('2005');
    expect(error.details['check']).toBe('environment');
    expect(error.details['path']).toContain(path);
  });

  it('ordinary commands, modules and data are none of its business', async () => {
    const { installed } = await installing(
      'mkdir -p share/x $site/tiny; echo > bin/tiny-tool; echo > $site/tiny/x.pth; echo > share/x/setpriv',
    );
    await expect(installed).resolves.toBeUndefined();
  });
});
