import type { Clock } from '../../../src/effects/index.js';
import type { ProductionMachines } from '../../../src/runner/host/machines-in-production.js';
import type { Recorder } from '../../../src/trace/index.js';
import type { SimulatedDisk } from './disk.js';
import type { FaultKind } from './fault-kinds.js';
import type { Deeds } from './operator.js';
import type { Violation } from './watch.js';

/** What every day has to reach, or it says nothing. */
export const MINIMA = { calls: 500, changes: 5, faults: 20 } as const;

export interface DayOptions {
  /** Instead of those of production. */
  readonly machines?: ProductionMachines;
  /** Instead of a disk that keeps what it promised. */
  readonly disk?: () => SimulatedDisk;
  /** Records a host's history; by default it is digested and not kept. */
  readonly recorderFor?: (start: number, clock: Pick<Clock, 'nowMs' | 'wallMs'>) => Recorder;
  /** The minima need not be reached: the plan was made shorter. */
  readonly shortened?: boolean;
}

export interface DayReport {
  readonly seed: number;
  readonly hash: string;
  readonly deliveries: number;
  readonly commands: number;
  readonly outcomes: ReadonlyMap<string, number>;
  readonly deeds: Deeds;
  readonly faults: ReadonlyMap<FaultKind, number>;
  /** Starts of the Runner. */
  readonly starts: number;
  readonly met: ReadonlySet<number>;
  readonly violations: readonly Violation[];
}
