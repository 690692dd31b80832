import { own } from '../../../machines/own.js';
import { isObject, pointerTo } from '../../base/json/index.js';
import type { Problem } from '../manifest/manifest.js';
import { LinearPattern } from '../patterns/pattern.js';
import { inPlaceOf } from './in-place.js';
import type { Subschema } from './keywords.js';
import { SchemaIndex } from './schema-index.js';

/** Subschemas of one schema; those of real parameters have some dozens. */
const SUBSCHEMAS_MAX = 4_000;
/** Subschemas that one value is checked with, all references followed. */
const VISITS_MAX = 10_000;

/**
 * What is wrong with a JSON Schema as a thing to be used on every call, found without compiling it and in time linear in
 * its size: asynchronous parts, references that leave it or never come to an end, and sizes nobody needs.
 */
export function schemaProblems(schema: unknown): readonly Problem[] {
  if (!isObject(schema)) return [];
  const index = new SchemaIndex(schema, SUBSCHEMAS_MAX);
  if (index.size > SUBSCHEMAS_MAX) return [{ pointer: '', message: `has more than ${SUBSCHEMAS_MAX} subschemas` }];
  const problems = [...index.problems, ...asyncProblems(index)];
  if (problems.length > 0) return problems;
  const { loop, visitsMax } = inPlaceOf(index);
  if (loop !== undefined) {
    const message = 'leads back to itself without going deeper into the value';
    return [{ pointer: pointerTo(index.pathOf(loop)), message }];
  }
  if (visitsMax <= VISITS_MAX) return [];
  return [{ pointer: '', message: `checks one value with more than ${VISITS_MAX} subschemas` }];
}

/** Subschemas of a schema that may be used in the thread of its caller. */
const SMALL_MAX = 200;
const MANY_LOOKS = ['$ref', '$dynamicRef', '$recursiveRef', 'uniqueItems'] as const;

/**
 * Whether checking a value takes time in proportion to its size: nothing is looked at twice, and every pattern is linear.
 */
export function isSmallSchema(schema: unknown): boolean {
  if (!isObject(schema)) return true;
  const index = new SchemaIndex(schema, SMALL_MAX);
  return (
    index.size <= SMALL_MAX &&
    [...index.subschemas()].every(
      ({ schema: part }) =>
        MANY_LOOKS.every((keyword) => !Object.hasOwn(part, keyword)) && patternsOf(part).every(isLinear),
    )
  );
}

function patternsOf(schema: Subschema): string[] {
  const pattern = own(schema, 'pattern');
  const properties = own(schema, 'patternProperties');
  return [...(typeof pattern === 'string' ? [pattern] : []), ...(isObject(properties) ? Object.keys(properties) : [])];
}

const isLinear = (pattern: string): boolean => new LinearPattern(pattern).stepsFor('') < Infinity;

/** `$async` as a keyword, wherever a schema may stand; a property of that name is one like others. */
function asyncProblems(index: SchemaIndex): Problem[] {
  return [...index.subschemas()]
    .filter(({ schema }) => Object.hasOwn(schema, '$async'))
    .map(({ path }) => ({
      pointer: pointerTo([...path, '$async']),
      message: 'is not accepted: checks answer at once',
    }));
}
