import type { ArchiveEntry } from './archive.js';
import { quote, refusal } from './refusal.js';

interface Place {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly declared: boolean;
}

/**
 * Refuses archives that would unpack differently on another file system: the same path twice, paths that differ only
 * in case or Unicode composition, and a path that is both a file and a folder.
 *
 * @throws RunnerError invalid_zip
 */
export function checkCollisions(entries: readonly Pick<ArchiveEntry, 'path' | 'kind'>[]): void {
  const places = new Map<string, Place>();
  for (const { path, kind } of entries) {
    for (const folder of foldersAbove(path)) take(places, { path: folder, kind: 'folder', declared: false }, path);
    take(places, { path, kind, declared: true }, path);
  }
}

function take(places: Map<string, Place>, place: Place, entry: string): void {
  const key = foldedKey(place.path);
  const there = places.get(key);
  if (there === undefined) {
    places.set(key, place);
    return;
  }
  if (there.path !== place.path) {
    throw refusal('collision', `collides with ${quote(there.path)}: only case or Unicode form differ`, entry);
  }
  if (there.kind !== place.kind)
    throw refusal('file_and_folder', `needs ${quote(place.path)} as file and as folder`, entry);
  if (there.declared && place.declared) throw refusal('duplicate', 'is there twice', entry);
  if (place.declared) places.set(key, place);
}

/** One key for all spellings that some file system takes for the same name. */
export function foldedKey(path: string): string {
  return path.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');
}

function* foldersAbove(path: string): Generator<string> {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) yield path.slice(0, slash);
}
