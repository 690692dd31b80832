import { Day } from './day.js';
import type { DayOptions } from './day-report.js';
import type { CampaignOptions } from './options.js';
import { planOf } from './plan.js';
import { shrink } from './shrink.js';
import { Tally } from './summary.js';
import type { Summary } from './summary.js';
import { writeTrace } from './trace-out.js';

export interface CampaignTools extends Pick<DayOptions, 'machines' | 'disk'> {
  /** A line for a person, now and then. */
  readonly say: (line: string) => void;
}

const SAY_EVERY_MS = 10_000;

/** One day after the other; each is its own, so a failing one can be lived again alone. */
export async function simulate(options: CampaignOptions, { say, ...dayOptions }: CampaignTools): Promise<Summary> {
  const { from, seeds, budgetMs, traceOut } = options;
  const tally = new Tally();
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  let saidMs = startedMs;
  let toWrite = traceOut;
  for (let seed = from; seed < from + seeds; seed++) {
    const nowMs = performance.now();
    if (budgetMs !== null && nowMs - startedMs > budgetMs) break;
    if (nowMs - saidMs > SAY_EVERY_MS) {
      saidMs = nowMs;
      say(`seed ${seed} …`);
    }
    const plan = planOf(seed);
    const report = await new Day(plan, dayOptions).live();
    const [first] = report.violations;
    if (first === undefined) {
      tally.add(report);
      if (seeds === 1 && toWrite !== null) await writeTrace(toWrite, plan, dayOptions);
      continue;
    }
    say(`seed ${seed}: ${first.rule}: ${first.what}`);
    const shorter = options.shrink ? await shrink(plan, first.rule, dayOptions) : null;
    tally.add(
      report,
      shorter?.acts.map(({ atMs, act }) => `${atMs} ms: ${JSON.stringify(act)}`),
    );
    if (toWrite === null) continue;
    await writeTrace(toWrite, shorter ?? plan, { ...dayOptions, shortened: shorter !== null });
    say(`its trace is in ${toWrite}`);
    toWrite = null;
  }
  const { user, system } = process.cpuUsage(cpu);
  return tally.summary(from, (performance.now() - startedMs) / 1000, (user + system) / 1e6);
}
