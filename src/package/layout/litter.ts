/*
 * What desktops and file servers leave among a person's files, without being asked: never part of a package.
 */

const FOLDERS =
  /^(__MACOSX|\.AppleDouble|\.Spotlight-V100|\.Trashes|\.TemporaryItems|\.fseventsd|\.DocumentRevisions-V100|\$RECYCLE\.BIN|System Volume Information|@eaDir|\.Trash-\d+)$/i;
/** `._main.py` holds what macOS knows of `main.py`; `.~lock.…#` is an office's, `.nfs…` a file removed while in use. */
const FILES =
  /^(\._.+|\.DS_Store|\.LSOverride|Icon\r|\.localized|Thumbs\.db(:encryptable)?|ehthumbs(_vista)?\.db|desktop\.ini|\.directory|\.~lock\..*#|\.nfs[0-9a-f]{8,})$/i;

/** @param path with `/` between folders */
export function isLitter(path: string): boolean {
  const segments = path.split('/');
  const name = segments.pop() ?? '';
  return FILES.test(name) || FOLDERS.test(name) || segments.some((segment) => FOLDERS.test(segment));
}
