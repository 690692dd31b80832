/** JSON that does not depend on the order in which fields were set. */
export const stableJson = (value: unknown): string => JSON.stringify(value, sorted);

const sorted = (_name: string, value: unknown): unknown =>
  value === null || typeof value !== 'object' || Array.isArray(value) ? value : sortedByName(value);

export const sortedByName = (value: object): object =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
