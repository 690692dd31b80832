import { readdirSync, readFileSync } from 'node:fs';
import { INVARIANTS } from '../../machines/index.js';

const FOLDER = 'machines/invariants';

/** Those that speak of all histories at once, so that no single event can break them. */
const OF_ALL_HISTORIES: readonly (readonly [number: number, sentence: string, file: string])[] = [
  [13, 'No dead ends: from every reachable state a resting state is reachable.', 'src/testing/exploration/explore.ts'],
  [14, 'Replaying a trace reaches the recorded states.', 'src/replay/divergence.ts'],
];

/** docs/invariants.md: a heading for each number, so that comments and pages can point at it. */
export function invariantsPage(): string {
  const judged = INVARIANTS.map(({ number, sentence }) => [number, sentence, fileOf(number)] as const);
  return [
    '# Invariants',
    `Generated from \`${FOLDER}\` by \`npm run generate\`; do not edit.`,
    'What holds whatever happens. Comments cite them by number. 1 to 12 are pure functions, judged after every outside event by the same\ncode in random histories, the [exploration](verification.md), the [simulation](simulation.md), replays and the [monitor of a\nrunning site](guides/replay-and-keep-a-sequence.md#watch-it-live). 13 is judged over the whole graph of an exploration, 14 by replays.',
    ...[...judged, ...OF_ALL_HISTORIES].map(
      ([number, sentence, file]) => `## Invariant ${number}\n\n${sentence}\n\nJudged in \`${file}\`.`,
    ),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

/** @throws Error when no file or more than one has this number */
function fileOf(number: number): string {
  const found = readdirSync(FOLDER)
    .map((name) => `${FOLDER}/${name}`)
    .filter((path) => readFileSync(path, 'utf8').includes(`  number: ${number},`));
  const [file] = found;
  if (file === undefined || found.length > 1) throw new Error(`invariant ${number} is in [${found.join(', ')}]`);
  return file;
}
