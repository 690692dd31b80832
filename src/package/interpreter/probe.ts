import { z } from 'zod';
import { MARKER_VARIABLES } from '../requirements/marker.js';
import { runPython } from '../python/run-python.js';
import { pipCanInstall } from './interpreter.js';
import type { Interpreter } from './interpreter.js';
import { PROBE_SCRIPT } from './probe-script.js';

/** A candidate that is no use, and why. */
export interface RejectedInterpreter {
  readonly path: string;
  readonly reason: string;
}

const PROBE_TIMEOUT_MS = 10_000;

const answerSchema = z.object({
  executable: z.string().min(1),
  realExecutable: z.string().min(1),
  version: z.string().regex(/^3\./, 'is not Python 3'),
  implementation: z.string(),
  prefix: z.string(),
  isVirtual: z.boolean(),
  pipVersion: z.string().nullable(),
  tags: z.array(z.string()).min(1),
  markers: z.record(z.enum(MARKER_VARIABLES), z.string()),
});

/**
 * Runs a candidate once: a file named python3 may be a shim that cannot start anything, another program, or broken.
 * Never throws but for an abort.
 */
export async function probeInterpreter(
  path: string,
  { timeoutMs = PROBE_TIMEOUT_MS, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Interpreter | RejectedInterpreter> {
  const run = await runPython(path, ['-I', '-c', PROBE_SCRIPT], { timeoutMs, ...(signal ? { signal } : {}) });
  if (run.outcome === 'failed') return { path, reason: run.reason };
  try {
    const lastLine = run.stdout.trim().split('\n').at(-1) ?? '';
    const answer = answerSchema.parse(JSON.parse(lastLine));
    return { path, ...answer, canInstall: pipCanInstall(answer.pipVersion) };
  } catch {
    return { path, reason: 'it did not answer the probe; is it Python 3?' };
  }
}
