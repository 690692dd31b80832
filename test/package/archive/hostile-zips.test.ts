import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { extractArchive, readArchive } from '../../../src/package/index.js';
import { refused } from '../support/refused.js';
import { everythingIn, tempFolder } from '../support/temp-folder.js';
import { HOSTILE_ZIPS } from './hostile-zips.js';

const folder = await tempFolder();

/** A guard beside the staging folder shows that nothing was written around it. */
async function stage(bytes: Buffer) {
  const place = join(folder, `case-${(count += 1)}`);
  await mkdir(place);
  const [zip, staging, guard] = [join(place, 'package.zip'), join(place, 'staging'), join(place, 'guard')];
  await writeFile(zip, bytes);
  await writeFile(guard, 'untouched');
  return { place, zip, staging, guard };
}
let count = 0;

describe('a hostile zip is refused with 2001, the check that found it, and nothing written: one that', () => {
  it.each(HOSTILE_ZIPS.map((hostile) => [hostile.name, hostile] as const))('%s', async (_, hostile) => {
    const { place, zip, staging, guard } = await stage(hostile.bytes());
    const reading = readArchive(zip);
    const error =
      hostile.refusedBy === 'reading'
        ? await refused(reading, 'invalid_zip')
        : await refused(extractArchive(await reading, staging), 'invalid_zip');

    expect(error.code).toBe('2001');
    expect(error.details['check']).toBe(hostile.check);
    if (hostile.entry !== undefined) expect(error.details['entry']).toBe(hostile.entry);
    expect(await everythingIn(place)).toEqual(['guard', 'package.zip']);
    expect(await readFile(guard, 'utf8')).toBe('untouched');
  });

  it('comes in at least eighty kinds', () => {
    expect(HOSTILE_ZIPS.length).toBeGreaterThanOrEqual(80);
    expect(new Set(HOSTILE_ZIPS.map(({ name }) => name)).size).toBe(HOSTILE_ZIPS.length);
  });
});
