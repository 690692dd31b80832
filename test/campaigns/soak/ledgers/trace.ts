import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTrace } from '../../../../src/api/trace.js';
import type { TraceRecord } from '../../../../src/api/trace.js';
import type { ReleaseKey } from '../../../../src/index.js';
import type { Downtime } from '../judge/evidence.js';
import { DowntimeLedger } from './trace-downtime.js';

/** A call given to a process, as the Runner's trace has it. */
export interface Dispatch {
  readonly callId: number;
  readonly release: ReleaseKey;
  /** What the Runner started: the process itself or something that stands before it. */
  readonly osPid: number;
  /** Whether a frame went out: none does to a process that is leaving by then. */
  readonly delivered: boolean;
  /** Place in the trace: order of processing. */
  readonly at: number;
  /** Where the process was done with it; Infinity if the trace does not say. */
  endedAt: number;
}

/** The calls of a trace, by the Runner's numbers of them. */
export class TraceLedger {
  readonly dispatches = new Map<number, Dispatch[]>();
  /** Calls the Runner's packages were asked for. */
  readonly requested = new Set<number>();
  readonly #osPids = new Map<string, number>();
  readonly #open = new Map<string, Dispatch>();
  #at = 0;

  add({ actor, machine, event, data, before, after }: TraceRecord): void {
    this.#at += 1;
    if (machine === 'package' && event === 'call.requested') this.requested.add(Number(data['callId']));
    if (machine !== 'process') return;
    if (event === 'os.spawned') this.#osPids.set(actor, Number(data['osPid']));
    const open = this.#open.get(actor);
    if (open !== undefined && !after.startsWith('Executing')) {
      open.endedAt = this.#at;
      this.#open.delete(actor);
    }
    if (event === 'call.dispatched') this.#dispatch(actor, Number(data['callId']), before === 'Running');
  }

  #dispatch(actor: string, callId: number, delivered: boolean): void {
    const release = actor.split('/')[1] ?? '';
    const osPid = this.#osPids.get(actor) ?? 0;
    const dispatch: Dispatch = { callId, release, osPid, delivered, at: this.#at, endedAt: this.#at };
    if (delivered) {
      dispatch.endedAt = Infinity;
      this.#open.set(actor, dispatch);
    }
    const known = this.dispatches.get(callId);
    if (known === undefined) this.dispatches.set(callId, [dispatch]);
    else known.push(dispatch);
  }
}

/** Every trace file of a folder, in the order they were written. */
export async function readTraceLedger(folder: string): Promise<{ trace: TraceLedger; downtimes: readonly Downtime[] }> {
  const trace = new TraceLedger();
  const downtime = new DowntimeLedger();
  const files = readdirSync(folder).filter((name) => name.endsWith('.trace.jsonl'));
  for (const file of files.sort())
    for await (const record of readTrace(join(folder, file))) {
      trace.add(record);
      downtime.add(record, record.timeMs * 1000);
    }
  return { trace, downtimes: downtime.found };
}
