import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyOf } from '../../machines/release.js';
import { parseManifest } from '../package/index.js';
import { scanZips } from '../store/index.js';
import type { RecoveredStore, StoreLayout } from '../store/index.js';

/**
 * Registers complete deployments the registry does not know at all, as after a lost or unreadable `registry.json`: what
 * they were made from is in their own record. One that a PID is bound to is wanted running.
 *
 * @returns how many were registered; the store has to be read again then
 * @throws RunnerError store_io_failed
 */
export async function adoptDeployments(layout: StoreLayout, found: RecoveredStore): Promise<number> {
  const { registry, unregistered, routes } = found;
  const unknown = unregistered.filter(({ name, version }) => registry.get(name, version) === undefined);
  if (unknown.length === 0) return 0;
  const { zips } = await scanZips(layout, { settleMs: 0, looks: new Map() });
  const bound = new Set([...routes.values()].map(keyOf));
  for (const { name, version, folder, record } of unknown) {
    const { manifest } = parseManifest(await readFile(join(folder, 'manifest.json')));
    const nowIso = new Date().toISOString();
    await registry.update(name, version, () => ({
      name,
      version,
      supported_pids: manifest.supportedPids,
      state: 'Deployed',
      wanted: bound.has(keyOf({ name, version })) ? 'running' : 'stopped',
      zip: zips.find(({ sha256 }) => sha256 === record.sha256)?.zip ?? `${name}-v${version}-offline.zip`,
      sha256: record.sha256,
      created_at: record.installation.installed_at,
      updated_at: nowIso,
    }));
  }
  return unknown.length;
}
