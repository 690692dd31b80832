/**
 * Mutants that no check finds, and why they do no harm. A reason whose mutant is found, or does not exist, fails the
 * campaign: it is to be taken out.
 */
export const HARMLESS: Readonly<Record<string, string>> = {};
