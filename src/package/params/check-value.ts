import { pointerTo } from '../../base/json/index.js';
import type { Json } from '../../base/json/index.js';
import { show, showChoices } from '../json/show.js';
import type { ArrayValue, EnumValue, JsonValue, NumberValue, StringValue, ValueSpec } from '../manifest/manifest.js';
import { LinearPattern } from '../patterns/pattern.js';
import type { Findings, HardRule } from './findings.js';
import { readRect } from './rect.js';

/** Adds what is wrong with a value to the findings, and what has to be asked elsewhere. */
export type ValueCheck = (value: unknown, pointer: string, findings: Findings) => void;

/**
 * The check of one parameter's value, in time linear in the value. Whether a rectangle lies inside an image is asked
 * elsewhere, where the image is known.
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
  return (value, pointer, findings) => {
    const problem = problemOf(value);
    if (problem !== undefined) findings.add(pointer, `${problem}, not ${show(value)}`);
  };
}

function numberCheck({ type, min = -Infinity, max = Infinity, choices }: NumberValue): ValueCheck {
  const isNumber = type === 'int' ? Number.isSafeInteger : Number.isFinite;
  const what = type === 'int' ? 'a whole number' : 'a number';
  const chosen = choices === undefined ? undefined : new Set(choices);
  return report((value) => {
    if (!isNumber(value)) return `must be ${what}`;
    const number = value as number;
    if (number < min) return `must be at least ${min}`;
    if (number > max) return `must be at most ${max}`;
    return chosen?.has(number) === false ? `must be one of ${showChoices([...chosen])}` : undefined;
  });
}

function choiceCheck({ choices }: EnumValue): ValueCheck {
  const chosen = new Set<unknown>(choices);
  return report((value) => (chosen.has(value) ? undefined : `must be one of ${showChoices(choices)}`));
}

function stringCheck({ minLength = 0, maxLength, pattern, choices }: StringValue): ValueCheck {
  const rule = pattern === undefined ? undefined : patternRule(pattern);
  const chosen = choices === undefined ? undefined : new Set(choices);
  return (value, pointer, findings) => {
    const problem = problemOf(value);
    if (problem !== undefined) findings.add(pointer, `${problem}, not ${show(value)}`);
    else if (rule !== undefined) checkPattern(rule, value as string, pointer, findings);
  };

  function problemOf(value: unknown): string | undefined {
    if (typeof value !== 'string') return 'must be a text';
    const length = lengthOf(value, maxLength);
    if (length < minLength) return `must have at least ${minLength} characters`;
    if (length > maxLength) return `must have at most ${maxLength} characters`;
    return chosen?.has(value) === false ? `must be one of ${showChoices([...chosen])}` : undefined;
  }
}

const patternRule = (pattern: string): PatternRule => ({
  pattern,
  linear: new LinearPattern(pattern),
  hard: { pattern },
});

interface PatternRule {
  readonly pattern: string;
  readonly linear: LinearPattern;
  readonly hard: HardRule;
}

function checkPattern(
  { pattern, linear, hard }: PatternRule,
  value: string,
  pointer: string,
  findings: Findings,
): void {
  const matched = findings.afford(linear.stepsFor(value)) ? linear.test(value) : undefined;
  if (matched === undefined) findings.leave(hard, pointer, value);
  else if (!matched) findings.add(pointer, `${mustMatch(pattern)}, not ${show(value)}`);
}

const PATTERN_SHOWN = 200;

export const mustMatch = (pattern: string): string =>
  `must match ${pattern.length > PATTERN_SHOWN ? `${pattern.slice(0, PATTERN_SHOWN)}…` : pattern}`;

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
  return (value, pointer, findings) => {
    if (!Array.isArray(value)) findings.add(pointer, `must be a list, not ${show(value)}`);
    else if (value.length < minLength) findings.add(pointer, `must have at least ${minLength} items`);
    else if (value.length > maxLength) findings.add(pointer, `must have at most ${maxLength} items`);
    else {
      for (const [index, each] of value.entries()) {
        if (findings.full) return;
        checkItem(each, `${pointer}${pointerTo([index])}`, findings);
      }
    }
  };
}

/** The value is a plain copy already. */
function jsonCheck({ schema }: JsonValue): ValueCheck {
  const rule = schema === undefined || schema === true ? undefined : { schema };
  return (value, pointer, findings) => {
    if (value === undefined) findings.add(pointer, 'must be plain JSON');
    else if (rule !== undefined) findings.leave(rule, pointer, value as Json);
  };
}
