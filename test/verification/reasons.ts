/**
 * What no exploration does, and why it is there all the same. A line that no longer holds fails `npm run verify`, and so
 * does anything that should stand here and does not.
 */

/** Transitions no scenario takes, in the notation of src/model/coverage.ts. */
export const NEVER_TAKEN: Readonly<Record<string, string>> = {};

/** Events that come where no state names them, as `machine state · event`: they are dropped without a word. */
export const UNEXPECTED: Readonly<Record<string, string>> = {};
