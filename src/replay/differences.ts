import type { TraceRecord } from '../trace/index.js';
import { stateOf } from '../stepping/index.js';
import type { Act, Step } from '../stepping/index.js';
import { differingGuard } from './differing-guard.js';
import type { DifferingGuard, Divergence, DivergenceKind } from './divergence.js';
import type { Born, ReplayedActor, StepTaken } from './replayed-actor.js';
import { placed } from './snapshots.js';
import type { Awaited } from './run-to-completion.js';
import { differing, isSameData } from './same-data.js';

interface Where {
  readonly seq: number;
  readonly atUs: number;
  readonly actor: string;
  readonly machine: string;
  readonly event: string;
}

/** Names every difference between what was recorded and what today's machines do, with the decision behind it. */
export class Differences {
  readonly #found: (divergence: Divergence) => void;
  /** What was stepped since the last event from outside. */
  #steps: StepTaken[] = [];

  constructor(found: (divergence: Divergence) => void) {
    this.#found = found;
  }

  remember(step: StepTaken): void {
    this.#steps.push(step);
  }

  forget(): void {
    this.#steps = [];
  }

  /** @returns the acts of a begin, in the recorded state */
  ofBegin(record: TraceRecord, actor: ReplayedActor, { snapshot, acts }: Step): readonly Act[] {
    const reached = stateOf(snapshot);
    if (reached === record.after) return acts;
    this.#tell('state', record, { expected: reached, got: record.after }, decisionOf(actor, null, record.event));
    actor.snapshot = placed(snapshot, record.after);
    actor.isVague = true;
    return acts;
  }

  /**
   * @param born children that are known to have begun with it
   * @returns the step that leads to what was recorded, were one guard to say the opposite
   */
  ofState(record: TraceRecord, taken: StepTaken, step: Step, born: ReadonlySet<string>): Step | null {
    const { actor, event, seq } = taken;
    const before = actor.snapshot;
    const leads = ({ snapshot }: Step): boolean => stateOf(snapshot) === record.after;
    const other =
      differingGuard(actor.stepper, before, event, (one) => leads(one) && begins(actor, one, born)) ??
      differingGuard(actor.stepper, before, event, leads);
    const difference = { expected: stateOf(step.snapshot), got: record.after };
    this.#tell('state', record, difference, decisionOf(actor, before, event.type), seq, other?.guard ?? null);
    return other?.step ?? null;
  }

  /** It does not stand where the record says it stood. */
  ofStanding(record: TraceRecord, actor: ReplayedActor): void {
    const difference = {
      expected: `${actor.machine} in ${actor.shown.state} before it`,
      got: `${record.machine} in ${record.before ?? 'no state'} before it`,
    };
    this.#tell('state', record, difference, decisionOf(actor, actor.snapshot, record.event));
  }

  ofFailure(record: TraceRecord, actor: ReplayedActor, step: Step | Error): void {
    const today =
      step instanceof Error ? `the machine fails: ${step.message}` : `it goes on to ${stateOf(step.snapshot)}`;
    const { thrown } = record.data;
    const then = typeof thrown === 'string' ? `the machine failed: ${thrown}` : `it went on to ${record.after}`;
    this.#tell('failure', record, { expected: today, got: then }, decisionOf(actor, actor.snapshot, record.event));
  }

