import { isJson, pointerTo } from '../json/json.js';
import { show } from '../json/show.js';
import type {
  ArrayValue,
  EnumValue,
  JsonValue,
  NumberValue,
  Problem,
  StringValue,
  ValueSpec,
} from '../manifest/manifest.js';
import { guardedPattern } from './guarded-pattern.js';
import { schemaCheck } from './json-schema-check.js';
import { readRect } from './rect.js';

/** Adds what is wrong with a value to `problems`. */
export type ValueCheck = (value: unknown, pointer: string, problems: Problem[]) => void;

/**
 * The check of one parameter's value, compiled once. Whether a rectangle lies inside an image is asked elsewhere,
 * where the image is known.
 *
 * @throws SyntaxError or Error for a pattern or JSON Schema that is not valid
 */
export function valueCheck(spec: ValueSpec): ValueCheck {
  switch (spec.type) {
    case 'int':
    case 'float':
      return numberCheck(spec);
    case 'bool':
      return report((value) => (typeof value === 'boolean' ? undefined : 'must be true or false'));
    case 'enum':
      return choiceCheck(spec);
    case 'string':
      return stringCheck(spec);
    case 'rect':
      return report(rectProblem);
    case 'array':
      return arrayCheck(spec);
    case 'json':
      return jsonCheck(spec);
  }
}

/** A check with at most one finding; the finding is told with the value it is about. */
function report(problemOf: (value: unknown) => string | undefined): ValueCheck {
  return (value, pointer, problems) => {
    const problem = problemOf(value);
    if (problem !== undefined) problems.push({ pointer, message: `${problem}, not ${show(value)}` });
  };
}

function numberCheck({ type, min = -Infinity, max = Infinity, choices }: NumberValue): ValueCheck {
  const isNumber = type === 'int' ? Number.isSafeInteger : Number.isFinite;
  const what = type === 'int' ? 'a whole number' : 'a number';
  return report((value) => {
    if (!isNumber(value)) return `must be ${what}`;
    const number = value as number;
    if (number < min) return `must be at least ${min}`;
    if (number > max) return `must be at most ${max}`;
    return choices === undefined || choices.includes(number) ? undefined : `must be one of ${choices.join(', ')}`;
  });
}

function choiceCheck({ choices }: EnumValue): ValueCheck {
  const listed = choices.map((choice) => JSON.stringify(choice)).join(', ');
  return report((value) => (choices.some((choice) => choice === value) ? undefined : `must be one of ${listed}`));
}

function stringCheck({ minLength = 0, maxLength, pattern, choices }: StringValue): ValueCheck {
  const matches = pattern === undefined ? undefined : guardedPattern(pattern);
  return report((value) => {
    if (typeof value !== 'string') return 'must be a text';
    const length = lengthOf(value, maxLength);
    if (length < minLength) return `must have at least ${minLength} characters`;
    if (length > maxLength) return `must have at most ${maxLength} characters`;
    if (choices?.includes(value) === false) return `must be one of ${choices.map((text) => show(text)).join(', ')}`;
    const matched = matches?.(value);
    if (matched === false) return `must match ${pattern}`;
    return matches !== undefined && matched === undefined
      ? `must match ${pattern}, which takes too long to tell`
      : undefined;
  });
}

/** Code points, counted only where UTF-16 units cannot tell. */
function lengthOf(text: string, limit: number): number {
  return text.length > 2 * limit || !/[\ud800-\udbff]/.test(text) ? text.length : Array.from(text).length;
}

function rectProblem(value: unknown): string | undefined {
  const rect = readRect(value);
  if (rect === undefined) return 'must be {"x", "y", "width", "height"} or "x,y,width,height"';
  if (rect.width <= 0 || rect.height <= 0) return 'must have a width and a height above 0';
  return undefined;
}

function arrayCheck({ item, minLength = 0, maxLength = Infinity }: ArrayValue): ValueCheck {
  const checkItem = valueCheck(item);
  return (value, pointer, problems) => {
    if (!Array.isArray(value)) problems.push({ pointer, message: `must be a list, not ${show(value)}` });
    else if (value.length < minLength) problems.push({ pointer, message: `must have at least ${minLength} items` });
    else if (value.length > maxLength) problems.push({ pointer, message: `must have at most ${maxLength} items` });
    else value.forEach((each, index) => checkItem(each, `${pointer}${pointerTo([index])}`, problems));
  };
}

function jsonCheck({ schema }: JsonValue): ValueCheck {
  const check = schema === undefined ? () => [] : schemaCheck(schema);
  return (value, pointer, problems) => {
    if (!isJson(value)) problems.push({ pointer, message: 'must be plain JSON' });
    else for (const found of check(value)) problems.push({ pointer: pointer + found.pointer, message: found.message });
  };
}
