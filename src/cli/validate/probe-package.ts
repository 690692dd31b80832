import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ValidationReport } from '../../api/package.js';
import type { HostCheck } from '../../api/results.js';
import { readSettings } from '../../api/settings.js';
import { toFault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import { CLI } from '../cli.js';
import type { Context } from '../context.js';

/** The library's report, or that and one more check. */
export interface Report extends Omit<ValidationReport, 'checks'> {
  readonly checks: readonly (ValidationReport['checks'][number] | ProbeCheck)[];
}

interface ProbeCheck extends Omit<HostCheck, 'name'> {
  readonly name: 'probe';
  readonly code?: Fault['code'];
}

/** The dynamic half of contract §3.2: entry imports, handshake, `get_info` agrees; nothing of it is kept. */
export async function probePackage(zip: string, report: Report, context: Context): Promise<Report> {
  const scratchStore = await mkdtemp(join(tmpdir(), 'procvision-probe-'));
  try {
    const { file, exists } = await readSettings(context.store);
    if (exists) await copyFile(file, join(scratchStore, 'settings.json'));
    const compared = await context.withRunner(
      async (api) => {
        await api.install(zip, {
          ...CLI,
          target: 'Deployed',
          onProgress: ({ stage, percent }) => context.progress(stage, percent),
        });
        return (await api.list()).releases.every(({ infoCompared }) => infoCompared !== false);
      },
      { scratchStore },
    );
    const message = compared ? AGREES : NOT_COMPARED;
    return withProbe(report, { name: 'probe', result: 'passed', message });
  } catch (error) {
    const fault = toFault(error);
    const { code, message, hint } = fault;
    const failed = { name: 'probe', result: 'failed', message, code, ...(hint === undefined ? {} : { hint }) } as const;
    return { ...withProbe(report, failed), ok: false, fault };
  } finally {
    await rm(scratchStore, { recursive: true, force: true });
  }
}

const AGREES = 'deployed, shook hands, agrees with its manifest';
const NOT_COMPARED =
  'deployed, shook hands; comparison with the manifest was not possible: the adapter does not announce info';

const withProbe = (report: Report, probe: ProbeCheck): Report => ({ ...report, checks: [...report.checks, probe] });
