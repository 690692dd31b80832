import { readdir, stat, statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, hostname, loadavg, totalmem, uptime, version } from 'node:os';
import { join } from 'node:path';
import type { StoreLayout } from '../../store/index.js';
import { VERSION } from '../version.js';

/** What one asks first about the machine and the store, as JSON: no value of any environment variable. */
export async function hostFacts(layout: StoreLayout): Promise<object> {
  const room = await statfs(layout.root).catch(() => null);
  return {
    procvision: VERSION,
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    system: version(),
    host: hostname(),
    cpus: availableParallelism(),
    cpu_model: cpus()[0]?.model ?? null,
    load: loadavg(),
    memory_bytes: totalmem(),
    memory_free_bytes: freemem(),
    booted: new Date(Date.now() - uptime() * 1000).toISOString(),
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    user_id: process.getuid?.() ?? null,
    store: layout.root,
    store_free_bytes: room === null ? null : room.bavail * room.bsize,
    store_free_files: room === null || room.files === 0 ? null : room.ffree,
    zips: await listed(layout.zips),
    deployed: await deployedReleases(layout.deployed),
  };
}

/** The names and sizes of what is not in the bundle. */
async function listed(folder: string): Promise<readonly object[]> {
  const names = await readdir(folder).catch(() => []);
  const found = names.map(async (name) => {
    const stats = await stat(join(folder, name)).catch(() => null);
    return { name, bytes: stats?.size ?? null, modified: stats?.mtime.toISOString() ?? null };
  });
  return Promise.all(found);
}

async function deployedReleases(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const versions = await Promise.all(names.map((name) => readdir(join(folder, name)).catch(() => [])));
  return names.flatMap((name, i) => (versions[i] ?? []).map((each) => `${name}@${each}`));
}
