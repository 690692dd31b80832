import type { Expectation } from './judge/expectation.js';
import { readFacts } from './judge/facts.js';
import type { Deployment } from './judge/facts.js';
import { judge } from './judge/judge.js';
import { HostLife, actOf, complaintOf } from './lives/host.js';
import type { Ending } from './lives/life.js';
import { kindsOf, whensOf } from './points/point.js';
import type { Recording } from './points/draw.js';
import type { CallCounts, KillPlan } from './programs/plan.js';
import type { Job, Step } from './programs/job.js';
import type { Operation, Packages } from './scenes/operations.js';
import { Place } from './scenes/place.js';

/** What all workers share: the files of whole deployments, learned from runs that were not cut short. */
export interface EffectServices {
  readonly folder: string;
  readonly python: string;
  readonly packages: Packages;
  readonly complete: Map<string, readonly string[]>;
}

const BASE = 'base';

/** A place of its own with stores prepared for the operations, one host at a time. */
export class Worker {
  readonly place: Place;
  readonly #services: EffectServices;
  readonly #scenes = new Map<string, Expectation>();
  #hasBase = false;

  constructor(services: EffectServices) {
    this.#services = services;
    this.place = new Place(services.folder);
  }

  isReadyFor(operation: string): boolean {
    return this.#scenes.has(operation);
  }

  host(job: Partial<Job>, plan: Pick<KillPlan, 'from' | 'kill'> | null, tmp = this.place.nextTmp()): HostLife {
    const { place } = this;
    return new HostLife(place.job(this.#services.python, job), plan === null ? null : place.plan(plan), tmp);
  }

  /** Lays out the store as it is before the operation. */
  async setScene(operation: Operation): Promise<Expectation> {
    const known = this.#scenes.get(operation.name) ?? (await this.#prepare(operation));
    this.#scenes.set(operation.name, known);
    await this.place.restore(operation.name);
    return known;
  }

  /**
   * Runs the operation undisturbed, and then the start after it was cut short once.
   *
   * @throws Error when it does not do what the campaign expects of it: no point would prove anything
   */
  async record(operation: Operation, withRecovery: boolean): Promise<Recording> {
    const expectation = await this.setScene(operation);
    const ending = await this.#whole(operation, { act: operation.act, warm: operation.warm }, 'mark');
    this.#learn();
    const { progress, problems } = judge(expectation, readFacts(this.place.store), true);
    if (progress !== 'after' || problems.length > 0)
      throw new Error(`${operation.name}, not cut short, does not do what is expected of it: ${problems.join(' ')}`);
    const { calls: wanted, name, weight } = operation;
    const counts = countsOf(ending);
    const calls = Object.fromEntries(
      Object.entries(counts).filter(([kind]) => wanted.length === 0 || wanted.some((call) => kind.startsWith(call))),
    );
    return {
      operation: name,
      weight,
      calls,
      recovery: withRecovery ? await this.#recordRecovery(operation, calls) : {},
    };
  }

  remove(): void {
    this.place.remove();
  }

  async #prepare(operation: Operation): Promise<Expectation> {
    if (!this.#hasBase) await this.#prepareBase();
    await this.place.restore(BASE);
    await this.#whole(operation, { before: operation.scene }, null);
    await this.place.keep(operation.name);
    this.#learn();
    return { operation, before: readFacts(this.place.store), complete: this.#services.complete };
  }

  async #prepareBase(): Promise<void> {
    const { other } = this.#services.packages;
    const before: Step[] = [
      { do: 'install', zip: other.zip, target: 'Deployed' },
      { do: 'activate', release: other.release, pids: ['B01'] },
    ];
    await this.place.restore(null);
    await this.#whole({ name: BASE }, { before }, null);
    await this.place.keep(BASE);
    this.#hasBase = true;
  }

  /** A life that must end in good order. */
  async #whole({ name }: Pick<Operation, 'name'>, job: Partial<Job>, from: 'mark' | null): Promise<Ending> {
    const life = this.host(job, from === null ? null : { from, kill: null });
    life.finish();
    const ending = await life.ended;
    const fault = actOf(ending)?.fault ?? null;
    const complaint = fault === null ? complaintOf(ending) : `it was refused: ${fault.code} ${fault.message}`;
    if (complaint !== null) throw new Error(`${name}, not cut short: ${complaint}`);
    return ending;
  }

  async #recordRecovery(operation: Operation, calls: CallCounts): Promise<CallCounts> {
    await this.setScene(operation);
    const kinds = kindsOf(calls);
    const { call = '', file = 'other' } = kinds[kinds.length >> 1] ?? {};
    const kill = { call, file, nth: 1, when: whensOf(call)[0] ?? 'before', afterMs: 0 } as const;
    await this.host({ act: operation.act, warm: operation.warm }, { from: 'mark', kill }).ended;
    const next = this.host({ waits: true }, { from: 'start', kill: null });
    await next.word('ready');
    next.finish();
    return countsOf(await next.ended);
  }

  /** Every complete deployment that is there is one as a whole one looks. */
  #learn(): void {
    const { complete } = this.#services;
    for (const [release, { files }] of readFacts(this.place.store).deployments as Map<string, Deployment>)
      if (!complete.has(release)) complete.set(release, files);
  }
}

function countsOf({ words }: Ending): CallCounts {
  const counted = words.findLast((word) => word['counts'] !== undefined);
  return (counted?.['counts'] ?? {}) as CallCounts;
}
