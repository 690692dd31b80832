const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** Words as a line that a POSIX shell splits into the same words. */
export const commandLine = (words: readonly string[]): string => words.map(quoted).join(' ');

const quoted = (word: string): string => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
