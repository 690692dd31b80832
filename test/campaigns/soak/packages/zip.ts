import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallWheel } from '../../../../bench/packages/small-wheel.js';
import { zipBytes } from '../../../package/support/zip-bytes.js';
import { sourceFile } from '../root.js';
import type { SoakRelease } from './releases.js';

/** Where the processes of a campaign and the campaign itself meet. */
export interface MeetingPlace {
  /** A file per process: what it was given and what it answered. */
  readonly ledger: string;
  /** A file per call whose first attempt is to fail. */
  readonly attempts: string;
  /** Illnesses break out once this file is there. */
  readonly outbreak: string;
}

/** What each call carries for the algorithm: its number, how long to work (ms), and what to do amiss. */
const PARAMS = [
  { key: 'call', type: 'int', required: true },
  { key: 'work_ms', type: 'float', default: 0 },
  { key: 'do', type: 'string', default: '' },
];
const STEPS = [
  { index: 1, name: 'locate', params: PARAMS },
  { index: 2, name: 'judge', params: PARAMS },
];

/** Writes the offline zip of a release. @returns its path */
export async function writeZip(folder: string, release: SoakRelease, place: MeetingPlace): Promise<string> {
  const wheel = await smallWheel(1);
  const { name, version, pids, ill } = release;
  const manifest = { name, version, entry_point: 'inspector.py', supported_pids: pids, steps: STEPS };
  const files: Readonly<Record<string, string | Buffer>> = {
    'manifest.json': JSON.stringify(manifest),
    'requirements.txt': '',
    [`wheels/${wheel.file}`]: wheel.bytes, // a package has to have one, needed or not
    'inspector.py': readFileSync(sourceFile('test/campaigns/soak/packages/inspector.py')),
    'wire.py': readFileSync(sourceFile('test/fixtures/programs/wire.py')),
    'soak.json': JSON.stringify({ ...place, ill: ill ?? '' }),
  };
  const path = join(folder, `${name}-v${version}-offline.zip`);
  writeFileSync(path, zipBytes(Object.entries(files).map(([entry, data]) => ({ name: entry, data }))));
  return path;
}
