import type { Timer } from '../../effects/index.js';
import { toFault } from '../../base/errors/index.js';
import type { Host } from '../host/host.js';

const MOMENT_MS = 2_000;

/**
 * Runs what people ask for as operations of the store: noted in the journal while under way, told in the audit trail
 * however they end (contract §9). Operations that commit through the journal are told by their commit.
 */
export class Operations {
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #host: Host;
  readonly #who: string;

  constructor(host: Host, who: string) {
    this.#host = host;
    this.#who = who;
  }

  /**
   * However they end, they are told in the store first: nobody frees it before. Only who hurries waits no longer than a
   * moment for what may never end, as a copy from a disk that is gone; the next Runner finds it in the journal.
   */
  async allEnded(hurried: AbortSignal): Promise<void> {
    const { clock } = this.#host.workshop;
    let timer: Timer | undefined;
    let enough = (): void => undefined;
    const wait = (): void => void (timer = clock.setTimeout(enough, MOMENT_MS));
    const waited = new Promise<void>((resolve) => (enough = resolve));
    if (hurried.aborted) wait();
    else hurried.addEventListener('abort', wait);
    await Promise.race([this.#ended(), waited]);
    hurried.removeEventListener('abort', wait);
    clock.clearTimeout(timer);
  }

  async #ended(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  /** What has to be done before an operation can be named: told only when it fails, or when the Runner dies in it. */
  prepare<T>(what: string, subject: string, work: () => Promise<T>): Promise<T> {
    return this.#counted(() => this.#prepare(what, subject, work));
  }

  /** @param work gets the operation's number; whatever it throws is told and thrown on */
  run<T>(
    what: string,
    subject: string,
    work: (operationId: number) => Promise<T>,
    details: Readonly<Record<string, unknown>> = {},
  ): Promise<T> {
    return this.#counted(() => this.#run(what, subject, work, details));
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    const operation = work();
    this.#underWay.add(operation);
    try {
      return await operation;
    } finally {
      this.#underWay.delete(operation);
    }
  }

  async #prepare<T>(what: string, subject: string, work: () => Promise<T>): Promise<T> {
    const { journal, audit } = this.#host.workshop;
    const event = { who: this.#who, what, subject };
    const operation = await journal.begin(event);
    try {
      return await work();
    } catch (error) {
      const { code, message } = toFault(error);
      const details = { operation, code, message };
      await audit.append({ ...event, outcome: 'failed', details }).catch(() => undefined);
      throw error;
    } finally {
      await journal.end(operation);
    }
  }

  async #run<T>(
    what: string,
    subject: string,
    work: (operationId: number) => Promise<T>,
    details: Readonly<Record<string, unknown>>,
  ): Promise<T> {
    const { journal, audit } = this.#host.workshop;
    const event = { who: this.#who, what, subject };
    const operation = await journal.begin({ ...event, details });
    try {
      const result = await work(operation);
      if (journal.isUnderWay(operation))
        await audit.append({ ...event, outcome: 'done', details: { ...details, operation } });
      return result;
    } catch (error) {
      const { code, message } = toFault(error);
      const failed = { ...event, outcome: 'failed', details: { ...details, operation, code, message } };
      // The failure itself is what matters; a trail that cannot be written must not hide it.
      if (journal.isUnderWay(operation)) await audit.append(failed).catch(() => undefined);
      throw error;
    } finally {
      if (journal.isUnderWay(operation)) await journal.end(operation);
    }
  }
}
