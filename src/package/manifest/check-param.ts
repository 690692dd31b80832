import { fileNameProblem } from '../../base/files/index.js';
import { PlainJson } from '../json/plain-json.js';
import { valueCheck } from '../params/check-value.js';
import { Findings } from '../params/findings.js';
import type { HardCheck, HardRule } from '../params/findings.js';
import { judgeOf } from '../params/hard-checks.js';
import { isSmallSchema, schemaProblems } from '../schemas/schema-shape.js';
import type { Param, Problem, ValueSpec } from './manifest.js';

/** Who says whether PIDs, patterns and schemas are valid, and whether values fit them. */
export interface HardJudge {
  /** Why a text can be no PID; undefined when it can. */
  pid(text: string): string | undefined;
  /** Hears what comes next. */
  at(pointer: string): void;
  /** @throws Error for a pattern or schema that is not valid */
  compile(rule: HardRule): void;
  answer(check: HardCheck): readonly Problem[];
}

/** Says what can be said in time linear in the size of the manifest, and passes the rest. */
export const boundedJudge: HardJudge = {
  pid: fileNameProblem,
  at: () => undefined,
  compile(rule) {
    if ('pattern' in rule || isSmallSchema(rule.schema)) judgeOf(rule);
  },
  answer({ rule, cases }) {
    if ('pattern' in rule || !isSmallSchema(rule.schema)) return [];
    const judge = judgeOf(rule);
    return cases.flatMap(({ pointer, value }) => at(pointer, judge(value)));
  },
};

export const at = (pointer: string, problems: readonly Problem[]): readonly Problem[] =>
  problems.map(({ pointer: place, message }) => ({ pointer: `${pointer}${place}`, message }));

/** Whether a parameter's constraints make sense together, and its default satisfies them. */
export function paramProblems(param: Param, pointer: string, judge: HardJudge): readonly Problem[] {
  judge.at(pointer);
  const problems = [...constraintProblems(param, pointer), ...ruleProblems(param, pointer, judge)];
  return problems.length > 0 ? problems : defaultProblems(param, `${pointer}/default`, judge);
}

function ruleProblems(spec: ValueSpec, pointer: string, judge: HardJudge): readonly Problem[] {
  switch (spec.type) {
    case 'array':
      return ruleProblems(spec.item, pointer, judge);
    case 'string':
      if (spec.pattern === undefined) return [];
      return compileProblems({ pattern: spec.pattern }, `${pointer}/pattern`, judge);
    case 'json': {
      if (spec.schema === undefined) return [];
      const problems = schemaProblems(spec.schema);
      if (problems.length === 0) return compileProblems({ schema: spec.schema }, `${pointer}/schema`, judge);
      return at(`${pointer}/schema`, problems);
    }
    case 'int':
    case 'float':
    case 'rect':
    case 'enum':
    case 'bool':
      return [];
  }
}

const REASON_SHOWN = 300;

function compileProblems(rule: HardRule, pointer: string, judge: HardJudge): readonly Problem[] {
  try {
    judge.compile(rule);
    return [];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const what = 'pattern' in rule ? 'is not an ECMAScript regular expression' : 'is not a valid JSON Schema';
    return [{ pointer, message: `${what}: ${reason.slice(0, REASON_SHOWN)}` }];
  }
}

function defaultProblems(param: Param, pointer: string, judge: HardJudge): readonly Problem[] {
  if (param.default === undefined) return [];
  const copied = new PlainJson().copy(param.default);
  if ('problem' in copied) return [{ pointer, message: copied.problem }];
  const findings = new Findings();
  valueCheck(param)(copied.json, pointer, findings);
  if (findings.problems.length > 0) return findings.problems;
  return findings.left.flatMap((check) => judge.answer(check));
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
  return repeated(choices ?? [])
    .slice(0, 1)
    .map((index) => ({ pointer: `${pointer}/choices/${index}`, message: 'is there twice' }));
}

/** Places of the values that were there before. */
export function repeated(values: readonly unknown[]): number[] {
  const seen = new Set<unknown>();
  return values.flatMap((value, index) => (seen.has(value) ? [index] : (seen.add(value), [])));
}
