import { setTimeout as pause } from 'node:timers/promises';
import { RunnerError } from '../../../../src/index.js';
import type { Operation } from '../judge/evidence.js';
import type { Draws } from '../load/draws.js';
import { COURSE } from '../packages/releases.js';
import type { Algorithm } from '../packages/releases.js';
import { drawMove } from './moves.js';
import type { Move } from './moves.js';
import { operate, wrongRoutes } from './operate.js';
import type { Done, Order } from './operate.js';
import type { RouteApi } from './route-api.js';

/** What a release that cannot hold is given, so that it shows; it ends long before, on its failures. */
const STRICT_PROBATION = { durationMs: 30_000, errorsMax: 2 };
const AFTER_REFUSAL_MS = 20;

export interface OperatorOptions {
  readonly api: RouteApi;
  readonly store: string;
  readonly algorithm: Algorithm;
  readonly draws: Draws;
  readonly signal: AbortSignal;
  readonly onOperation: (operation: Operation) => void;
  /** Whether a process of a release was killed by the campaign since then. */
  readonly wasKilledSince: (release: string, sinceMs: number) => boolean;
}

/** One operator of one algorithm: move after move, until told to stop. */
export async function runOperator(options: OperatorOptions): Promise<void> {
  const { api, algorithm, draws, signal } = options;
  while (!signal.aborted)
    await makeMove(
      options,
      drawMove(draws, algorithm, (pid) => api.routeOf(pid)),
    );
}

async function makeMove(options: OperatorOptions, move: Move): Promise<void> {
  const { api } = options;
  const { manner, pids, to, waitMs } = move;
  const ask = (order: Omit<Order, 'kind' | 'ask' | 'pids' | 'to'>): Promise<Done> =>
    run(options, move, {
      kind: 'switch',
      pids,
      to: to.key,
      ask: (runner, how) => runner.switch(pids, to.key, how),
      ...order,
    });
  switch (manner) {
    case 'let it prove itself':
      return void (await ask({ options: { until: 'confirmed' } }));
    case 'switch to ill': {
      const fails = to.ill !== null && COURSE[to.ill] === 'rolls back';
      const probation = fails ? { probation: STRICT_PROBATION } : {};
      return void (await ask({ options: { until: 'confirmed', ...probation } }));
    }
    case 'cancel':
      return void (await ask({ options: { until: 'committed', signal: AbortSignal.timeout(Math.ceil(waitMs)) } }));
    case 'confirm': {
      const done = await ask({ options: { until: 'committed' } });
      if (done.committedMs === null) return;
      await pause(waitMs);
      // Refused where the Runner rolled back by itself, or the probation was over.
      return api.confirm(pids).catch(ignoreRefusal);
    }
    case 'roll back warm':
    case 'roll back cold': {
      const done = await ask({ options: { until: manner === 'roll back warm' ? 'committed' : 'confirmed' } });
      if (done.committedMs === null || done.end === 'rolled_back') return;
      await pause(waitMs);
      for (const [i, pid] of pids.entries()) await rollBack(options, move, pid, done.from[i] ?? '');
    }
  }
}

async function rollBack(options: OperatorOptions, move: Move, pid: string, before: string): Promise<void> {
  if (options.api.routeOf(pid) === before) return; // the Runner was quicker
  const ask: Order['ask'] = (api, how) => api.rollback(pid, { to: before, ...how });
  await run(options, move, { kind: 'rollback', pids: [pid], to: before, ask, options: { until: 'committed' } });
}

async function run(options: OperatorOptions, move: Move, order: Order): Promise<Done> {
  const { api, store, onOperation } = options;
  const done = await operate(api, order);
  const { fault, ...operation } = done;
  const wrong = wrongEnd(options, move, done) ?? (await wrongRoutes(api, store, done));
  onOperation({
    ...operation,
    wrong: wrong === null || fault === null ? wrong : `${wrong} (${fault.code} ${fault.message})`,
  });
  if (done.end === 'refused') await pause(AFTER_REFUSAL_MS);
  return done;
}

/** What an operation must not come to, whatever the Runner says about it. */
function wrongEnd({ wasKilledSince }: OperatorOptions, { manner, to }: Move, done: Done): string | null {
  const { kind, end, beganMs, fault } = done;
  if (kind === 'rollback') return end === 'aborted' ? 'a rollback did not work' : null;
  const course = to.ill === null ? 'holds' : COURSE[to.ill];
  if (course === 'aborts' && end !== 'aborted' && end !== 'refused') return `${to.key} was switched to`;
  if (course === 'rolls back' && end === 'confirmed') return `${to.key} passed its probation`;
  if (end === 'aborted' && course !== 'aborts' && manner !== 'cancel' && !wasKilledSince(to.key, beganMs))
    return 'it was aborted although nothing was amiss';
  if (end === 'rolled_back' && fault === null) return 'it was rolled back without a reason';
  return null;
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof RunnerError)) throw error;
}
