import { existsSync } from 'node:fs';
import { readSettings } from '../../api/settings.js';
import { readStore } from '../../api/store.js';
import { didYouMean } from '../../base/errors/index.js';
import { isObject } from '../../base/json/index.js';
import { resultCommand } from '../command.js';
import { shownPath } from '../shown-path.js';

interface Data {
  readonly file: string;
  readonly exists: boolean;
  /** What is set, releases included. */
  readonly set: number;
  readonly warnings: readonly string[];
}

export const settingsCheck = resultCommand<[], object, Data>({
  async run({ store }) {
    const { file, exists, settings } = await readSettings(store);
    const { releases } = existsSync(store) ? await readStore(store) : { releases: [] };
    const known = new Set(releases.flatMap(({ release, name }) => [release, name]));
    const strange = Object.keys(settings.releases ?? {}).filter((key) => !known.has(key));
    return {
      file,
      exists,
      set: leaves(settings),
      warnings: strange.map((key) =>
        `releases.${key}: there is no such release in the store. ${didYouMean(key, known)}`.trimEnd(),
      ),
    };
  },

  json: ({ file, exists, set, warnings }) => ({ ok: true, file, exists, set, warnings }),

  show: ({ file, exists, set, warnings }) => ({
    lines: [exists ? `${shownPath(file)}: right; ${set} set` : `there is no ${shownPath(file)}; nothing is set`],
    warnings,
    next: ['settings', 'show'],
  }),
});

function leaves(tree: object): number {
  return Object.values(tree).reduce((sum: number, value: unknown) => sum + (isObject(value) ? leaves(value) : 1), 0);
}
