import { listTraceFiles, runsOf, storeLayout, whyInRun } from '../../index.js';
import type { WhyLink, WhyReport } from '../../index.js';
import type { Colors } from '../colors.js';
import { resultCommand } from '../command.js';
import { openTrace, TRACE } from '../find-trace.js';
import { table } from '../table.js';
import { hidden, wireGap } from '../trace/hiding-gap.js';
import { showing } from '../trace/progress.js';
import type { Cell } from '../table.js';
import { wireRecord } from '../trace/wire-record.js';

export const traceWhy = resultCommand<[actor: string, trace: string | undefined], object, WhyReport>({
  arguments: [['<actor>', 'package/screw-check@1.0.0, or its end: screw-check@1.0.0, A01'], TRACE],

  async run({ store, note, progress }, [actor, trace]) {
    const onProgress = showing(progress);
    const found = await openTrace(trace, store);
    const report = await whyInRun(found.files, actor, { onProgress });
    if (trace !== undefined || !isAsFound(report)) return report;
    const runs = [...runsOf(await listTraceFiles(storeLayout(store).traces))].reverse();
    const earlierRuns = runs.slice(runs.findIndex(([, files]) => files.at(-1) === found.files.at(-1)) + 1);
    const deadlineMs = performance.now() + EARLIER_MS_MAX;
    for (const [i, [run, files]] of earlierRuns.entries()) {
      if (i === EARLIER_RUNS_MAX || performance.now() > deadlineMs) {
        note(
          `the newest Runner found it like this, and so did the ${i} before it; ${earlierRuns.length - i} older ones`,
        );
        note('were not looked at: name one of them (procvision trace ls)');
        return report;
      }
      const earlier = await whyInRun(files, report.actor, { onProgress }).catch(() => null);
      if (earlier === null || isAsFound(earlier)) continue;
      note(`the newest Runner found it like this; how it came to be is in the run ${run}`);
      return earlier;
    }
    return report;
  },

  json: ({ actor, machine, state, meaning, hasEnded, sinceMs, fault, links, earlierLosses, isCut, gap }) => ({
    actor,
    machine,
    state,
    meaning,
    ended: hasEnded,
    since: new Date(sinceMs).toISOString(),
    fault,
    links: links.map(wireLink),
    earlier_losses: earlierLosses.map(wireLink),
    cut: isCut,
    gap: gap === null ? null : wireGap(gap),
  }),

  show({ actor, state, meaning, hasEnded, sinceMs, fault, links, earlierLosses, isCut, gap }, colors) {
    const since = colors.dim(`since ${new Date(sinceMs).toISOString()}`);
    const [first] = links;
    return {
      lines: [
        `${colors.bold(actor)} ${hasEnded || gap?.hides === 'present' ? 'was last' : 'is'} ${colors.cyan(state)} ${since}`,
        ...(meaning === '' ? [] : [`  ${meaning}`]),
        ...(fault === null ? [] : [`  ${colors.red(`${fault.code} ${fault.message}`)}`]),
        '',
        ...(earlierLosses.length === 0 ? [] : ['Lost before:', ...tableOf(earlierLosses, colors), '']),
        ...tableOf(links, colors),
      ],
      warnings: gap !== null ? [hidden(gap)] : isCut ? ['More may have led to the first of these than is kept.'] : [],
      ...(first === undefined ? {} : { next: ['trace', 'next', actor] }),
    };
  },
});

/** The run has nothing to say but where the store had it. */
const isAsFound = ({ links }: WhyReport): boolean =>
  links.every(({ record }) => record.event === 'xstate.init' || record.machine === 'runner');

function tableOf(links: readonly WhyLink[], colors: Colors): readonly string[] {
  const told = new Set<string>();
  const rows = links.map(({ record, because, sentence, fault }): readonly Cell[] => {
    const { seq, actor, before, after, timeMs } = record;
    const states = before === after ? after : `${before ?? '(new)'} → ${after}`;
    const isNew = fault !== null && !told.has(fault.message);
    if (fault !== null) told.add(fault.message);
    return [
      `#${seq}`.padStart(6),
      [new Date(timeMs).toISOString().slice(11, 23), colors.dim],
      actor,
      [states, before === after ? colors.dim : colors.cyan],
      because === null ? '' : [`${BECAUSE[because.kind]} #${because.seq}`, colors.dim],
      isNew ? `${sentence}: ${colors.red(fault.message)}` : sentence,
    ];
  });
  return table(['record', 'time (UTC)', 'actor', 'state', 'because', 'what happened'], rows, colors);
}

/** So many runs before the last one are asked, as long as it takes no longer than so. */
const EARLIER_RUNS_MAX = 100;
const EARLIER_MS_MAX = 5_000;

const BECAUSE: Readonly<Record<NonNullable<WhyLink['because']>['kind'], string>> = {
  sent: 'sent by',
  started: 'started by',
  delayed: 'timer of',
  answered: 'work of',
  during: 'during',
  before: 'after',
};

const wireLink = ({ record, because, sentence, fault }: WhyLink) => ({
  ...wireRecord(record),
  because,
  sentence,
  fault,
});
