import { writeSync } from 'node:fs';

/** Kept before anything is patched: what a program says is not one of the calls it is killed at. */
const write = writeSync;

/** One line of JSON to the harness, out of this process before the call returns. */
export function say(word: { readonly at: string; readonly [key: string]: unknown }): void {
  const line = Buffer.from(`${JSON.stringify(word)}\n`);
  for (let at = 0; at < line.length;) at += write(1, line, at);
}
