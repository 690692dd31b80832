/** Three digits that count, or all before the point: more than these the rounds do not agree on. */
export const number = (value: number): string => (value >= 1000 ? value.toFixed(0) : value.toPrecision(3));
