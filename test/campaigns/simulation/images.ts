import { RunnerError } from '../../../src/base/errors/index.js';
import type { ImagePool, Lease, ProcessImages } from '../../../src/images/index.js';
import type { Troubles } from './troubles.js';

/** Shared memory for images: segments that are leased and given back, without a byte of them. */
export class SimulatedImages {
  leased = 0;
  readonly #troubles: Troubles;
  #processes = 0;

  constructor(troubles: Troubles) {
    this.#troubles = troubles;
  }

  enter(): ProcessImages {
    const open = new Set<Lease>();
    const images: Pick<ProcessImages, keyof ProcessImages> = {
      owner: 'simulated',
      folder: `/dev/shm/simulated/process-${(this.#processes += 1)}`,
      bytes: 0,
      place: () => {
        if (this.#troubles.strikes('images_full'))
          throw new RunnerError('image_pool_full', 'The memory behind the image pool is full.');
        if (open.size > 0) throw new Error('a process was given a second image while it has one');
        this.leased += 1;
        const lease: Lease = {
          sharedMemId: 'raw-00',
          release: () => {
            if (!open.delete(lease)) return false;
            this.leased -= 1;
            return true;
          },
        };
        open.add(lease);
        return lease;
      },
      trim: () => undefined,
      close: () => {
        for (const lease of open) lease.release();
      },
    };
    return images as ProcessImages;
  }

  get pool(): Pick<ImagePool, keyof ImagePool> {
    return {
      folder: '/dev/shm/simulated',
      reclaimed: { segments: 0, bytes: 0 },
      enter: () => this.enter(),
      decodedFile: () => null,
      reserve: () => {
        throw new Error('nobody reserves in the simulation');
      },
      stats: () => ({ leased: this.leased, free: 0, reserved: 0, bytes: 0 }),
      close: () => Promise.resolve(),
    };
  }
}
