/**
 * A process that decodes one image after another. It is there to be lost: what an image does to it (a crash, all of the
 * memory, a loop without an end) happens to nobody else.
 *
 * INVARIANTS
 * - It ends with its Runner, however that ends: the channel between them closes.
 * - It answers every request once, or ends.
 */
import { closeSync, constants as fileConstants, openSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { RunnerError, toFault } from '../../base/errors/index.js';
import { goFirstOfAll } from '../../platform/index.js';
import { imageFault } from '../image-fault.js';
import { NPY_HEADER_BYTES, npyHeader } from '../npy.js';
import { namingFile, readImageFile } from '../read-image-file.js';
import { closeLoaders, decodeBytes } from './decode-bytes.js';
import type { RawImage } from '../image.js';
import { SCRATCH_FD } from './messages.js';
import type { FromDecoder, ToDecoder } from './messages.js';
import { readFully, writeFully } from './scratch.js';

/** Beside what an image of the largest size takes in all its forms. */
const MEMORY_BASE_BYTES = 512 * 1024 * 1024;
const MEMORY_BYTES_PER_PIXEL = 24;
const MEMORY_WATCH_MS = 50;

function giveWay(): void {
  // An image that waits is better than a call that does, and the decoder is the first to go when memory is short.
  goFirstOfAll();
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The host does not offer it.
  }
}

const answer = (message: FromDecoder) => process.send?.(message);

/** At once, whatever the library's threads are doing. */
const leave = () => process.kill(process.pid, 'SIGKILL');

async function decode(request: ToDecoder): Promise<FromDecoder> {
  const { source } = request;
  if (!('path' in source)) {
    return keep(await decodeBytes(await readFully(SCRATCH_FD, source.byteLength), request), request.into);
  }
  const bytes = await readImageFile(source.path, request.fileBytesMax);
  try {
    return await keep(await decodeBytes(bytes, request), request.into);
  } catch (error) {
    throw namingFile(source.path, error);
  }
}

async function keep(image: RawImage, into: string | null): Promise<FromDecoder> {
  const { width, height, channels, data, warnings } = image;
  try {
    if (into === null) await writeFully(SCRATCH_FD, data);
    else await writeSegment(into, image);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RunnerError('image_pool_full', `There is no memory for the pixels of an image: ${reason}.`, {
      details: { reason: 'memory_full', bytes: data.length },
    });
  }
  return { width, height, channels, ...(warnings === undefined ? {} : { warnings }) };
}

/** It is there and nobody else's: never made here, and no link is followed. */
async function writeSegment(path: string, image: RawImage): Promise<void> {
  const fd = openSync(path, fileConstants.O_WRONLY | fileConstants.O_NOFOLLOW | fileConstants.O_NONBLOCK);
  try {
    await writeFully(fd, npyHeader(image));
    await writeFully(fd, image.data, NPY_HEADER_BYTES);
  } finally {
    closeSync(fd);
  }
}

/** Calls back once if this process takes more memory than an image may. */
function watchMemory({ pixelsMax, fileBytesMax }: ToDecoder, exceeded: () => void): NodeJS.Timeout {
  const limit = MEMORY_BASE_BYTES + pixelsMax * MEMORY_BYTES_PER_PIXEL + fileBytesMax;
  return setInterval(() => process.memoryUsage.rss() > limit && exceeded(), MEMORY_WATCH_MS);
}

async function serve(request: ToDecoder): Promise<void> {
  const watch = watchMemory(request, () => {
    clearInterval(watch);
    const error = imageFault('decoding it takes more memory than an image of its size may');
    const { fault } = { fault: ('path' in request.source ? namingFile(request.source.path, error) : error).toFault() };
    process.send?.({ fault }, leave);
  });
  try {
    answer(await decode(request));
  } catch (error) {
    answer({ fault: toFault(error) });
  } finally {
    clearInterval(watch);
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', leave);
process.on('message', (request: ToDecoder) => void serve(request));
giveWay();
closeLoaders();
answer({ ready: true });
