import { inspectHost, inspectStore, RunnerError, spaceChecks, storeChecks, traceCheck } from '../../index.js';
import type { HostCheck, HostReport, StoreReport } from '../../index.js';
import { resultCommand } from '../command.js';
import { wireHost, wireStore } from '../doctor/wire-doctor.js';
import { EXIT } from '../exit-codes.js';
import { paintResult } from '../paint-result.js';
import { table } from '../table.js';

/** @property checks those of the host and those of the store */
interface Diagnosis extends HostReport {
  readonly store: StoreReport;
}

export const doctor = resultCommand<[], object, Diagnosis>({
  async run(context) {
    const [host, store, space, trace] = await Promise.all([
      inspectHost(),
      inspectStore(context.store),
      spaceChecks(context.store),
      traceCheck(context.store),
    ]);
    const checks = [...host.checks, ...space, ...storeChecks(store), ...trace];
    return { ...host, checks, ok: checks.every(({ result }) => result !== 'failed'), store };
  },

  json: ({ store, ...host }) => ({
    ...(host.ok ? {} : unfit(host.checks).toJSON()),
    ok: host.ok,
    ...wireHost(host),
    ...wireStore(store),
  }),

  show({ version, host, checks, ok }, colors) {
    const rows = checks.map(({ name, result, message }) => [paintResult(result, colors), name, message]);
    const hints = checks.flatMap(({ name, hint }) => (hint === undefined ? [] : [`hint: ${name}: ${hint}`]));
    return {
      lines: [`procvision ${version} on ${host}`, ...table(['result', 'check', 'message'], rows, colors)],
      notes: [...new Set(hints), ok ? 'everything the main job needs is there' : unfit(checks).message],
    };
  },

  exitCode: ({ ok }) => (ok ? EXIT.done : EXIT.unavailable),
});

function unfit(checks: readonly HostCheck[]): RunnerError {
  const failed = checks.filter(({ result }) => result === 'failed');
  const hint = failed[0]?.hint;
  const missing = failed.map(({ name, message }) => `${name}: ${message}`).join(' ');
  return new RunnerError('host_unfit', `Missing: ${missing}`, hint === undefined ? {} : { hint });
}
