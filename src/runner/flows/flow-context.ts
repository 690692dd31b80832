import { RunnerError } from '../../base/errors/index.js';
import { exactJson } from '../../base/json/index.js';
import { whyNotPlain } from '../../protocol/index.js';
import type { FlowOptions } from './flow-options.js';

/** A copy: what a host does with its own afterwards changes no session. @throws RunnerError invalid_usage */
export function contextOf({ context = {} }: FlowOptions): Readonly<Record<string, unknown>> {
  const why = whyNotPlain(context, 'context');
  if (why === null) return JSON.parse(exactJson(context)) as Record<string, unknown>;
  throw new RunnerError('invalid_usage', `The context of a flow has to be plain JSON: ${why}.`, {
    hint: 'Give texts, numbers, booleans, null, and lists and objects of these.',
  });
}

export interface Given {
  readonly params: Readonly<Record<string, unknown>>;
  /** The same as an algorithm gets them. */
  readonly json: string;
}

export const NO_PARAMS: Given = Object.freeze({ params: {}, json: '{}' });
export const NO_POLICY = { timings: { preMs: 0, executeMs: 0, waitMs: 0 } };
