/**
 * What a table holds itself under a name that an outside hand chose: a PID or a release may be called `constructor`, and
 * what every object inherits is nobody's entry.
 */
export const own = <T>(table: { readonly [name: string]: T }, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
