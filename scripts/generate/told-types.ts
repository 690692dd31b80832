import type { EventFrom } from 'xstate';
import type {
  ChangeoverEvent,
  ChangeoverReport,
  Effects,
  heartbeatMachine,
  HeartbeatReport,
  PackageEmitted,
  PackageEvent,
  PackageReport,
  ProcessEvent,
  ProcessReport,
  RouteEmitted,
  RouteEvent,
  RouteReport,
  RunnerEmitted,
  RunnerEvent,
} from '../../machines/index.js';

/** What travels between machines, by machine id: read by type-shapes.ts, which asks the compiler. */
export interface Events {
  runner: RunnerEvent;
  package: PackageEvent;
  process: ProcessEvent;
  heartbeat: EventFrom<typeof heartbeatMachine>;
  route: RouteEvent;
  changeover: ChangeoverEvent;
}

/** To the machine that spawned it. */
export interface Reports {
  package: PackageReport;
  process: ProcessReport;
  heartbeat: HeartbeatReport;
  route: RouteReport;
  changeover: ChangeoverReport;
}

/** To whoever listens: the library. */
export interface Emitted {
  runner: RunnerEmitted;
  package: PackageEmitted;
  route: RouteEmitted;
}

export type EffectTypes = Effects;
