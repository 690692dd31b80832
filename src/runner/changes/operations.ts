import type { Timer } from '../../effects/index.js';
import { RunnerError, toFault } from '../../base/errors/index.js';
import type { Host } from '../host/host.js';

/** A forced close waits so long for operations that may never finish. */
const FORCED_MS_MAX = 2_000;

/** Who asks for something, as the audit trail says it. */
export interface By {
  /** A user, a service, a face; what the Runner was opened with when left out. */
  readonly who?: string;
}

/** What is under way because somebody asked for it. */
export interface OperationUnderWay {
  readonly id: number;
  /** `install`, `activate`, `switch`, `rollback`, `deactivate`, `confirm`, `start`, `stop`, `uninstall`. */
  readonly kind: string;
  /** A PID or several, a `name@version`, a file. */
  readonly subject: string;
  readonly who: string;
  /** ISO 8601. */
  readonly since: string;
  /** Of a change of routes: Preparing, Preheating, Committing, Committed; else null. */
  readonly stage: string | null;
  /** It can still be called off. */
  readonly canCancel: boolean;
}

export interface OperationRequest extends By {
  readonly what: string;
  readonly subject: string;
  /** Plain JSON, for the audit trail. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What an operation works with. */
export interface OperationHandle {
  readonly id: number;
  /** Aborted when somebody calls it off. */
  readonly signal: AbortSignal;
  atStage(stage: string, canCancel: boolean): void;
}

interface Entry {
  readonly view: OperationUnderWay;
  readonly cancelling: AbortController;
}

/**
 * Runs what people ask for as operations of the store: noted in the journal while under way, told in the audit trail
 * however they end (contract §9). Operations that commit through the journal are told by their commit.
 */
export class Operations {
  readonly #underWay = new Map<number, Entry>();
  readonly #unfinished = new Set<Promise<unknown>>();
  readonly #host: Host;
  readonly #who: string;

  /** @param who asks where a request does not say */
  constructor(host: Host, who: string) {
    this.#host = host;
    this.#who = who;
  }

  /** The oldest first. */
  list(): readonly OperationUnderWay[] {
    return [...this.#underWay.values()].map(({ view }) => view);
  }

  /** @throws RunnerError operation_conflict when it is not under way, or cannot be called off any more */
  cancel(id: number): void {
    const entry = this.#underWay.get(id);
    if (entry === undefined)
      throw new RunnerError('operation_conflict', `No operation ${id} is under way.`, {
        hint: `Under way: ${[...this.#underWay.keys()].join(', ') || 'none'}. How one ended stands in the history.`,
        details: { operation: id },
      });
    const { kind, subject, stage, canCancel } = entry.view;
    if (!canCancel)
      throw new RunnerError('operation_conflict', `The ${kind} of ${subject} cannot be called off.`, {
        hint: 'Only a change of routes can, as long as it is not committed.',
        details: { operation: id, stage },
      });
    entry.cancelling.abort();
  }

  /**
   * Waits until every operation has ended and is told in the store: nobody frees it before. A forced close waits at most
   * two seconds for operations that may never finish, such as a copy from a disk that is gone; the next Runner finds them
   * in the journal.
   */
  async allEnded(forced: AbortSignal): Promise<void> {
    const { clock } = this.#host.services;
    let timer: Timer | undefined;
    let enough = (): void => undefined;
    const wait = (): void => void (timer = clock.setTimeout(enough, FORCED_MS_MAX));
    const waited = new Promise<void>((resolve) => (enough = resolve));
    if (forced.aborted) wait();
    else forced.addEventListener('abort', wait);
    await Promise.race([this.#ended(), waited]);
    forced.removeEventListener('abort', wait);
    clock.clearTimeout(timer);
  }

  async #ended(): Promise<void> {
    while (this.#unfinished.size > 0) await Promise.allSettled(this.#unfinished);
  }

  /** What has to be done before an operation can be named: told only when it fails, or when the Runner dies in it. */
  prepare<T>(request: OperationRequest, work: () => Promise<T>): Promise<T> {
    return this.#counted(() => this.#run(request, work, false));
  }

  /** @param work whatever it throws is told and thrown on */
  run<T>(request: OperationRequest, work: (operation: OperationHandle) => Promise<T>): Promise<T> {
    return this.#counted(() => this.#run({ details: {}, ...request }, work, true));
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    const operation = work();
    this.#unfinished.add(operation);
    try {
      return await operation;
    } finally {
      this.#unfinished.delete(operation);
    }
  }

  async #run<T>(
    { who = this.#who, what, subject, details }: OperationRequest,
    work: (operation: OperationHandle) => Promise<T>,
    isToldWhenDone: boolean,
  ): Promise<T> {
    const { journal, audit } = this.#host.services;
    const event = { who, what, subject };
    const id = await journal.begin(details === undefined ? event : { ...event, details });
    try {
      const result = await work(this.#enter(id, event));
      if (isToldWhenDone && journal.isUnderWay(id))
        await audit.append({ ...event, outcome: 'done', details: { ...details, operation: id } });
      return result;
    } catch (error) {
      const { code, message } = toFault(error);
      const failed = { ...event, outcome: 'failed', details: { ...details, operation: id, code, message } };
      // The failure itself is what matters; a trail that cannot be written must not hide it.
      if (journal.isUnderWay(id)) await audit.append(failed).catch(() => undefined);
      throw error;
    } finally {
      this.#underWay.delete(id);
      if (journal.isUnderWay(id)) await journal.end(id);
    }
  }

  #enter(id: number, { who, what: kind, subject }: Required<Omit<OperationRequest, 'details'>>): OperationHandle {
    const since = new Date(this.#host.services.clock.wallMs()).toISOString();
    const cancelling = new AbortController();
    const atStage = (stage: string | null, canCancel: boolean): void =>
      void this.#underWay.set(id, { view: { id, kind, subject, who, since, stage, canCancel }, cancelling });
    atStage(null, false);
    return { id, signal: cancelling.signal, atStage };
  }
}
