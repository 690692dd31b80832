import { fault, keepable, showValue } from '../base/errors/index.js';
import type { Fault } from '../base/errors/index.js';
import { isObject } from '../base/json/index.js';
import type { Phase } from './call.js';
import { NO_RECTS, readRects } from './rects.js';
import type { Rect } from './rects.js';
import { isDiagnostic, keepDigits, roundedWords } from './rounded.js';
import type { Rounded } from './rounded.js';
import { imageUnseen } from './undecoded.js';
import type { UndecodedImages } from './undecoded.js';
import { LEVELS_MAX, TOO_DEEP } from './frame.js';
import type { Message } from './frame.js';

/**
 * What an algorithm's answer means (contract §4, "Two layers of status" and "Checks on results"). Hot path: plain
 * checks, no schema library.
 *
 * INVARIANTS
 * - The status of the call and the verdict on the product are never mixed: only `execute` gives a verdict.
 * - An answer that breaks the contract is an error with the raw frame kept, never a verdict.
 */
export type Verdict = 'OK' | 'NG';

export interface ResultReply {
  readonly outcome: 'result';
  /** null: this call gives no verdict (`pre`, or a positioning step). */
  readonly verdict: Verdict | null;
  readonly ngReason: string | null;
  readonly defectRects: readonly Rect[];
  readonly positionRects: readonly Rect[];
  readonly calibrationRects: readonly Rect[];
  readonly debug: Readonly<Record<string, unknown>>;
  /** The algorithm's `data` as it came; unknown keys pass through. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly message: string;
  /** Things a caller should know that do not spoil the result: rectangles cut off, rectangles outside the image (1007). */
  readonly warnings: readonly Fault[];
  /** The session's state after the call, JSON as it came; null when it did not change or was not given. */
  readonly sessionState: string | null;
}

export interface ErrorReply {
  readonly outcome: 'error';
  readonly fault: Fault;
  /** As the algorithm gave it, or null. */
  readonly errorCode: string | null;
  /** The SDK exception's name, or null. */
  readonly errorClass: string | null;
  readonly sessionState: string | null;
}

export type Reply = ResultReply | ErrorReply;

export const DEFECT_RECTS_MAX = 20;
/** A raw frame beyond this is kept as a quotation only. */
const FRAME_CHARACTERS_KEPT = 64 * 1024;
const TEXT_CHARACTERS_KEPT = 2_000;
const NO_WARNINGS: readonly Fault[] = [];
const NO_ROUNDED: readonly Rounded[] = [];
const NO_DEBUG: Readonly<Record<string, unknown>> = {};

export interface Judging {
  /** What becomes of a call whose image its reader could not decode; an error. */
  readonly undecoded?: UndecodedImages;
  /** The text of the frame's `session_state`, where it has one. */
  readonly state?: string | null;
  /** Integers of the frame that were rounded when it was parsed. */
  readonly rounded?: readonly Rounded[];
}

/**
 * @param image size of the image the call looked at, pixels; null when it had none
 */
