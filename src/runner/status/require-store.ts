import { existsSync } from 'node:fs';
import { RunnerError } from '../../base/errors/index.js';
import type { StoreLayout } from '../../store/index.js';

/** For whoever only reads. @throws RunnerError release_not_found where there is no store */
export function requireStore({ root }: StoreLayout): void {
  if (existsSync(root)) return;
  throw new RunnerError('release_not_found', `There is no store at ${root}.`, {
    hint: 'Name the store with --store or PROCVISION_STORE.',
    details: { store: root },
  });
}
