import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareStore, storeLayout } from '../../../src/store/index.js';
import type { InstallationRecord, RegistryEntry, Route, StoreLayout } from '../../../src/store/index.js';
import { cleanAfterEachTest } from '../../support/cleanup.js';
import { scratchFolder as ownFolder } from '../../support/own-folder.js';

const made: string[] = [];

cleanAfterEachTest(async () => {
  await Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A folder on a real disk for one test, removed afterwards. */
export function scratchFolder(): Promise<string> {
  const folder = ownFolder();
  made.push(folder);
  return Promise.resolve(folder);
}

/** An empty store. */
export async function freshStore(): Promise<StoreLayout> {
  const layout = storeLayout(join(await scratchFolder(), 'store'));
  await prepareStore(layout);
  return layout;
}

export const SHA = 'a'.repeat(64);
export const NOON = '2026-11-20T12:00:00.000Z';

export function entryOf(name: string, version = '1.0.0', more: Partial<RegistryEntry> = {}): RegistryEntry {
  return {
    name,
    version,
    supported_pids: ['A01', 'A02'],
    state: 'Deployed',
    wanted: 'stopped',
    sha256: SHA,
    zip: `${name}-v${version}-offline.zip`,
    created_at: NOON,
    updated_at: NOON,
    ...more,
  };
}

export function routeOf(name: string, version = '1.0.0', more: Partial<Route> = {}): Route {
  return { name, version, activated_at: NOON, ...more };
}

export function recordOf(name: string, version = '1.0.0'): InstallationRecord {
  const installation = {
    interpreter: '/usr/bin/python3',
    python_version: '3.11.2',
    wheels: [{ file: 'numpy-1.26-cp311.whl', sha256: SHA }],
    installed_at: NOON,
    duration_ms: 812,
  };
  return { name, version, sha256: SHA, installation };
}
