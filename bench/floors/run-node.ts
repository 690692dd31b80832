import { spawn } from 'node:child_process';
import { serveSide } from '../harness/serve-side.js';
import { median } from '../harness/statistics.js';

/** A Node process with these words, from the spawn to its exit: `-e 0` is the floor of every program in it. */
serveSide<{ readonly words: readonly string[] }>(({ words }) => {
  const once = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const beganMs = performance.now();
      const child = spawn(process.execPath, words, { stdio: 'ignore', env: { PATH: process.env['PATH'] } });
      child.once('error', reject);
      child.once('exit', (code) => {
        if (code === 0) resolve(performance.now() - beganMs);
        else reject(new Error(`node ${words.join(' ')} ended with code ${code}`));
      });
    });
  return Promise.resolve({
    async round(size) {
      const samplesMs: number[] = [];
      for (let i = 0; i < size; i++) samplesMs.push(await once());
      return { start: median(samplesMs) };
    },
  });
});
