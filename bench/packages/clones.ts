import { createHash } from 'node:crypto';
import { cp, link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storeLayout } from '../../src/index.js';
import type { StoreLayout } from '../../src/index.js';
import type { Prepared } from './prepared.js';

/**
 * More releases for a store, without deploying them: copies of the one it has, each registered and deployed under a name
 * of its own, with a zip in the archive. A Runner takes them for what it deployed itself.
 */
export interface Clones {
  /** How many are added. */
  readonly count: number;
  /** With code and environment, so that they can be started; else only what makes a deployment complete and readable. */
  readonly runnable: boolean;
}

/** What registry, installation record and manifest say of a release; the rest is carried along as it is. */
interface Facts {
  readonly name: string;
  readonly version: string;
  readonly [more: string]: unknown;
}

interface RegistryFile {
  readonly releases: readonly (Facts & { readonly zip: string })[];
}

/** @returns the releases added, `name@version` */
export async function addClones({ store, release }: Prepared, { count, runnable }: Clones): Promise<readonly string[]> {
  const layout = storeLayout(store);
  const registry = JSON.parse(await readFile(layout.registry, 'utf8')) as RegistryFile;
  const original = registry.releases.find(({ name, version }) => `${name}@${version}` === release);
  if (original === undefined) throw new Error(`${release} is not registered in ${store}`);
  const entries = Array.from({ length: count }, (_, i) => {
    const name = `bench-clone-${String(i + 1).padStart(4, '0')}`;
    const { version } = original;
    return { ...original, name, sha256: digest(name), zip: `${name}-v${version}-offline.zip`, wanted: 'stopped' };
  });
  for (const entry of entries) await addClone(layout, original, entry, runnable);
  const releases = [...registry.releases, ...entries];
  await writeFile(layout.registry, JSON.stringify({ ...registry, releases }));
  return entries.map(({ name, version }) => `${name}@${version}`);
}

type Entry = Facts & { readonly zip: string; readonly sha256: string };

async function addClone(
  layout: StoreLayout,
  original: RegistryFile['releases'][number],
  { name, version, zip, sha256 }: Entry,
  runnable: boolean,
): Promise<void> {
  const from = layout.deployment(original.name, original.version);
  const to = layout.deployment(name, version);
  if (runnable) await cp(from, to, { recursive: true, verbatimSymlinks: true });
  else await mkdir(to, { recursive: true });
  const manifest_sha256 = digest(await rewrite('manifest.json', () => ({ name })));
  await rewrite('installation.json', ({ installation }) => ({
    ...{ name, sha256 },
    installation: { ...(installation as object), manifest_sha256 },
  }));
  await link(layout.zip(original.zip), layout.zip(zip));

  async function rewrite(file: string, changed: (facts: Facts) => object): Promise<string> {
    const facts = JSON.parse(await readFile(join(from, file), 'utf8')) as Facts;
    const text = JSON.stringify({ ...facts, ...changed(facts) });
    await writeFile(join(to, file), text);
    return text;
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
