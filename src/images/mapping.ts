/**
 * Maps a file into memory through koffi, where the host offers it.
 *
 * INVARIANTS
 * - A mapping that was unmapped gives its memory back at once, yet its address range stays readable and writable until
 *   its ArrayBuffer has been collected: whoever kept a view of it writes into throw-away pages, never into a crash.
 * - Only files that this process alone sizes are mapped, and only pages that were written before (see SegmentFile).
 */

export interface Mapping {
  readonly bytes: Uint8Array;
  unmap(): void;
}

/** Maps the first `sizeBytes` of a file, shared and writable; undefined where the kernel refuses. */
export type MapFile = (fd: number, sizeBytes: number) => Mapping | undefined;

/** Linux on x64 and arm64. */
const PROT_READ_WRITE = 0x3;
const MAP_SHARED = 0x01;
const MAP_PRIVATE = 0x02;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;
const MAP_NORESERVE = 0x4000;
const MAP_POPULATE = 0x8000;
const MAP_FAILED = -1;

interface Libc {
  mmap(address: number, sizeBytes: number, protection: number, flags: number, fd: number, offset: number): number;
  munmap(address: number, sizeBytes: number): number;
  view(address: number, sizeBytes: number): ArrayBuffer;
}

/** Undefined where koffi is not installed, does not load, or the runtime forbids memory of its own (Electron). */
export async function loadMapFile(): Promise<MapFile | undefined> {
  if (process.platform !== 'linux' || (process.arch !== 'x64' && process.arch !== 'arm64')) return undefined;
  try {
    return mapWith(await loadLibc());
  } catch {
    return undefined;
  }
}

async function loadLibc(): Promise<Libc> {
  const { default: koffi } = await import('koffi');
  const lib = koffi.load(null);
  const libc: Libc = {
    mmap: lib.func('mmap', 'intptr_t', ['intptr_t', 'size_t', 'int', 'int', 'int', 'int64_t']),
    munmap: lib.func('munmap', 'int', ['intptr_t', 'size_t']),
    view: koffi.view,
  };
  proveOnOnePage(libc);
  return libc;
}

/** A view that copies, or none at all, would only show when the first image is wrong. */
function proveOnOnePage(libc: Libc): void {
  const size = 4096;
  const address = libc.mmap(0, size, PROT_READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address === MAP_FAILED) throw new Error('mmap is refused');
  new Uint8Array(libc.view(address, size))[size - 1] = 0xa5;
  const seen = new Uint8Array(libc.view(address, size))[size - 1];
  libc.munmap(address, size);
  if (seen !== 0xa5) throw new Error('views of mapped memory are copies');
}

function mapWith(libc: Libc): MapFile {
  const collected = new FinalizationRegistry<{ address: number; sizeBytes: number }>(({ address, sizeBytes }) => {
    libc.munmap(address, sizeBytes);
  });
  return (fd, sizeBytes) => {
    // Populated, so that the first image does not pay for the page faults.
    const address = libc.mmap(0, sizeBytes, PROT_READ_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (address === MAP_FAILED) return undefined;
    const buffer = libc.view(address, sizeBytes);
    collected.register(buffer, { address, sizeBytes });
    return {
      bytes: new Uint8Array(buffer),
      unmap: () => {
        const throwAway = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE;
        libc.mmap(address, sizeBytes, PROT_READ_WRITE, throwAway, -1, 0);
      },
    };
  };
}
