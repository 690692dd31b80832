import { own } from '../../../machines/own.js';
import type { z } from 'zod';
import { pointerTo } from '../../base/json/index.js';
import { show } from '../json/show.js';
import { PARAM_TYPES } from './manifest.js';
import type { Problem } from './manifest.js';
import { shownKey } from './proto-key.js';

type Issue = z.core.$ZodIssue;

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** Words other tools use for our types. */
const TYPE_ALIASES: Readonly<Record<string, string>> = {
  integer: 'int',
  number: 'float',
  double: 'float',
  boolean: 'bool',
  str: 'string',
  text: 'string',
  list: 'array',
  object: 'json',
  choice: 'enum',
  select: 'enum',
};

/** What the schema found, in the words of somebody who edits a manifest. */
export function describeIssue(issue: Issue, document: unknown): Problem {
  const found = valueAt(document, issue.path);
  return { pointer: pointerTo(issue.path.map(shownKey)), message: messageOf(issue, found) };
}

function messageOf(issue: Issue, found: unknown): string {
  if (isTypeIssue(issue)) return typeMessage(found);
  if (found === undefined) return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${own(TYPE_NAMES, issue.expected) ?? issue.expected}, not ${show(found)}`;
    case 'too_small':
      return `must ${verbOf(issue.origin)} at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must ${verbOf(issue.origin)} at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}, not ${show(found)}`;
    case 'invalid_union':
      return `has none of the forms accepted here: ${show(found)}`;
    case 'invalid_format':
    case 'custom':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return issue.message;
  }
}

const isTypeIssue = (issue: Issue): boolean => issue.code === 'invalid_union' && issue.path.at(-1) === 'type';

function typeMessage(found: unknown): string {
  if (found === undefined) return `is missing; the types are ${PARAM_TYPES.join(', ')}`;
  const alias = typeof found === 'string' ? own(TYPE_ALIASES, found.toLowerCase()) : undefined;
  const advice = alias === undefined ? '' : `; write "${alias}"`;
  return `must be one of ${PARAM_TYPES.join(', ')}, not ${show(found)}${advice}`;
}

const verbOf = (origin: string): string => (origin === 'number' || origin === 'int' ? 'be' : 'have');

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' || origin === 'set' ? ' items' : '';
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
