import { gapsIn, listTraceFiles } from '../../trace/index.js';

/** A folder may hold thousands; what is older was told before. */
const FILES_LOOKED_AT = 50;

/** What is missing in the newest traces, because the disk refused it or somebody removed it, one sentence each. */
export async function recentGaps(folder: string): Promise<readonly string[]> {
  const files = (await listTraceFiles(folder)).slice(-FILES_LOOKED_AT);
  const told: string[] = [];
  for (const run of new Set(files.map((file) => file.run))) {
    const own = files.filter((file) => file.run === run).map(({ path }) => path);
    const gaps = await gapsIn(own).catch(() => []); // one that cannot be read is named by `trace ls`
    for (const { missing, since, reason } of gaps)
      told.push(`The trace ${run} has a gap of ${missing} records, since ${since}: ${reason}.`);
  }
  return told;
}
