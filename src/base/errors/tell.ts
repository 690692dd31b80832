type Listener<T> = (value: T) => unknown;

const failedBefore = new WeakSet<object>();

/**
 * Calls a listener of the host. What it throws, or rejects with, is the host's own mistake: it becomes a warning of the
 * process, once for each listener, and disturbs neither the operation that reports nor the other listeners.
 */
export function tell<T>(listener: Listener<T> | undefined, value: T): void {
  if (listener === undefined) return;
  const warn = (error: unknown): void => warnOnce(listener, error);
  try {
    const answer = listener(value);
    if (answer instanceof Promise) answer.catch(warn);
  } catch (error) {
    warn(error);
  }
}

function warnOnce(listener: object, error: unknown): void {
  if (failedBefore.has(listener)) return;
  failedBefore.add(listener);
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`A listener given to the Runner failed: ${message}`, 'ProcVisionWarning');
}
