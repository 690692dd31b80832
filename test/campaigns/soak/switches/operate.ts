import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { RunnerError, storeLayout } from '../../../../src/index.js';
import type { Fault, ReleaseKey } from '../../../../src/index.js';
import { nowMs } from '../clock.js';
import type { Operation, OperationEnd, OperationKind } from '../judge/evidence.js';
import type { ChangeReport, RouteApi, SwitchOptions } from './route-api.js';

/** How long file and memory may take to agree after an operation: another one may begin at once by itself. */
const AGREE_MS = 1000;

export interface Order {
  readonly kind: OperationKind;
  readonly pids: readonly string[];
  readonly to: ReleaseKey;
  readonly ask: (api: RouteApi, options: SwitchOptions) => Promise<ChangeReport>;
  readonly options: SwitchOptions;
}

/** An operation with what its caller was told, before anybody judges it. */
export interface Done extends Omit<Operation, 'wrong'> {
  readonly fault: Fault | null;
}

/** Asks for an operation on routes and writes down, by the campaign's own clock, what became of it. */
export async function operate(api: RouteApi, { kind, pids, to, ask, options }: Order): Promise<Done> {
  const beganMs = nowMs();
  const from = pids.map((pid) => api.routeOf(pid));
  let committedMs: number | null = null;
  const look = (): void => {
    if (committedMs === null && pids.every((pid) => api.routeOf(pid) === to)) committedMs = nowMs();
  };
  const told = await ask(api, { ...options, onProgress: look }).then(
    (report) => report,
    (error: unknown) => {
      if (error instanceof RunnerError) return error;
      throw error;
    },
  );
  look();
  const facts = { kind, pids, from, to, beganMs, endedMs: nowMs() };
  if (!(told instanceof RunnerError)) {
    const { outcome, downtimeMs, reason } = told;
    return { ...facts, committedMs: committedMs ?? facts.endedMs, end: outcome, downtimeMs, fault: reason };
  }
  const isRefused = told.faultName === 'operation_conflict' && committedMs === null;
  const end: OperationEnd = committedMs !== null ? 'committed' : isRefused ? 'refused' : 'aborted';
  return { ...facts, committedMs, end, downtimeMs: 0, fault: told.toFault() };
}

/** Where an operation with this end leaves a PID; both, where the Runner may go on by itself. */
function expected({ end, from, to, pids }: Done, index: number): readonly ReleaseKey[] {
  const before = from[index] ?? '';
  switch (end) {
    case 'committed':
      return [to, before];
    case 'confirmed':
      return [to];
    case 'rolled_back':
      // Each PID has a probation of its own: at least one of them is back.
      return pids.length > 1 ? [to, before] : [before];
    case 'aborted':
    case 'refused':
      return [before];
  }
}

/** What is wrong with the routes after an operation: memory elsewhere than it says, or the file elsewhere than memory. */
export async function wrongRoutes(api: RouteApi, store: string, done: Done): Promise<string | null> {
  const { pids, from, end } = done;
  for (const [i, pid] of pids.entries()) {
    const memory = api.routeOf(pid);
    if (!expected(done, i).includes(memory)) return `it ended ${end}, yet ${pid} points to ${memory}`;
  }
  if (end === 'rolled_back' && !pids.some((pid, i) => api.routeOf(pid) === from[i]))
    return 'no PID is back, yet it says so';
  const untilMs = nowMs() + AGREE_MS;
  for (;;) {
    const apart = pids.find((pid) => inFile(store, pid) !== api.routeOf(pid));
    if (apart === undefined) return null;
    if (nowMs() > untilMs)
      return `the file of ${apart} says ${inFile(store, apart)}, in memory it is ${api.routeOf(apart)}`;
    await pause(5);
  }
}

function inFile(store: string, pid: string): ReleaseKey {
  const text = readFileSync(storeLayout(store).route(pid), 'utf8');
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  return `${name}@${version}`;
}
