/**
 * `host.ts <store> <zip> [stage]`: a Runner that installs and activates the zip, detects on an image, and says `ready`
 * and its image folder as JSON; with a stage, it says so as soon as the installation is at that stage. Meant to be
 * killed.
 */
import { createRunner } from '../../../src/index.js';

const [store = '', zip = '', stage] = process.argv.slice(2);
const runner = await createRunner({ store, scanIntervalMs: 0 });
const { folder: imageFolder } = runner.images;
let said = false;
const say = (): void => {
  if (!said) process.stdout.write(`${JSON.stringify({ imageFolder })}\n`);
  said = true;
};

const { release } = await runner.install(zip, {
  onProgress: (progress) => {
    if (progress.stage === stage) say();
  },
});
await runner.activate(release, ['A01']);
await runner.detect({ pid: 'A01', image: { width: 8, height: 8, channels: 1, data: new Uint8Array(64) } });
say();
setInterval(() => undefined, 1000);
