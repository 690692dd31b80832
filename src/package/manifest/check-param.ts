import { valueCheck } from '../params/check-value.js';
import type { Param, Problem, ValueSpec } from './manifest.js';

/** Whether a parameter's constraints make sense together, and its default satisfies them. */
export function paramProblems(param: Param, pointer: string): readonly Problem[] {
  const problems = constraintProblems(param, pointer);
  if (problems.length > 0) return problems;
  const found: Problem[] = [];
  const check = compiled(param, pointer, found);
  if (check !== undefined && param.default !== undefined) check(param.default, `${pointer}/default`, found);
  return found;
}

function compiled(param: Param, pointer: string, problems: Problem[]) {
  try {
    return valueCheck(param);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const field = cause instanceof SyntaxError ? 'pattern' : 'schema';
    const what = field === 'pattern' ? 'is not an ECMAScript regular expression' : 'is not a valid JSON Schema';
    problems.push({ pointer: `${pointer}/${field}`, message: `${what}: ${reason}` });
    return undefined;
  }
}

function constraintProblems(spec: ValueSpec, pointer: string): readonly Problem[] {
  switch (spec.type) {
    case 'int':
    case 'float':
      return [...order(spec.min, spec.max, 'min', 'max', pointer), ...unique(spec.choices, pointer)];
    case 'string':
      return [
        ...order(spec.minLength, spec.maxLength, 'min_length', 'max_length', pointer),
        ...unique(spec.choices, pointer),
      ];
    case 'enum':
      if (spec.choices.length === 0) return [{ pointer: `${pointer}/choices`, message: 'is missing' }];
      return unique(spec.choices, pointer);
    case 'array':
      return [
        ...order(spec.minLength, spec.maxLength, 'min_length', 'max_length', pointer),
        ...constraintProblems(spec.item, pointer),
      ];
    case 'rect':
    case 'bool':
    case 'json':
      return [];
  }
}

function order(
  low: number | undefined,
  high: number | undefined,
  from: string,
  to: string,
  pointer: string,
): Problem[] {
  if (low === undefined || high === undefined || low <= high) return [];
  return [{ pointer: `${pointer}/${from}`, message: `must not be above ${to}: ${low} > ${high}` }];
}

function unique(choices: readonly unknown[] | undefined, pointer: string): Problem[] {
  const twice = choices?.findIndex((choice, index) => choices.indexOf(choice) !== index) ?? -1;
  return twice === -1 ? [] : [{ pointer: `${pointer}/choices/${twice}`, message: 'is there twice' }];
}
