import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPython } from '../../../bench/packages/interpreters.js';
import { createRunner, storeLayout } from '../../../src/index.js';
import type { Runner } from '../../../src/index.js';
import { ALGORITHMS } from './packages/releases.js';
import { writeZip } from './packages/zip.js';
import type { MeetingPlace } from './packages/zip.js';
import { POLICY, policyOf } from './policy.js';

/** Images that may be on their way at a time: more than there are callers. */
const SEGMENTS = 32;

/** Everything a campaign works on: a Runner on a store of its own, every release installed, every PID bound. */
export interface Line {
  readonly runner: Runner;
  readonly store: string;
  readonly place: MeetingPlace;
  readonly imageFolder: string;
}

/** @param scratch an empty folder; everything of the campaign lies in it, but for its images */
export async function openLine(scratch: string, seed: number): Promise<Line> {
  const at = (name: string): string => join(scratch, name);
  const place = { ledger: at('ledger'), attempts: at('attempts'), outbreak: at('outbreak') };
  for (const folder of [place.ledger, place.attempts, at('zips')]) mkdirSync(folder);
  const store = storeLayout(at('store')).root;
  const runner = await createRunner({
    store,
    seed,
    scanIntervalMs: 0,
    interpreters: [findPython().executable],
    actor: 'soak',
    privateProc: false, // the ledgers name processes by the host's numbers
    images: { segments: SEGMENTS },
    ...POLICY,
    releases: Object.fromEntries(
      ALGORITHMS.flatMap(({ instances, releases }) =>
        releases.map((release) => [release.key, { instances, ...policyOf(release) }] as const),
      ),
    ),
  });
  try {
    await install(runner, at('zips'), place);
  } catch (error) {
    await runner.close();
    throw error;
  }
  return { runner, store, place, imageFolder: runner.images.folder };
}

/** Every release is deployed, every PID bound to the first of its algorithm; then the illnesses break out. */
async function install(runner: Runner, zips: string, place: MeetingPlace): Promise<void> {
  for (const { releases, pids } of ALGORITHMS) {
    for (const release of releases) await runner.install(await writeZip(zips, release, place), { target: 'Deployed' });
    const [first] = releases;
    if (first !== undefined) await runner.activate(first.key, pids);
  }
  writeFileSync(place.outbreak, '');
}
