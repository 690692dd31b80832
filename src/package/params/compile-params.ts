import { CATALOGUE, fault } from '../../errors/index.js';
import type { Fault, FaultName } from '../../errors/index.js';
import { isObject, pointerTo } from '../json/json.js';
import type { Json } from '../json/json.js';
import type { Param, Problem, Step } from '../manifest/manifest.js';
import { valueCheck } from './check-value.js';
import type { Params } from './params.js';
import type { ImageSize } from './rect.js';
import { rectCheck } from './rect-check.js';

export type ParamsResult =
  { readonly ok: true; readonly params: Params } | { readonly ok: false; readonly fault: Fault };

/**
 * Checks what a host gives for one step and fills in the defaults. Pure, and quick enough for every call: without
 * given values it answers with one frozen object.
 *
 * @param given JSON object, or nothing
 * @param image size in pixels; without it only negative coordinates are found
 * @returns the parameters, or a fault: 1006 with `details.problems: [{ pointer, message }]`, 1007 for a rectangle
 * outside the image
 */
export type ParamsChecker = (given?: unknown, image?: ImageSize) => ParamsResult;

export function compileParams(step: Step): ParamsChecker {
  const rules = new Map(
    step.params.map((param) => [param.key, { check: valueCheck(param), pointer: pointerTo([param.key]) }]),
  );
  const rects = step.params.flatMap((param) => rectCheck(param) ?? []);
  const mustGive = step.params.filter(({ required, default: value }) => required && value === undefined);
  const defaults = defaultsOf(step.params);
  const asDefaults: ParamsResult = { ok: true, params: defaults };
  const canBeEmpty = mustGive.length === 0;

  return (given, image) => {
    if (canBeEmpty && rects.length === 0 && isNothing(given)) return asDefaults;
    if (given !== undefined && !isObject(given)) {
      return refused('invalid_params', step, [{ pointer: '', message: 'must be an object' }]);
    }
    const values = given ?? {};
    const problems = valueProblems(values);
    if (problems.length > 0) return refused('invalid_params', step, problems);
    const params = isNothing(given) ? defaults : merged(defaults, values as Params);
    if (rects.length === 0) return { ok: true, params };
    const outside = rects.flatMap((check) => check(params, image));
    return outside.length > 0 ? refused('coordinate_invalid', step, outside) : { ok: true, params };
  };

  function valueProblems(values: Record<string, unknown>): Problem[] {
    const problems: Problem[] = [];
    for (const key of Object.keys(values)) {
      if (values[key] === undefined) continue;
      const rule = rules.get(key);
      if (rule === undefined) problems.push({ pointer: pointerTo([key]), message: unknownKey(step.params) });
      else rule.check(values[key], rule.pointer, problems);
    }
    for (const { key } of mustGive) {
      if (values[key] === undefined) problems.push({ pointer: pointerTo([key]), message: 'is required' });
    }
    return problems;
  }
}

function isNothing(given: unknown): boolean {
  if (given === undefined) return true;
  if (!isObject(given)) return false;
  for (const _ in given) return false;
  return true;
}

const unknownKey = (params: readonly Param[]): string =>
  params.length === 0
    ? 'is not known: this step takes no parameters'
    : `is not known; this step takes ${params.map(({ key }) => key).join(', ')}`;

/** A host that means "not given" may say so with undefined. */
function merged(defaults: Params, values: Params): Params {
  const params: Record<string, Json> = { ...defaults };
  for (const key of Object.keys(values)) {
    const value = values[key];
    if (value !== undefined) params[key] = value;
  }
  return params;
}

export function defaultsOf(params: readonly Param[]): Params {
  return deepFreeze(
    Object.fromEntries(params.flatMap(({ key, default: value }) => (value === undefined ? [] : [[key, value]]))),
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

function refused(name: FaultName, step: Step, problems: readonly Problem[]): ParamsResult {
  const told = problems.map(({ pointer, message }) => `${pointer.slice(1) || 'they'} ${message}`).join('; ');
  const message = `The parameters of step ${step.index} (${step.name}) cannot be used: ${told}.`;
  return { ok: false, fault: fault(name, message, { hint: CATALOGUE[name].todo, details: { problems } }) };
}
