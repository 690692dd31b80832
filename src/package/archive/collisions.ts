import type { LoopBreaks } from '../loop-breaks.js';
import type { ArchiveEntry } from './archive.js';
import { quote, refusal } from './refusal.js';

/** One file or folder, and what lies in it by folded name. */
interface Place {
  readonly name: string;
  /** Whose path it was first seen in, and how far up in it. */
  readonly entry: string;
  readonly depth: number;
  kind: 'file' | 'folder';
  isDeclared: boolean;
  readonly inside: Map<string, Place>;
}

/**
 * Refuses archives that would unpack differently on another file system or look alike to a person: the same path twice,
 * paths that differ only in case, Unicode form or by what cannot be seen, and a path that is both a file and a folder.
 *
 * @throws RunnerError invalid_zip
 */
export async function checkCollisions(
  entries: readonly Pick<ArchiveEntry, 'path' | 'kind'>[],
  breaks: LoopBreaks,
  placesMax: number,
): Promise<void> {
  let places = 0;
  const root = new Map<string, Place>();
  for (const { path, kind } of entries) {
    const segments = path.split('/');
    let inside = root;
    for (const [depth, name] of segments.entries()) {
      const isLast = depth === segments.length - 1;
      const place = { name, depth, entry: path, kind: isLast ? kind : ('folder' as const), isDeclared: isLast };
      const before = inside.size;
      const taken = take(inside, place);
      places += inside.size - before;
      inside = taken.inside;
    }
    // Folders that are only implied are made all the same, and thirty of them cost an archive nothing.
    if (places > placesMax) throw refusal('entry_count', `needs more than ${placesMax} files and folders`);
    await breaks.pause();
  }
}

function take(places: Map<string, Place>, place: Omit<Place, 'inside'>): Place {
  const { entry } = place;
  const key = foldedKey(place.name);
  const there = places.get(key);
  if (there === undefined) {
    const made: Place = { ...place, inside: new Map() };
    places.set(key, made);
    return made;
  }
  if (there.name !== place.name) {
    throw refusal('collision', `collides with ${quote(pathOf(there))}: what differs cannot be relied on`, entry);
  }
  if (there.kind !== place.kind)
    throw refusal('file_and_folder', `needs ${quote(pathOf(place))} as file and as folder`, entry);
  if (there.isDeclared && place.isDeclared) throw refusal('duplicate', 'is there twice', entry);
  there.isDeclared ||= place.isDeclared;
  return there;
}

const pathOf = ({ entry, depth }: Pick<Place, 'entry' | 'depth'>): string =>
  entry
    .split('/')
    .slice(0, depth + 1)
    .join('/');

/** One key for all spellings that some file system or reader takes for the same name, or that nobody can tell apart. */
export function foldedKey(path: string): string {
  if (PLAIN.test(path)) return path.toLowerCase();
  return path
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\p{Zs}/gu, ' ')
    .replace(/[<>"|?*]/g, '_')
    .normalize('NFD')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFC');
}

const PLAIN = /^[\w./-]*$/;
