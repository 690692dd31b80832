import type { Json, JsonObject } from '../../base/json/index.js';
import type { EntryPoint, ItemValue, Manifest, Param, Step, ValueSpec } from './manifest.js';
import type { ManifestInput, StepInput } from './manifest-schema.js';
import { STRING_LENGTH_MAX } from './param-schema.js';
import type { ParamInput } from './param-schema.js';
import { tidyPath } from './relative-path.js';

/** The one form of a manifest that passed the schema; its constraints are not yet checked against each other. */
export function normalise(input: ManifestInput, entryPoint: EntryPoint): Manifest {
  return {
    name: input.name,
    version: input.version,
    entryPoint,
    ...given('description', input.description),
    supportedPids: input.supported_pids,
    ...stepsOf(input.steps ?? []),
    requiredAssets: mapValues(input.required_assets ?? {}, (kinds) => mapValues(kinds, tidyPath)),
    defaultConfig: mapValues(input.default_config ?? {}, tidyPath),
  };
}

/** Adapters in the field read a step 0 as "not given": a list that counts from 0 is counted from 1 everywhere. */
function stepsOf(given: readonly StepInput[]): Pick<Manifest, 'steps' | 'stepsCountFrom'> {
  const steps = given.map(normaliseStep);
  if (!steps.some(({ index }) => index === 0)) return { steps, stepsCountFrom: 1 };
  return { steps: steps.map((step) => ({ ...step, index: step.index + 1 })), stepsCountFrom: 0 };
}

const paramsOf = (step: StepInput): readonly ParamInput[] => step.params ?? step.parameters ?? [];

export const normaliseStep = (step: StepInput): Step => ({
  index: step.index,
  name: step.name,
  params: paramsOf(step).map(normaliseParam),
});

function normaliseParam(input: ParamInput): Param {
  return {
    ...valueSpec(input),
    key: input.key,
    required: input.required ?? false,
    // A default of null is how some tools write "none".
    ...(input.default === undefined || input.default === null ? {} : { default: input.default as Json }),
    ...given('unit', input.unit),
    ...given('description', input.description),
  };
}

function valueSpec(input: ParamInput): ValueSpec {
  if (input.type !== 'array') return itemSpec(input);
  return {
    type: 'array',
    item: itemSpec({ ...input, type: input.item_type, min_length: undefined, max_length: undefined }),
    ...given('minLength', input.min_length),
    ...given('maxLength', input.max_length),
  };
}

/** The constraints of a value; an array's own fields describe its items. */
interface ItemInput {
  readonly type: ItemValue['type'];
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly choices?: readonly (string | number | boolean)[] | undefined;
  readonly min_length?: number | undefined;
  readonly max_length?: number | undefined;
  readonly pattern?: string | undefined;
  readonly schema?: boolean | Record<string, unknown> | undefined;
}

function itemSpec(input: ItemInput): ItemValue {
  switch (input.type) {
    case 'int':
    case 'float':
      return {
        type: input.type,
        ...given('min', input.min),
        ...given('max', input.max),
        ...given('choices', input.choices as readonly number[] | undefined),
      };
    case 'rect':
    case 'bool':
      return { type: input.type };
    case 'enum':
      return { type: 'enum', choices: input.choices ?? [] };
    case 'string':
      return {
        type: 'string',
        ...given('minLength', input.min_length),
        maxLength: input.max_length ?? STRING_LENGTH_MAX,
        ...given('pattern', input.pattern),
        ...given('choices', input.choices as readonly string[] | undefined),
      };
    case 'json':
      return { type: 'json', ...given('schema', input.schema as JsonObject | boolean | undefined) };
  }
}

/** `{ [key]: value }`, or nothing when there is no value. */
function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
