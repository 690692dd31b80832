import { OPTION_WORDS, POLICY_DEFAULTS } from '../../machines/index.js';

/** Every option of a release's policy as tables for the guides. */
interface Row {
  readonly option: string;
  readonly preset: string;
  readonly words: string;
}

type Preset = number | boolean | null;

type Words<T> = { readonly [Key in keyof T]: string };

const rowsOf = <T extends object>(group: string, words: Words<T>, presets: { readonly [Key in keyof T]: Preset }) =>
  (Object.keys(words) as (keyof T & string)[]).map((key): Row => ({
    option: group === '' ? key : `${group}.${key}`,
    preset: shown(key, presets[key]),
    words: words[key],
  }));

const { single, timings, restart, memory, limits, probation } = OPTION_WORDS;
const ROWS: readonly Row[] = [
  ...rowsOf('', single, POLICY_DEFAULTS),
  ...rowsOf('timings', timings, POLICY_DEFAULTS.timings),
  ...rowsOf('restart', restart, POLICY_DEFAULTS.restart),
  ...rowsOf('memory', memory, POLICY_DEFAULTS.memory),
  ...rowsOf('limits', limits, POLICY_DEFAULTS.limits),
  ...rowsOf('probation', probation, POLICY_DEFAULTS.probation),
];

/** What a release comes with in a switch; everything else is supervision. */
const OF_SWITCHES = /^(probation\.|fallback$|timings\.rollbackRetryMs$)/;

export const supervisionOptions = (): string => table(ROWS.filter(({ option }) => !OF_SWITCHES.test(option)));
export const switchOptions = (): string =>
  table(ROWS.filter(({ option }) => OF_SWITCHES.test(option) || option === 'timings.drainMs'));

const table = (rows: readonly Row[]): string =>
  [
    '| Option | Default | What it says |',
    '|---|---|---|',
    ...rows.map(({ option, preset, words }) => `| \`${option}\` | ${preset} | ${words} |`),
  ].join('\n');

/** Units are last in a name (house rule). */
function shown(key: string, preset: Preset): string {
  if (typeof preset !== 'number') return `${preset}`;
  const unit = /Ms(Max)?$/.test(key) ? ' ms' : /Bytes$/.test(key) ? ' bytes' : '';
  return `${preset.toLocaleString('en-US')}${unit}`;
}
