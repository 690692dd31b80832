import { gapsIn, listTraceFiles } from '../trace/index.js';

/** A folder may hold thousands; what is older was told before. */
const FILES_LOOKED_AT = 50;

/** What is missing in the newest traces because the disk refused it, one sentence each. */
export async function recentGaps(folder: string): Promise<readonly string[]> {
  const files = (await listTraceFiles(folder)).slice(-FILES_LOOKED_AT);
  const told = await Promise.all(
    files.map(async ({ path, run }) => {
      const gaps = await gapsIn([path]).catch(() => []); // one that cannot be read is named by `trace ls`
      return gaps.map(
        ({ missing, since, reason }) =>
          `The trace ${run} has a gap of ${missing} records, since ${since}: the disk refused them (${reason}).`,
      );
    }),
  );
  return told.flat();
}