  ofData(record: TraceRecord, { actor, sent }: Awaited): void {
    const { type, ...data } = sent.event;
    const difference = differenceOf(record.data, data);
    this.#tellOfSender('data', record, difference, sent.by, (acts) =>
      acts.some(
        (act) =>
          reaches(sent.by.actor, act, actor, type) && 'event' in act && isSameData(record.data, withoutType(act.event)),
      ),
    );
  }

  missing(record: TraceRecord, { actor, sent }: Awaited, got = received(record)): void {
    const difference = { expected: `${actor.path} receives ${sent.event.type}`, got };
    this.#tellOfSender('missing', record, difference, sent.by, (acts) =>
      acts.every((act) => !reaches(sent.by.actor, act, actor, sent.event.type)),
    );
  }

  /** @param expected what is awaited instead, or why it cannot come */
  unexpected(record: TraceRecord, actor: ReplayedActor | undefined, expected: string): void {
    const difference = { expected, got: received(record) };
    if (actor !== undefined)
      for (const by of this.#steps.toReversed()) {
        const { parent, children } = by.actor;
        if (parent !== actor && ![...children.values()].includes(actor)) continue;
        const guard = guardOf(by, (acts) => acts.some((act) => reaches(by.actor, act, actor, record.event)));
        if (guard === null) continue;
        return this.#tell('unexpected', record, difference, decisionOfStep(by), by.seq, guard);
      }
    const decision =
      actor === undefined ? `${record.machine} · ${record.event}` : decisionOf(actor, actor.snapshot, record.event);
    this.#tell('unexpected', record, difference, decision);
  }

  /** An actor is started of which no record tells. */
  neverBegan(by: StepTaken, path: string): void {
    const where = { ...by, actor: by.actor.path, machine: by.actor.machine, event: by.event.type };
    const id = by.actor.path.includes('/') ? path.slice(by.actor.path.length + 1) : path;
    const difference = { expected: `${path} begins`, got: 'it never began' };
    this.#tellOfSender('missing', where, difference, by, (acts) =>
      acts.every((act) => act.act !== 'spawn' || act.child !== id),
    );
  }

  /** An actor's begin is recorded, and nobody starts it. */
  strayBegin({ actor, seq, atUs }: Born): void {
    const where = { seq, atUs, actor: actor.path, machine: actor.machine, event: 'xstate.init' };
    const by = this.#steps.at(-1);
    const difference = { expected: 'nobody starts it', got: `${actor.path} begins` };
    if (by === undefined) return this.#tell('unexpected', where, difference, `${actor.machine} · xstate.init`);
    this.#tellOfSender('unexpected', where, difference, by, (acts) =>
      acts.some((act) => act.act === 'spawn' && by.actor.pathOf(act.child) === actor.path),
    );
  }

  ofInput(by: StepTaken, { actor, seq, atUs, input }: Born, today: unknown): void {
    const where = { seq, atUs, actor: actor.path, machine: actor.machine, event: 'xstate.init' };
    this.#tell('data', where, differenceOf(input, today), decisionOfStep(by), by.seq);
  }

  #tellOfSender(
    kind: DivergenceKind,
    where: Where,
    difference: Pick<Divergence, 'expected' | 'got'>,
    by: StepTaken,
    isRecorded: (acts: readonly Act[]) => boolean,
  ): void {
    this.#tell(kind, where, difference, decisionOfStep(by), by.seq, guardOf(by, isRecorded));
  }

  #tell(
    kind: DivergenceKind,
    { seq, atUs, actor, machine, event }: Where,
    difference: Pick<Divergence, 'expected' | 'got'>,
    decision: string,
    decidedAt: number | null = null,
    guard: DifferingGuard | null = null,
  ): void {
    this.#found({ kind, seq, atUs, actor, machine, event, ...difference, decidedAt, decision, guard });
  }
}

/** The guard that, turned round, makes a step ask for what was recorded. */
function guardOf(
  { actor, before, event }: StepTaken,
  isRecorded: (acts: readonly Act[]) => boolean,
): DifferingGuard | null {
  if (before === null) return null;
  return differingGuard(actor.stepper, before, event, ({ acts }) => isRecorded(acts))?.guard ?? null;
}

const decisionOfStep = ({ actor, before, event }: StepTaken): string => decisionOf(actor, before, event.type);

const decisionOf = (actor: ReplayedActor, before: StepTaken['before'], event: string): string =>
  `${actor.machine} ${before === null ? '(new)' : stateOf(before)} · ${event}`;

const received = ({ actor, event }: Where): string => `${actor} receives ${event}`;

const withoutType = ({ type: _type, ...data }: { readonly type: string }): object => data;

function reaches(sender: ReplayedActor, act: Act, receiver: ReplayedActor, type: string): boolean {
  if (act.act === 'report') return sender.parent === receiver && act.event.type === type;
  if (act.act === 'send') return sender.pathOf(act.child) === receiver.path && act.event.type === type;
  return act.act === 'stop' && sender.pathOf(act.child) === receiver.path && type === 'xstate.stop';
}

/** Only what differs: a payload can be long. */
function differenceOf(then: unknown, now: unknown): Pick<Divergence, 'expected' | 'got'> {
  const { recorded, live } = differing(then, now);
  return { expected: briefly(live), got: briefly(recorded) };
}

/** Whether a step begins exactly these children. */
function begins(actor: ReplayedActor, { acts }: Step, born: ReadonlySet<string>): boolean {
  const begun = acts.flatMap((act) =>
    act.act === 'spawn' && actor.isMachine(act.src) ? [actor.pathOf(act.child)] : [],
  );
  return begun.length === born.size && begun.every((path) => born.has(path));
}

const BRIEF_CHARS = 300;

function briefly(data: unknown): string {
  const text = JSON.stringify(data) ?? 'nothing';
  return text.length <= BRIEF_CHARS ? text : `${text.slice(0, BRIEF_CHARS)}…`;
}
