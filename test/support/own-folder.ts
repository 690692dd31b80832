import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where files go when no test file runs. */
const OUTSIDE = tmpdir();
let own = '';

/**
 * Gives a test file a folder of its own on a real disk, with the temporary files of this process and its children apart
 * in it, so that what is left of them can be told.
 */
export function takeOwnFolder(): void {
  own = mkdtempSync(join(OUTSIDE, 'procvision-tests-'));
  process.env['TMPDIR'] = join(own, 'tmp');
  mkdirSync(process.env['TMPDIR']);
}

export function giveBackOwnFolder(): void {
  rmSync(own, { recursive: true, force: true });
}

/** A folder of the test file, removed when its tests are over. */
export const scratchFolder = (): string => mkdtempSync(join(own, 'scratch-'));
