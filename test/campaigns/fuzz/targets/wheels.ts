import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectWheel, parseRequirements } from '../../../../src/package/index.js';
import { wheelBytes } from '../../../package/support/wheel-bytes.js';
import { zipBytes } from '../../../package/support/zip-bytes.js';
import { mutated } from '../mutate.js';
import { refusable } from '../target.js';
import type { Target } from '../target.js';

const FILE = 'odd-1.0-py3-none-any.whl';
const SOUND = wheelBytes({ name: 'odd', version: '1.0' });
const INFO = 'odd-1.0.dist-info';
const FILES: Readonly<Record<string, string>> = {
  'odd/__init__.py': '',
  [`${INFO}/METADATA`]:
    'Metadata-Version: 2.1\nName: odd\nVersion: 1.0\nRequires-Dist: numpy (>=1.2) ; python_version < "4"\n\n',
  [`${INFO}/WHEEL`]: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  [`${INFO}/entry_points.txt`]: '[console_scripts]\nodd = odd:main\n',
  [`${INFO}/RECORD`]: `odd/__init__.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n${INFO}/RECORD,,\n`,
};

export const wheels: Target = {
  async attempt(chance, folder) {
    const path = join(folder, FILE);
    const spoiled = chance.of(Object.keys(FILES));
    const spoil = (name: string, text: string): Buffer =>
      name === spoiled ? mutated(Buffer.from(text), chance) : Buffer.from(text);
    const entries = Object.entries(FILES).map(([name, text]) => ({ name, data: spoil(name, text) }));
    writeFileSync(path, chance.isOneIn(3) ? mutated(SOUND, chance) : zipBytes(entries));
    await refusable(() => inspectWheel(path));
    const lines = mutated(Buffer.from('odd==1.0 --hash=sha256:00\nnumpy>=1,<2 ; os_name == "posix"\n'), chance);
    await refusable(() => parseRequirements(lines));
  },
};
