import { spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';

import { ioFailure } from '../durable/index.js';

const CONFLICT = 1;
const TOOL_TIMEOUT_MS = 5_000;

export type FlockOutcome =
  | { readonly kind: 'held'; readonly release: () => void }
  | { readonly kind: 'refused' }
  /** The tool is missing, or the file system knows no flock. */
  | { readonly kind: 'impossible'; readonly reason: string };

/**
 * Locks the folder itself through the `flock` tool (util-linux or BusyBox): the tool inherits our descriptor, locks the
 * open file behind it and exits; the lock lives exactly as long as our descriptor and dies with us, kill -9 included.
 * A folder, because a lock *file* is the first thing an impatient person deletes.
 *
 * The descriptor is a plain number, not a FileHandle, which the garbage collector may close; Node opens it close-on-exec,
 * so that no child inherits the lock.
 */
export async function flockFolder(folder: string, tool: string): Promise<FlockOutcome> {
  const fd = openFolder(folder);
  const run = await runOn(fd, tool);
  if (run.exitCode === 0) return { kind: 'held', release: () => closeSync(fd) };
  closeSync(fd);
  return run.exitCode === CONFLICT ? { kind: 'refused' } : { kind: 'impossible', reason: run.reason };
}

function runOn(fd: number, tool: string): Promise<{ exitCode: number | null; reason: string }> {
  const child = spawn(tool, ['-x', '-n', '3'], { stdio: ['ignore', 'ignore', 'pipe', fd], timeout: TOOL_TIMEOUT_MS });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((settle) => {
    child.once('error', (error) => settle({ exitCode: null, reason: error.message }));
    child.once('close', (exitCode, signal) => {
      settle({ exitCode, reason: stderr.trim() || `${tool} ended with ${signal ?? `exit code ${exitCode}`}` });
    });
  });
}

function openFolder(folder: string): number {
  try {
    return openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    throw ioFailure('open folder', folder, error);
  }
}
