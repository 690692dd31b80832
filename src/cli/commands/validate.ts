import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import {
  discoverInterpreters,
  findInterpreters,
  packageProject,
  validatePackage,
  validateProject,
} from '../../api/package.js';
import type { Interpreter } from '../../api/package.js';
import { readSettings } from '../../api/settings.js';
import { RunnerError } from '../../base/errors/index.js';
import { resultCommand } from '../command.js';
import type { Context } from '../context.js';
import { EXIT, EXIT_CODES } from '../exit-codes.js';
import { usage } from '../failure.js';
import { isFolder } from '../make-folder.js';
import { paintResult } from '../paint-result.js';
import { sdkWheel } from '../sdk-wheel.js';
import { shownPath } from '../shown-path.js';
import { table } from '../table.js';
import { probePackage } from '../validate/probe-package.js';
import type { Report } from '../validate/probe-package.js';

interface Options {
  readonly zip?: string;
  readonly full?: boolean;
  readonly skipDownload?: boolean;
  readonly findLinks?: readonly string[];
  readonly offline?: boolean;
}

export const validate = resultCommand<[path: string | undefined], Options, Report>({
  arguments: [['[path]', 'project folder or zip']],
  options: [
    new Option('--zip <zip>', 'the zip, for those used to naming it so'),
    new Option('--full', 'deploy it into a throw-away store too, a project packaged first, and see that it answers'),
    new Option('--skip-download', 'with --full, for a project: take the wheels in wheels/ and fetch none'),
    new Option('--find-links <folder...>', 'with --full, for a project: folders of wheels to look into'),
    new Option('--offline', 'with --full, for a project: fetch from these folders alone'),
  ],

  async run(context, [path], { zip, full = false, ...fetching }) {
    const subject = path ?? zip;
    if (subject === undefined || (path !== undefined && zip !== undefined))
      throw usage('validate needs one project folder or one zip.', 'For example `procvision validate my-project`.');
    if (await isFolder(subject)) {
      context.progress(`checking ${shownPath(subject)}`);
      const report = await validateProject(subject, { interpreters: await interpretersOf(context) });
      return full && report.ok ? probeProject(subject, fetching, context) : report;
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

/** As its package would be judged, which is made for that and not kept. */
async function probeProject(
  project: string,
  fetching: Pick<Options, 'skipDownload' | 'findLinks' | 'offline'>,
  context: Context,
): Promise<Report> {
  const output = await mkdtemp(join(tmpdir(), 'procvision-validate-'));
  try {
    context.progress('packaging');
    const { zip } = await packageProject(resolve(project), {
      ...fetching,
      output,
      sdkWheel: await sdkWheel(),
      signal: context.signal,
    });
    const report = await validateZip(zip, context);
    return { ...(report.ok ? await probePackage(zip, report, context) : report), subject: project };
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

/** Those the store would take it with, where it says which. */
async function interpretersOf({ store, signal }: Context): Promise<readonly Interpreter[]> {
  const { interpreters: named } = (await readSettings(store)).settings;
  return named === undefined ? discoverInterpreters({ signal }) : findInterpreters(named);
}

async function validateZip(zip: string, context: Context): Promise<Report> {
  const { signal, progress } = context;
  progress(`checking ${shownPath(zip)}`);
  const interpreters = await interpretersOf(context);
  const { report } = await validatePackage(zip, { interpreters, parseSources: true, signal });
  return report;
}
