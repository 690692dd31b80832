import { FILE_CLASSES, WHENS } from '../programs/plan.js';
import type { CallCounts, FileClass, KillPoint, When } from '../programs/plan.js';

/** Where the Runner is killed: in an operation, and perhaps once more in the recovery from that. */
export interface Point {
  readonly operation: string;
  readonly kill: KillPoint;
  readonly recovery: KillPoint | null;
}

/** A kind of call on a class of files, and how often an operation does it. */
export interface CallKind {
  readonly call: string;
  readonly file: FileClass;
  readonly times: number;
}

export function kindsOf(counts: CallCounts): CallKind[] {
  return Object.entries(counts).map(([kind, times]) => {
    const [call = '', file = ''] = kind.split('/');
    return { call, file: file as FileClass, times };
  });
}

/** What `distinct` counts. */
export const pairOf = ({ call, file }: Pick<KillPoint, 'call' | 'file'>): string => `${call}/${file}`;

/** A child is at work for a while after it was spawned; for all else `part` means a part of the bytes. */
export function whensOf(call: string): readonly When[] {
  return call === 'write' || call === 'writeFile' ? WHENS : ['before', 'after'];
}

/** `switch:rename/active/2/after`, for `--only`. */
export function pointText({ operation, kill, recovery }: Point): string {
  return `${operation}:${killText(kill)}${recovery === null ? '' : `+${killText(recovery)}`}`;
}

export function killText({ call, file, nth, when, afterMs }: KillPoint): string {
  return [call, file, nth, when, ...(afterMs === 0 ? [] : [afterMs])].join('/');
}

/** @returns null when the text is no point */
export function parsePoint(text: string): Point | null {
  const [operation = '', kills = ''] = text.split(':');
  const [first, second] = kills.split('+').map(parseKill);
  if (operation === '' || first === undefined || first === null || second === null) return null;
  return { operation, kill: first, recovery: second ?? null };
}

function parseKill(text: string): KillPoint | null {
  const match = /^(\w+)\/(\w+)\/([1-9]\d*)\/(\w+)(?:\/(\d+))?$/.exec(text);
  const [, call = '', file, nth, when, afterMs] = match ?? [];
  const isKnown = FILE_CLASSES.includes(file as FileClass) && WHENS.includes(when as When);
  if (!isKnown) return null;
  return { call, file: file as FileClass, nth: Number(nth), when: when as When, afterMs: Number(afterMs ?? 0) };
}
