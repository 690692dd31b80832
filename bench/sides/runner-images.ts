import { serveSide } from '../harness/serve-side.js';
import { timeEach } from '../harness/timing.js';
import type { CallSucceeded, ImageReservation, RawImage } from '../../src/index.js';
import { openPrepared } from '../packages/prepared.js';
import type { Prepared } from '../packages/prepared.js';

export interface RunnerImagesOptions {
  readonly prepared: Prepared;
  readonly width: number;
  readonly height: number;
}

type Look = 'none' | 'view' | 'array';

/** Calls with a raw image, with a reserved one and without, to an algorithm that takes it as a view, as an array, or not at all. */
serveSide<RunnerImagesOptions>(async ({ prepared, width, height }) => {
  const runner = await openPrepared(prepared, {});
  const flow = runner.openFlow({ pid: prepared.pid });
  const image: RawImage = { data: gradient(width * height * 3), width, height, channels: 3, colorSpace: 'RGB' };
  const { data: _data, ...shape } = image;
  const call = async (look: Look, given: RawImage | ImageReservation = image): Promise<CallSucceeded> => {
    const result = await flow.execute(1, look === 'none' ? { params: { look } } : { params: { look }, image: given });
    if (result.status === 'OK') return result;
    throw new Error(`a call ended as ${result.outcome}: ${result.fault.message}`);
  };
  /** The driver has written its frame; what is measured is what the Runner adds to that. */
  const reserved = async (): Promise<ImageReservation> => {
    const reservation = runner.reserveImage(shape, { pid: prepared.pid });
    reservation.pixels.set(image.data);
    await reservation.commit();
    return reservation;
  };
  for (const look of ['view', 'array'] as const) mustBeSeen(await call(look), image);
  const kept = await reserved();
  mustBeSeen(await call('view', kept), image);

  return {
    async round(size) {
      const without = await timeEach(size, () => call('none'));
      const view = await timeEach(size, () => call('view'));
      const array = await timeEach(size, () => call('array'));
      const held = await timeEach(size, () => call('view', kept));
      return { view: view.p50 - without.p50, array: array.p50 - without.p50, reserved: held.p50 - without.p50 };
    },
    async close() {
      kept.release();
      flow.close();
      await runner.close();
    },
  };
});

const gradient = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, i) => (i * 31) % 251);

/** The algorithm says which pixels it saw: an image that never arrived would be handed over quickest of all. */
function mustBeSeen({ debug }: CallSucceeded, { data }: RawImage): void {
  const { first, last } = debug as { first?: readonly number[]; last?: readonly number[] };
  const seen = [...(first ?? []), ...(last ?? [])].join();
  const sent = [...data.subarray(0, 3), ...data.subarray(-3)].join();
  if (seen !== sent) throw new Error(`the algorithm saw ${seen}, sent was ${sent}`);
}
