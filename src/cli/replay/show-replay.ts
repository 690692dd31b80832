import type { ReplayReport } from '../../api/trace.js';
import type { Colors } from '../colors.js';
import type { Shown } from '../command.js';
import { shownPath } from '../shown-path.js';
import { table } from '../table.js';
import { showDivergence } from './show-divergence.js';

export function showReplay(file: string, report: ReplayReport, stopped: boolean, colors: Colors): Shown {
  const { records, isExact, isFromBegin, first, divergences, violations, met, gaps } = report;
  const verdict = isExact ? colors.green('every one led where the machines lead') : colors.red('not exactly');
  return {
    lines: [
      `${shownPath(file)}: ${records} records replayed, ${verdict}`,
      versions(report),
      ...(first === null ? [] : ['', ...firstOne(first, colors)]),
      ...(divergences > 1 ? ['', ...decisions(report, colors)] : []),
      ...gaps.map(
        ({ beforeSeq, missing }) =>
          `${missing} records before #${beforeSeq} are missing: the disk refused them; it went on from where every actor stood then`,
      ),
      ...(isFromBegin || gaps.length > 0
        ? []
        : ['it begins in the middle of the run, where every actor stood then: no invariant was judged']),
      ...(violations.length === 0 && met.length > 0
        ? [`invariants ${met.join(', ')} were put to the test and held`]
        : []),
      ...(stopped ? ['', ...actors(report, colors)] : []),
    ],
    warnings: violations.map(({ invariant, wrong, seq }) => `record ${seq} breaks invariant ${invariant}: ${wrong}`),
    ...(first === null ? {} : { next: ['replay', file, '--step', '--until', String(first.seq)] }),
  };
}

function firstOne(first: NonNullable<ReplayReport['first']>, colors: Colors): readonly string[] {
  const [head = '', ...more] = showDivergence(first, colors);
  return [`first ${head}`, ...more];
}

function versions({ versions: known, decisions: changed, divergences }: ReplayReport): string {
  const differing = known.filter(({ recorded, replayed }) => recorded !== replayed);
  if (known.length === 0) return 'machines: versions not known';
  if (differing.length === 0) return 'machines: the ones that wrote it';
  const names = differing.map(
    ({ machine, recorded, replayed }) => `${machine} ${recorded ?? 'none'} → ${replayed ?? 'none'}`,
  );
  const effect =
    divergences === 0
      ? 'an upgrade would change no decision this trace has seen'
      : `an upgrade would change ${changed.length} ${changed.length === 1 ? 'kind' : 'kinds'} of decision this trace has seen`;
  return `machines: ${names.join(', ')}; ${effect}`;
}

function decisions({ decisions: changed, divergences }: ReplayReport, colors: Colors): readonly string[] {
  const rows = changed.map(({ decision, count, firstSeq }) => [String(count), `#${firstSeq}`, decision]);
  return [`${divergences} divergences in all, by decision`, ...table(['COUNT', 'FIRST', 'DECISION'], rows, colors)];
}

function actors({ actors: living, lastSeq }: ReplayReport, colors: Colors): readonly string[] {
  const rows = living.map(({ actor, state }) => [actor, state]);
  return [`after record ${lastSeq}`, ...table(['ACTOR', 'STATE'], rows, colors)];
}
