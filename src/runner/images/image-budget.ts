import { totalmem } from 'node:os';
import { RunnerError } from '../../base/errors/index.js';
import { isEncodedImage } from '../../images/index.js';
import type { CallImage } from '../../images/index.js';
import { settingHint } from '../../../machines/setting-hint.js';

/** Half of the machine's memory. */
export const DEFAULT_WAITING_BYTES_MAX = Math.floor(totalmem() / 2);

/**
 * The memory of images that calls hold, waiting or running. Segments are taken when a call is dispatched; what waits lies
 * in ordinary memory and has a limit of its own.
 *
 * INVARIANT: memory that several calls look at counts once, and a single image always fits.
 */
export class ImageBudget {
  readonly #bytesMax: number;
  readonly #held = new Map<ArrayBufferLike, number>();
  #bytes = 0;

  constructor(bytesMax: number = DEFAULT_WAITING_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /**
   * @returns gives it back, once
   * @throws RunnerError image_pool_full
   */
  hold(image: CallImage): () => void {
    const memory = memoryOf(image);
    if (memory === null) return nothing;
    const holders = this.#held.get(memory) ?? 0;
    if (holders === 0) {
      if (this.#bytes > 0 && this.#bytes + memory.byteLength > this.#bytesMax) throw this.#refusal();
      this.#bytes += memory.byteLength;
    }
    this.#held.set(memory, holders + 1);
    return () => this.#letGo(memory);
  }

  #letGo(memory: ArrayBufferLike): void {
    const holders = (this.#held.get(memory) ?? 1) - 1;
    if (holders > 0) return void this.#held.set(memory, holders);
    this.#held.delete(memory);
    this.#bytes = this.#held.size === 0 ? 0 : this.#bytes - memory.byteLength;
  }

  #refusal(): RunnerError {
    return new RunnerError('image_pool_full', `Images of ${this.#bytes} bytes wait for processes already.`, {
      hint: settingHint(
        'Call less often, run more processes or allow more memory',
        'instances',
        'images.waitingBytesMax',
      ),
      details: { reason: 'too_many_waiting', waiting_bytes: this.#bytes, waiting_bytes_max: this.#bytesMax },
    });
  }
}

/** A reservation has a limit of its own. */
function memoryOf(image: CallImage): ArrayBufferLike | null {
  if (isEncodedImage(image)) return image.bytes.buffer;
  return 'data' in image ? image.data.buffer : null;
}

const nothing = (): void => undefined;
