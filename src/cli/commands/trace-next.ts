import { nextInRun, runLife } from '../../index.js';
import type { NextReport, RunLife } from '../../index.js';
import type { Colors } from '../colors.js';
import { resultCommand } from '../command.js';
import { openTrace, TRACE } from '../find-trace.js';
import { table } from '../table.js';
import type { Cell } from '../table.js';
import { hidden, wireGap } from '../trace/hiding-gap.js';
import { isPresent, lifeWords, wireLife } from '../trace/life-words.js';
import { showing } from '../trace/progress.js';

interface Data extends NextReport {
  readonly life: RunLife;
}

export const traceNext = resultCommand<[actor: string, trace: string | undefined], object, Data>({
  arguments: [['<actor>', 'package/screw-check@1.0.0, or its end: screw-check@1.0.0, A01'], TRACE],

  async run({ store, progress }, [actor, trace]) {
    const { files } = await openTrace(trace, store);
    const report = await nextInRun(files, actor, { onProgress: showing(progress) });
    return { ...report, life: await runLife(store, files) };
  },

  json: ({ actor, machine, state, hasEnded, events, gap, life }) => ({
    actor,
    machine,
    state,
    ended: hasEnded,
    runner: wireLife(life),
    events: events.map(({ event, source, guard, leadsTo, isPossible, note }) => ({
      event,
      source,
      guard,
      leads_to: leadsTo,
      possible: isPossible,
      note,
    })),
    gap: gap === null ? null : wireGap(gap),
  }),

  show({ actor, state, hasEnded, events, gap, life }, colors) {
    const isNow = !hasEnded && gap === null && isPresent(life);
    const end = isPresent(life) || life.kind === 'goes_on' ? '' : `; ${lifeWords(life)}`;
    const title = `${colors.bold(actor)} ${isNow ? 'is' : 'was last'} ${colors.cyan(state)}${end}`;
    const warnings = gap === null ? [] : [hidden(gap)];
    if (events.length === 0) return { lines: [title], warnings, notes: ['nothing leads out of it: it is final'] };
    const rows = events.map(({ event, source, guard, leadsTo, isPossible, note }): readonly Cell[] => [
      possible(isPossible, colors),
      event,
      [leadsTo, colors.cyan],
      source,
      guard ?? '',
      [note, colors.dim],
    ]);
    return { lines: [title, '', ...table(['now', 'event', 'leads to', 'from', 'if', ''], rows, colors)], warnings };
  },
});

function possible(isPossible: boolean | null, colors: Colors): Cell {
  if (isPossible === null) return ['depends', colors.yellow];
  return isPossible ? ['yes', colors.green] : ['no', colors.dim];
}
