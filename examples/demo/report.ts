import pc from 'picocolors';
import type { ShownChange } from './changes.js';
import type { DemoResult, Row } from './demo.js';

export const sayStage = (stage: string): void => void process.stderr.write(`${pc.dim('·')} ${stage}\n`);

export function printDemo(result: DemoResult): void {
  const { detections, wrong, refused, switched, rolledBack, inspections } = result;
  const { states, statesMissing, packages, trace, isolation, images } = result;
  const lines = [
    '',
    ...table(detections),
    '',
    wrong === 0
      ? pc.green(`All ${detections.length} verdicts are as expected.`)
      : pc.red(`${wrong} of ${detections.length} verdicts are wrong.`),
    `${refused.release} is ${refused.state}: ${refused.code} ${refused.reason}`,
    '',
    ...changeLines(switched),
    ...changeLines(rolledBack),
    `  inspected meanwhile: ${inspections.map(({ pid, release, verdict }) => `${pid} ${verdict} by ${release.split('@')[1] ?? ''}`).join(', ')}`,
    '',
    'States each release walked through:',
    ...Object.entries(states).map(([release, walked]) => `  ${release.padEnd(26)} ${walked.join(' → ')}`),
    ...(statesMissing.length === 0 ? [] : [pc.red(`  never reached: ${statesMissing.join(', ')}`)]),
    '',
    `Isolation: ${isolation}.  Images: ${images}.`,
    `Trace:     ${trace}`,
    `Annotated: ${detections.flatMap(({ annotated }) => annotated ?? [])[0]?.replace(/[^/]+$/, '') ?? 'none'}`,
    '',
    'Next, by hand:',
    `  npx procvision trace show ${trace}`,
    `  npx procvision install ${packages[0] ?? ''}`,
    '  npx procvision activate screw-check@1.0.0 --pid A01',
    '  npx procvision detect --pid A01 --image <your image>',
    '',
  ];
  process.stdout.write(lines.join('\n'));
}

/** What a change did, PID by PID, and what it cost. */
function changeLines({ kind, pids, to, reason, timeline, errors, downtime_ms }: ShownChange): string[] {
  const walk = (of: string | null): string =>
    timeline.flatMap(({ stage, pid }) => (pid === of ? [stage] : [])).join(' → ');
  return [
    `${kind} of ${pids.join(' and ')} to ${to ?? 'nothing'}: ${walk(null)}`,
    ...pids.map((pid) => `  ${pid}: ${walk(pid)}`),
    `  ${errors} calls failed, ${downtime_ms} ms without a release${reason === null ? '' : `; ${reason}`}`,
  ];
}

const HEADINGS = ['image', 'PID', 'verdict', 'expected', 'ms', 'reason'] as const;

function table(rows: readonly Row[]): string[] {
  const cells = rows.map((row) => [
    row.image,
    row.pid,
    row.verdict,
    row.expected,
    row.latency_ms.toFixed(0),
    row.reason ?? '',
  ]);
  const widths = HEADINGS.map((heading, i) => Math.max(heading.length, ...cells.map((cell) => cell[i]?.length ?? 0)));
  const line = (cell: readonly string[]): string =>
    cell
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    pc.bold(line(HEADINGS)),
    ...cells.map((cell) => {
      const text = line(cell);
      return cell[2] === cell[3] ? text : pc.red(text);
    }),
  ];
}
