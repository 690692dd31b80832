import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { VERSION } from '../../src/index.js';
import type { Workbench } from '../experiments/workbench.js';

/** What the numbers depend on; names of hosts, users and folders are not among it. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_gib: number;
  readonly system: string;
  readonly node: string;
  readonly v8: string;
  readonly python: string;
  readonly numpy: string | null;
  readonly runner: string;
  readonly pinned_to_core: number | null;
  readonly node_flags: readonly string[];
  readonly load_before: number;
  readonly load_after: number;
  readonly measured_at: string;
  readonly took_s: number;
}

export function describeMachine(
  { python, numpy, pinning, nodeFlags }: Workbench,
  { loadBefore, startedMs }: { readonly loadBefore: number; readonly startedMs: number },
): Machine {
  return {
    cpu: cpuModel(),
    cores: availableParallelism(),
    memory_gib: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.versions.node,
    v8: process.versions.v8,
    python: python.version,
    numpy: numpy?.numpyVersion ?? null,
    runner: VERSION,
    pinned_to_core: pinning?.cpu ?? null,
    node_flags: nodeFlags,
    load_before: loadBefore,
    load_after: loadavg()[0] ?? NaN,
    measured_at: new Date().toISOString(),
    took_s: Math.round((performance.now() - startedMs) / 1000),
  };
}

/** `os.cpus()` knows no model in some containers. */
function cpuModel(): string {
  const named = cpus()[0]?.model.trim();
  if (named !== undefined && named !== '' && named !== 'unknown') return named;
  try {
    return /^model name\s*: (.+)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
