/** JSON that does not depend on the order in which fields were set. */
export const stableJson = (value: unknown): string => JSON.stringify(value, sorted);

const sorted = (_key: string, value: unknown): unknown =>
  value === null || typeof value !== 'object' || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
