import type { KeyStream, Terminal } from './terminal.js';

/** Keys of the person at the terminal. */
export interface Keys {
  /** Resolves with the next key; with the empty text when the wait is called off. */
  next(signal: AbortSignal): Promise<string>;
}

/** Null where nobody sits: input or output is no terminal. */
export function keysOf({ stdin, stdout }: Terminal): Keys | null {
  if (stdin?.isTTY !== true || stdout.isTTY !== true) return null;
  return { next: (signal) => nextKey(stdin, signal) };
}

const CTRL_C = '\u0003';

/**
 * INVARIANTS
 * - The terminal is raw only while a key is awaited, and Ctrl-C is what it always is.
 */
function nextKey(stdin: KeyStream, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const end = (key: string): void => {
      signal.removeEventListener('abort', cancel);
      stdin.off('data', press);
      stdin.setRawMode?.(false);
      stdin.pause();
      if (key === CTRL_C) process.kill(process.pid, 'SIGINT');
      resolve(key === CTRL_C ? '' : key);
    };
    const press = (bytes: Buffer): void => end(bytes.toString('utf8'));
    const cancel = (): void => end('');
    if (signal.aborted) return end('');
    signal.addEventListener('abort', cancel, { once: true });
    stdin.setRawMode?.(true);
    stdin.resume();
    stdin.once('data', press);
  });
}
