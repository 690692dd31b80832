import { RunnerError } from '../../base/errors/index.js';
import { copyAside, moveAside } from '../quarantine.js';
import {
  appendDurable,
  closeQuietlyAfter,
  nodeFileSystem,
  openToRead,
  readChunks,
  writeFileDurable,
} from '../durable/index.js';
import type { FileSystem } from '../durable/index.js';
import type { StoreLayout } from '../layout.js';
import type { StoreProblem } from '../problem.js';
import { CHAIN_START, sealRecord } from './record.js';
import type { AuditEvent, AuditRecord, ChainEnd } from './record.js';
import { readTail } from './tail.js';

/**
 * The audit trail: who did what to what, when, with which outcome; JSON lines, each sealed to the one before.
 *
 * INVARIANTS
 * - A record whose promise resolved is on disk; records are in the order of their calls.
 * - After a failed append nothing is believed of the file's end: the records known to be good are written to a new
 *   file together with the next one. The same mends an end damaged by a crash, which is kept aside first.
 * - Opening writes nothing, so that a full disk does not keep the store from being opened.
 */
export interface Audit {
  readonly problems: readonly StoreProblem[];
  /** @throws RunnerError store_io_failed: the record is not part of the trail */
  append(event: AuditEvent): Promise<AuditRecord>;
}

interface AuditState {
  readonly end: ChainEnd;
  readonly goodBytes: number;
  /** How the next record gets onto the disk. */
  readonly next: 'append' | 'rewrite' | 'move aside' | 'look again';
}

/** A file that is there but cannot be read is a problem of whoever records something. */
export async function openAudit(
  layout: StoreLayout,
  options: { readonly now?: () => Date } = {},
  fs: FileSystem = nodeFileSystem,
): Promise<Audit> {
  const now = options.now ?? (() => new Date());
  const path = layout.audit;
  const opened = await look(path, fs).catch(unavailable);
  let state = opened.state;
  let last: Promise<unknown> = Promise.resolve();

  async function append(event: AuditEvent): Promise<AuditRecord> {
    if (state.next === 'look again') ({ state } = await look(path, fs));
    const { line, record } = sealRecord(event, now().toISOString(), state.end);
    try {
      const goodBytes = await store(line);
      state = { end: { seq: record.seq, hash: record.hash }, goodBytes, next: 'append' };
      return record;
    } catch (error) {
      if (state.next === 'append') state = { ...state, next: 'rewrite' };
      throw error;
    }
  }

  /** @returns the length of the file afterwards */
  async function store(line: Buffer): Promise<number> {
    switch (state.next) {
      case 'append':
        await appendDurable(path, line, fs);
        return state.goodBytes + line.length;
      case 'rewrite': {
        const { good, damaged } = await split(path, state.goodBytes, fs);
        if (damaged.length > 0) await copyAside(layout, path, damaged, fs);
        await writeFileDurable(path, Buffer.concat([good, line]), {}, fs);
        return good.length + line.length;
      }
      case 'move aside':
        await moveAside(layout, path, fs);
        state = { ...state, next: 'append' };
        return store(line);
      case 'look again':
        throw new Error('the trail was looked at before');
    }
  }

  return {
    problems: opened.problems,
    append: (event) => {
      const turn = last.then(() => append(event));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

/** Whoever has something to record finds out whether it can be read by then; it is never begun anew unread. */
function unavailable(error: unknown): { state: AuditState; problems: StoreProblem[] } {
  if (!(error instanceof RunnerError)) throw error;
  const message = `The audit trail cannot be read: ${error.message}`;
  return {
    state: { end: CHAIN_START, goodBytes: 0, next: 'look again' },
    problems: [{ what: 'audit_unavailable', subject: 'logs/audit.jsonl', message, done: null }],
  };
}

async function look(path: string, fs: FileSystem): Promise<{ state: AuditState; problems: StoreProblem[] }> {
  const tail = await readTail(path, fs);
  const problem = (message: string, done: string): StoreProblem[] => [
    { what: 'audit_damaged', subject: 'logs/audit.jsonl', message: `logs/audit.jsonl ${message}.`, done },
  ];
  switch (tail.kind) {
    case 'missing':
      return { state: { end: CHAIN_START, goodBytes: 0, next: 'append' }, problems: [] };
    case 'unfit':
      return {
        state: { end: CHAIN_START, goodBytes: 0, next: 'move aside' },
        problems: problem(tail.reason, 'moved aside with the next record; a new chain begins'),
      };
    case 'read': {
      const { end, goodBytes, damagedBytes } = tail;
      if (damagedBytes === 0) return { state: { end, goodBytes, next: 'append' }, problems: [] };
      return {
        state: { end, goodBytes, next: 'rewrite' },
        problems: problem(
          `ends in ${damagedBytes} bytes that are no record, as after a crash`,
          `they are kept aside with the next record; the chain goes on after record ${end.seq}`,
        ),
      };
    }
  }
}

async function split(path: string, goodBytes: number, fs: FileSystem): Promise<{ good: Buffer; damaged: Buffer }> {
  const opened = await openToRead(path, fs);
  if (opened.kind !== 'open') return { good: Buffer.alloc(0), damaged: Buffer.alloc(0) };
  const { file } = opened;
  return closeQuietlyAfter(file, async () => {
    const chunks: Uint8Array[] = [];
    await readChunks(path, file, (chunk) => chunks.push(Uint8Array.from(chunk)));
    const bytes = Buffer.concat(chunks);
    return { good: bytes.subarray(0, goodBytes), damaged: bytes.subarray(goodBytes) };
  });
}
