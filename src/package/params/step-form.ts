import { RunnerError } from '../../base/errors/index.js';
import type { JsonObject } from '../../base/json/index.js';
import type { Manifest, Param, ValueSpec } from '../manifest/manifest.js';
import { defaultsOf } from './compile-params.js';
import type { Params } from './params.js';

/** What a host draws a form from (contract §3.1). */
export interface StepForm {
  readonly index: number;
  readonly name: string;
  /** JSON Schema (draft 2020-12) of user_params for this step; properties in the order of the manifest. */
  readonly schema: JsonObject;
  readonly defaults: Params;
  /** Per key, the unit to show: "px", "ms", … */
  readonly units: Readonly<Record<string, string>>;
}

/** @throws RunnerError invalid_params when the manifest has no such step */
export function stepForm(manifest: Manifest, stepIndex: number): StepForm {
  const step = manifest.steps.find(({ index }) => index === stepIndex);
  if (step === undefined) {
    const known = manifest.steps.map(({ index }) => index).join(', ');
    throw new RunnerError('invalid_params', `${manifest.name} has no step ${stepIndex}; its steps are ${known}.`);
  }
  const required = step.params.filter((param) => param.required && param.default === undefined);
  return {
    index: step.index,
    name: step.name,
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: step.name,
      type: 'object',
      properties: Object.fromEntries(step.params.map((param) => [param.key, propertySchema(param)])),
      required: required.map(({ key }) => key),
      additionalProperties: false,
    },
    defaults: defaultsOf(step.params),
    units: Object.fromEntries(step.params.flatMap(({ key, unit }) => (unit === undefined ? [] : [[key, unit]]))),
  };
}

function propertySchema(param: Param): JsonObject {
  return {
    title: param.key,
    ...(param.description === undefined ? {} : { description: param.description }),
    ...valueSchema(param),
    ...(param.default === undefined ? {} : { default: param.default }),
  };
}

function valueSchema(spec: ValueSpec): JsonObject {
  switch (spec.type) {
    case 'int':
    case 'float':
      return defined({
        type: spec.type === 'int' ? 'integer' : 'number',
        minimum: spec.min,
        maximum: spec.max,
        enum: spec.choices,
      });
    case 'bool':
      return { type: 'boolean' };
    case 'enum':
      return { enum: spec.choices };
    case 'string':
      return defined({
        type: 'string',
        minLength: spec.minLength,
        maxLength: spec.maxLength,
        pattern: spec.pattern,
        enum: spec.choices,
      });
    case 'rect':
      return RECT_SCHEMA;
    case 'array':
      return defined({
        type: 'array',
        items: valueSchema(spec.item),
        minItems: spec.minLength,
        maxItems: spec.maxLength,
      });
    case 'json':
      return typeof spec.schema === 'object' ? spec.schema : {};
  }
}

const coordinate = { type: 'number', minimum: 0 } as const;
const extent = { type: 'number', exclusiveMinimum: 0 } as const;

const RECT_SCHEMA: JsonObject = {
  description: 'Rectangle in pixels, origin top left, inside the image.',
  anyOf: [
    {
      type: 'object',
      properties: { x: coordinate, y: coordinate, width: extent, height: extent },
      required: ['x', 'y', 'width', 'height'],
      additionalProperties: false,
    },
    { type: 'string', pattern: '^\\s*[0-9.]+(\\s*,\\s*[0-9.]+){3}\\s*$', description: 'x,y,width,height' },
  ],
};

type Fields = { readonly [key: string]: JsonObject[string] | undefined };

const defined = (fields: Fields): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
