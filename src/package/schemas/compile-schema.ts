import { createRequire } from 'node:module';
import type * as Draft07 from 'ajv';
import type * as Draft2020 from 'ajv/dist/2020.js';
import { isObject } from '../../base/json/index.js';
import type { Problem } from '../manifest/manifest.js';
import { patternInThread } from '../patterns/pattern.js';

export type SchemaCheck = (value: unknown) => readonly Problem[];

const OPTIONS = {
  allErrors: false,
  strict: false,
  validateFormats: false,
  // Keys that every object inherits are names like others.
  ownProperties: true,
  // Written out at each reference, a schema could grow without end.
  inlineRefs: false,
  // Problems are reported; nothing is printed.
  logger: false,
  code: { regExp: patternEngine() },
} as const;

/**
 * A check by JSON Schema, draft 2020-12, or 07 when `$schema` says so. Nothing is fetched: a reference that leaves the
 * schema does not compile. Neither compiling nor checking is bounded in time: this is for threads.
 *
 * @throws Error when the schema itself is not valid
 */
export function compileSchema(schema: unknown): SchemaCheck {
  if (!isObject(schema) && typeof schema !== 'boolean') throw new Error('it must be an object, true or false');
  const draft = draftOf(schema);
  void draft.standard().validateSchema(schema, true);
  // One for each: names given inside a schema are its own.
  const validate = draft.validator().compile(schema);
  return (value) => {
    // Anything but true is no: an asynchronous check would answer with a promise.
    if (validate(value) === true) return [];
    const [error] = validate.errors ?? [];
    return [{ pointer: error?.instancePath ?? '', message: error?.message ?? 'does not fit its schema' }];
  };
}

/** Loads and warms up what takes longest, for a thread that has not begun with a task yet. */
export function prepareSchemas(): void {
  for (const $schema of ['', 'http://json-schema.org/draft-07/schema#']) {
    compileSchema($schema === '' ? { type: 'object' } : { $schema, type: 'object' });
  }
}

interface Draft {
  /** Knows the schema of schemas. */
  standard(): Draft07.Ajv | Draft2020.Ajv2020;
  validator(): Draft07.Ajv | Draft2020.Ajv2020;
}

/** Loaded at the first schema: it takes longer than the loop of a host may be held. */
const require = createRequire(import.meta.url);
const ALONE = { ...OPTIONS, meta: false, validateSchema: false } as const;

const DRAFT_07 = draft(() => (require('ajv') as typeof Draft07).Ajv);
const DRAFT_2020 = draft(() => (require('ajv/dist/2020.js') as typeof Draft2020).Ajv2020);

function draft(load: () => typeof Draft07.Ajv | typeof Draft2020.Ajv2020): Draft {
  let standard: Draft07.Ajv | Draft2020.Ajv2020 | undefined;
  return {
    standard: () => (standard ??= new (load())(OPTIONS)),
    validator: () => new (load())(ALONE),
  };
}

function draftOf(schema: Record<string, unknown> | boolean): Draft {
  const named = typeof schema === 'object' ? schema['$schema'] : undefined;
  return typeof named === 'string' && named.includes('draft-07') ? DRAFT_07 : DRAFT_2020;
}

function patternEngine() {
  const engine = (source: string) => {
    const test = patternInThread(source);
    // Ajv tells patterns apart by their text.
    return { test, toString: () => `/${source}/` };
  };
  // Only read when Ajv writes a schema out as a module, which we never do.
  engine.code = 'undefined';
  return engine as typeof engine & { code: string };
}
