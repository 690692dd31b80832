import { spawn } from 'node:child_process';
import { serveSide } from '../harness/serve-side.js';
import { median } from '../harness/statistics.js';

/** Floor of a start: `python3 -c "import json, threading"`, from the spawn to its exit. */
serveSide<{ readonly python: string }>(({ python }) => {
  const once = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const beganMs = performance.now();
      const child = spawn(python, ['-c', 'import json, threading'], {
        stdio: 'ignore',
        env: { PATH: process.env['PATH'] },
      });
      child.once('error', reject);
      child.once('exit', (code) => {
        if (code === 0) resolve(performance.now() - beganMs);
        else reject(new Error(`${python} ended with code ${code}`));
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
