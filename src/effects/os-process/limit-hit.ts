import type { ProcessLimits } from '../../../machines/process.events.js';

/** What words of its last lines tell that an allocation was refused. */
const OUT_OF_MEMORY = /\bMemoryError\b|\bbad_alloc\b|cannot allocate memory/i;
const FILE_TOO_LARGE = /\bFile too large\b|\bEFBIG\b/;
const NO_PROCESS_LEFT = /\bResource temporarily unavailable\b|can't start new thread/;

/** ` at its limit of …`, as far as it can be told that a limit ended it; empty otherwise. */
export function limitHit(
  { memoryBytes, processes, fileBytes }: ProcessLimits = {},
  signal: NodeJS.Signals | null,
  lastStderr: readonly string[],
): string {
  const said = (words: RegExp): boolean => lastStderr.some((line) => words.test(line));
  if (fileBytes !== undefined && (signal === 'SIGXFSZ' || said(FILE_TOO_LARGE)))
    return ` at its limit of ${fileBytes} bytes for a file (limits.fileBytes)`;
  if (memoryBytes !== undefined && said(OUT_OF_MEMORY))
    return ` at its limit of ${memoryBytes} bytes of address space (limits.memoryBytes)`;
  if (processes !== undefined && said(NO_PROCESS_LEFT))
    return ` at its limit of ${processes} processes and threads (limits.processes)`;
  return '';
}
