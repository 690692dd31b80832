import { RunnerError } from '../errors/index.js';
import { compileParams } from '../package/index.js';
import type { Manifest, ParamsChecker, Step } from '../package/index.js';

/** A step of a release with its parameter check, compiled once per manifest: every call asks for it. */
export interface StepEntry {
  readonly step: Step;
  readonly check: ParamsChecker;
}

const tables = new WeakMap<Manifest, ReadonlyMap<number, StepEntry>>();

export function stepsOf(manifest: Manifest): ReadonlyMap<number, StepEntry> {
  const known = tables.get(manifest);
  if (known !== undefined) return known;
  const owner = `${manifest.name}@${manifest.version}`;
  const table = new Map(manifest.steps.map((step) => [step.index, { step, check: compileParams(step, owner) }]));
  tables.set(manifest, table);
  return table;
}

/** @throws RunnerError invalid_usage */
export function stepOf(manifest: Manifest, stepIndex: number): StepEntry {
  const table = stepsOf(manifest);
  const entry = table.get(stepIndex);
  if (entry !== undefined) return entry;
  const steps = [...table.values()].map(({ step }) => `${step.index} ${step.name}`).join(', ');
  throw new RunnerError(
    'invalid_usage',
    `${manifest.name}@${manifest.version} has no step ${stepIndex}; its steps are ${steps}.`,
  );
}
