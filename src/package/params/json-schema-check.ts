import { createRequire } from 'node:module';
import type * as Draft07 from 'ajv';
import type * as Draft2020 from 'ajv/dist/2020.js';
import type { JsonObject } from '../json/json.js';
import type { Problem } from '../manifest/manifest.js';
import { guardedPattern } from './guarded-pattern.js';

export type SchemaCheck = (value: unknown) => readonly Problem[];

const OPTIONS = {
  allErrors: false,
  strict: false,
  validateFormats: false,
  // Problems are reported; nothing is printed.
  logger: false,
  code: { regExp: guardedRegExp() },
} as const;

/**
 * A check by JSON Schema, draft 2020-12, or 07 when `$schema` says so. Nothing is fetched: a reference that leaves the
 * schema does not compile.
 *
 * @throws Error when the schema itself is not valid
 */
export function schemaCheck(schema: JsonObject | boolean): SchemaCheck {
  const validate = ajvFor(schema).compile(schema);
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => ({
      pointer: error.instancePath,
      message: error.message ?? 'does not fit its schema',
    }));
  };
}

function ajvFor(schema: JsonObject | boolean): Draft07.Ajv | Draft2020.Ajv2020 {
  const draft = typeof schema === 'object' ? schema['$schema'] : undefined;
  const isDraft07 = typeof draft === 'string' && draft.includes('draft-07');
  return isDraft07 ? new (load07().Ajv)(OPTIONS) : new (load2020().Ajv2020)(OPTIONS);
}

/** Loaded at the first parameter of type `json`: few packages have one, and it is a tenth of the Runner's memory. */
const require = createRequire(import.meta.url);
const load07 = () => require('ajv') as typeof Draft07;
const load2020 = () => require('ajv/dist/2020.js') as typeof Draft2020;

/** Patterns inside a schema run under the same guard as those of string parameters; too slow counts as no match. */
function guardedRegExp() {
  const engine = (source: string) => {
    const test = guardedPattern(source);
    // Ajv tells patterns apart by their text.
    return { test: (text: string) => test(text) === true, toString: () => `/${source}/` };
  };
  // Only read when Ajv writes a schema out as a module, which we never do.
  engine.code = 'undefined';
  return engine as typeof engine & { code: string };
}
