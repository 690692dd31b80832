import { existsSync } from 'node:fs';
import { inspectHost, readStore, RunnerError, toFault } from '../../index.js';
import type { HostCheck, HostReport } from '../../index.js';
import { resultCommand } from '../command.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { paintResult } from '../paint-result.js';
import { table } from '../table.js';

interface Diagnosis extends HostReport {
  readonly store: string;
}

export const doctor = resultCommand<[], object, Diagnosis>({
  name: 'doctor',
  summary: 'say what this host offers and what is amiss in the store; exits 69 when something needed is missing',

  async run(context) {
    const [host, store] = await Promise.all([inspectHost(), inspectStore(context)]);
    const checks = [...host.checks, ...store];
    return { ...host, checks, ok: checks.every(({ result }) => result !== 'failed'), store: context.store };
  },

  json: ({ version, host, store, ok, checks }) => ({
    ...(ok ? {} : unfit(checks).toJSON()),
    ok,
    version,
    host,
    store,
    checks,
  }),

  show({ version, host, checks, ok }, colors) {
    const rows = checks.map(({ name, result, message }) => [paintResult(result, colors), name, message]);
    const hints = checks.flatMap(({ name, hint }) => (hint === undefined ? [] : [`hint: ${name}: ${hint}`]));
    return {
      lines: [`procvision ${version} on ${host}`, ...table(['result', 'check', 'message'], rows, colors)],
      notes: [...hints, ok ? 'everything the main job needs is there' : unfit(checks).message],
    };
  },

  exitCode: ({ ok }) => (ok ? EXIT.done : EXIT.unavailable),
});

function unfit(checks: readonly HostCheck[]): RunnerError {
  const failed = checks.filter(({ result }) => result === 'failed');
  const [first] = failed;
  return new RunnerError(
    'host_unfit',
    `Missing: ${failed.map(({ name, message }) => `${name}: ${message}`).join(' ')}`,
    {
      ...(first?.hint === undefined ? {} : { hint: first.hint }),
    },
  );
}

/** A damaged store degrades what it concerns; one that cannot be read at all fails. */
async function inspectStore({ store }: Context): Promise<readonly HostCheck[]> {
  const name = 'store';
  if (!existsSync(store)) return [{ name, result: 'passed', message: `${store} does not exist yet` }];
  try {
    const { releases, routes, problems } = await readStore(store);
    const bound = routes.filter(({ release }) => release !== null);
    return [
      {
        name,
        result: 'passed',
        message: `${store}: ${count(releases.length, 'release')}, ${count(bound.length, 'PID')} bound`,
      },
      ...problems.map((message): HostCheck => ({ name, result: 'warning', message })),
      ...routes.flatMap(({ pid, fault }): HostCheck[] =>
        fault === null ? [] : [{ name: `route ${pid}`, result: 'warning', message: fault.message }],
      ),
    ];
  } catch (error) {
    const { message, hint } = toFault(error);
    return [{ name, result: 'failed', message, ...(hint === undefined ? {} : { hint }) }];
  }
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
