import type { AnyStateNode } from 'xstate';
import { MACHINES } from '../../machines/index.js';
import { faultIn, STANDING } from '../trace/index.js';
import type { SeenFault, TraceRecord } from '../trace/index.js';
import { CausalHistory } from './causal-history.js';
import type { ActorHistory } from './causal-history.js';
import type { CauseKind, CauseNode } from './cause-node.js';
import { sourceOf } from './event-source.js';
import type { EventSource } from './event-source.js';
import { hidingGap } from './hiding-gap.js';
import type { HidingGap } from './hiding-gap.js';
import { knownActor } from './known-actor.js';
import { sentenceOf } from './sentences.js';

/** One record on the way from the first cause to the present state. */
export interface WhyLink {
  readonly record: TraceRecord;
  /** The record that led to it, and how; null: it came from outside, or is the first that is kept. */
  readonly because: { readonly seq: number; readonly kind: CauseKind } | null;
  /** What happened, in a plain sentence without its end. */
  readonly sentence: string;
  /** What it tells of that went wrong. */
  readonly fault: SeenFault | null;
}

export interface WhyReport {
  readonly actor: string;
  readonly machine: string;
  /** Where it is now, or where it ended. */
  readonly state: string;
  /** What that state means, as its machine says it. */
  readonly meaning: string;
  readonly hasEnded: boolean;
  readonly sinceMs: number;
  /** What it is faulted for. */
  readonly fault: SeenFault | null;
  /** From the first cause to the present state. */
  readonly links: readonly WhyLink[];
  /** Processes the release had lost before, the oldest first: what its restart policy counts. */
  readonly earlierLosses: readonly WhyLink[];
  /** More may lie behind the first link than is kept. */
  readonly isCut: boolean;
  /** Records that could not be written hide what led to it, or what became of it; null: none do. */
  readonly gap: HidingGap | null;
}

/**
 * Why an actor is where it is: which record led to which, from the first cause to its present state.
 *
 * @param actor its path, or its end as far as it is unambiguous: `screw-check@1.0.0`, `A01`
 * @throws RunnerError invalid_usage, naming the actors there are
 */
export async function whyActor(records: AsyncIterable<TraceRecord>, actor: string): Promise<WhyReport> {
  const history = new CausalHistory();
  for await (const record of records) history.take(record);
  const path = knownActor(actor, [...new Set([...history.actors.keys(), ...history.lost.keys()])]);
  return reportOf(path, history, history.firstSeq) as WhyReport;
}

/**
 * @param firstSeq number of the first record that was looked at; beyond 1, what came before is not kept
 * @returns null when there is no record of it
 */
export function reportOf(path: string, { actors, lost, gap }: CausalHistory, firstSeq: number): WhyReport | null {
  const present = actors.get(path);
  const known = present ?? lost.get(path);
  if (known === undefined) return null;
  const report = withoutGap(path, known, gap === null ? firstSeq : 1);
  if (gap === null) return report;
  if (present === undefined) return { ...report, gap: hidingGap(gap, 'present') };
  const isAfter = report.links.every(({ record }) => record.seq >= gap.seq);
  return isAfter && openEnds(report) ? { ...report, gap: hidingGap(gap, 'cause') } : report;
}

function withoutGap(path: string, actor: ActorHistory, firstSeq: number): WhyReport {
  const { machine, state, entered, moved, hasEnded, losses, fault, faulted } = actor;
  const nodes = new Set<CauseNode>();
  if (faulted !== null && faulted.record.seq > entered.record.seq) {
    nodes.add(entered);
    gather(faulted, 0, nodes);
  } else gather(entered, 0, nodes);
  if (state !== entered.record.after) gather(moved, entered.record.seq, nodes);
  const faultNow = faultIn({ ...moved.record, data: { fault } });
  const chain = [...nodes].sort((a, b) => orderOf(a) - orderOf(b));
  return {
    ...{ actor: path, machine, state, meaning: meaningOf(machine, state), hasEnded },
    sinceMs: (state === entered.record.after ? entered : moved).record.timeMs,
    fault: faultNow,
    links: chain.map(linkOf),
    earlierLosses: faultNow === null ? [] : losses.filter((loss) => !nodes.has(loss)).map(linkOf),
    isCut: firstSeq > 1 || chain.some(({ isCut }) => isCut),
    gap: null,
  };
}

/** A link that something in the trace must have led to, and nothing of what was looked at did. */
export const openEnds = ({ links }: WhyReport): boolean =>
  links.some(({ record, because }) => {
    if (record.event === STANDING) return true;
    if (because !== null || record.machine === 'runner') return false;
    return record.event === 'xstate.init' || !isFromOutside(record);
  });

const FROM_OUTSIDE: readonly EventSource[] = ['an operator', 'a caller', 'the operating system'];

/** Also a command that the Runner hands on: it was asked for by somebody who is in no trace. */
function isFromOutside({ machine, event }: TraceRecord): boolean {
  const source = sourceOf(machine, event);
  const isHandedOn = source === 'the Runner' && (machine === 'package' || event === 'changeover.cancel');
  return isHandedOn || FROM_OUTSIDE.includes(source);
}

/** What led to a record: the way its actor was on, and on each step of it what sent the event. */
function gather(node: CauseNode, floor: number, nodes: Set<CauseNode>): void {
  if (nodes.has(node) || node.record.seq <= floor) return;
  nodes.add(node);
  if (node.way !== null) gather(node.way, floor, nodes);
  // What came before the actor set out explains why it set out, and is found there.
  const newer = node.way === null ? floor : Math.max(floor, beginOf(node.way).record.seq);
  if (node.cause !== null) gather(node.cause.node, newer, nodes);
}

const beginOf = (node: CauseNode): CauseNode => (node.way === null ? node : beginOf(node.way));

/** The record that starts an actor stands behind the first record of that actor. */
const orderOf = ({ record, cause }: CauseNode): number =>
  cause?.kind === 'started' ? cause.node.record.seq + 0.5 : record.seq;

function linkOf({ record, cause, way }: CauseNode): WhyLink {
  const because =
    cause !== null
      ? { seq: cause.node.record.seq, kind: cause.kind }
      : way !== null
        ? ({ seq: way.record.seq, kind: 'before' } as const)
        : null;
  const fault = record.event === 'xstate.init' ? null : faultIn(record);
  return { record, because, sentence: sentenceOf(record), fault };
}

function meaningOf(machineId: string, state: string): string {
  const machine = MACHINES.find(({ id }) => id === machineId);
  return machine === undefined
    ? ''
    : (nodesOf(machine.root).find(({ path }) => path.join('.') === state)?.description ?? '');
}

const nodesOf = (node: AnyStateNode): readonly AnyStateNode[] => [
  node,
  ...Object.values(node.states).flatMap((child: AnyStateNode) => nodesOf(child)),
];
