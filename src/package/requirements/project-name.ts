/** A distribution's name as all spellings of it compare (PEP 503): lower case, runs of `-_.` as one dash. */
export const normaliseName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** PEP 508: letters, digits, and `-_.` between them. */
export const PROJECT_NAME = '[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*';
