import type { RunnerReads } from './runner-api.js';

/**
 * Reads of a store. Each loads what it needs when it is asked, so that a command line starts with nothing else.
 *
 * @param store path of its folder
 */
export const readsOf = (store: string): RunnerReads => ({
  async list() {
    const { readLivingStore } = await import('../runner/status/living-store.js');
    return readLivingStore(store);
  },
  async status() {
    const { readStatus } = await import('../runner/status/read-status.js');
    return readStatus(store);
  },
  async history(pid) {
    const { readHistory } = await import('../runner/status/history.js');
    return readHistory(store, pid);
  },
  async *logs(filter = {}, onEntry) {
    const { readLogs } = await import('./logs/read-logs.js');
    yield* readLogs(store, filter, onEntry);
  },
  async runs(onProgress) {
    const { readRuns } = await import('./traces/runs.js');
    return readRuns(store, onProgress);
  },
  async *records(trace, options) {
    const { openTrace } = await import('./traces/find-trace.js');
    const { readRecords } = await import('./traces/read-records.js');
    yield* readRecords((await openTrace(trace, store)).files, options);
  },
  async why(actor, trace, question) {
    const { whyInStore } = await import('./traces/why.js');
    return whyInStore(store, actor, trace, question);
  },
  async next(actor, trace, options) {
    const { nextInStore } = await import('./traces/next.js');
    return nextInStore(store, actor, trace, options);
  },
  async incidents(most, onProgress) {
    const { readIncidents } = await import('../runner/status/incidents.js');
    return readIncidents(store, most, onProgress);
  },
  async doctor(onStage = () => undefined) {
    const { diagnose } = await import('./diagnose.js');
    return diagnose(store, onStage);
  },
});
