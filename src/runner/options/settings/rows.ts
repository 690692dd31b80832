import { releaseOf } from '../../../../machines/release.js';
import type { ReleaseKey } from '../../../../machines/release.js';
import { isObject } from '../../../base/json/index.js';
import { policyShape } from './policy-schema.js';
import { SETTINGS_DEFAULTS } from './settings-schema.js';
import type { Settings } from './settings-schema.js';

/** One setting as it is in effect: pure, from the file and the defaults. */
export interface SettingRow {
  /** `timings.helloMs` */
  readonly setting: string;
  /** Null: none, or as the machine has it. */
  readonly value: unknown;
  readonly default: unknown;
  /** `default`, or the place in settings.json that says it: `timings.helloMs`, `releases.screw-check.timings.helloMs`. */
  readonly origin: string;
}

/**
 * What is in effect for a Runner that passes no options of its own, and for one release of it.
 *
 * @param release `name` or `name@version`; the settings of the Runner when left out
 */
export function settingRows(settings: Settings, release?: ReleaseKey): readonly SettingRow[] {
  const layers = layersOf(settings, release);
  const paths = new Map<string, unknown>(leavesOf(SETTINGS_DEFAULTS));
  for (const { tree } of layers) for (const [path] of leavesOf(tree)) if (!paths.has(path)) paths.set(path, null);
  return [...paths].flatMap(([path, otherwise]): SettingRow[] => {
    if (release !== undefined && !isOfReleases(path)) return [];
    const own = layers.find(({ tree }) => valueAt(tree, path) !== undefined);
    if (path === CONFIRM) return [confirmRow(layers, otherwise)];
    if (own === undefined) return [{ setting: path, value: otherwise, default: otherwise, origin: 'default' }];
    const origin = `${own.prefix}${path}`;
    return [{ setting: path, value: valueAt(own.tree, path), default: otherwise, origin }];
  });
}

const [HELLO, CONFIRM] = ['timings.helloMs', 'timings.confirmMs'] as const;

/** More time for the hello is more for the whole start, where that is not said at the same place (`timingsOn`). */
function confirmRow(layers: readonly Layer[], otherwise: unknown): SettingRow {
  const groups = [layers.filter(({ prefix }) => prefix !== ''), layers.filter(({ prefix }) => prefix === '')];
  const said = (group: readonly Layer[], path: string) => {
    const found = group.find(({ tree }) => valueAt(tree, path) !== undefined);
    return found === undefined
      ? undefined
      : { value: Number(valueAt(found.tree, path)), origin: `${found.prefix}${path}` };
  };
  let row = { value: Number(otherwise), origin: 'default' };
  for (const group of groups.reverse()) {
    const hello = said(group, HELLO);
    row = said(group, CONFIRM) ?? (hello !== undefined && hello.value > row.value ? hello : row);
  }
  return { setting: CONFIRM, default: otherwise, ...row };
}

interface Layer {
  /** Where it lies in the file. */
  readonly prefix: string;
  readonly tree: object;
}

/** From the special to the general. */
function layersOf({ releases = {}, ...own }: Settings, release: ReleaseKey | undefined): readonly Layer[] {
  const known = new Map<string, object>(Object.entries(releases));
  const keys = release === undefined ? [] : release.includes('@') ? [release, releaseOf(release).name] : [release];
  const special = keys.flatMap((key) => {
    const tree = known.get(key);
    return tree === undefined ? [] : [{ prefix: `releases.${key}.`, tree }];
  });
  return [...special, { prefix: '', tree: own }];
}

/** Values by their path; a list is a value. Variables of an environment have names of their own. */
function leavesOf(tree: object, prefix = ''): readonly (readonly [path: string, value: unknown])[] {
  return Object.entries(tree).flatMap(([key, value]): readonly (readonly [string, unknown])[] =>
    isObject(value) ? leavesOf(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value]],
  );
}

function valueAt(tree: object, path: string): unknown {
  const parts = path.split('.');
  let at: unknown = tree;
  for (const [i, part] of parts.entries()) {
    if (!isObject(at)) return undefined;
    const known = new Map<string, unknown>(Object.entries(at));
    // A name with a dot in it is a name all the same.
    const rest = parts.slice(i).join('.');
    if (known.has(rest)) return known.get(rest);
    at = known.get(part);
  }
  return undefined;
}

const isOfReleases = (path: string): boolean => {
  const [group = '', name = ''] = path.split('.');
  return group === 'images' ? name === 'undecoded' : Object.hasOwn(policyShape, group);
};
