import { exactJson, floatText } from '../../base/json/index.js';
import type { Json } from '../../base/json/index.js';
import type { Param, ValueSpec } from '../manifest/manifest.js';
import type { Params } from './params.js';

/** JSON of checked parameters, as an algorithm gets them. */
export type ParamsWriter = (params: Params) => string;

type ValueWriter = (value: Json) => string;

/**
 * A number keeps its type: a `float` is one in the algorithm also when it is whole (2.0, never 2), given or by default.
 * So is a choice among numbers of which one is a fraction.
 */
export function paramsWriter(params: readonly Param[]): ParamsWriter {
  const writers = new Map(params.map((param) => [param.key, valueWriter(param)]));
  return (values) => {
    const members = Object.entries(values).map(
      ([key, value]) => `${JSON.stringify(key)}:${(writers.get(key) ?? exactJson)(value)}`,
    );
    return `{${members.join(',')}}`;
  };
}

function valueWriter(spec: ValueSpec): ValueWriter {
  switch (spec.type) {
    case 'float':
      return numbersAsFloats;
    case 'enum':
      return spec.choices.some(isFraction) ? numbersAsFloats : JSON.stringify;
    case 'array': {
      const writeItem = valueWriter(spec.item);
      return (value) => (Array.isArray(value) ? `[${value.map(writeItem).join(',')}]` : exactJson(value));
    }
    case 'json':
    case 'rect':
      return exactJson;
    case 'int':
    case 'bool':
    case 'string':
      return JSON.stringify;
  }
}

const isFraction = (value: unknown): boolean => typeof value === 'number' && !Number.isInteger(value);

const numbersAsFloats: ValueWriter = (value) => (typeof value === 'number' ? floatText(value) : JSON.stringify(value));
