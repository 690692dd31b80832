import { Option } from 'commander';
import { readTraceHeader } from '../../api/trace.js';
import type { TraceFilter } from '../../api/trace.js';
import { countFrom1 } from '../arguments.js';
import { inUnixMs, parseMoment } from './moment.js';
import type { Moment } from './moment.js';

export interface FilterOptions {
  readonly actor?: string;
  readonly pid?: string;
  readonly release?: string;
  readonly call?: number;
  readonly event?: string;
  readonly failed?: boolean;
  readonly since?: Moment;
  readonly until?: Moment;
}

export const filterOptions = (): readonly Option[] => [
  new Option('--actor <path>', 'this actor and those below it: package/screw-check@1.0.0'),
  new Option('--pid <pid>', 'what belongs to a product id, its calls included'),
  new Option('--release <release>', 'what belongs to name@version'),
  new Option('--call <n>', 'what belongs to one call').argParser(countFrom1),
  new Option('--event <type>', 'this event; call.* for all that begin like that'),
  new Option('--failed', 'only what tells of a failure'),
  new Option('--since <time>', 'a time, 10m (ago), or +seconds since the run began').argParser(parseMoment),
  new Option('--until <time>', 'the same').argParser(parseMoment),
];

/** @param file any file of the run: it says when that began */
export async function toFilter(options: FilterOptions, file: string): Promise<TraceFilter> {
  const { actor, pid, release, call: callId, event, failed, since, until } = options;
  const header = await readTraceHeader(file);
  const beganMs = Date.parse(header.started_at) - header.at_us / 1000;
  const given = { actor, pid, release, callId, event, failed };
  return {
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as TraceFilter),
    ...(since === undefined ? {} : { sinceMs: inUnixMs(since, beganMs) }),
    ...(until === undefined ? {} : { untilMs: inUnixMs(until, beganMs) }),
  };
}
