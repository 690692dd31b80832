export type Row = Readonly<Record<string, string | number>> & { readonly name: string };

/** For a person: how much of each machine, then what one source has and another has not. */
export function print(rows: readonly Row[], sources: readonly string[]): void {
  const say = (line = ''): void => void process.stdout.write(`${line}\n`);
  const machines = [...new Set(rows.map(machineOf))];
  say(['MACHINE'.padEnd(12), ...sources.map((source) => source.toUpperCase().padStart(14))].join(''));
  for (const machine of [...machines, 'all']) {
    const own = rows.filter((row) => machine === 'all' || machineOf(row) === machine);
    const shares = sources.map((source) => `${own.filter((row) => isTaken(row, source)).length}/${own.length}`);
    say([machine.padEnd(12), ...shares.map((share) => share.padStart(14))].join(''));
  }
  list('taken by nothing', rows, (row) => sources.every((source) => !isTaken(row, source)), say);
  for (const [source, other] of differences(sources))
    list(`taken in ${source}, not in ${other}`, rows, (row) => isTaken(row, source) && !isTaken(row, other), say);
}

/** What a test has not is what is worth knowing. */
const differences = (sources: readonly string[]): readonly (readonly [source: string, other: string])[] =>
  sources.flatMap((source) => (source === 'tests' ? [] : [[source, 'tests'] as const]));

function list(title: string, rows: readonly Row[], wanted: (row: Row) => boolean, say: (line?: string) => void): void {
  const found = rows.filter(wanted);
  say();
  say(`${title}: ${found.length === 0 ? 'none' : found.length}`);
  for (const { name } of found) say(`  ${name}`);
}

const isTaken = (row: Row, source: string): boolean => Number(row[source] ?? 0) > 0;
const machineOf = ({ name }: Row): string => name.split(' ')[0] ?? '';
