import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem, requireSpace } from '../../src/store/index.js';
import type { FileSystem } from '../../src/store/index.js';
import { refusalOf } from './support/refusal.js';

const GIB = 1024 ** 3;
const disk = (facts: object): FileSystem => ({
  ...nodeFileSystem,
  room: () => Promise.resolve({ freeBytes: GIB, freeEntries: 1e5, ...facts }),
});

describe('room on the disk', () => {
  it('is there for what is smaller, also on the real one', async () => {
    await requireSpace('/store', { bytes: GIB / 2, entries: 1000 }, 'Installing a@1', disk({}));
    await requireSpace(tmpdir(), { bytes: 1000, entries: 1 }, 'Installing a@1');
  });

  it('is missing by bytes: both numbers are told, and what to do', async () => {
    const error = await refusalOf(requireSpace('/store', { bytes: GIB, entries: 10 }, 'Installing a@1', disk({})));
    expect(error).toMatchObject({ code: '3019', details: { errno: 'ENOSPC', needed_bytes: GIB + 40_960 } });
    expect(error.message).toMatch(
      /^Installing a@1 takes 1073782784 bytes, and the file system of \/store has \d+ left/,
    );
    expect(error.hint).toContain('prune');
  });

  it('is missing by inodes, unless the file system makes them as it needs them', async () => {
    const need = { bytes: 1000, entries: 5000 };
    const error = await refusalOf(requireSpace('/store', need, 'Installing a@1', disk({ freeEntries: 3000 })));
    expect(error.message).toContain('5000 files and folders');
    await requireSpace('/store', need, 'Installing a@1', disk({ freeEntries: Number.POSITIVE_INFINITY }));
  });

  it('cannot be told of a folder that is not there', async () => {
    const error = await refusalOf(requireSpace('/nowhere', { bytes: 1, entries: 1 }, 'Installing a@1'));
    expect(error).toMatchObject({ code: '3019', details: { errno: 'ENOENT' } });
  });
});
