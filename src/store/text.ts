import type { z } from 'zod';
import { utf8Text } from '../base/text/index.js';

export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

export function parseJson(bytes: Uint8Array): Parsed {
  if (bytes.length === 0) return { ok: false, reason: 'it is empty' };
  const text = utf8Text(bytes);
  if (text === undefined) return { ok: false, reason: 'it is not UTF-8 text' };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, reason: `it is not JSON (${error instanceof Error ? error.message : String(error)})` };
  }
}

/** The first thing a schema has against a value, with its place. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'it does not fit';
  return issue.path.length === 0 ? issue.message : `/${issue.path.map(String).join('/')}: ${issue.message}`;
}
