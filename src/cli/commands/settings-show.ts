import { existsSync } from 'node:fs';
import { Option } from 'commander';
import { readSettings, settingRows } from '../../api/settings.js';
import type { SettingRow } from '../../api/settings.js';
import { readStore, unknownRelease } from '../../api/store.js';
import { resultCommand } from '../command.js';
import { shownPath } from '../shown-path.js';
import { table } from '../table.js';
import type { Cell } from '../table.js';

interface Data {
  readonly file: string;
  readonly exists: boolean;
  /** Null: those of the Runner. */
  readonly release: string | null;
  readonly rows: readonly SettingRow[];
}

interface Options {
  readonly release?: string;
  readonly set?: boolean;
}

export const settingsShow = resultCommand<[], Options, Data>({
  options: [
    new Option('--release <release>', 'those of name@version, or of every release of a name'),
    new Option('--set', 'only what settings.json sets'),
  ],

  async run({ store }, _args, { release, set = false }) {
    const { file, exists, settings } = await readSettings(store);
    if (release !== undefined) await requireKnown(store, release, Object.keys(settings.releases ?? {}));
    const own = release === undefined ? [undefined, ...Object.keys(settings.releases ?? {})] : [release];
    const rows = own.flatMap((key) => settingRows(settings, key).filter((row) => isTold(row, key, set, release)));
    return { file, exists, release: release ?? null, rows };
  },

  json: ({ file, exists, release, rows }) => ({ file, exists, release, settings: rows }),

  show({ file, exists, rows }, colors) {
    const shown = rows.map(({ setting, value, default: otherwise, origin }): readonly Cell[] => [
      origin === 'default' ? setting : origin,
      origin === 'default' ? valueOf(value) : [valueOf(value), colors.cyan],
      origin === 'default' ? [origin, colors.dim] : `settings.json (default ${valueOf(otherwise)})`,
    ]);
    return {
      lines: rows.length === 0 ? [] : table(['setting', 'value', 'from'], shown, colors),
      notes: [
        exists ? `set in ${shownPath(file)}` : `there is no ${shownPath(file)}: every setting has its default`,
        'what a host or an option of a command says wins over the file',
      ],
    };
  },
});

/** A release, or the name of an algorithm; the file may speak of one that is still to come. @throws RunnerError */
async function requireKnown(store: string, asked: string, named: readonly string[]): Promise<void> {
  const { releases } = existsSync(store) ? await readStore(store) : { releases: [] };
  const known = [...new Set([...releases.flatMap(({ release, name }) => [release, name]), ...named])];
  const [algorithm = ''] = asked.split('@');
  const isToCome = named.includes(algorithm) && !releases.some(({ name }) => name === algorithm);
  if (!known.includes(asked) && !isToCome) throw unknownRelease(asked, known);
}

/** Beside the Runner's own, of each release only what is said of it. */
const isTold = ({ origin }: SettingRow, key: string | undefined, set: boolean, asked: string | undefined): boolean =>
  key === undefined || asked !== undefined ? !set || origin !== 'default' : origin.startsWith(`releases.${key}.`);

/** Null: none, or what the machine has. */
const valueOf = (value: unknown): string =>
  value === null ? '-' : typeof value === 'string' ? value : JSON.stringify(value);
