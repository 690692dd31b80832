import { parseVersion } from './version.js';

/**
 * The version of PEP 440 that comes closest to one that is none, for a hint: what stands behind the numbers becomes its
 * local part (`1.0-custom` → `1.0+custom`). Undefined where there is no number to begin with.
 */
export function nearVersion(text: string): string | undefined {
  if (parseVersion(text) !== undefined) return undefined;
  const [, numbers = '', rest = ''] = /^v?(\d+(?:\.\d+)*)(.*)$/i.exec(text) ?? [];
  const local = rest
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '.')
    .replaceAll(/^\.+|\.+$/g, '');
  const near = `${numbers}+${local}`;
  return parseVersion(near) === undefined ? undefined : near;
}
