import { execFileSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createEnvironment, extractArchive, installWheels, validatePackage } from '../../src/package/index.js';
import { hostPython } from './support/host-python.js';
import { MANIFEST, SDK_RECIPE, packageBytes } from './support/package-bytes.js';
import { everythingIn, tempFolder } from './support/temp-folder.js';

const folder = await tempFolder();
const interpreter = await hostPython();

it.each(['inside', 'beside'] as const)(
  'a package with wheels/ %s its top folder becomes a folder whose Python imports the algorithm and everything it needs',
  async (wheels) => {
    const place = await mkdtemp(join(folder, 'case-'));
    const [zip, deployed] = [join(place, 'package.zip'), join(place, 'deployed')];
    const needing = {
      ...SDK_RECIPE,
      requires: ['tiny>=1 ; python_version >= "3"', 'absent ; sys_platform == "nowhere"'],
    };
    const manifest = { ...MANIFEST, required_assets: { A01: { layout: 'assets/a.json' } } };
    await writeFile(
      zip,
      packageBytes({
        manifest,
        wheels: [needing, { name: 'tiny', version: '1.0' }],
        files: { 'assets/a.json': '{}' },
        top: { folder: 'screw-check', wheels },
      }),
    );

    const { report, validated } = await validatePackage(zip, { interpreters: [interpreter], scratch: place });
    expect(report.fault).toBeUndefined();
    if (validated === undefined) throw new Error('nothing was validated');
    await extractArchive(validated.archive, deployed, { plan: validated.plan });
    const { executable } = validated.interpreter;
    const { venv, python } = await createEnvironment({ python: executable, folder: deployed });
    const wheelsFolder = join(deployed, 'wheels');
    await installWheels({ python: executable, venv, wheelsFolder, requirements: validated.requirements });

    const script = 'import screw_check.main, procvision_algorithm_sdk, tiny; print(tiny.__file__)';
    const output = execFileSync(python, ['-c', script], { cwd: deployed, encoding: 'utf8' });
    expect(output).toContain(venv);
    const top = (await everythingIn(deployed)).filter((path) => /^[^/]+\/?$/.test(path) && path !== 'screw_check/');
    expect(top).toEqual(['assets/', 'manifest.json', 'requirements.txt', 'venv/', 'wheels/']);
    expect(await everythingIn(place)).not.toContainEqual(expect.stringContaining('procvision-wheels-'));
  },
);
