import { toFault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import type { Lease, ProcessImages } from '../../images/index.js';
import type { PendingCall } from '../calls.js';

/** @property isAwaited whether the attempt is still the one in flight: a large image takes more than one turn to write */
export interface Placing {
  readonly isAwaited: () => boolean;
  readonly onPlaced: () => void;
  /** There is nothing to look at. */
  readonly onRefused: (why: Fault) => void;
}

/** Puts a call's image where its process reads it, at the moment the call goes out. */
export function placeImage(images: Pick<ProcessImages, 'place'>, call: PendingCall, placing: Placing): void {
  if (call.image === null) return placing.onPlaced();
  call.lease?.release(); // the attempt before is over
  call.lease = null;
  const placed = (lease: Lease): void => {
    if (!placing.isAwaited()) return void lease.release();
    call.lease = lease;
    call.fields.sharedMemId = lease.sharedMemId;
    placing.onPlaced();
  };
  const refused = (error: unknown): void => {
    if (!placing.isAwaited()) return;
    call.refusal = toFault(error);
    placing.onRefused(call.refusal);
  };
  let lease: Lease | Promise<Lease>;
  try {
    lease = images.place(call.image);
  } catch (error) {
    return refused(error);
  }
  if (lease instanceof Promise) lease.then(placed, refused);
  else placed(lease);
}
