import { stat } from 'node:fs/promises';
import { Option } from 'commander';
import {
  discoverInterpreters,
  findInterpreters,
  readSettings,
  RunnerError,
  validatePackage,
  validateProject,
} from '../../index.js';
import { resultCommand } from '../command.js';
import type { Context } from '../context.js';
import { EXIT, EXIT_CODES } from '../exit-codes.js';
import { usage } from '../failure.js';
import { paintResult } from '../paint-result.js';
import { shownPath } from '../shown-path.js';
import { table } from '../table.js';
import { probePackage } from '../validate/probe-package.js';
import type { Report } from '../validate/probe-package.js';

interface Options {
  readonly zip?: string;
  readonly full?: boolean;
}

export const validate = resultCommand<[path: string | undefined], Options, Report>({
  arguments: [['[path]', 'project folder or zip']],
  options: [
    new Option('--zip <zip>', 'the zip, for those used to naming it so'),
    new Option('--full', 'deploy a zip into a throw-away store too, and see that its algorithm answers'),
  ],

  async run(context, [path], { zip, full = false }) {
    const subject = path ?? zip;
    if (subject === undefined || (path !== undefined && zip !== undefined))
      throw usage('validate needs one project folder or one zip.', 'For example `procvision validate my-project`.');
    if (await isFolder(subject)) {
      if (full) throw usage('--full works on a zip.', `Package the project first: procvision package ${subject}`);
      return validateProject(subject);
    }
    const report = await validateZip(subject, context);
    return full && report.ok ? probePackage(subject, report, context) : report;
  },

  json: (report) => ({ ...(report.fault === undefined ? {} : RunnerError.from(report.fault).toJSON()), ...report }),

  show({ ok, subject, checks, fault }, colors) {
    const rows = checks.map(({ name, result, message }) => [paintResult(result, colors), name, message]);
    const hints = checks.flatMap(({ name, hint }) => (hint === undefined ? [] : [`hint: ${name}: ${hint}`]));
    const shown = shownPath(subject);
    return {
      lines: table(['result', 'check', 'message'], rows, colors),
      notes: [
        ...hints,
        ok ? `${shown} is valid` : `${shown} is not valid: ${fault?.code ?? ''} ${fault?.message ?? ''}`,
      ],
      ...(ok ? { next: [shown.toLowerCase().endsWith('.zip') ? 'install' : 'package', shown] } : {}),
    };
  },

  exitCode: ({ fault }) => (fault === undefined ? EXIT.done : EXIT_CODES[fault.name]),
});

async function validateZip(zip: string, { store, signal }: Context): Promise<Report> {
  // Those the store would take it with, where it says which.
  const { interpreters: named } = (await readSettings(store)).settings;
  const interpreters = await (named === undefined ? discoverInterpreters({ signal }) : findInterpreters(named));
  const { report } = await validatePackage(zip, { interpreters, signal });
  return report;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
