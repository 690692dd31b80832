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
  /** Known once the image was put where the process reads it. */
  sharedMemId: string | null;
  readonly imageMeta: Readonly<Record<string, unknown>> | null;
}

/** Each further attempt at a call goes by an id of its own: a late answer to the one before must not pass for its own. */
export const attemptId = (requestId: string, attempt: number): string =>
  attempt <= 1 ? requestId : `${requestId}.${attempt}`;

/**
 * @param nowMs Unix time, for people reading the log of the algorithm
 * @param state the session's, for algorithms that announce `session_state`; null for others
 * @param requestId of this attempt
 */
export function callMessage(
  fields: CallFields,
  nowMs: number,
  state: Readonly<Record<string, unknown>> | null = null,
  requestId: string = fields.requestId,
): object {
  const { id, context } = fields.session;
  const body = {
    phase: fields.phase,
    method: METHOD[fields.phase],
    step_index: fields.stepIndex,
    pid: fields.pid,
    session: state === null ? fields.session : { id, context, state },
    user_params: fields.userParams,
    shared_mem_id: fields.sharedMemId,
    image_meta: fields.imageMeta,
  };
  return { type: 'call', request_id: requestId, timestamp_ms: nowMs, ...body, data: body };
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
