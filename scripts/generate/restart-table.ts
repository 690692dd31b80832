import { decideRestart, DEFAULT_RESTART_POLICY } from '../../machines/index.js';

const { breakerLosses, immediateRestarts } = DEFAULT_RESTART_POLICY;

/** What the default policy answers to each loss within its window, asked of the policy itself. */
export const restartTable = (): string =>
  rows('Loss within the window', breakerLosses, (losses) =>
    decision({ losses, failedStarts: 0, otherwise: 'none: the breaker opens' }),
  );

/** The same of starts that fail in a row, each of them a loss. */
export const failedStartsTable = (): string =>
  rows('Failed start in a row', immediateRestarts + 1, (losses) =>
    decision({ losses, failedStarts: losses, otherwise: 'none: it is given up' }),
  );

const rows = (counted: string, last: number, answer: (number: number) => string): string =>
  [
    `| ${counted} | The next start |`,
    '|---|---|',
    ...Array.from({ length: last }, (_none, i) => `| ${i + 1} | ${answer(i + 1)} |`),
  ].join('\n');

interface Asked {
  readonly losses: number;
  readonly failedStarts: number;
  readonly otherwise: string;
}

function decision({ losses, failedStarts, otherwise }: Asked): string {
  const history = { lossesMs: Array<number>(losses).fill(0), failedStarts, nowMs: 0 };
  const soonest = decideRestart({ ...history, jitter: 0 }, DEFAULT_RESTART_POLICY);
  const latest = decideRestart({ ...history, jitter: 1 }, DEFAULT_RESTART_POLICY);
  switch (soonest.kind) {
    case 'now':
      return 'at once';
    case 'after':
      return `after ${ms(soonest.delayMs)} to ${ms(latest.kind === 'after' ? latest.delayMs : 0)} ms`;
    case 'give_up':
      return otherwise;
  }
}

const ms = (delayMs: number): string => delayMs.toLocaleString('en-US');
