import type { Site } from '../mutants.js';

/** Who finds a mutant: properties of random histories, exhaustive exploration, or an example in test/machines. */
export type CheckKind = 'properties' | 'exploration' | 'examples';

/** One thing the project does to judge its machines, by itself and in this process. */
export interface Check {
  readonly name: string;
  readonly kind: CheckKind;
  /**
   * @param site where to look for what is wrong, if the check can choose; null: everywhere
   * @returns what is wrong; null when nothing is
   */
  run(site: Site | null): Promise<string | null> | string | null;
}
