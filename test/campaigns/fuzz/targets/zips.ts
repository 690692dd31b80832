import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractArchive, readArchive, validatePackage } from '../../../../src/package/index.js';
import { packageBytes } from '../../../package/support/package-bytes.js';
import { pretendInterpreter } from '../../../package/support/pretend-interpreter.js';
import { mutated } from '../mutate.js';
import { refusable } from '../target.js';
import type { Target } from '../target.js';

const SOUND = packageBytes();

export const zips: Target = {
  async attempt(chance, folder) {
    const zip = join(folder, 'fuzz-v1.0.0-offline.zip');
    writeFileSync(zip, mutated(SOUND, chance));
    await refusable(() => validatePackage(zip, { interpreters: [pretendInterpreter('3.11.2')] }));
    await refusable(async () => extractArchive(await readArchive(zip), join(folder, 'extracted')));
  },
};
