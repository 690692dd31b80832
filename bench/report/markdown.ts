import type { Line } from '../harness/line.js';
import { number } from './number.js';

/** The table of docs/performance.md. */
export function markdown(lines: readonly Line[]): string {
  return [
    '| Line | ours | floor | ratio | quartiles | goal | | unpinned |',
    '|---|---:|---:|---:|---:|---:|---|---:|',
    ...lines.map((line) => `| ${cellsOf(line).join(' | ')} |`),
    '',
  ].join('\n');
}

function cellsOf(line: Line): string[] {
  const { name, value, floor, ratio, judged, judged_by: by, unit, spread, unpinned, goal_text: goal, met } = line;
  const verdict = met === null ? '' : met ? 'met' : '**missed**';
  if (value === null || judged === null) return [`\`${name}\``, '–', '–', '–', '', goal, '**not measured**', ''];
  return [
    `\`${name}\``,
    `${number(value)} ${unit}`,
    floor === null ? '–' : `${number(floor)} ${unit}`,
    by === 'difference' ? `+${number(judged)} ${unit}` : (ratio?.toFixed(2) ?? '–'),
    spread === null ? '' : `${spread.q1.toFixed(2)} – ${spread.q3.toFixed(2)}`,
    goal,
    verdict,
    unpinned?.ratio?.toFixed(2) ?? '',
  ];
}
