import type { HostReport, StoreReport } from '../../index.js';
import { unfit } from './diagnose.js';
import type { Diagnosis } from './diagnose.js';

/** A host that lacks something is a failure object as well. */
export const wireDiagnosis = ({ store, ...host }: Diagnosis): object => ({
  ...(host.ok ? {} : unfit(host.checks).toJSON()),
  ok: host.ok,
  ...wireHost(host),
  ...wireStore(store),
});

/** What was found, as programs get it: the sentences of the checks, and the facts behind those of the store. */
const wireHost = ({ version, host, isolation, checks }: HostReport) => ({ version, host, isolation, checks });

const wireStore = (report: StoreReport) => ({
  store: report.store,
  runner: wireHolder(report.holder),
  operations: report.operations.map(({ id, at, who, what, subject, stage, details = {} }) => ({
    ...{ id, at, who, what, subject, stage, details },
  })),
  last_recovery: wireRecovery(report.lastRecovery),
  faulted: { releases: report.faultedReleases, routes: report.faultedRoutes },
  aside: report.aside.map(({ name, at, size }) => ({ name, at, size_bytes: size })),
  segments: report.segments,
  isolations: report.isolations,
});

const wireHolder = (holder: StoreReport['holder']) =>
  holder && { os_pid: holder.osPid, host: holder.host, since: holder.since, lock: holder.kind, life: holder.life };

const wireRecovery = (recovery: StoreReport['lastRecovery']) =>
  recovery && {
    at: recovery.at,
    operations: recovery.operations,
    problems: recovery.problems,
    aside: recovery.aside,
    left_out: recovery.leftOut,
    isolation: recovery.host?.isolation ?? null,
    segments_reclaimed: recovery.host?.segmentsReclaimed ?? null,
  };
