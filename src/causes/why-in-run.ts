import { RunnerError } from '../base/errors/index.js';
import { walkBlocks } from '../trace/index.js';
import { withoutDailyWork } from './daily-work.js';
import { CausalHistory } from './causal-history.js';
import { RunOutline } from './run-outline.js';
import { openEnds, reportOf } from './why.js';
import type { WhyReport } from './why.js';

const WHOLE_BYTES_MAX = 4 * 1024 * 1024;
/** Where a chain begins before what was gone through, so many files before it are taken in, one attempt after the other. */
const LOOKBACKS: readonly number[] = [0, 1, 4];
/** Files with losses of processes that are looked at. */
const LOSS_FILES = 2;

export interface WhyOptions {
  /** Told how far it is: files that were looked at, the present one as a share of it, first all of them for where the actor is mentioned, then those. */
  readonly onProgress?: (done: number, of: number, stage: 'looking' | 'stepping') => void;
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
  const outline = await RunOutline.of(files, (read) => onProgress(read, files.length, 'looking'));
  const path = outline.pathOf(actor);
  let report: WhyReport | null = null;
  for (const lookback of outline.bytes <= wholeBytesMax ? [Infinity] : LOOKBACKS) {
    const windows = windowsOf(outline, path, lookback);
    const history = await stepped(outline, windows, path, onProgress);
    const isWhole = windows.length === 1 && windows[0]?.[0] === 0;
    const found = reportOf(path, history, isWhole ? history.firstSeq : 1);
    if (found === null) continue;
    report = found;
    if (isWhole || report.gap !== null || !openEnds(report)) return report;
  }
  if (report !== null) return { ...report, isCut: true };
  const history = await stepped(outline, [[0, files.length - 1]], path, onProgress);
  report = reportOf(path, history, history.firstSeq);
  if (report !== null) return report;
  throw new RunnerError('store_corrupt', `The trace mentions ${path}, and no record of it is left.`, {
    hint: 'Its file was cut off. Ask for an actor that `procvision trace stats` names, or for another run.',
    details: { actor: path },
  });
}

type Window = readonly [first: number, last: number];

/** Files to go through, as stretches that follow each other without touching. */
function windowsOf(outline: RunOutline, path: string, lookback: number): readonly Window[] {
  const last = outline.lastOf(path);
  const gaps = outline.gapsAround(last);
  if (lookback === Infinity) return [[0, Math.max(last, ...gaps)]];
  const losses = path.startsWith('package/') ? outline.filesWith(path, 'process.ended', LOSS_FILES) : [];
  const wanted = new Set<number>([outline.lastEntryOf(path), outline.lastFaultOf(path), ...losses, last]);
  const all = new Set<number>();
  for (const i of wanted) for (let j = Math.max(0, i - lookback); j <= i; j++) all.add(j);
  for (const i of gaps) all.add(i);
  const windows: [number, number][] = [];
  for (const i of [...all].sort((a, b) => a - b)) {
    const open = windows.at(-1);
    if (open !== undefined && open[1] === i - 1) open[1] = i;
    else windows.push([i, i]);
  }
  return windows;
}

async function stepped(
  outline: RunOutline,
  windows: readonly Window[],
  path: string,
  onProgress: NonNullable<WhyOptions['onProgress']>,
): Promise<CausalHistory> {
  const history = new CausalHistory();
  const count = windows.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  let done = 0;
  for (const [first, last] of windows) {
    if (done > 0) history.skip(path);
    onProgress(done, count, 'stepping');
    const options = {
      onRead: (read: number) => onProgress(done + read, count, 'stepping'),
      choose: withoutDailyWork,
      before: outline.before(first),
    };
    for await (const records of walkBlocks(outline.files.slice(first, last + 1), options))
      for (const record of records) history.take(record);
    done += last - first + 1;
  }
  return history;
}
