import { showValue } from '../errors/index.js';

/** What `info` must agree on with the manifest (contract §3.2, dynamic validation). */
export interface Declared {
  readonly name: string;
  readonly version: string;
  readonly supportedPids: readonly string[];
  readonly steps: readonly { readonly index: number; readonly name: string }[];
}

/** The facts are the answer's `data`, or, from SDK 0.0.7, `info` in it (contract §4). */
export function infoOf(data: unknown): unknown {
  const inner = isObject(data) ? data['info'] : undefined;
  return isObject(inner) ? inner : data;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every difference between get_info() and the manifest, in words; empty when they agree. */
export function compareInfo(info: unknown, declared: Declared): readonly string[] {
  if (!isObject(info)) return ['get_info() is not an object'];
  const { name, version, supported_pids: pids, steps } = info;
  const differences: string[] = [];
  if (name !== declared.name) differences.push(`name is ${show(name)}, the manifest says ${show(declared.name)}`);
  if (version !== declared.version)
    differences.push(`version is ${show(version)}, the manifest says ${show(declared.version)}`);
  if (!sameSet(pids, declared.supportedPids))
    differences.push(`supported_pids is ${show(pids)}, the manifest says ${show(declared.supportedPids)}`);
  const given = Array.isArray(steps) ? steps.map(stepLabel) : [];
  const wanted = declared.steps.map(stepLabel);
  const agree = given.length === wanted.length && wanted.every((label, i) => agrees(given[i], label));
  if (!agree) differences.push(`steps are ${show(given)}, the manifest says ${show(wanted)}`);
  return differences;
}

/** `1 locate_board`; a step without a name is compared by its index alone. */
const stepLabel = (step: unknown): string => {
  const { index, name } = (typeof step === 'object' && step !== null ? step : {}) as Record<string, unknown>;
  return typeof name === 'string' ? `${show(index)} ${name}` : show(index);
};
const agrees = (given: string | undefined, wanted: string): boolean =>
  given === wanted || given === wanted.split(' ', 1)[0];

const show = (value: unknown): string => (value === undefined ? 'missing' : showValue(value));

const sameSet = (given: unknown, wanted: readonly unknown[]): boolean =>
  Array.isArray(given) && given.length === wanted.length && wanted.every((item) => given.includes(item));
