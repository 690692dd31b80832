import type { RestRecord } from '../../machines/package.events.js';
import { releaseOf } from '../../machines/release.js';
import type { ReleaseKey } from '../../machines/release.js';
import type { RouteRecord } from '../../machines/route.events.js';
import { discardDeployment, removeRoute as removeRouteFile, writeRoute as writeRouteFile } from '../store/index.js';
import { fileOf } from './workshop.js';
import type { Workshop } from './workshop.js';

/** The effects that write facts: where releases rest, and what PIDs are bound to. */

/** Writes where a release rests, with its report and reason (contract §9). */
export async function recordRest(workshop: Workshop, { key, state, wanted, reason }: RestRecord): Promise<void> {
  const { name, version } = releaseOf(key);
  const file = fileOf(workshop, key);
  const nowIso = new Date().toISOString();
  await workshop.registry.update(name, version, (known) => {
    const { reason: _old, ...entry } = known ?? {
      name,
      version,
      supported_pids: [],
      created_at: nowIso,
    };
    return {
      ...entry,
      supported_pids: file.manifest?.supportedPids ?? entry.supported_pids,
      state,
      wanted,
      zip: file.zip,
      sha256: file.sha256,
      updated_at: nowIso,
      ...(reason === null ? {} : { reason }),
      ...(file.report === null ? {} : { report: { ...file.report } }),
    };
  });
}

/** Takes a release off the disk; its zip stays in the archive and is remembered, so that no scan deploys it again. */
export async function removeRelease(workshop: Workshop, key: ReleaseKey): Promise<void> {
  const { name, version } = releaseOf(key);
  const { sha256 } = fileOf(workshop, key);
  await discardDeployment(workshop.layout, name, version);
  await workshop.registry.forget({ sha256, name, version, forgotten_at: new Date().toISOString() });
  workshop.releases.delete(key);
}

export async function writeRoute({ layout }: Workshop, { pid, key }: RouteRecord): Promise<void> {
  await writeRouteFile(layout, pid, { ...releaseOf(key), activated_at: new Date().toISOString() });
}

export async function removeRoute({ layout }: Workshop, pid: string): Promise<void> {
  await removeRouteFile(layout, pid);
}
