import type { z } from 'zod';
import { didYouMean, RunnerError } from '../../../base/errors/index.js';
import { readRegular } from '../../../base/files/index.js';
import { utf8Text } from '../../../base/text/index.js';
import { storeLayout } from '../../../store/index.js';
import { settingsSchema } from './settings-schema.js';
import type { Settings } from './settings-schema.js';

const BYTES_MAX = 1024 * 1024;
/** A release, or the name of an algorithm (contract §3.1). */
const RELEASE_KEY = /^[A-Za-z0-9_-]{1,64}(@[^@/\\\s]+)?$/;

/** The settings of a store, and where they are from. */
export interface StoreSettings {
  readonly file: string;
  /** Whether there is such a file. */
  readonly exists: boolean;
  readonly settings: Settings;
}

/**
 * Reads `settings.json` of a store; nothing is set where there is none.
 *
 * @throws RunnerError settings_invalid naming each setting that is wrong; store_io_failed
 */
export async function readSettings(store: string): Promise<StoreSettings> {
  const file = storeLayout(store).settings;
  const bytes = await readRegular(file, BYTES_MAX).catch((error: unknown) => {
    if (error instanceof RunnerError && error.details['errno'] === 'ENOENT') return null;
    throw error;
  });
  if (bytes === null) return { file, exists: false, settings: {} };
  return { file, exists: true, settings: checkSettings(parsed(bytes, file), file) };
}

/** @throws RunnerError settings_invalid */
export function checkSettings(value: unknown, file: string): Settings {
  const result = settingsSchema.safeParse(value);
  const problems = result.success ? [] : result.error.issues.flatMap(problemsOf);
  const keys = result.success ? Object.keys(result.data.releases ?? {}) : [];
  const odd = keys.filter((key) => !RELEASE_KEY.test(key));
  problems.push(...odd.map((key) => `releases.${key}: neither the name of an algorithm nor name@version`));
  if (!result.success || problems.length > 0) throw invalid(file, problems);
  const { $schema: _, ...settings } = result.data;
  return settings;
}

function parsed(bytes: Buffer, file: string): unknown {
  const text = utf8Text(bytes);
  if (text === undefined) throw invalid(file, ['it is not UTF-8 text']);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(file, [`it is not JSON: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

const invalid = (file: string, problems: readonly string[]): RunnerError =>
  new RunnerError('settings_invalid', `${file} is wrong: ${problems.join('; ')}.`, { details: { file, problems } });

function problemsOf(issue: z.core.$ZodIssue): readonly string[] {
  const path = issue.path.map(String);
  const at = (...more: string[]): string => [...path, ...more].join('.');
  if (issue.code !== 'unrecognized_keys') return [`${at() || 'settings'}: ${issue.message}`];
  const known = namesAt(settingsSchema, path);
  return issue.keys.map((key) => `${at(key)}: there is no such setting. ${didYouMean(key, known)}`.trimEnd());
}

/** The names there are at a place of the schema. */
function namesAt(schema: z.ZodType, [key, ...rest]: readonly string[]): readonly string[] {
  const inner = unwrapped(schema);
  if (key === undefined) return Object.keys(shapeOf(inner) ?? {});
  const shape = shapeOf(inner);
  const next = shape === undefined ? valueOf(inner) : shape[key];
  return next === undefined ? [] : namesAt(next, rest);
}

type Inner = { readonly def: { readonly innerType?: z.ZodType; readonly valueType?: z.ZodType } };

const unwrapped = (schema: z.ZodType): z.ZodType => {
  const { innerType } = (schema as unknown as Inner).def;
  return innerType === undefined ? schema : unwrapped(innerType);
};

const shapeOf = (schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined =>
  (schema as { readonly shape?: Readonly<Record<string, z.ZodType>> }).shape;

const valueOf = (schema: z.ZodType): z.ZodType | undefined => (schema as unknown as Inner).def.valueType;
