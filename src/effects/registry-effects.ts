import type { Effects } from '../../machines/effects.js';
import type { RestRecord } from '../../machines/package.events.js';
import { releaseOf } from '../../machines/release.js';
import { toFault } from '../base/errors/index.js';
import { uninstallRelease } from '../store/index.js';
import { fileOf } from './effect-services.js';
import type { EffectServices } from './effect-services.js';

/** The effects that write where releases rest, and take them off the disk. */

/** Writes where a release rests, with its report and reason (contract §9). */
export async function recordRest(services: EffectServices, { key, state, wanted, reason }: RestRecord): Promise<void> {
  const { name, version } = releaseOf(key);
  const file = fileOf(services, key);
  const nowIso = new Date().toISOString();
  const present = services.registry.get(name, version);
  const isSaid = present?.state === state && present.wanted === wanted && present.sha256 === file.sha256;
  if (isSaid && reason === null && present.reason === undefined && file.report === null) return;
  const written = services.registry.update(name, version, (known) => {
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
  await written.catch((error: unknown) => {
    // What counts is on disk already; only why it once rested there, or when, is out of date.
    if (!isSaid) throw error;
    services.problems.note(toFault(error));
  });
}

/** Takes a release off the disk; its zip stays in the archive and is remembered, so that no scan deploys it again. */
export async function removeRelease(
  services: EffectServices,
  { key, operationId }: Effects['removeRelease']['input'],
): Promise<void> {
  const { sha256 } = fileOf(services, key);
  await uninstallRelease(services, operationId, { ...releaseOf(key), sha256 });
  services.releases.delete(key);
}
