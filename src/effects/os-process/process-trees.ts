import type { ProcessTable } from '../../platform/index.js';

/** What the processes of one tree take together. */
export interface TreeUsage {
  readonly cpuTicks: number;
  readonly residentPages: number;
}

/**
 * The usage of each of these processes with everything it started: whoever is in its process group or descends from
 * it. Either alone would miss some: a session of its own leaves the group, an orphan leaves the line of descent.
 *
 * @param roots leaders of their process groups; one that is not in the table is missing in the answer
 */
export function usageByTree(table: ProcessTable, roots: ReadonlySet<number>): ReadonlyMap<number, TreeUsage> {
  const rootOf = new Map<number, number>([...roots].map((root) => [root, root]));

  const findRoot = (osPid: number): number => {
    const known = rootOf.get(osPid);
    if (known !== undefined) return known;
    const row = table.get(osPid);
    if (row === undefined) return NOBODY;
    // Noted before asking on: the rows were not read at one instant, and reused numbers could make a circle.
    rootOf.set(osPid, NOBODY);
    const root = roots.has(row.group) ? row.group : findRoot(row.parent);
    rootOf.set(osPid, root);
    return root;
  };

  const usage = new Map<number, { cpuTicks: number; residentPages: number }>();
  for (const root of roots) if (table.has(root)) usage.set(root, { cpuTicks: 0, residentPages: 0 });
  for (const [osPid, row] of table) {
    const sum = usage.get(findRoot(osPid));
    if (sum === undefined) continue;
    sum.cpuTicks += row.cpuTicks;
    sum.residentPages += row.residentPages;
  }
  return usage;
}

const NOBODY = 0;
