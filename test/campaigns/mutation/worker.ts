import { parentPort, workerData } from 'node:worker_threads';
import { allMutants } from './all-mutants.js';
import { exampleChecks } from './checks/examples.js';
import { explorationChecks } from './checks/explorations.js';
import { historyChecks } from './checks/histories.js';
import { Jury } from './jury.js';
import type { Caught } from './jury.js';

/** What a worker is told: the next mutant, by its number. */
export type Task = number;

export type Told =
  | { readonly red: readonly string[] }
  | {
      readonly mutant: number;
      readonly caught: Caught | null;
      readonly seconds: number;
      readonly red: readonly string[];
    };

const port = parentPort;
if (port === null) throw new Error('This module is a worker of the mutation campaign.');
/** Of the histories, those that test/machines/properties begins with; in the others the seldom is frequent. */
const USUAL = 200;
const { histories } = workerData as { histories: number };
const jury = await Jury.of([
  ...historyChecks(USUAL, histories - USUAL),
  ...explorationChecks(),
  ...(await exampleChecks()),
]);
const mutants = allMutants();

const judge = async (number: Task): Promise<void> => {
  const sinceMs = performance.now();
  const mutant = mutants[number];
  if (mutant === undefined) throw new Error(`there is no mutant ${number}`);
  const caught = await jury.judge(mutant);
  const told: Told = { mutant: number, caught, seconds: (performance.now() - sinceMs) / 1000, red: jury.red };
  port.postMessage(told);
};
port.on('message', (number: Task) => void judge(number));
port.postMessage({ red: jury.red } satisfies Told);
