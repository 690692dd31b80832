import { keyOf } from '../../../machines/release.js';
import type { z } from 'zod';
import { loopShareOf } from '../../platform/index.js';
import type { StoreProblem } from '../problem.js';
import { firstIssue, parseJson } from '../text.js';
import { entrySchema, forgottenSchema } from './entry.js';
import type { ForgottenZip, RegistryEntry } from './entry.js';

/** Raised only when an older Runner would misread what is written. */
export const STORE_FORMAT = 1;

const ITEMS_AT_ONCE = 20;

/** The registry in memory; `entries` by `name@version`, `forgotten` by sha256. Replaced as a whole, never changed. */
export interface RegistryContent {
  readonly entries: ReadonlyMap<string, RegistryEntry>;
  readonly forgotten: ReadonlyMap<string, ForgottenZip>;
}

export const EMPTY: RegistryContent = { entries: new Map(), forgotten: new Map() };

export type ReadDocument =
  | { readonly kind: 'read'; readonly content: RegistryContent; readonly problems: readonly StoreProblem[] }
  | { readonly kind: 'newer'; readonly format: unknown }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** One release a line, so that people and diffs can read it; a line is made once per entry. */
export function writeDocument(content: RegistryContent): Uint8Array {
  const lines = (items: Iterable<object>): string => [...items].map(writeLine).join(',\n');
  return Buffer.from(
    `{"store_format":${STORE_FORMAT},"releases":[\n${lines(content.entries.values())}\n],"forgotten":[\n${lines(content.forgotten.values())}\n]}\n`,
  );
}

/** Good entries are kept whatever lies beside them. */
export async function readDocument(bytes: Uint8Array): Promise<ReadDocument> {
  const parsed = parseJson(bytes);
  if (!parsed.ok) return { kind: 'unreadable', reason: parsed.reason };
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'unreadable', reason: 'it is not a JSON object' };
  }
  const { store_format: format, releases, forgotten = [] } = value as Record<string, unknown>;
  if (typeof format === 'number' && format > STORE_FORMAT) return { kind: 'newer', format };
  if (!Array.isArray(releases)) return { kind: 'unreadable', reason: 'it has no list "releases"' };
  const problems: StoreProblem[] = [];
  const report = (subject: string, message: string): void => {
    problems.push({ what: 'registry_entry_unreadable', subject, message, done: null });
  };
  const content = {
    entries: await readList(releases, entrySchema, (entry) => keyOf(entry), 'releases', report),
    forgotten: await readList(forgotten, forgottenSchema, (zip) => zip.sha256, 'forgotten', report),
  };
  return { kind: 'read', content, problems };
}

async function readList<T>(
  items: unknown,
  schema: z.ZodType<T>,
  keyOf: (item: T) => string,
  list: string,
  report: (subject: string, message: string) => void,
): Promise<Map<string, T>> {
  const read = new Map<string, T>();
  if (!Array.isArray(items)) {
    report(list, `registry.json: "${list}" is not a list.`);
    return read;
  }
  const readItem = (item: unknown, index: number): void => {
    const place = `registry.json /${list}/${index}`;
    const result = schema.safeParse(item);
    if (!result.success) return report(subjectOf(item, place), `${place}: ${firstIssue(result.error)}.`);
    const key = keyOf(result.data);
    if (read.has(key)) return report(key, `${place}: ${key} is there twice; the first one counts.`);
    read.set(key, result.data);
  };
  for (let i = 0; i < items.length; i += ITEMS_AT_ONCE)
    await loopShareOf(() => items.slice(i, i + ITEMS_AT_ONCE).forEach((item, j) => readItem(item, i + j)));
  return read;
}

function subjectOf(item: unknown, otherwise: string): string {
  if (typeof item !== 'object' || item === null || !('name' in item) || !('version' in item)) return otherwise;
  const { name, version } = item;
  return typeof name === 'string' && typeof version === 'string' ? keyOf({ name, version }) : otherwise;
}

const lineCache = new WeakMap<object, string>();

export function writeLine(item: object): string {
  const known = lineCache.get(item);
  if (known !== undefined) return known;
  const line = JSON.stringify(item);
  lineCache.set(item, line);
  return line;
}
