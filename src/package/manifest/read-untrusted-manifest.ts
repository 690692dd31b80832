import { RunnerError } from '../../base/errors/index.js';
import { runTask, task, TaskExceeded } from '../../base/workers/index.js';
import type { HardJudge } from './check-param.js';
import { MANIFEST_BYTES_MAX, parseManifest } from './parse-manifest.js';
import type { ParsedManifest } from './parse-manifest.js';

const TASK = task<ParsedManifest>(import.meta.url, './check-manifest-task.js', 'checkManifest', {
  timeMs: 4_000,
  inputSizeMax: MANIFEST_BYTES_MAX,
});

const DEPLOYED = { ...TASK, name: 'checkDeployedManifest' };
/** One that was within its budgets before is slow because the host is. */
const KNOWN = { ...DEPLOYED, budget: { ...TASK.budget, timeMs: 60_000 } };

/** A known one of this size is read here, in some milliseconds: a thread takes a hundred to start, and 20 MiB. */
const READ_HERE_BYTES_MAX = 64 * 1024;
/** Its patterns and schemas are valid, and its defaults fit them. */
const ACCEPTED: HardJudge = { pid: () => undefined, at: () => undefined, compile: () => undefined, answer: () => [] };

export interface ReadManifestOptions {
  /** Whose threads it takes, such as the path of the package. */
  readonly owner?: string;
  readonly signal?: AbortSignal | undefined;
  /** Of a deployment; `known`: these very bytes were accepted before. */
  readonly deployed?: 'known' | 'unknown';
}

/**
 * Reads a manifest.json and everything in it, also what takes its time: that each schema and pattern is valid and the
 * defaults fit them. In a thread, under budgets of time and memory, so that no manifest can hold up its reader; a small one that was
 * accepted before is not checked again.
 *
 * @throws RunnerError manifest_missing with `details.problems: [{ pointer, message }]`, or with `details.budget` for one
 * that went over a budget; host_unfit where no thread can be started
 */
export async function readUntrustedManifest(
  bytes: Uint8Array,
  { owner = 'manifest', signal, deployed }: ReadManifestOptions = {},
): Promise<ParsedManifest> {
  if (deployed === 'known' && bytes.length <= READ_HERE_BYTES_MAX) return parseManifest(bytes, ACCEPTED);
  try {
    return await runTask(taskFor(deployed), bytes, { owner, signal });
  } catch (error) {
    if (!(error instanceof TaskExceeded)) throw error;
    const { place: pointer, told } = error;
    throw new RunnerError('manifest_missing', `manifest.json cannot be used: checking ${pointer || 'it'} ${told}.`, {
      hint: 'Simplify the schemas and patterns of its parameters; nothing a person writes comes near the limit.',
      details: { problems: [{ pointer, message: told }], budget: error.budget },
    });
  }
}

function taskFor(deployed: ReadManifestOptions['deployed']): typeof TASK {
  if (deployed === undefined) return TASK;
  return deployed === 'known' ? KNOWN : DEPLOYED;
}
