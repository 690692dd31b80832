import { serveSide } from '../harness/serve-side.js';
import { median } from '../harness/statistics.js';

/** Floor of handing an image over: one copy of its bytes, memory to memory. */
serveSide<{ readonly bytes: number }>(({ bytes }) => {
  const from = new Uint8Array(bytes).fill(7);
  const to = new Uint8Array(bytes).fill(1);
  return Promise.resolve({
    round(size) {
      const samplesUs = new Float64Array(size);
      for (let i = 0; i < size; i++) {
        const beganMs = performance.now();
        to.set(from);
        samplesUs[i] = (performance.now() - beganMs) * 1000;
      }
      return Promise.resolve({ copy: median(samplesUs) });
    },
  });
});
