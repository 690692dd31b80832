import { releaseOf } from '../../../machines/release.js';
import type { ReleaseKey } from '../../../machines/release.js';

type Environment = Readonly<Record<string, string>>;

interface WithEnvironment {
  readonly environment?: Environment;
  readonly releases?: Readonly<Record<string, { readonly environment?: Environment }>>;
}

/** What `name@version` says on top of what `name` says, on top of what the Runner says. */
export function environmentOf({ environment, releases }: WithEnvironment, key: ReleaseKey): Environment {
  const own = new Map(Object.entries(releases ?? {}));
  return { ...environment, ...own.get(releaseOf(key).name)?.environment, ...own.get(key)?.environment };
}
