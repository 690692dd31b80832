import { showValue } from '../../base/errors/index.js';
import { isObject } from '../../base/json/index.js';
import type { Declared, DeclaredStep } from './declared.js';
import { paramDifferences } from './compare-params.js';

/**
 * Every difference between get_info() and the manifest, in words; empty when they agree (contract §3.2). What only the
 * manifest says is no difference: get_info() may leave steps' parameters, their types and defaults out.
 */
export function compareInfo(info: unknown, declared: Declared): readonly string[] {
  if (!isObject(info)) return ['get_info() is not an object'];
  const { name, version, supported_pids: pids, steps } = info;
  const differences: string[] = [];
  if (name !== declared.name) differences.push(`name is ${show(name)}, the manifest says ${show(declared.name)}`);
  if (version !== declared.version)
    differences.push(`version is ${show(version)}, the manifest says ${show(declared.version)}`);
  if (!sameSet(pids, declared.supportedPids))
    differences.push(`supported_pids is ${show(pids)}, the manifest says ${show(declared.supportedPids)}`);
  return [...differences, ...(declared.steps === null ? [] : stepDifferences(steps, declared.steps))];
}

function stepDifferences(steps: unknown, declared: readonly DeclaredStep[]): readonly string[] {
  const all: readonly unknown[] = Array.isArray(steps) ? steps : [];
  const given = all.map(stepLabel);
  const wanted = declared.map(stepLabel);
  const agree = given.length === wanted.length && wanted.every((label, i) => agrees(given[i], label));
  if (!agree) return [`steps are ${show(given)}, the manifest says ${show(wanted)}`];
  return declared.flatMap((step, i) => {
    const differences = paramDifferences(all[i], step.params);
    return differences.map((difference) => `step ${wanted[i] ?? ''}, ${difference}`);
  });
}

/** `1 locate_board`; a step without a name is compared by its index alone. */
const stepLabel = (step: unknown): string => {
  const { index, name } = (isObject(step) ? step : {}) as { index?: unknown; name?: unknown };
  return typeof name === 'string' ? `${show(index)} ${name}` : show(index);
};
const agrees = (given: string | undefined, wanted: string): boolean =>
  given === wanted || given === wanted.split(' ', 1)[0];

const show = (value: unknown): string => (value === undefined ? 'missing' : showValue(value));

const sameSet = (given: unknown, wanted: readonly unknown[]): boolean =>
  Array.isArray(given) && given.length === wanted.length && wanted.every((item) => given.includes(item));
