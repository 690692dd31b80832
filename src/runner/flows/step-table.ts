import { RunnerError } from '../../base/errors/index.js';
import { compileParams } from '../../package/index.js';
import type { Manifest, ParamsChecker, Step } from '../../package/index.js';

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

/** Parameters for a step that does not exist would never be read. @throws RunnerError invalid_params */
export function requireSteps(manifest: Manifest, params: Readonly<Record<number, unknown>>): void {
  const table = stepsOf(manifest);
  const unknown = Object.keys(params).filter((index) => !table.has(Number(index)));
  if (unknown.length === 0) return;
  throw new RunnerError(
    'invalid_params',
    `${manifest.name}@${manifest.version} has no step ${unknown.join(', ')}; its steps are ${namesOf(table)}.`,
    { details: { problems: unknown.map((index) => ({ pointer: `/${index}`, message: 'there is no such step' })) } },
  );
}

const namesOf = (table: ReadonlyMap<number, StepEntry>): string =>
  [...table.values()].map(({ step }) => `${step.index} ${step.name}`).join(', ');

/** @throws RunnerError invalid_usage */
export function stepOf(manifest: Manifest, stepIndex: number): StepEntry {
  const table = stepsOf(manifest);
  const entry = table.get(stepIndex);
  if (entry !== undefined) return entry;
  throw new RunnerError(
    'invalid_usage',
    `${manifest.name}@${manifest.version} has no step ${stepIndex}; its steps are ${namesOf(table)}.`,
  );
}