export function judgeReply(
  frame: Message,
  phase: Phase,
  image: { width: number; height: number } | null,
  { undecoded = 'error', state = null, rounded = NO_ROUNDED }: Judging = {},
): Reply {
  const sessionState = isObject(frame['session_state']) ? state : null;
  if (rounded.length > 0) keepDigits(frame, rounded);
  if (frame.type === 'error') return algorithmError(frame, sessionState);
  const status = frame['status'];
  if (status === 'ERROR') return algorithmError(frame, sessionState);
  const head = frame[TOO_DEEP];
  if (head !== undefined) return tooDeep(head);
  if (status !== 'OK') return violation(`status is ${showValue(status)}, not "OK" or "ERROR"`, frame, sessionState);

  const lost = rounded.find((integer) => !isDiagnostic(integer));
  if (lost !== undefined) return violation(roundedWords(lost), frame, sessionState);
  const data = frame['data'];
  if (!isObject(data)) {
    // Tutorials in the field say that `pre` needs a status only.
    const mayLackData = phase === 'reset' || (phase === 'pre' && (data === undefined || data === null));
    if (mayLackData) return emptyResult(frame, sessionState);
    return violation('data is missing or not an object', frame, sessionState);
  }
  const debug = isObject(data['debug']) ? data['debug'] : NO_DEBUG;
  const unseen = imageUnseen(debug, frame);
  if (unseen !== null && undecoded === 'error')
    return { outcome: 'error', errorCode: null, errorClass: null, sessionState, fault: unseen };
  const verdict = phase === 'execute' ? data['result_status'] : null;
  if (verdict !== 'OK' && verdict !== 'NG' && verdict !== null && verdict !== undefined)
    return violation(`data.result_status is ${showValue(verdict)}, not "OK", "NG" or null`, frame, sessionState);
  const ngReason = data['ng_reason'];
  if (verdict === 'NG' && (typeof ngReason !== 'string' || ngReason === ''))
    return violation('NG without ng_reason', frame, sessionState);
  if (verdict === 'NG' && !Array.isArray(data['defect_rects']))
    return violation('NG without defect_rects', frame, sessionState);

  const warnings: Fault[] = unseen === null ? [] : [unseen];
  const rects = (key: string, most = Infinity): readonly Rect[] | string =>
    readRects(data[key], key, image, warnings, most);
  const defectRects = rects('defect_rects', DEFECT_RECTS_MAX);
  if (typeof defectRects === 'string') return violation(defectRects, frame, sessionState);
  const positionRects = rects('position_rects');
  if (typeof positionRects === 'string') return violation(positionRects, frame, sessionState);
  const calibrationRects = rects('calibration_rects');
  if (typeof calibrationRects === 'string') return violation(calibrationRects, frame, sessionState);
  return {
    outcome: 'result',
    verdict: verdict ?? null,
    ngReason: typeof ngReason === 'string' && verdict === 'NG' ? ngReason : null,
    defectRects,
    positionRects,
    calibrationRects,
    debug,
    data,
    message: messageOf(frame),
    warnings: warnings.length === 0 ? NO_WARNINGS : warnings,
    sessionState,
  };
}

const messageOf = (frame: Message): string => (typeof frame['message'] === 'string' ? frame['message'] : '');

const emptyResult = (frame: Message, sessionState: string | null): ResultReply => ({
  outcome: 'result',
  verdict: null,
  ngReason: null,
  defectRects: NO_RECTS,
  positionRects: NO_RECTS,
  calibrationRects: NO_RECTS,
  debug: NO_DEBUG,
  data: {},
  message: messageOf(frame),
  warnings: NO_WARNINGS,
  sessionState,
});

function algorithmError(frame: Message, sessionState: string | null): ErrorReply {
  const code = frame['error_code'];
  const errorCode = typeof code === 'string' ? code : typeof code === 'number' ? String(code) : null;
  const errorClass = typeof frame['error_class'] === 'string' ? frame['error_class'] : null;
  const given = frame['message'];
  const message = typeof given === 'string' && given !== '' ? given.slice(0, TEXT_CHARACTERS_KEPT) : 'no message';
  const data = frame['data'];
  return {
    outcome: 'error',
    errorCode,
    errorClass,
    sessionState,
    fault: fault(
      'algorithm_error',
      `The algorithm answered ERROR${errorCode === null ? '' : ` ${errorCode}`}: ${message}`,
      {
        details: {
          error_code: errorCode,
          error_class: errorClass,
          message,
          ...(isObject(data) ? { data: keepable(data, FRAME_CHARACTERS_KEPT) } : {}),
        },
      },
    ),
  };
}

const tooDeep = (head: string): ErrorReply =>
  violation(`it is nested more than ${LEVELS_MAX} levels deep`, { type: 'result', cut: head }, null);

/** What a call carries beside the session's state, at most as far as anybody should count on it. */
const CALL_BYTES = 64 * 1024;

/** So long may a state be that still fits the next call, which carries it for older adapters and for newer ones. */
export const stateBytesMax = (frameBytesMax: number): number =>
  Math.max(0, Math.floor((frameBytesMax - CALL_BYTES) / 2));

/** A reply whose session state could never be sent back, as what it is; any other as it is. */
export function withFittingState(reply: Reply, frameBytesMax: number): Reply {
  const most = stateBytesMax(frameBytesMax);
  const state = reply.sessionState;
  if (state === null || state.length * 3 <= most) return reply;
  const bytes = Buffer.byteLength(state);
  if (bytes <= most) return reply;
  const what = `session_state takes ${bytes} bytes, and at most ${most} fit the next call`;
  return violation(what, { type: 'result', cut: showValue(state) }, null);
}

const violation = (what: string, frame: Message, sessionState: string | null): ErrorReply => ({
  outcome: 'error',
  errorCode: null,
  errorClass: null,
  sessionState,
  fault: fault('contract_violation', `The algorithm's answer breaks the contract: ${what}.`, {
    details: { frame: keepable(frame, FRAME_CHARACTERS_KEPT) },
  }),
});
