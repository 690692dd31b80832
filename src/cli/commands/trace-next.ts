import type { NextInRun } from '../../api/runner-api.js';
import { readsOf } from '../../api/store-reads.js';
import { wireNext } from '../../api/wire/next.js';
import type { Colors } from '../colors.js';
import { resultCommand } from '../command.js';
import { TRACE } from '../trace/argument.js';
import { table } from '../table.js';
import type { Cell } from '../table.js';
import { hidden } from '../trace/hiding-gap.js';
import { isPresent, lifeWords } from '../trace/life-words.js';
import { showing } from '../trace/progress.js';

export const traceNext = resultCommand<[actor: string, trace: string | undefined], object, NextInRun>({
  arguments: [['<actor>', 'package/screw-check@1.0.0, or its end: screw-check@1.0.0, A01'], TRACE],

  run: ({ store, progress }, [actor, trace]) => readsOf(store).next(actor, trace, { onProgress: showing(progress) }),

  json: wireNext,

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
