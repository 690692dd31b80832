import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createRunner, storeLayout } from '../../src/index.js';
import { longestHoldDuring } from '../harness/loop-watch.js';
import { serveSide } from '../harness/serve-side.js';
import { quiet } from '../packages/prepared.js';

export type HoldOptions =
  | { readonly work: 'install'; readonly scratch: string; readonly python: string; readonly zip: string }
  | { readonly work: 'hash'; readonly scratch: string; readonly python: string; readonly zip: string }
  | { readonly work: 'scan'; readonly scratch: string; readonly python: string; readonly zips: readonly string[] }
  | { readonly work: 'open'; readonly store: string; readonly python: string };

/** For how long the event loop was held at a stretch while a Runner did this, at most. Each round has a store of its own. */
serveSide<HoldOptions>((options) =>
  Promise.resolve({
    async round() {
      if (options.work === 'open') return { hold: await holdWhileOpening(options.store, options.python) };
      const store = await mkdtemp(join(options.scratch, 'hold-'));
      const runner = await createRunner({ ...quiet(store, options.python), autoDeploy: false, zipSettleMs: 0 });
      try {
        switch (options.work) {
          case 'install':
            return { hold: await longestHoldDuring(() => runner.install(options.zip, { target: 'Deployed' })) };
          case 'hash':
            return { hold: await longestHoldDuring(() => runner.install(options.zip, { target: 'Validated' })) };
          case 'scan':
            for (const zip of options.zips) await copyFile(zip, join(storeLayout(store).zips, basename(zip)));
            return { hold: await longestHoldDuring(() => runner.scan()) };
        }
      } finally {
        await runner.close();
        await rm(store, { recursive: true });
      }
    },
  }),
);

async function holdWhileOpening(store: string, python: string): Promise<number> {
  let close = (): Promise<void> => Promise.resolve();
  const hold = await longestHoldDuring(async () => {
    const runner = await createRunner(quiet(store, python));
    close = () => runner.close();
  });
  await close();
  return hold;
}
