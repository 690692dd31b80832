import { openRegular } from '../files/index.js';
import { kindLine, standingLine } from './schema.js';
import type { TraceKind, TraceStanding } from './schema.js';

/** What a file says it holds, without its records. */
export interface TraceDigest {
  /** Actor, machine, event and states of every kind of record in it: each is there at least once. */
  readonly kinds: readonly TraceKind[];
  /** Where actors stood when it was begun. */
  readonly standings: readonly TraceStanding[];
  readonly bytes: number;
}

const NEWLINE = 0x0a;
const OPEN_BRACE = 0x7b;

/**
 * Picks the kinds and standings out of a file. Nothing is checked here: whoever reads its records finds what is damaged.
 *
 * @throws RunnerError store_io_failed
 */
export async function readDigest(file: string): Promise<TraceDigest> {
  const bytes = await wholeOf(file);
  const [kinds, standings]: [TraceKind[], TraceStanding[]] = [[], []];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, from);
    const to = end < 0 ? bytes.length : end;
    if (bytes[from] === OPEN_BRACE) take(bytes.toString('utf8', from, to), kinds, standings);
    from = to + 1;
  }
  return { kinds, standings, bytes: bytes.length };
}

async function wholeOf(file: string): Promise<Buffer> {
  const handle = await openRegular(file, 'follow');
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function take(line: string, kinds: TraceKind[], standings: TraceStanding[]): void {
  const isStanding = line.startsWith('{"s":');
  if (!isStanding && !line.startsWith('{"k":')) return;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return;
  }
  if (isStanding) {
    const { data } = standingLine.safeParse(value);
    if (data !== undefined) standings.push(data);
  } else {
    const { data } = kindLine.safeParse(value);
    if (data !== undefined) kinds.push(data);
  }
}
