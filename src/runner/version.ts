import { readFileSync } from 'node:fs';

/** The package's version: `package.json` lies two folders above in the sources, three in the build. */
export const VERSION: string = (() => {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<
        string,
        string
      >;
      if (name === 'procvision-runner' && version !== undefined) return version;
    } catch {
      // Not there: the other place.
    }
  }
  return '0.0.0';
})();
