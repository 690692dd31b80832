import { statSync } from 'node:fs';
import { toFault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import { nodeFileSystem, readOnly, storeLayout } from '../../store/index.js';
import { readTrace } from '../../trace/index.js';
import type { HostCheck } from '../doctor/host-checks.js';
import { readHolder } from '../doctor/holder.js';
import { newestRun } from './newest-run.js';

/** Larger ones would keep a person waiting; `trace show` goes through them. */
const READ_BYTES_MAX = 8 * 1024 * 1024;

/** What a checksum of the newest file says. */
async function damageOf(file: string): Promise<Fault | null> {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? Infinity) > READ_BYTES_MAX) return null;
  try {
    for await (const record of readTrace(file)) void record;
    return null;
  } catch (error) {
    return toFault(error);
  }
}

/** The state of the trace: whether the Runner that works writes one, or how the last one came to its end. */
export async function traceCheck(store: string): Promise<readonly HostCheck[]> {
  const name = 'trace';
  const layout = storeLayout(store);
  const holder = await readHolder(layout, readOnly(nodeFileSystem)).catch(() => null);
  const run = await newestRun(layout.traces, holder).catch(() => null);
  const check = (result: HostCheck['result'], message: string, hint?: string): readonly HostCheck[] => [
    { name, result, message, ...(hint === undefined ? {} : { hint }) },
  ];
  if (holder !== null && run?.isOfHolder !== true)
    return check(
      'warning',
      'The Runner that works on the store writes no trace: what it does cannot be looked up.',
      'Look at the setting trace (`procvision settings show`), and at the space and permissions of logs/traces.',
    );
  if (run === null) return [];
  const damage = await damageOf(run.files.at(-1) ?? '');
  if (damage !== null) return check('warning', damage.message, damage.hint);
  const at = new Date(run.lastMs).toISOString();
  if (run.isOfHolder) return check('passed', `${run.run} is written, last at ${at}`);
  if (run.isClosed) return check('passed', `${run.run} was closed at ${at}`);
  return check(
    'warning',
    `${run.run} was not closed: its Runner was killed at ${at}, or soon after.`,
    `See what it was doing with \`procvision trace show ${run.run}\`; the next start puts the store in order.`,
  );
}
