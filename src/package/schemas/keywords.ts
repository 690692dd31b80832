import { own } from '../../../machines/own.js';
import { isObject } from '../../base/json/index.js';

export type Subschema = Readonly<Record<string, unknown>>;

interface Child {
  readonly schema: Subschema;
  readonly path: readonly (string | number)[];
  /** Looks at the same value, not at a part of it. */
  readonly inPlace: boolean;
}

/** Where the drafts 07 and 2020-12 have subschemas; everything else in a schema is no schema, whatever its name. */
const ONE = {
  inPlace: ['not', 'if', 'then', 'else'],
  deeper: [
    'items',
    'additionalItems',
    'unevaluatedItems',
    'contains',
    'additionalProperties',
    'unevaluatedProperties',
    'propertyNames',
    'contentSchema',
  ],
} as const;
const LISTS = { inPlace: ['allOf', 'anyOf', 'oneOf'], deeper: ['prefixItems', 'items'] } as const;
const MAPS = {
  inPlace: ['dependentSchemas', 'dependencies'],
  deeper: ['properties', 'patternProperties', '$defs', 'definitions'],
} as const;

export function* childrenOf(schema: Subschema): Generator<Child> {
  for (const kind of ['inPlace', 'deeper'] as const) {
    const inPlace = kind === 'inPlace';
    for (const keyword of ONE[kind]) {
      const child = own(schema, keyword);
      if (isObject(child)) yield { schema: child, path: [keyword], inPlace };
    }
    for (const keyword of LISTS[kind]) {
      const list = own(schema, keyword);
      if (!Array.isArray(list)) continue;
      for (const [i, child] of list.entries()) {
        if (isObject(child)) yield { schema: child, path: [keyword, i], inPlace };
      }
    }
    for (const keyword of MAPS[kind]) {
      const map = own(schema, keyword);
      if (!isObject(map)) continue;
      for (const [key, child] of Object.entries(map)) {
        if (isObject(child)) yield { schema: child, path: [keyword, key], inPlace };
      }
    }
  }
}

export const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef'] as const;
