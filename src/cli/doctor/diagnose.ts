import { inspectHost, inspectStore, RunnerError, spaceChecks, storeChecks, traceCheck } from '../../index.js';
import type { HostCheck, HostReport, StoreReport } from '../../index.js';

/** @property checks those of the host and those of the store */
export interface Diagnosis extends HostReport {
  readonly store: StoreReport;
}

/** Looks at the host and at a store. Never throws: what cannot be read is among what it found. */
export async function diagnose(root: string, progress: (stage: string) => void): Promise<Diagnosis> {
  progress('looking at the host and the store');
  const [host, store, space, trace] = await Promise.all([
    inspectHost(),
    inspectStore(root, (release) => progress(`comparing the files of ${release}`)),
    spaceChecks(root),
    traceCheck(root),
  ]);
  const checks = [...host.checks, ...space, ...storeChecks(store), ...trace];
  return { ...host, checks, ok: checks.every(({ result }) => result !== 'failed'), store };
}

export function unfit(checks: readonly HostCheck[]): RunnerError {
  const failed = checks.filter(({ result }) => result === 'failed');
  const hint = failed[0]?.hint;
  const missing = failed.map(({ name, message }) => `${name}: ${message}`).join(' ');
  return new RunnerError('host_unfit', `Missing: ${missing}`, hint === undefined ? {} : { hint });
}
