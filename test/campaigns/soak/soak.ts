import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readTrace } from '../../../src/api/trace.js';
import { storeLayout } from '../../../src/index.js';
import { watchTrace } from '../../../src/replay/index.js';
import { runCampaign } from './campaign.js';
import type { Course } from './campaign.js';
import { nowMs } from './clock.js';
import type { Evidence } from './judge/evidence.js';
import { judge } from './judge/judge.js';
import type { Verdict } from './judge/judge.js';
import { reportOf } from './judge/report.js';
import type { Report } from './judge/report.js';
import { livingWith } from './kills/living.js';
import { readProcessLedger } from './ledgers/processes.js';
import { readTraceLedger } from './ledgers/trace.js';
import { openLine } from './line.js';
import type { Line } from './line.js';
import type { Plant, SoakOptions } from './options.js';
import { plantInCalls, plantOrphan, plantSegment } from './plants.js';

/** What may still be dying when the Runner has closed; whoever lives longer is an orphan. */
const REAPED_WITHIN_MS = 2000;

export interface Soaked {
  readonly report: Report;
  readonly verdict: Verdict;
  /** Where trace, ledgers and store were left to be looked at; null when they were removed. */
  readonly kept: string | null;
}

/** A whole campaign, from an empty folder to the report. The folder is kept when something was found. */
export async function soak(
  options: Omit<SoakOptions, 'json'>,
  interrupt: AbortSignal,
  say: (progress: string) => void,
): Promise<Soaked> {
  const { seed, plant } = options;
  const scratch = mkdtempSync(join(tmpdir(), 'procvision-soak-'));
  say(`seed ${seed}, in ${scratch}`);
  const line = await openLine(scratch, seed);
  const course = await runCampaign({ line, wanted: options, seed, interrupt, say });
  if (plant.includes('leaked_segment')) plantSegment(line.imageFolder);
  const endOrphan = plant.includes('orphan') ? plantOrphan(line.store) : () => undefined;
  const evidence = await gather(line, course, plant);
  endOrphan();
  const verdict = judge(evidence);
  const report = reportOf(verdict, options, course);
  const isGreen = (report['failures'] as readonly string[]).length === 0;
  if (plant.includes('leaked_segment')) rmSync(line.imageFolder, { recursive: true });
  const keep = !isGreen && plant.length === 0;
  if (!keep) rmSync(scratch, { recursive: true });
  else for (const [name, content] of Object.entries(forAPerson(verdict, course))) write(join(scratch, name), content);
  return { report, verdict, kept: keep ? scratch : null };
}

const forAPerson = ({ findings }: Verdict, { kills, operations }: Course): Readonly<Record<string, unknown>> => ({
  'findings.json': findings,
  'kills.json': kills,
  'operations.json': operations,
});

const write = (file: string, content: unknown): void => writeFileSync(file, JSON.stringify(content, null, 2));

async function gather({ store, place, imageFolder }: Line, course: Course, plant: readonly Plant[]): Promise<Evidence> {
  const orphans = await orphansOf(`${store}/`);
  return {
    calls: plantInCalls(course.calls.entries, plant),
    processes: readProcessLedger(place.ledger),
    ...(await readTraceLedger(storeLayout(store).traces)),
    kills: course.kills,
    operations: course.operations,
    lapses: course.lapses,
    broken: await brokenIn(storeLayout(store).traces),
    orphans: [...(course.closing === null ? [] : [`the Runner: ${course.closing}`]), ...orphans],
    segments: entriesOf(imageFolder),
  };
}

/** The machines stepped over the trace under every invariant; a trace that was rotated away has no beginning to step from. */
async function brokenIn(folder: string): Promise<readonly string[]> {
  const [file, ...rotated] = readdirSync(folder)
    .filter((name) => name.endsWith('.trace.jsonl'))
    .sort();
  if (file === undefined || rotated.length > 0) return [];
  const { violations, divergences } = await watchTrace(readTrace(join(folder, file)));
  return [
    ...violations,
    ...divergences.map(
      ({ seq, actor, event, expected, got }) => `record ${seq}: ${actor} on ${event}: ${got}, not ${expected}`,
    ),
  ];
}

async function orphansOf(cookie: string): Promise<readonly string[]> {
  const untilMs = nowMs() + REAPED_WITHIN_MS;
  for (;;) {
    const living = livingWith(cookie);
    if (living.length === 0 || nowMs() > untilMs) return living.map(({ osPid, command }) => `${osPid} ${command}`);
    await pause(20);
  }
}

/** What lies in a folder; nothing where there is none. */
function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
