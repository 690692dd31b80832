/**
 * Reads a table's own entry under a name from outside: a PID or a release may be called `constructor`, which every
 * object inherits.
 */
export const own = <T>(table: { readonly [name: string]: T }, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
