/**
 * How sure it is that no algorithm outlives the Runner or reaches beyond its own, strongest first:
 *
 * - `namespace`: parent-death signal, a user and a PID namespace of its own; a killed Runner takes the process and
 *   everything it ever started with it, and the process can neither signal nor trace anybody else
 * - `parent_death`: the parent-death signal takes the process; what it started must notice its standard input ending
 * - `group`: a process group that the Runner ends; after a killed Runner, algorithms leave when their input ends
 */
export type IsolationLevel = 'namespace' | 'parent_death' | 'group';

const STRONGEST_FIRST: readonly IsolationLevel[] = ['namespace', 'parent_death', 'group'];

export const isWeaker = (level: IsolationLevel, than: IsolationLevel): boolean =>
  STRONGEST_FIRST.indexOf(level) > STRONGEST_FIRST.indexOf(than);

/** null of none */
export const weakest = (levels: readonly IsolationLevel[]): IsolationLevel | null =>
  STRONGEST_FIRST.findLast((level) => levels.includes(level)) ?? null;
