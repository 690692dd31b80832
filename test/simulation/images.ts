import { RunnerError } from '../../src/errors/index.js';
import type { FilledLease, ImagePool, RawImage, EncodedImage } from '../../src/images/index.js';
import type { Troubles } from './troubles.js';

/** Shared memory for images: segments that are leased and given back, without a byte of them. */
export class SimulatedImages {
  leased = 0;
  readonly #segments: number;
  readonly #troubles: Troubles;
  #generation = 0;

  constructor(segments: number, troubles: Troubles) {
    this.#segments = segments;
    this.#troubles = troubles;
  }

  lease(image: RawImage | EncodedImage): FilledLease {
    if (this.leased >= this.#segments || this.#troubles.strikes('images_full'))
      throw new RunnerError('image_pool_full', `All ${this.#segments} image segments are on their way in calls.`);
    this.leased += 1;
    let ended = false;
    return {
      sharedMemId: `raw-${this.#generation % this.#segments}`,
      generation: ++this.#generation,
      slot: 0,
      meta: { width: image.width, height: image.height },
      refill: () => undefined,
      release: () => {
        if (ended) return false;
        ended = true;
        this.leased -= 1;
        return true;
      },
    };
  }

  get pool(): Pick<ImagePool, keyof ImagePool> {
    return {
      folder: '/dev/shm/simulated',
      reclaimed: { segments: 0, folders: 0 } as unknown as ImagePool['reclaimed'],
      lease: (image) => this.lease(image),
      reserve: () => {
        throw new Error('nobody reserves in the simulation');
      },
      stats: () => ({ mode: 'plain', free: this.#segments - this.leased, leased: this.leased, bytes: 0 }),
      close: () => undefined,
    };
  }
}
