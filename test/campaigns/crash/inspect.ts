import { verifyAudit } from '../../../src/store/index.js';
import type { Expectation } from './judge/expectation.js';
import { readFacts } from './judge/facts.js';
import { judge } from './judge/judge.js';
import { complaintOf } from './lives/host.js';
import type { HostLife, Opened, Served } from './lives/host.js';
import type { Ending } from './lives/life.js';
import type { Operation } from './scenes/operations.js';
import type { Place } from './scenes/place.js';

/** @property segmentsLeaked images of the dead that the next Runner left, and whatever is left once that has closed */
export interface Inspection {
  readonly problems: readonly string[];
  readonly segmentsLeaked: number;
}

/**
 * Looks at a store on which a Runner was started again: what it holds while that is open, whether every PID serves,
 * whether what did not happen can be done now, and what is left once it has closed.
 *
 * @param acknowledged the caller was told that the operation is done
 */
export async function inspect(
  place: Place,
  life: HostLife,
  expectation: Expectation,
  acknowledged: boolean,
): Promise<Inspection> {
  const { problems, isDone } = await whileOpen(place, life, expectation, acknowledged);
  life.finish();
  const ending = await life.ended;
  const complaint = complaintOf(ending);
  const inOrder = complaint === null;
  const trail = await verifyAudit(`${place.store}/logs/audit.jsonl`);
  const found = [
    ...problems,
    ...(inOrder ? [] : [`After the kill a Runner did not live in good order: ${complaint}.`]),
    ...(inOrder ? onceClosed(place, expectation, isDone) : []),
    ...servingProblems(ending),
    ...(trail.ok && !trail.incomplete
      ? []
      : [`The audit trail does not verify: ${trail.firstBad?.reason ?? 'it is cut'}.`]),
  ];
  const atStart = openedOf(ending)?.segments.length ?? 0;
  return { problems: [...new Set(found)], segmentsLeaked: atStart + (inOrder ? place.imagesLeft().length : 0) };
}

async function whileOpen(
  { store }: Place,
  life: HostLife,
  expectation: Expectation,
  acknowledged: boolean,
): Promise<{ problems: readonly string[]; isDone: boolean }> {
  if ((await life.word('ready')) === null) return { problems: [], isDone: acknowledged };
  const { problems, progress } = judge(expectation, readFacts(store), acknowledged);
  if (progress === 'after') return { problems, isDone: acknowledged };
  const refusal = await repeat(life, expectation.operation);
  return refusal === null ? { problems, isDone: true } : { problems: [...problems, refusal], isDone: acknowledged };
}

/** What did not happen can be done now, and then is. @returns why not */
async function repeat(life: HostLife, { act, name }: Operation): Promise<string | null> {
  const ended = await life.ask(act);
  if (ended === null) return `${name}, repeated, ended the Runner.`;
  const { fault } = ended;
  return fault === null ? null : `${name}, repeated, is refused: ${fault.code} ${fault.message}`;
}

function onceClosed({ store }: Place, expectation: Expectation, isDone: boolean): string[] {
  const facts = readFacts(store);
  const { problems } = judge(expectation, facts, isDone);
  return [...problems, ...facts.claims.map((claim) => `${claim} is in lock/, though no Runner is open.`)];
}

function servingProblems(ending: Ending): string[] {
  const served = ending.words.filter(({ at }) => at === 'served') as unknown as readonly Served[];
  const degraded = openedOf(ending)?.routes.filter(({ fault }) => fault !== null) ?? [];
  return [
    ...degraded.map(({ pid, fault }) => `${pid} is degraded: ${fault?.message}`),
    ...served
      .filter(({ status }) => status !== 'OK')
      .map(({ pid, status, fault }) =>
        `${pid} does not serve: ${fault?.code ?? status} ${fault?.message ?? ''}`.trim(),
      ),
  ];
}

function openedOf({ words }: Ending): Opened | undefined {
  return words.find(({ at }) => at === 'opened') as unknown as Opened | undefined;
}
