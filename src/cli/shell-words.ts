import { visibleText } from '../base/errors/index.js';

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** Words as a line that a shell splits into the same words: POSIX, and bash where a word holds what cannot be seen. */
export const commandLine = (words: readonly string[]): string => words.map(quoted).join(' ');

function quoted(word: string): string {
  if (PLAIN.test(word)) return word;
  const seen = visibleText(word);
  if (seen === word) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escaped = visibleText(word.replaceAll('\\', '\\\\').replaceAll("'", "\\'"));
  return `$'${escaped.replace(/\\u\{([0-9a-f]+)\}/g, (_, code: string) => `\\U${code.padStart(8, '0')}`)}'`;
}
