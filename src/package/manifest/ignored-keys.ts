import type { z } from 'zod';
import { isObject, pointerTo } from '../../base/json/index.js';
import type { ManifestWarning } from './manifest.js';

export interface Pruned {
  readonly document: unknown;
  readonly warnings: readonly ManifestWarning[];
}

/** Takes away the keys the schema does not know; each is a warning, never an error (contract §3.1). */
export function pruneUnknownKeys(document: unknown, issues: readonly z.core.$ZodIssue[]): Pruned {
  const pruned: unknown = structuredClone(document);
  const warnings: ManifestWarning[] = [];
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const holder = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], pruned);
    for (const key of issue.keys) {
      if (isObject(holder)) delete holder[key];
      warnings.push(ignored([...issue.path, key]));
    }
  }
  if (isObject(document) && '$schema' in document) warnings.push(ignored(['$schema']));
  return { document: pruned, warnings };
}

const ignored = (path: readonly PropertyKey[]): ManifestWarning => ({
  code: 'ignored_key',
  pointer: pointerTo(path),
  message: 'is not a key of the manifest and is ignored',
});
