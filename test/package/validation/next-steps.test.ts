import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { validatePackage } from '../../../src/package/index.js';
import { MANIFEST, SDK_RECIPE, packageBytes } from '../support/package-bytes.js';
import type { PackageRecipe } from '../support/package-bytes.js';
import { hostPython } from '../support/host-python.js';
import { tempFolder } from '../support/temp-folder.js';

/** A hint names the file and what works next, and never leads back to where the package came from. */
const folder = await tempFolder();
const python = await hostPython();

async function refusalOf(recipe: PackageRecipe) {
  const zip = join(await mkdtemp(join(folder, 'zip-')), 'screw-check-v1.0.0-offline.zip');
  await writeFile(zip, packageBytes(recipe));
  return (await validatePackage(zip, { interpreters: [python] })).report.fault;
}

const OTHER_HASH = `procvision_algorithm_sdk==0.1.0 --hash=sha256:${'0'.repeat(64)}\n`;

it.each<[string, PackageRecipe, RegExp, RegExp]>([
  [
    'a source distribution where a wheel is needed',
    { requirements: 'My.Lib==1.0\n', files: { 'wheels/my_lib-1.0.tar.gz': 'x' } },
    /wheels\/my_lib-1\.0\.tar\.gz is a source distribution/,
    /pip wheel --no-deps --wheel-dir wheels wheels\/my_lib-1\.0\.tar\.gz/,
  ],
  [
    'a wheel of another hash',
    { requirements: OTHER_HASH, wheels: [SDK_RECIPE] },
    /another hash than requirements\.txt allows/,
    /pip download --require-hashes.*pip hash/,
  ],
  [
    'a class by its file',
    { manifest: { ...MANIFEST, entry_point: './screw_check/main.py:ScrewCheck' } },
    /; write "screw_check\.main:ScrewCheck"/,
    /docs\/schemas/,
  ],
  [
    'a class behind a dot',
    { manifest: { ...MANIFEST, entry_point: 'screw_check.main.ScrewCheck' } },
    /which is not in the package/,
    /write the entry point as "screw_check\.main:ScrewCheck"/,
  ],
  [
    'folders around folders',
    { top: { folder: 'out/screw-check', wheels: 'inside' } },
    /There is out\/screw-check\/manifest\.json/,
    /Pack what lies in out\/screw-check\/ itself/,
  ],
])('%s', async (_what, recipe, message, hint) => {
  const fault = await refusalOf(recipe);
  expect(fault?.message).toMatch(message);
  expect(fault?.hint).toMatch(hint);
});
