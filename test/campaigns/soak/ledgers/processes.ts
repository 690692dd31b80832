import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReleaseKey } from '../../../../src/index.js';

/**
 * What the algorithms' processes know (packages/inspector.py): a file each, a line per call begun and per reply. What
 * kill -9 cut short is missing at the end of a file, nothing else ever is.
 */

/** One attempt at a call, as the process that made it wrote it down. */
export interface Attempt {
  readonly number: number;
  readonly flowId: string;
  readonly beganMs: number;
  /** The last line about it, the reply included: so long it was certainly worked at. */
  readonly lastSignMs: number;
  readonly replied: 'OK' | 'ERROR' | null;
}

export interface ProcessName {
  /** One of its own: the machine uses its numbers again. */
  readonly id: string;
  readonly release: ReleaseKey;
  readonly osPid: number;
}

export interface ProcessEntry extends ProcessName {
  /** The process itself and its ancestors: one of them is what the Runner started. */
  readonly lineage: readonly number[];
  readonly startedMs: number;
  /** Whether it was broken when it started; '' for a sound one. */
  readonly ill: string;
  /** It left because it was asked to. */
  readonly left: boolean;
  readonly attempts: readonly Attempt[];
}

/** As packages/inspector.py writes them; times are milliseconds of the monotonic clock. */
type Line =
  | readonly [atMs: number, 'start', ill: string, lineage: readonly number[]]
  | readonly [atMs: number, 'begin', number: number, flowId: string, pid: string, phase: string, stepIndex: number]
  | readonly [atMs: number, 'sign', number: number]
  | readonly [atMs: number, 'reply', number: number, status: 'OK' | 'ERROR']
  | readonly [atMs: number, 'end'];

/** `iris@1.0.0_4711_123456789.jsonl`: release, number of the process, when it started. */
const FILE = /^(?<id>(?<release>.+)_(?<osPid>\d+)_(?<startedNs>\d+))\.jsonl$/;

/** The process a file of the ledger is of; undefined for a file of another kind. */
export function ownerOf(file: string): ProcessName | undefined {
  const { id, release, osPid } = FILE.exec(file)?.groups ?? {};
  return id === undefined || release === undefined ? undefined : { id, release, osPid: Number(osPid) };
}

export function readProcessLedger(folder: string): readonly ProcessEntry[] {
  return readdirSync(folder).flatMap((file) => {
    const owner = ownerOf(file);
    return owner === undefined ? [] : [readProcess(owner, readFileSync(join(folder, file), 'utf8'))];
  });
}

export function readProcess(owner: ProcessName, text: string): ProcessEntry {
  let start: Pick<ProcessEntry, 'startedMs' | 'ill' | 'lineage'> = { startedMs: 0, ill: '', lineage: [owner.osPid] };
  let left = false;
  const attempts: { -readonly [K in keyof Attempt]: Attempt[K] }[] = [];
  // Whatever follows the last line break is a line that was never finished.
  for (const one of text.split('\n').slice(0, -1)) {
    const line = JSON.parse(one) as Line;
    const last = attempts.at(-1);
    switch (line[1]) {
      case 'start':
        start = { startedMs: line[0], ill: line[2], lineage: line[3] };
        break;
      case 'begin':
        attempts.push({ number: line[2], flowId: line[3], beganMs: line[0], lastSignMs: line[0], replied: null });
        break;
      case 'sign':
        if (last !== undefined) last.lastSignMs = line[0];
        break;
      case 'reply':
        if (last !== undefined) Object.assign(last, { lastSignMs: line[0], replied: line[3] });
        break;
      case 'end':
        left = true;
        break;
    }
  }
  return { ...owner, ...start, left, attempts };
}
