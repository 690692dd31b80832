import { settingsJsonSchema } from '../../src/runner/options/settings/json-schema.js';
import { policyShape } from '../../src/runner/options/settings/policy-schema.js';
import { SETTINGS_DEFAULTS } from '../../src/runner/options/settings/settings-schema.js';

export const settingsSchemaFile = (): string => `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`;

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly anyOf?: readonly Described[];
}

/** Every setting with its default and what it means, from the schema it is checked by. */
export function settingsTable(): string {
  const { properties = {} } = settingsJsonSchema() as Described;
  const rows = Object.entries(properties)
    .filter(([key]) => key !== '$schema' && key !== 'releases')
    .flatMap(([key, own]) => rowsOf(key, own, SETTINGS_DEFAULTS));
  return ['| Setting | Default | By release | What it says |', '|---|---|---|---|', ...rows].join('\n');
}

function rowsOf(path: string, schema: Described, defaults: unknown, name = path): readonly string[] {
  const otherwise = isObject(defaults) ? defaults[name] : undefined;
  const inner = schema.properties ?? schema.anyOf?.find(({ properties }) => properties !== undefined)?.properties;
  if (inner !== undefined)
    return Object.entries(inner).flatMap(([key, own]) => rowsOf(`${path}.${key}`, own, otherwise, key));
  const [group = '', key] = path.split('.');
  const byRelease = group === 'images' ? key === 'undecoded' : Object.hasOwn(policyShape, group);
  return [`| \`${path}\` | ${shown(otherwise)} | ${byRelease ? 'yes' : ''} | ${schema.description ?? ''} |`];
}

const shown = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'number'
      ? value.toLocaleString('en-US')
      : typeof value === 'string'
        ? `\`${value}\``
        : JSON.stringify(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
