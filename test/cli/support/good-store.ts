import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePng } from '../../../src/index.js';
import type { Runner } from '../../../src/index.js';
import { scratchFolder } from '../../runner/support/folders.js';
import { rogueZip } from '../../runner/support/packages.js';
import { IMAGE, openRunner } from '../../runner/support/runners.js';

export interface GoodStore {
  readonly store: string;
  /** A PNG that its releases take. */
  readonly image: string;
}

/** What a store made by `makeGoodStore` may have beyond good@1.0.0, bound to A01, and good@2.0.0, deployed. */
interface More {
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly pids?: readonly string[];
  /** Done before its Runner closes. */
  readonly then?: (runner: Runner) => Promise<unknown>;
}

/** Where a store and an image will be once `makeGoodStore` made them. */
export function goodStore(): GoodStore {
  const folder = scratchFolder();
  return { store: join(folder, 'store'), image: join(folder, 'image.png') };
}

export async function makeGoodStore({ store, image }: GoodStore, more: More = {}): Promise<void> {
  const { manifest = {}, pids = ['A01'], then } = more;
  writeFileSync(image, await encodePng({ ...IMAGE, channels: 3 }));
  const runner = await openRunner({ store });
  await runner.install(rogueZip({ name: 'good', manifest }));
  await runner.install(rogueZip({ name: 'good', version: '2.0.0', manifest }), { target: 'Deployed' });
  await runner.activate('good@1.0.0', pids);
  await then?.(runner);
  await runner.close();
}
