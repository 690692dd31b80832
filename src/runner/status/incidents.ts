import { incidentsIn } from '../../causes/index.js';
import type { Incident } from '../../causes/index.js';
import { toFault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import { storeLayout } from '../../store/index.js';
import { hasFailures, listTraceFiles } from '../../trace/index.js';
import { livesOfRuns } from './run-life.js';

export interface StoreIncident extends Incident {
  readonly run: string;
}

/** A Runner that was killed, or a file that cannot be read. */
export interface RunIncident {
  readonly run: string;
  readonly atMs: number | null;
  readonly what: string;
  readonly fault: Fault | null;
}

export interface IncidentsRead {
  /** The newest first. */
  readonly incidents: readonly (StoreIncident | RunIncident)[];
  /** There are more, older ones. */
  readonly isCut: boolean;
}

/** What went wrong in a store, as its traces tell it, the newest first. @throws RunnerError store_io_failed */
export async function readIncidents(
  store: string,
  most: number,
  onFile: (done: number, of: number) => void = () => undefined,
): Promise<IncidentsRead> {
  const files = [...(await listTraceFiles(storeLayout(store).traces))].reverse();
  const lifeOf = await livesOfRuns(store);
  const incidents: (StoreIncident | RunIncident)[] = [];
  const met = new Set<string>();
  for (const [i, { path, run }] of files.entries()) {
    if (incidents.length > most) break;
    onFile(i, files.length);
    if (!met.has(run)) {
      met.add(run);
      const { end, failures } = hasFailures(path);
      const { kind, atMs } = await lifeOf(run, [path], end === 'closed');
      if (kind === 'killed')
        incidents.push({ run, atMs, what: 'its Runner was killed then, or soon after', fault: null });
      if (end === 'closed' && failures === 0) continue;
    } else if (hasFailures(path).failures === 0) continue;
    const own = await incidentsIn(path).catch((error: unknown) => toFault(error));
    if (Array.isArray(own)) incidents.push(...(own as Incident[]).reverse().map((found) => ({ ...found, run })));
    else incidents.push({ run, atMs: null, what: `${path} cannot be read`, fault: own as Fault });
  }
  return { incidents: incidents.slice(0, most), isCut: incidents.length > most };
}
