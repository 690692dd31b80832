import { show } from '../json/show.js';
import type { Problem } from '../manifest/manifest.js';
import { patternInThread } from '../patterns/pattern.js';
import { compileSchema } from '../schemas/compile-schema.js';
import { mustMatch } from './check-value.js';
import type { HardCheck, HardRule } from './findings.js';

/** What does not fit; nothing when it does. */
type Judge = (value: unknown) => readonly Problem[];

/** Calls come back with the same schemas and patterns; the next release brings others. */
const KEPT_MAX = 64;

/** Answers hard checks, in a thread, and remembers what it compiled for them. */
export class HardChecks {
  readonly #known = new Map<string, Judge>();

  /** @throws Error for a schema or pattern that is not valid */
  answer({ rule, cases }: HardCheck): readonly Problem[] {
    const judge = this.#judge(rule);
    return cases.flatMap(({ pointer, value }) =>
      judge(value).map((problem) => ({ pointer: pointer + problem.pointer, message: problem.message })),
    );
  }

  #judge(rule: HardRule): Judge {
    const key = JSON.stringify(rule);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const judge = judgeOf(rule);
    if (this.#known.size >= KEPT_MAX) this.#known.clear();
    this.#known.set(key, judge);
    return judge;
  }
}

/** @throws Error for a schema or pattern that is not valid */
export function judgeOf(rule: HardRule): Judge {
  if ('schema' in rule) return compileSchema(rule.schema);
  const test = patternInThread(rule.pattern);
  return (value) =>
    test(String(value)) ? [] : [{ pointer: '', message: `${mustMatch(rule.pattern)}, not ${show(value)}` }];
}
