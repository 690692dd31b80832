import { readdirSync, readFileSync } from 'node:fs';

/**
 * The algorithm processes below one process: those that started nothing themselves, whatever isolates them standing in
 * between. Empty where there is no /proc.
 */
export function algorithmsBelow(osPid: number): readonly number[] {
  const children = childrenByParent();
  const innermost = (parent: number): readonly number[] => {
    const below = children.get(parent) ?? [];
    return below.length === 0 ? [parent] : below.flatMap(innermost);
  };
  return (children.get(osPid) ?? []).flatMap(innermost);
}

/** The one algorithm this process runs. @throws Error when there is none, or several */
export function onlyAlgorithm(): number {
  const [osPid, ...others] = algorithmsBelow(process.pid);
  if (osPid !== undefined && others.length === 0) return osPid;
  throw new Error(`one algorithm process was expected; there are ${osPid === undefined ? 0 : 1 + others.length}`);
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const osPid of runningPids()) {
    const parent = parentOf(osPid);
    if (parent === null) continue;
    const known = children.get(parent);
    if (known === undefined) children.set(parent, [osPid]);
    else known.push(osPid);
  }
  return children;
}

function runningPids(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

/** Null when it has left meanwhile. */
function parentOf(osPid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${osPid}/stat`, 'utf8');
    // The second field is the name in brackets and may hold anything.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
