import { quantile } from './statistics.js';

/** Median and 99th percentile in µs, and how many a second. */
export type Latencies = Readonly<Record<'p50' | 'p99' | 'perSecond', number>>;

/** Does something `size` times, one after the other. */
export async function timeEach(size: number, once: () => Promise<unknown>): Promise<Latencies> {
  const samplesUs = new Float64Array(size);
  const startedMs = performance.now();
  for (let i = 0; i < size; i++) {
    const beganMs = performance.now();
    await once();
    samplesUs[i] = (performance.now() - beganMs) * 1000;
  }
  const perSecond = (size / (performance.now() - startedMs)) * 1000;
  return { p50: quantile(samplesUs, 0.5), p99: quantile(samplesUs, 0.99), perSecond };
}
