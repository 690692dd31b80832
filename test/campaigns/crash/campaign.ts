import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CrashOptions } from './options.js';
import { UsageError } from '../../support/program.js';
import { drawPoints } from './points/draw.js';
import type { Recording } from './points/draw.js';
import { pointText } from './points/point.js';
import type { Point } from './points/point.js';
import { seededRandom } from './points/random.js';
import { Tally } from './report.js';
import type { CrashReport, Finding } from './report.js';
import { operationsOn } from './scenes/operations.js';
import type { Operation, Packages } from './scenes/operations.js';
import { makePackage } from './scenes/packages.js';
import { newParent } from './scenes/place.js';
import { hasFound, tryPoint } from './trial.js';
import { Worker } from './worker.js';

/** What is told while it goes on. */
export interface Listener {
  recorded(recording: Recording): void;
  tried(tally: Tally, finding: Finding | null): void;
}

/**
 * Kills Runners at drawn points, each on a store of its own, and sums up what came of it.
 *
 * @throws UsageError for an operation that does not exist; Error when an operation fails without being cut short
 */
export async function runCampaign(
  options: CrashOptions,
  listener: Listener,
  signal: AbortSignal,
): Promise<CrashReport> {
  const folder = newParent();
  const packages = makePackages(join(folder, 'packages'));
  const operations = chosen(operationsOn(packages), options);
  const services = { folder, python: findPython(), packages, complete: new Map<string, readonly string[]>() };
  const workers = Array.from({ length: Math.max(1, options.workers) }, () => new Worker(services));
  const tally = new Tally(options.seed);
  try {
    const recordings = await recordAll(workers, operations, options, listener, signal);
    await tryAll(workers, operations, recordings, { options, tally, listener, signal });
    return tally.report();
  } finally {
    for (const worker of workers) worker.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every worker takes the next operation; a point is later tried, if it can be, by whoever has its store prepared. */
async function recordAll(
  workers: readonly Worker[],
  operations: readonly Operation[],
  { duringRecovery, only }: CrashOptions,
  listener: Listener,
  signal: AbortSignal,
): Promise<Recording[]> {
  const recordings = new Map<Operation, Recording>();
  const rest = operations.values();
  await together(workers, async (worker, failed) => {
    for (const operation of rest) {
      if (signal.aborted || failed()) return;
      const recording = await worker.record(operation, duringRecovery && only.length === 0);
      recordings.set(operation, recording);
      listener.recorded(recording);
    }
  });
  return operations.flatMap((operation) => recordings.get(operation) ?? []); // in the order that the seed relies on
}

interface Run {
  readonly options: CrashOptions;
  readonly tally: Tally;
  readonly listener: Listener;
  readonly signal: AbortSignal;
}

async function tryAll(
  workers: readonly Worker[],
  operations: readonly Operation[],
  recordings: readonly Recording[],
  { options, tally, listener, signal }: Run,
): Promise<void> {
  const { only, points: wanted, budgetSeconds, duringRecovery, keep } = options;
  const untilMs = budgetSeconds === null ? Infinity : performance.now() + budgetSeconds * 1000;
  const byName = new Map(operations.map((operation) => [operation.name, operation]));
  const source = drawPoints(recordings, seededRandom(options.seed), duringRecovery);
  const waiting = only.length > 0 ? [...only] : Array.from({ length: wanted }, () => source.next().value);
  let spare = only.length > 0 ? 0 : wanted;

  const take = (worker: Worker): Point | undefined => {
    const own = waiting.findIndex(({ operation }) => worker.isReadyFor(operation));
    return waiting.splice(Math.max(0, own), 1)[0];
  };
  await together(workers, async (worker, failed) => {
    for (let point = take(worker); point !== undefined; point = take(worker)) {
      if (signal.aborted || failed() || performance.now() > untilMs) return;
      const operation = byName.get(point.operation);
      if (operation === undefined) throw new UsageError(`there is no operation ${point.operation}`);
      const trial = await tryPoint(worker, operation, point);
      const finding = tally.add(trial, hasFound(trial) ? await keepStore(worker, point, keep) : null);
      if (trial.killed === null && spare-- > 0) waiting.push(source.next().value);
      listener.tried(tally, finding);
    }
  });
}

/** @returns where; null when it cannot be kept, which must not end the campaign */
async function keepStore({ place }: Worker, point: Point, folder: string): Promise<string | null> {
  const target = join(folder, pointText(point).replaceAll(/[:/+]/g, '-'));
  return place.saveTo(target).then(
    () => target,
    () => null,
  );
}

/** Ends when all have ended: a failure of one must not pull the store away from under another. @throws the first */
async function together(
  workers: readonly Worker[],
  work: (worker: Worker, failed: () => boolean) => Promise<void>,
): Promise<void> {
  let failure: { readonly error: unknown } | null = null;
  const failed = (): boolean => failure !== null;
  await Promise.all(workers.map((worker) => work(worker, failed).catch((error: unknown) => (failure ??= { error }))));
  if (failure !== null) throw (failure as { readonly error: unknown }).error;
}

function chosen(all: readonly Operation[], { operations, only }: CrashOptions): readonly Operation[] {
  const wanted = only.length > 0 ? only.map(({ operation }) => operation) : operations;
  const unknown = wanted.find((name) => !all.some((operation) => operation.name === name));
  if (unknown !== undefined) throw new UsageError(`there is no operation ${unknown}`);
  return wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name));
}

function makePackages(folder: string): Packages {
  return {
    one: makePackage(folder, 'eye', '1.0.0', 'light'),
    two: makePackage(folder, 'eye', '2.0.0', 'light'),
    three: makePackage(folder, 'eye', '3.0.0', 'light'),
    four: makePackage(folder, 'eye', '4.0.0', 'light'),
    fresh: makePackage(folder, 'eye', '5.0.0', 'normal'),
    heavy: makePackage(folder, 'heavy', '1.0.0', 'heavy'),
    other: makePackage(folder, 'other', '1.0.0', 'light'),
  };
}

/** The interpreter itself: what `python3` finds may be a shim. */
function findPython(): string {
  return execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
}
