import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunner, storeLayout } from '../../../src/index.js';
import type { PolicyOptions, Runner } from '../../../src/index.js';
import { findPython } from '../../../bench/packages/interpreters.js';
import { ALGORITHMS } from './packages/releases.js';
import type { Algorithm, SoakRelease } from './packages/releases.js';
import { writeZip } from './packages/zip.js';
import type { MeetingPlace } from './packages/zip.js';

/** Everything a campaign works on: a Runner on a store of its own, every release installed, every PID bound. */
export interface Line {
  readonly runner: Runner;
  readonly store: string;
  readonly place: MeetingPlace;
  readonly imageFolder: string;
  readonly algorithms: readonly Algorithm[];
}

/** Quick, so that a thousand switches fit into some minutes; drains are long, so that none ends a call. */
const POLICY = {
  timings: { preMs: 5000, executeMs: 5000, drainMs: 20_000, shutdownMs: 2000, terminateMs: 500, pingIntervalMs: 1000 },
  // The campaign kills far more often than any policy of a site would put up with.
  restart: { immediateRestarts: 10_000, breakerLosses: 10_000 },
  probation: { durationMs: 250, errorsMax: 5 },
};

/** One that cannot start is given up at once, so that a switch to it does not hold up the others. */
const ILL_POLICY: PolicyOptions = { timings: { helloMs: 400, terminateMs: 100 }, restart: { immediateRestarts: 0 } };
/** One that fails at work trips its breaker. */
const FRAIL_POLICY: PolicyOptions = { restart: { immediateRestarts: 3, breakerLosses: 5 } };

function policyOf({ ill }: SoakRelease): PolicyOptions {
  switch (ill) {
    case 'mute':
    case 'crash':
    case 'wrong_info':
      return ILL_POLICY;
    case 'slow':
    case 'faulty':
      return FRAIL_POLICY;
    case 'late':
    case null:
      return {};
  }
}

/** @param scratch an empty folder; everything of the campaign lies in it, but for its images */
export async function openLine(scratch: string, seed: number): Promise<Line> {
  const at = (name: string): string => join(scratch, name);
  const place = { ledger: at('ledger'), attempts: at('attempts'), outbreak: at('outbreak') };
  for (const folder of [place.ledger, place.attempts, at('zips')]) mkdirSync(folder);
  const releases = ALGORITHMS.flatMap((algorithm) => algorithm.releases);
  const store = storeLayout(at('store')).root;
  const runner = await createRunner({
    store,
    seed,
    scanIntervalMs: 0,
    interpreters: [findPython().executable],
    actor: 'soak',
    images: { segments: 32 },
    ...POLICY,
    releases: {
      ...Object.fromEntries(
        ALGORITHMS.flatMap(({ instances, releases: own }) =>
          own.map((release) => [release.key, { instances, ...policyOf(release) }] as const),
        ),
      ),
    },
  });
  for (const release of releases)
    await runner.install(await writeZip(at('zips'), release, place), { target: 'Deployed' });
  for (const {
    releases: [first],
    pids,
  } of ALGORITHMS)
    if (first !== undefined) await runner.activate(first.key, pids);
  writeFileSync(place.outbreak, '');
  return { runner, store, place, imageFolder: runner.images.folder, algorithms: ALGORITHMS };
}
