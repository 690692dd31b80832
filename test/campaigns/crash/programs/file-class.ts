import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { FileClass } from './plan.js';

const STORE: readonly (readonly [pattern: RegExp, FileClass])[] = [
  [/^algorithms\/zips(\/|$)/, 'zip'],
  [/^algorithms\/\.staging(\/|$)/, 'staging'],
  [/^algorithms\/deployed\/[^/]+\/[^/]+\/venv(\/|$)/, 'venv'],
  [/^algorithms\/deployed(\/|$)/, 'deployed'],
  [/^active(\/|$)/, 'active'],
  [/^operations(\/|$)/, 'operations'],
  [/^\.?registry\.json/, 'registry'],
  [/^logs\/\.?audit\.jsonl/, 'audit'],
  [/^logs\/traces(\/|$)/, 'trace'],
  [/^logs(\/|$)/, 'log'],
  [/^lock(\/|$)/, 'lock'],
  [/^aside(\/|$)/, 'aside'],
];

/** What a file is to a Runner (contract §9); temporary files count as what they become. */
export function fileClass(path: string, places: { readonly store: string; readonly images: string }): FileClass {
  const absolute = resolve(path);
  const inStore = below(places.store, absolute);
  if (inStore !== null) return STORE.find(([pattern]) => pattern.test(inStore))?.[1] ?? 'root';
  return below(places.images, absolute) === null ? 'other' : 'shm';
}

function below(folder: string, path: string): string | null {
  const inside = relative(folder, path);
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? null : inside;
}
