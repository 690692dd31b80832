import type { Expectation } from './judge/expectation.js';
import { readFacts } from './judge/facts.js';
import { judge } from './judge/judge.js';
import { actOf, complaintOf } from './lives/host.js';
import type { HostLife, Opened, Served } from './lives/host.js';
import { orphansAfter } from './lives/orphans.js';
import type { LivingProcess } from './lives/orphans.js';
import type { Point } from './points/point.js';
import type { Killed } from './programs/plan.js';
import type { Operation } from './scenes/operations.js';
import { verifyAudit } from '../../../src/store/index.js';
import type { Worker } from './worker.js';

/** How long a process may outlive the Runner that started it. */
const ORPHAN_LIMIT_MS = 2_000;

/** What came of one point; `killed` null: the operation was over before it was reached, so nothing is proven. */
export interface Trial {
  readonly point: Point;
  readonly killed: Killed | null;
  readonly recoveryKilled: Killed | null;
  readonly acknowledged: boolean;
  readonly problems: readonly string[];
  readonly orphans: readonly string[];
  readonly segmentsLeaked: number;
}

/** Kills the Runner at a point, starts it again on the same store, and looks at everything. */
export async function tryPoint(
  worker: Worker,
  operation: Operation,
  point: Point,
  saveTo: string | null,
): Promise<Trial> {
  const { place } = worker;
  const expectation = await worker.setScene(operation);
  const tmp = place.nextTmp();
  const first = worker.host({ act: operation.act, warm: operation.warm }, { from: 'mark', kill: point.kill }, tmp);
  first.finish();
  const ending = await first.ended;
  const act = actOf(ending);
  const acknowledged = act !== null && act.fault === null;
  const nothing = { point, recoveryKilled: null, acknowledged, problems: [], orphans: [], segmentsLeaked: 0 };
  if (ending.killed === null) {
    const complaint = complaintOf(ending);
    return {
      ...nothing,
      killed: null,
      problems: complaint === null ? [] : [`The host was not killed, but ${complaint}.`],
    };
  }
  if (saveTo !== null) await place.saveTo(saveTo);
  const orphans = [orphansAfter(tmp, ORPHAN_LIMIT_MS)];
  const { life, recoveryKilled } = await startAgain(worker, point, orphans);
  const { problems, segmentsLeaked } = await inspect(worker, life, expectation, acknowledged);
  return {
    ...nothing,
    killed: ending.killed,
    recoveryKilled,
    problems: act?.fault ? [`It was refused: ${act.fault.code} ${act.fault.message}`, ...problems] : problems,
    orphans: (await Promise.all(orphans)).flat().map(({ command }) => command),
    segmentsLeaked,
  };
}

/** The next Runner on the store, or, if that is killed on its way, the one after it. */
async function startAgain(
  worker: Worker,
  { recovery }: Point,
  orphans: Promise<LivingProcess[]>[],
): Promise<{ life: HostLife; recoveryKilled: Killed | null }> {
  const tmp = worker.place.nextTmp();
  const life = worker.host({ waits: true }, recovery === null ? null : { from: 'start', kill: recovery }, tmp);
  if (recovery === null || (await life.word('ready')) !== null) return { life, recoveryKilled: null };
  const { killed } = await life.ended;
  if (killed === null) return { life, recoveryKilled: null }; // it could not open; the inspection tells
  orphans.push(orphansAfter(tmp, ORPHAN_LIMIT_MS));
  return { life: worker.host({ waits: true }, null), recoveryKilled: killed };
}

async function inspect(
  { place }: Worker,
  life: HostLife,
  expectation: Expectation,
  acknowledged: boolean,
): Promise<{ problems: string[]; segmentsLeaked: number }> {
  const problems = new Set<string>();
  const opened = (await life.word('opened')) as (Opened & object) | null;
  let isDone = acknowledged;
  if ((await life.word('ready')) !== null) {
    const verdict = judge(expectation, readFacts(place.store), acknowledged);
    verdict.problems.forEach((problem) => problems.add(problem));
    if (verdict.progress !== 'after') {
      const refusal = await repeat(life, expectation.operation);
      isDone ||= refusal === null;
      if (refusal !== null) problems.add(refusal);
    }
  }
  life.finish();
  const ending = await life.ended;
  const complaint = complaintOf(ending);
  if (complaint !== null) problems.add(`After the kill a Runner did not live in good order: ${complaint}.`);
  else closedProblems(expectation, place.store, isDone).forEach((problem) => problems.add(problem));
  for (const word of ending.words) {
    const { pid, status, fault } = word as typeof word & Served;
    if (word.at === 'served' && status !== 'OK')
      problems.add(`${pid} does not serve: ${fault?.code ?? status} ${fault?.message ?? ''}`.trim());
  }
  for (const { pid, fault } of opened?.routes ?? [])
    if (fault !== null) problems.add(`${pid} is degraded: ${fault.message}`);
  const trail = await verifyAudit(`${place.store}/logs/audit.jsonl`);
  if (!trail.ok || trail.incomplete)
    problems.add(`The audit trail does not verify: ${trail.firstBad?.reason ?? 'it ends amid a line'}.`);
  const imagesLeft = complaint === null ? place.imagesLeft() : [];
  return { problems: [...problems], segmentsLeaked: (opened?.segments.length ?? 0) + imagesLeft.length };
}

/** What did not happen can be done now, and then is. @returns why not */
async function repeat(life: HostLife, { act, name }: Operation): Promise<string | null> {
  const ended = await life.ask(act);
  if (ended === null) return `${name}, repeated, ended the Runner.`;
  const { fault } = ended;
  return fault === null ? null : `${name}, repeated, is refused: ${fault.code} ${fault.message}`;
}

/** The same store once that Runner has closed in good order. */
function closedProblems(expectation: Expectation, store: string, isDone: boolean): string[] {
  const facts = readFacts(store);
  const { problems } = judge(expectation, facts, isDone);
  return [...problems, ...facts.claims.map((claim) => `${claim} is in lock/, though no Runner is open.`)];
}
