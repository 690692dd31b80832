import { CATALOGUE, fault } from '../../base/errors/index.js';
import type { Fault, FaultName } from '../../base/errors/index.js';
import { isObject, pointerTo, setOwn } from '../../base/json/index.js';
import type { Json } from '../../base/json/index.js';
import { PlainJson } from '../json/plain-json.js';
import type { Param, Problem, Step } from '../manifest/manifest.js';
import { askHardChecks } from './ask-hard.js';
import { valueCheck } from './check-value.js';
import type { ValueCheck } from './check-value.js';
import { Findings, PROBLEMS_MAX } from './findings.js';
import { paramsWriter } from './params-json.js';
import type { Params } from './params.js';
import type { ImageSize } from './rect.js';
import { rectCheck } from './rect-check.js';

export type ParamsResult =
  { readonly ok: true; readonly params: Params; readonly json: string } | { readonly ok: false; readonly fault: Fault };

/**
 * Checks what a host gives for one step and fills in the defaults. Quick enough for every call: it answers at once, and
 * without given values with one frozen object. Only what has no answer in bounded time (a JSON Schema, a pattern with
 * look-around or back-references) is asked in a thread, and promised.
 *
 * @param given JSON object, or nothing; it is copied, so that what was checked is what travels
 * @param image size in pixels; without it only negative coordinates are found
 * @returns the parameters, with `json` as an algorithm gets them; or a fault: 1006 with `details.problems: [{ pointer, message }]`, 1007 for a rectangle
 * outside the image
 */
export type ParamsChecker = (given?: unknown, image?: ImageSize) => ParamsResult | Promise<ParamsResult>;

interface Rule {
  readonly check: ValueCheck;
  readonly pointer: string;
}

/** @param owner whose threads it takes: one release does not keep others waiting */
export function compileParams(step: Step, owner = ''): ParamsChecker {
  const rules = new Map<string, Rule>(
    step.params.map((param) => [param.key, { check: valueCheck(param), pointer: pointerTo([param.key]) }]),
  );
  const rects = step.params.flatMap((param) => rectCheck(param) ?? []);
  const mustGive = step.params.filter(({ required, default: value }) => required && value === undefined);
  const defaults = defaultsOf(step.params);
  const write = paramsWriter(step.params);
  const asDefaults: ParamsResult = { ok: true, params: defaults, json: write(defaults) };
  const canBeEmpty = mustGive.length === 0;

  return (given, image) => {
    if (canBeEmpty && rects.length === 0 && isNothing(given)) return asDefaults;
    if (given !== undefined && !isObject(given)) {
      return refused('invalid_params', step, [{ pointer: '', message: 'must be an object' }]);
    }
    const findings = new Findings();
    const values = readGiven(given ?? {}, findings);
    if (values !== undefined) checkValues(values, findings);
    if (values === undefined || findings.problems.length > 0) {
      return refused('invalid_params', step, findings.problems);
    }
    const inside = insideImage(merged(defaults, values), image);
    if (findings.left.length === 0 || !inside.ok) return inside;
    return askHardChecks(findings.left, owner).then((problems) =>
      problems.length > 0 ? refused('invalid_params', step, problems) : inside,
    );
  };

  function checkValues(values: ReadonlyMap<string, unknown>, findings: Findings): void {
    for (const [key, value] of values) {
      if (findings.full) return;
      const rule = rules.get(key);
      if (rule === undefined) findings.add(pointerTo([key]), unknownKey(step.params));
      else rule.check(value, rule.pointer, findings);
    }
    for (const { key } of mustGive) if (!values.has(key)) findings.add(pointerTo([key]), 'is required');
  }

  function insideImage(params: Params, image: ImageSize | undefined): ParamsResult {
    const outside = rects.flatMap((check) => check(params, image)).slice(0, PROBLEMS_MAX);
    if (outside.length > 0) return refused('coordinate_invalid', step, outside);
    return { ok: true, params, json: write(params) };
  }
}

function isNothing(given: unknown): boolean {
  if (given === undefined) return true;
  if (!isObject(given)) return false;
  try {
    for (const _ in given) return false;
    return true;
  } catch {
    // A proxy that will not tell its keys.
    return false;
  }
}

const KEYS_MAX = 20_000;

/** Every value read once and copied; undefined, with the problem told, for what cannot be read at all. */
function readGiven(given: Record<string, unknown>, findings: Findings): ReadonlyMap<string, unknown> | undefined {
  const plain = new PlainJson();
  const values = new Map<string, unknown>();
  try {
    const keys = Object.keys(given);
    if (keys.length > KEYS_MAX) throw new RangeError();
    for (const key of keys) {
      const value = given[key];
      // A host that means "not given" may say so with undefined.
      if (value === undefined) continue;
      const copied = typeof value === 'object' || typeof value === 'string' ? plain.copy(value) : { json: value };
      if ('json' in copied) values.set(key, copied.json);
      else findings.add(pointerTo([key]), copied.problem);
    }
    return values;
  } catch {
    findings.add('', 'cannot be read: an object of plain JSON is expected');
    return undefined;
  }
}

const SHOWN_KEYS = 20;

function unknownKey(params: readonly Param[]): string {
  if (params.length === 0) return 'is not known: this step takes no parameters';
  const keys = params.slice(0, SHOWN_KEYS).map(({ key }) => key);
  return `is not known; this step takes ${keys.join(', ')}${params.length > SHOWN_KEYS ? ', …' : ''}`;
}

function merged(defaults: Params, values: ReadonlyMap<string, unknown>): Params {
  if (values.size === 0) return defaults;
  const params: Record<string, Json> = { ...defaults };
  for (const [key, value] of values) setOwn(params, key, value as Json);
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

const SHOWN_PROBLEMS = 5;
const SHOWN_POINTER = 100;

function refused(name: FaultName, step: Step, problems: readonly Problem[]): ParamsResult {
  const told = problems
    .slice(0, SHOWN_PROBLEMS)
    .map(({ pointer, message }) => `${pointer.slice(1, SHOWN_POINTER) || 'they'} ${message}`);
  const more = problems.length > SHOWN_PROBLEMS ? `; and ${problems.length - SHOWN_PROBLEMS} more` : '';
  const message = `The parameters of step ${step.index} (${step.name}) cannot be used: ${told.join('; ')}${more}.`;
  return { ok: false, fault: fault(name, message, { hint: CATALOGUE[name].todo, details: { problems } }) };
}
