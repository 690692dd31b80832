import { hasTag } from '../../../machines/index.js';
import type { TraceRecord } from '../schema.js';

/** What a record belongs to; null or none where it belongs to nothing of the kind. */
export interface Correlation {
  readonly callId: number | null;
  readonly operationId: number | null;
  readonly pids: readonly string[];
  readonly release: string | null;
}

/** Calls remembered for the sake of records that name only their number. */
const CALLS_MAX = 10_000;

/**
 * Says of each record of a sequence, taken in order, which call, operation, PIDs and release it belongs to.
 *
 * INVARIANTS
 * - Memory is bounded: by the actors there are, and by a number of calls.
 */
export class Correlator {
  readonly #pidOfCall = new Map<number, string>();
  /** By process: the call in flight. */
  readonly #callOfProcess = new Map<string, number>();
  /** By changeover: what it is about. */
  readonly #changes = new Map<string, Pick<Correlation, 'operationId' | 'pids'>>();

  of(record: TraceRecord): Correlation {
    const { actor, machine, event, data } = record;
    if (machine === 'changeover' && event === 'xstate.init') this.#changes.set(actor, changeOf(data['input']));
    const change = this.#changes.get(actor);
    const callId = this.#callOf(record);
    if (typeof data['pid'] === 'string' && callId !== null) this.#remember(callId, data['pid']);
    const pids = new Set([
      ...textsOf(data['pid']),
      ...textsOf(data['pids']),
      ...textsOf(callId === null ? undefined : this.#pidOfCall.get(callId)),
      ...(machine === 'route' ? [actor.slice(actor.indexOf('/') + 1)] : []),
      ...(change?.pids ?? []),
    ]);
    const operationId = numberOf(data['operationId']) ?? change?.operationId ?? null;
    return { callId, operationId, pids: [...pids], release: releaseOf(record) };
  }

  #callOf({ actor, machine, event, data, before, after }: TraceRecord): number | null {
    const named = numberOf(data['callId']);
    if (machine !== 'process') return named;
    const inFlight = hasTag('process', before ?? '', 'executing') ? (this.#callOfProcess.get(actor) ?? null) : null;
    if (event === 'call.dispatched' && named !== null) this.#callOfProcess.set(actor, named);
    if (!hasTag('process', after, 'executing')) this.#callOfProcess.delete(actor);
    return named ?? inFlight;
  }

  #remember(callId: number, pid: string): void {
    if (this.#pidOfCall.size >= CALLS_MAX)
      for (const oldest of [...this.#pidOfCall.keys()].slice(0, CALLS_MAX / 2)) this.#pidOfCall.delete(oldest);
    this.#pidOfCall.set(callId, pid);
  }
}

/** Of the actor, or of what the event is about. */
function releaseOf({ actor, data }: TraceRecord): string | null {
  const [, own] = /^package\/([^/]+)/.exec(actor) ?? [];
  return own ?? (typeof data['key'] === 'string' ? data['key'] : null);
}

function changeOf(input: unknown): Pick<Correlation, 'operationId' | 'pids'> {
  const { operationId, pids } = (input ?? {}) as Record<string, unknown>;
  return { operationId: numberOf(operationId), pids: textsOf(pids) };
}

/** Zero stands for none. */
const numberOf = (value: unknown): number | null => (typeof value === 'number' && value > 0 ? value : null);

const textsOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).filter((each) => typeof each === 'string');
