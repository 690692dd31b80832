import { join } from 'node:path';
import { releaseOf } from '../../../machines/release.js';
import type { ReleaseKey } from '../../../machines/release.js';
import { openReleaseLog, systemClock } from '../../effects/index.js';
import type { Progress, ReleaseLog, EffectServices, Problems } from '../../effects/index.js';
import type { ImagePool } from '../../images/index.js';
import { declaredOf } from '../../package/index.js';
import { DEFAULT_FRAME_BYTES_MAX } from '../../protocol/index.js';
import type { StoreLayout } from '../../store/index.js';
import { openRecorder, TraceFeed } from '../../trace/index.js';
import type { Recorder } from '../../trace/index.js';
import { machineVersions } from './machines-in-production.js';
import { interpretersAmong } from '../packages/interpreters.js';
import { monitorInvariants } from './monitoring.js';
import type { Monitoring } from './monitoring.js';
import { environmentOf } from '../options/environment-options.js';
import { undecodedImages } from '../images/image-options.js';
import type { RunnerOptions } from '../options/options.js';
import { seededDraws } from './seeded-draws.js';
import { VERSION } from '../version.js';

export type Cleanup = (() => void | Promise<void>)[];

/** What everything a host opens works with: what it pushes to `cleanup` is closed with the host, the last one first. */
export interface Opening {
  readonly layout: StoreLayout;
  readonly problems: Problems;
  readonly cleanup: Cleanup;
}

/** The log of each release, opened when it has its first line. */
export function openReleaseLogs({ layout, problems, cleanup }: Opening): EffectServices['releaseLog'] {
  const logs = new Map<ReleaseKey, ReleaseLog>();
  cleanup.push(() => logs.forEach((log) => log.close()));
  return (key) => {
    const known = logs.get(key);
    if (known !== undefined) return known;
    const { name, version } = releaseOf(key);
    const log = openReleaseLog(join(layout.releaseLogs(name, version), 'algorithm.jsonl'), key, {
      onLoss: (error) => problems.note(error),
    });
    logs.set(key, log);
    return log;
  };
}

interface OpenTrace {
  readonly recorder: Recorder | null;
  readonly trace: TraceFeed;
  readonly monitoring: Monitoring | null;
}

/** The trace that is written, where one is wanted, and what watches the invariants on it. */
export function openTrace(options: RunnerOptions, { layout, problems, cleanup }: Opening): OpenTrace {
  const recorder =
    options.trace === false
      ? null
      : openRecorder({
          folder: layout.traces,
          runnerVersion: VERSION,
          machines: machineVersions(),
          ...(typeof options.trace === 'object' ? options.trace : {}),
          dropUneventful: true,
          onLoss: (error) => problems.note(error),
        });
  const trace = new TraceFeed(recorder);
  const monitoring =
    recorder !== null && options.monitor === true
      ? monitorInvariants({ trace, logs: layout.logs, onProblem: (problem) => problems.note(problem) })
      : null;
  cleanup.push(() => monitoring?.close());
  cleanup.push(() => trace.end());
  cleanup.push(() => recorder?.close());
  return { recorder, trace, monitoring };
}

interface OpenedParts extends Omit<Opening, 'cleanup'>, Pick<EffectServices, 'isolation' | 'releaseLog'> {
  readonly pool: ImagePool;
  readonly onProgress: Set<(progress: Progress) => void>;
}

/** What effects work with. */
export function servicesOf(
  options: RunnerOptions,
  { layout, problems, pool, isolation, releaseLog, onProgress }: OpenedParts,
): EffectServices {
  const services: EffectServices = {
    version: VERSION,
    clock: systemClock,
    isolation,
    frameBytesMax: options.frameBytesMax ?? DEFAULT_FRAME_BYTES_MAX,
    calls: new Map(),
    releases: new Map(),
    processes: new Map(),
    resettable: new Set(),
    infoCompared: new Map(),
    stepsTold: new Map(),
    problems,
    layout,
    segmentsReclaimed: pool.reclaimed.segments,
    packageLimits: options.packageLimits ?? {},
    images: pool,
    undecoded: (key) => undecodedImages(options, key),
    environment: (key) => environmentOf(options, key),
    // These are set by recoverStore, the first effect of all; nothing asks for them before.
    registry: undefined as never,
    audit: undefined as never,
    journal: undefined as never,
    routes: new Map(),
    interpreters: interpretersAmong(options.interpreters),
    progress: (progress) => onProgress.forEach((listener) => listener(progress)),
    draw: seededDraws(options.seed ?? 0x5eed),
    declared(key) {
      const manifest = services.releases.get(key)?.manifest;
      if (manifest !== undefined && manifest !== null) return declaredOf(manifest);
      return { ...releaseOf(key), supportedPids: [], steps: [] };
    },
    releaseLog,
  };
  return services;
}
