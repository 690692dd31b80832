import { walkBlocks } from '../trace/index.js';
import { CausalHistory } from './causal-history.js';
import type { ActorHistory } from './causal-history.js';
import { RunOutline } from './run-outline.js';
import { openEnds, reportOf } from './why.js';
import type { WhyReport } from './why.js';

const WHOLE_BYTES_MAX = 4 * 1024 * 1024;
/** Where a chain begins before what was gone through, so many files before it are taken in, one attempt after the other. */
const LOOKBACKS: readonly number[] = [0, 1, 4];
/** Files with losses of processes that are looked at. */
const LOSS_FILES = 2;

export interface WhyOptions {
  /** Told of files that were gone through, and how many there will be. */
  readonly onProgress?: (done: number, of: number) => void;
  /** A run up to this size is gone through from its begin; 4 MiB. */
  readonly wholeBytesMax?: number;
}

/**
 * The same as `whyActor` for the files of one run, which may be long. Machines are stepped only over the files in which
 * the actor came to where it stays, was faulted or lost processes, and the last one: each begins with where everybody stood.
 *
 * @param files in order
 * @throws RunnerError invalid_usage, naming the actors there are; as readRun
 */
export async function whyInRun(
  files: readonly string[],
  actor: string,
  { onProgress = () => undefined, wholeBytesMax = WHOLE_BYTES_MAX }: WhyOptions = {},
): Promise<WhyReport> {
  const outline = await RunOutline.of(files);
  const path = outline.pathOf(actor);
  let report: WhyReport | null = null;
  for (const lookback of outline.bytes <= wholeBytesMax ? [Infinity] : LOOKBACKS) {
    const windows = windowsOf(outline, path, lookback);
    const history = await stepped(files, windows, path, onProgress);
    const found = history.actors.get(path);
    if (found === undefined) continue;
    const isWhole = windows.length === 1 && windows[0]?.[0] === 0;
    report = reportOf(path, found, isWhole ? history.firstSeq : 1);
    if (isWhole || !openEnds(report)) return report;
  }
  if (report !== null) return { ...report, isCut: true };
  const history = await stepped(files, [[0, files.length - 1]], path, onProgress);
  return reportOf(path, history.actors.get(path) as ActorHistory, history.firstSeq);
}

type Window = readonly [first: number, last: number];

/** Files to go through, as stretches that follow each other without touching. */
function windowsOf(outline: RunOutline, path: string, lookback: number): readonly Window[] {
  const last = outline.lastOf(path);
  if (lookback === Infinity) return [[0, last]];
  const losses = path.startsWith('package/') ? outline.filesWith(path, 'process.ended', LOSS_FILES) : [];
  const wanted = new Set<number>([outline.lastEntryOf(path), outline.lastFaultOf(path), ...losses, last]);
  const all = new Set<number>();
  for (const i of wanted) for (let j = Math.max(0, i - lookback); j <= i; j++) all.add(j);
  const windows: [number, number][] = [];
  for (const i of [...all].sort((a, b) => a - b)) {
    const open = windows.at(-1);
    if (open !== undefined && open[1] === i - 1) open[1] = i;
    else windows.push([i, i]);
  }
  return windows;
}

async function stepped(
  files: readonly string[],
  windows: readonly Window[],
  path: string,
  onProgress: NonNullable<WhyOptions['onProgress']>,
): Promise<CausalHistory> {
  const history = new CausalHistory();
  const count = windows.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  let done = 0;
  for (const [first, last] of windows) {
    if (done > 0) history.skip(path);
    onProgress(done, count);
    for await (const records of walkBlocks(files.slice(first, last + 1), (read) => onProgress(done + read, count)))
      for (const record of records) history.take(record);
    done += last - first + 1;
  }
  return history;
}
