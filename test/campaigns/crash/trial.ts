import { inspect } from './inspect.js';
import type { Inspection } from './inspect.js';
import { actOf, complaintOf } from './lives/host.js';
import type { HostLife } from './lives/host.js';
import { orphansAfter } from './lives/orphans.js';
import type { LivingProcess } from './lives/orphans.js';
import type { Point } from './points/point.js';
import type { Killed } from './programs/plan.js';
import type { Operation } from './scenes/operations.js';
import type { Worker } from './worker.js';

/** How long a process may outlive the Runner that started it. */
const ORPHAN_LIMIT_MS = 2_000;

/**
 * What came of one point.
 *
 * @property killed null: the operation was over before the point was reached, so nothing is proven
 * @property acknowledged the caller had been told that it is done
 * @property segmentsLeft images in shared memory when the Runner was dead
 */
export interface Trial extends Inspection {
  readonly point: Point;
  readonly killed: Killed | null;
  readonly recoveryKilled: Killed | null;
  readonly acknowledged: boolean;
  readonly segmentsLeft: number;
  /** Command lines. */
  readonly orphans: readonly string[];
}

/** Kills the Runner at a point, starts it again on the same store, and looks at everything. */
export async function tryPoint(worker: Worker, operation: Operation, point: Point): Promise<Trial> {
  const { place } = worker;
  const { act, warm } = operation;
  const expectation = await worker.setScene(operation);
  const tmp = place.nextTmp();
  const life = worker.host({ act, warm }, { from: 'mark', kill: point.kill }, tmp);
  life.finish();
  const ending = await life.ended;
  const { killed } = ending;
  const ended = actOf(ending);
  const acknowledged = ended !== null && ended.fault === null;
  const base = { point, killed, acknowledged, segmentsLeft: place.segments().length };
  if (killed === null) {
    const complaint = complaintOf(ending);
    const problems = complaint === null ? [] : [`The host was not killed, but ${complaint}.`];
    return { ...base, recoveryKilled: null, problems, orphans: [], segmentsLeaked: 0 };
  }
  const orphans = [orphansAfter(tmp, ORPHAN_LIMIT_MS)];
  const next = await startAgain(worker, point, orphans);
  const { problems, segmentsLeaked } = await inspect(place, next.life, expectation, acknowledged);
  const refusal = ended?.fault ? [`It was refused: ${ended.fault.code} ${ended.fault.message}`] : [];
  return {
    ...base,
    recoveryKilled: next.killed,
    problems: [...refusal, ...problems],
    orphans: (await Promise.all(orphans)).flat().map(({ command }) => command),
    segmentsLeaked,
  };
}

/** Whether it shows anything but that all is well. */
export const hasFound = ({ problems, orphans, segmentsLeaked }: Trial): boolean =>
  problems.length > 0 || orphans.length > 0 || segmentsLeaked > 0;

/**
 * The next Runner on the store, at once, or, if that is killed on its way, the one after it.
 *
 * @param orphans the search for those of a Runner killed here is added
 */
async function startAgain(
  worker: Worker,
  { recovery }: Point,
  orphans: Promise<LivingProcess[]>[],
): Promise<{ life: HostLife; killed: Killed | null }> {
  const tmp = worker.place.nextTmp();
  const life = worker.host({ waits: true }, recovery === null ? null : { from: 'start', kill: recovery }, tmp);
  if (recovery === null || (await life.word('ready')) !== null) return { life, killed: null };
  const { killed } = await life.ended;
  if (killed === null) return { life, killed }; // it could not open; the inspection tells
  orphans.push(orphansAfter(tmp, ORPHAN_LIMIT_MS));
  return { life: worker.host({ waits: true }, null), killed };
}
