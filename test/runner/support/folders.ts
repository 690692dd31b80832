import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const OWN = mkdtempSync(join(tmpdir(), 'procvision-runner-'));
// Temporary files of this process and its children lie apart, so that what is left of them can be told.
process.env['TMPDIR'] = join(OWN, 'tmp');
mkdirSync(process.env['TMPDIR']);

afterAll(() => {
  rmSync(OWN, { recursive: true, force: true });
});

/** A folder of the test file on a real disk, removed when its tests are over. */
export const scratchFolder = (): string => mkdtempSync(join(OWN, 'scratch-'));
