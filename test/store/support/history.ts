import { refusalOrNone } from './refusal.js';

/** What a store holds, in a form that can be compared. */
export interface Held {
  /** Version routed, by PID. */
  readonly routes: Readonly<Record<string, string>>;
  /** By name; state and `updated_at`. */
  readonly entries: Readonly<Record<string, string>>;
  readonly forgotten: readonly string[];
  /** By name; what its one file holds. */
  readonly deployed: Readonly<Record<string, string>>;
}

export const NOTHING_HELD: Held = { routes: {}, entries: {}, forgotten: [], deployed: {} };

/** One promise of the store: kept, what it held before becomes what it holds after. */
export interface Promised {
  readonly after: (held: Held) => Held;
  /** The PIDs and names it is about; a later promise about one of them ends what an earlier refusal left open. */
  readonly touches: readonly string[];
  /** Of a change of several files: what the audit trail calls it. */
  readonly subject?: string;
}

/** What was promised so far, and what is being promised. */
export interface History {
  held: Held;
  /** Asked for, and neither promised nor refused when the Runner died. */
  readonly open: Set<Promised>;
  /**
   * Refused. It has not happened, but nobody promised that a power loss would not bring it back, whole; `seen`: it shows
   * all the same, and nobody promised that it would stay.
   */
  refused: readonly { readonly promised: Promised; readonly seen: boolean }[];
  /** Hashes of the audit records that were promised, in their order. */
  readonly trail: string[];
  /** Subjects of the changes of several files that were asked for. */
  readonly asked: string[];
  /** Those that were promised. */
  readonly done: string[];
  count: number;
}

export const newHistory = (): History => ({
  held: NOTHING_HELD,
  open: new Set(),
  refused: [],
  trail: [],
  asked: [],
  done: [],
  count: 0,
});

/** Asks for something, keeping book of whether it was promised. @throws RunnerError when it was refused */
export async function ask(history: History, promised: Promised, work: () => Promise<unknown>): Promise<void> {
  const { subject, touches, after } = promised;
  history.open.add(promised);
  if (subject !== undefined) history.asked.push(subject);
  const refusal = await refusalOrNone(work());
  history.open.delete(promised);
  const seen = refusal?.details['visible'] === true;
  if (refusal === undefined) {
    history.held = after(history.held);
    if (subject !== undefined) history.done.push(subject);
    history.refused = history.refused.filter((old) => !old.promised.touches.some((one) => touches.includes(one)));
  } else {
    history.refused = [...history.refused, { promised, seen }];
  }
  if (refusal !== undefined) throw refusal;
}

/** One state the store may be in, and which of the open changes of several files then happened. */
export interface Possible {
  readonly held: Held;
  readonly done: readonly string[];
}

/** Every state the store may be in after the Runner died: what was left open is whole or not there. */
export function possible({ held, open, refused }: History, powerLost: boolean): readonly Possible[] {
  let states: Possible[] = [{ held, done: [] }];
  const goOn = ({ after, subject }: Promised, mayBeGone: boolean): void => {
    states = states.flatMap((state) => [
      ...(mayBeGone ? [state] : []),
      { held: after(state.held), done: subject === undefined ? state.done : [...state.done, subject] },
    ]);
  };
  for (const { promised, seen } of refused) if (seen || powerLost) goOn(promised, powerLost);
  for (const promised of open) goOn(promised, true);
  return states;
}
