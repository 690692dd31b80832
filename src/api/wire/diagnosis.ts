import { z } from 'zod';
import type { StoreReport } from '../../runner/doctor/store-checks.js';
import { unfit } from '../diagnose.js';
import type { Diagnosis } from '../diagnose.js';
import { fault, list, texts, time } from './common.js';

const anything = z.record(z.string(), z.unknown());

/** What was found of a host and a store; of a host that lacks something, a failure object as well. */
export const diagnosisWire = fault.partial().extend({
  ok: z.boolean(),
  version: z.string(),
  host: z.string(),
  isolation: z.string(),
  checks: list(
    z.object({
      name: z.string(),
      result: z.enum(['passed', 'warning', 'failed']),
      message: z.string(),
      hint: z.string().optional(),
    }),
  ),
  store: z.string(),
  /** Who holds the store. */
  runner: z
    .strictObject({
      os_pid: z.int(),
      host: z.string(),
      since: time,
      lock: z.string(),
      life: z.enum(['live', 'unknown']),
    })
    .nullable(),
  operations: list(
    z.strictObject({
      id: z.int(),
      at: time,
      who: z.string(),
      what: z.string(),
      subject: z.string(),
      stage: z.string(),
      details: anything,
    }),
  ),
  last_recovery: z
    .strictObject({
      at: time,
      operations: list(z.object({ id: z.int(), what: z.string(), who: z.string(), subject: z.string() })),
      problems: list(
        z.object({ what: z.string(), subject: z.string(), message: z.string(), done: z.string().nullable() }),
      ),
      aside: texts,
      left_out: z.int(),
      isolation: z.string().nullable(),
      segments_reclaimed: z.int().nullable(),
    })
    .nullable(),
  faulted: z.strictObject({
    releases: list(z.object({ release: z.string(), state: z.string(), fault })),
    routes: list(z.object({ pid: z.string(), release: z.string().nullable(), fault })),
  }),
  aside: list(z.strictObject({ name: z.string(), at: time, size_bytes: z.int() })),
  segments: z.object({ folder: z.string(), segments: z.int(), bytes: z.int() }).nullable(),
  isolations: list(z.object({ release: z.string(), isolation: z.string() })),
});
export type DiagnosisWire = z.infer<typeof diagnosisWire>;

export const wireDiagnosis = ({ store, ...host }: Diagnosis): DiagnosisWire => ({
  ...(host.ok ? {} : unfit(host.checks).toJSON()),
  ok: host.ok,
  version: host.version,
  host: host.host,
  isolation: host.isolation,
  checks: host.checks,
  store: store.store,
  runner: wireHolder(store.holder),
  operations: store.operations.map((operation) => ({
    id: operation.id,
    at: operation.at,
    who: operation.who,
    what: operation.what,
    subject: operation.subject,
    stage: operation.stage,
    details: operation.details ?? {},
  })),
  last_recovery: wireRecovery(store.lastRecovery),
  faulted: { releases: store.faultedReleases, routes: store.faultedRoutes },
  aside: store.aside.map(({ name, at, size }) => ({ name, at, size_bytes: size })),
  segments: store.segments,
  isolations: store.isolations,
});

const wireHolder = (holder: StoreReport['holder']): DiagnosisWire['runner'] =>
  holder && { os_pid: holder.osPid, host: holder.host, since: holder.since, lock: holder.kind, life: holder.life };

const wireRecovery = (recovery: StoreReport['lastRecovery']): DiagnosisWire['last_recovery'] =>
  recovery && {
    at: recovery.at,
    operations: recovery.operations,
    problems: recovery.problems,
    aside: recovery.aside,
    left_out: recovery.leftOut,
    isolation: recovery.host?.isolation ?? null,
    segments_reclaimed: recovery.host?.segmentsReclaimed ?? null,
  };
