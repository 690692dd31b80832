import { listTraceFiles, runLife, runsOf, storeLayout, whyInRun } from '../../index.js';
import type { RunLife, WhyLink, WhyReport } from '../../index.js';
import type { Colors } from '../colors.js';
import { resultCommand } from '../command.js';
import { openTrace, TRACE } from '../find-trace.js';
import { table } from '../table.js';
import { hidden, wireGap } from '../trace/hiding-gap.js';
import { isPresent, lifeWords, wireLife } from '../trace/life-words.js';
import { showing } from '../trace/progress.js';
import type { Cell } from '../table.js';
import { wireRecord } from '../trace/wire-record.js';

/** @property life of the Runner of the run, and where the actor is in the present one, where that is another */
interface Data extends WhyReport {
  readonly run: string | null;
  readonly life: RunLife;
  readonly now: Now | null;
}
interface Now extends Pick<WhyReport, 'state' | 'sinceMs'> {
  readonly life: RunLife;
}

export const traceWhy = resultCommand<[actor: string, trace: string | undefined], object, Data>({
  arguments: [['<actor>', 'package/screw-check@1.0.0, or its end: screw-check@1.0.0, A01'], TRACE],

  async run({ store, note, progress }, [actor, trace]) {
    const onProgress = showing(progress);
    const found = await openTrace(trace, store);
    const report = await whyInRun(found.files, actor, { onProgress });
    const life = await runLife(store, found.files);
    const own = { ...report, run: null, life, now: null };
    // What a Runner went through is its own: an earlier one says nothing of it.
    if (trace !== undefined || report.machine === 'runner' || !isAsFound(report)) return own;
    const runs = [...runsOf(await listTraceFiles(storeLayout(store).traces))].reverse();
    const earlierRuns = runs.slice(runs.findIndex(([, files]) => files.at(-1) === found.files.at(-1)) + 1);
    const deadlineMs = performance.now() + EARLIER_MS_MAX;
    for (const [i, [run, files]] of earlierRuns.entries()) {
      if (i === EARLIER_RUNS_MAX || performance.now() > deadlineMs) {
        note(
          `the newest Runner found it like this, and so did the ${i} before it; ${earlierRuns.length - i} older ones`,
        );
        note('were not looked at: name one of them (procvision trace ls)');
        return own;
      }
      const earlier = await whyInRun(files, report.actor, { onProgress }).catch(() => null);
      if (earlier === null || isAsFound(earlier)) continue;
      const { state, sinceMs } = report;
      return {
        ...earlier,
        run,
        life: await runLife(store, files),
        now: report.hasEnded ? null : { state, sinceMs, life },
      };
    }
    return own;
  },

  json: ({ actor, machine, meaning, fault, links, earlierLosses, isCut, gap, run, now, ...then }) => ({
    actor,
    machine,
    ...(now === null ? wireStand(then) : wireStand({ ...now, hasEnded: false })),
    meaning,
    // How it came to be where the present Runner found it.
    earlier: run === null ? null : { run, ...wireStand(then) },
    fault,
    links: links.map(wireLink),
    earlier_losses: earlierLosses.map(wireLink),
    cut: isCut,
    gap: gap === null ? null : wireGap(gap),
  }),

  show({ actor, state, meaning, hasEnded, sinceMs, fault, links, earlierLosses, isCut, gap, run, life, now }, colors) {
    const [first] = links;
    const isNow = now === null && !hasEnded && gap?.hides !== 'present' && isPresent(life);
    return {
      lines: [
        ...(now === null ? [] : [headline({ actor, ...now, isNow: isPresent(now.life) }, colors)]),
        ...(run === null ? [] : [`  It was found like this; how it came to be is in the run ${run}:`]),
        headline({ actor, state, sinceMs, life, isNow }, colors),
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

const wireStand = ({
  state,
  sinceMs,
  hasEnded,
  life,
}: Pick<Data, 'state' | 'sinceMs' | 'hasEnded' | 'life'>): object => ({
  state,
  since: new Date(sinceMs).toISOString(),
  ended: hasEnded,
  runner: wireLife(life),
});

interface Headline {
  readonly actor: string;
  readonly state: string;
  readonly sinceMs: number;
  readonly life: RunLife;
  readonly isNow: boolean;
}

/** Where an actor is, or was when its Runner came to its end. */
function headline({ actor, state, sinceMs, life, isNow }: Headline, colors: Colors): string {
  const since = colors.dim(`since ${new Date(sinceMs).toISOString()}`);
  const end = isPresent(life) || life.kind === 'goes_on' ? '' : `; ${lifeWords(life)}`;
  return `${colors.bold(actor)} ${isNow ? 'is' : 'was last'} ${colors.cyan(state)} ${since}${end}`;
}

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
