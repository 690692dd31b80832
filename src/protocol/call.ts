import { exactJson } from '../base/json/index.js';

/**
 * The call frame (contract §4). Older adapters read its fields at the top level, newer ones inside `data`; both get
 * them.
 */
export type Phase = 'pre' | 'execute' | 'reset';

const METHOD: Readonly<Record<Phase, string>> = { pre: 'pre_execute', execute: 'execute', reset: 'reset' };

export interface CallFields {
  readonly requestId: string;
  readonly phase: Phase;
  readonly stepIndex: number;
  readonly pid: string;
  readonly session: { readonly id: string; readonly context: Readonly<Record<string, unknown>> };
  readonly userParams: Readonly<Record<string, unknown>>;
  /** `userParams` as JSON that knows which numbers are floats; left out, they are written as JavaScript has them. */
  readonly userParamsJson?: string;
  /** Known once the image was put where the process reads it. */
  sharedMemId: string | null;
  readonly imageMeta: Readonly<Record<string, unknown>> | null;
}

/** Each further attempt at a call goes by an id of its own: a late answer to the one before must not pass for its own. */
export const attemptId = (requestId: string, attempt: number): string =>
  attempt <= 1 ? requestId : `${requestId}.${attempt}`;

/**
 * Hot path: a text put together of texts, its body written once for both places.
 *
 * @param nowMs Unix time, for people reading the log of the algorithm
 * @param state JSON of the session's, for algorithms that announce `session_state`; null for others
 * @param requestId of this attempt
 * @returns JSON
 * @throws for values that are nested too deep
 */
export function callText(
  fields: CallFields,
  nowMs: number,
  state: string | null = null,
  requestId: string = fields.requestId,
): string {
  const { phase, stepIndex, pid, session, userParams, userParamsJson, sharedMemId, imageMeta } = fields;
  const withState = state === null ? '' : `,"state":${state}`;
  const body =
    `"phase":"${phase}","method":"${METHOD[phase]}","step_index":${stepIndex},"pid":${JSON.stringify(pid)}` +
    `,"session":{"id":${JSON.stringify(session.id)},"context":${exactJson(session.context)}${withState}}` +
    `,"user_params":${userParamsJson ?? exactJson(userParams)},"shared_mem_id":${JSON.stringify(sharedMemId)}` +
    `,"image_meta":${JSON.stringify(imageMeta)}`;
  return `{"type":"call","request_id":${JSON.stringify(requestId)},"timestamp_ms":${nowMs},${body},"data":{${body}}}`;
}

/** The question that confirms a handshake, to algorithms that announce `info`. */
export const infoMessage = (nowMs: number) => ({
  type: 'call',
  request_id: 'info',
  timestamp_ms: nowMs,
  phase: 'info',
  method: 'info',
  data: { phase: 'info', method: 'info' },
});
