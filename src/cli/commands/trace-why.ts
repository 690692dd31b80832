import { readsOf } from '../../api/store-reads.js';
import type { Why } from '../../api/traces/why.js';
import { wireWhy } from '../../api/wire/why.js';
import type { RunLife } from '../../api/store.js';
import type { WhyLink } from '../../api/trace.js';
import type { Colors } from '../colors.js';
import { resultCommand } from '../command.js';
import { TRACE } from '../trace/argument.js';
import { table } from '../table.js';
import { hidden } from '../trace/hiding-gap.js';
import { isPresent, lifeWords } from '../trace/life-words.js';
import { showing } from '../trace/progress.js';
import type { Cell } from '../table.js';

export const traceWhy = resultCommand<[actor: string, trace: string | undefined], object, Why>({
  arguments: [['<actor>', 'package/screw-check@1.0.0, or its end: screw-check@1.0.0, A01'], TRACE],

  run: ({ store, note, progress }, [actor, trace]) =>
    readsOf(store).why(actor, trace, {
      onProgress: showing(progress),
      onUnread(looked, unread) {
        note(`the newest Runner found it like this, and so did the ${looked} before it; ${unread} older ones`);
        note('were not looked at: name one of them (procvision trace ls)');
      },
    }),

  json: wireWhy,

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

const BECAUSE: Readonly<Record<NonNullable<WhyLink['because']>['kind'], string>> = {
  sent: 'sent by',
  started: 'started by',
  delayed: 'timer of',
  answered: 'work of',
  during: 'during',
  before: 'after',
};
