import { closeSync, openSync } from 'node:fs';
import { procHead, procNumbers, procText } from './proc.js';

const STANDARD = 3;
const O_CLOEXEC = 0o2000000;

/** Puts the null device in the place of descriptors a child would inherit; `stdio` begins behind the standard ones. */
export interface CoveredLeaks {
  readonly stdio: readonly (number | 'ignore')[];
  close(): void;
}

/**
 * Descriptors of this process that its children would inherit: what it inherited itself, and what native code opened
 * without care (camera drivers do). Node's own are never among them. An algorithm must not get any.
 */
export function coverLeaks(): CoveredLeaks {
  const leaked = leakedDescriptors();
  if (leaked.length === 0) return { stdio: [], close: () => undefined };
  const nothing = openSync('/dev/null', 'r');
  const stdio: (number | 'ignore')[] = Array.from({ length: Math.max(...leaked) + 1 - STANDARD }, () => 'ignore');
  for (const fd of leaked) stdio[fd - STANDARD] = nothing;
  return { stdio, close: () => closeSync(nothing) };
}

function leakedDescriptors(): readonly number[] {
  // None without Linux, or without a descriptor left to look with: then none can be left for a child either.
  const leaked = procNumbers('self/fd').filter((fd) => fd >= STANDARD && isInherited(fd));
  if (leaked.length === 0) return [];
  // A number beyond the limit (lowered since) cannot be covered, and would keep every process from starting.
  const limit = descriptorsMax();
  return leaked.filter((fd) => fd < limit);
}

function descriptorsMax(): number {
  const [, soft = ''] = /^Max open files\s+(\d+)/m.exec(procText('self/limits') ?? '') ?? [];
  return soft === '' ? Infinity : Number(soft);
}

/** `pos:` and `flags:`, the first two lines of every fdinfo. */
const head = Buffer.allocUnsafe(64);

/** For each descriptor at each spawn, on the event loop. */
function isInherited(fd: number): boolean {
  const [, flags = ''] = /^flags:\s*(\d+)$/m.exec(procHead(`self/fdinfo/${fd}`, head) ?? '') ?? [];
  return flags !== '' && (parseInt(flags, 8) & O_CLOEXEC) === 0;
}
