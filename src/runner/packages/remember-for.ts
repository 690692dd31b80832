/** Looks once, and again when that was longer ago than `keptMs`; a look that failed is not kept. */
export function rememberFor<T>(keptMs: number, look: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  let lookedMs = 0;
  return () => {
    const nowMs = performance.now();
    if (found === undefined || nowMs - lookedMs > keptMs) {
      lookedMs = nowMs;
      found = look();
      found.catch(() => (found = undefined));
    }
    return found;
  };
}
