import { wantedOf } from '../../machines/take-up.js';
import { keyOf } from '../../machines/release.js';
import { toFault } from '../base/errors/index.js';
import { scanZips } from '../store/index.js';
import type { RecoveredStore } from '../store/index.js';
import { readDeployedManifest, recordedOf } from './deployed-manifest.js';
import type { EffectServices } from './effect-services.js';

/**
 * Registers complete deployments the registry does not know at all, as after a lost or unreadable `registry.json`: what
 * they were made from is in their own record. One that a PID is bound to is wanted running.
 *
 * One whose manifest cannot be read is named among the problems and left where it is.
 *
 * @returns how many were registered; the store has to be read again then
 * @throws RunnerError store_io_failed
 */
export async function adoptDeployments({ layout, problems }: EffectServices, found: RecoveredStore): Promise<number> {
  const { registry, unregistered, routes } = found;
  const unknown = unregistered.filter(({ name, version }) => registry.get(name, version) === undefined);
  if (unknown.length === 0) return 0;
  const { zips } = await scanZips(layout, { settleMs: 0, looks: new Map() });
  const bound = [...routes.values()].map(keyOf);
  let adopted = 0;
  for (const { name, version, folder, record } of unknown) {
    const registered = { name, version, ...recordedOf(record.installation) };
    const read = readDeployedManifest(folder, registered);
    const manifest = await read.catch((error: unknown) => problems.note(toFault(error)));
    if (manifest === undefined) continue;
    const nowIso = new Date().toISOString();
    await registry.update(name, version, () => ({
      name,
      version,
      supported_pids: manifest.supportedPids,
      state: 'Deployed',
      wanted: wantedOf(keyOf({ name, version }), bound),
      zip: zips.find(({ sha256 }) => sha256 === record.sha256)?.zip ?? `${name}-v${version}-offline.zip`,
      sha256: record.sha256,
      created_at: record.installation.installed_at,
      updated_at: nowIso,
    }));
    adopted += 1;
  }
  return adopted;
}
