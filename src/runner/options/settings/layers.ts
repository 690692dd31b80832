import { releaseOf } from '../../../../machines/release.js';
import { isObject } from '../../../base/json/index.js';
import type { RunnerOptions } from '../options.js';
import { policyShape } from './policy-schema.js';
import type { Settings } from './settings-schema.js';

/**
 * A host's own options on top of those of settings.json, place by place: pure, and the only place that knows who wins.
 *
 * INVARIANTS
 * - What a host says of its Runner wins over what the file says of a release: options are nearer to the work than files.
 * - Within each, `name@version` wins over `name`, which wins over the Runner's own.
 * - Lists are replaced, not joined.
 */
export function withSettings(host: RunnerOptions, settings: Settings): RunnerOptions {
  const keys = new Set([...Object.keys(settings.releases ?? {}), ...Object.keys(host.releases ?? {})]);
  const merged = overlaid(withoutReleases(settings), withoutReleases(host)) as RunnerOptions;
  if (keys.size === 0) return merged;
  const entries = [...keys].map((key) => [key, layersFor(key, host, settings).reduce(overlaid, {})] as const);
  return { ...merged, releases: Object.fromEntries(entries) };
}

/** What is said of a release and of nothing else, from the general to the special. */
function layersFor(key: string, host: RunnerOptions, settings: Settings): readonly object[] {
  const ofFile = ownLayers(key, settings);
  const ofHost = [policyOf(host), ...ownLayers(key, host)];
  return [...ofFile, ...ofHost];
}

function ownLayers(key: string, { releases = {} }: Pick<Settings, 'releases'> | RunnerOptions): readonly object[] {
  const known = new Map<string, object>(Object.entries(releases));
  const keys = key.includes('@') ? [releaseOf(key).name, key] : [key];
  return keys.flatMap((name) => known.get(name) ?? []);
}

const withoutReleases = ({ releases: _, ...rest }: object & { readonly releases?: unknown }): object => rest;

/** Of a host's options those a release may have. */
function policyOf(options: RunnerOptions): object {
  const { images } = options;
  const own = Object.fromEntries(Object.entries(options).filter(([key]) => OF_RELEASES.has(key)));
  return images?.undecoded === undefined ? own : { ...own, images: { undecoded: images.undecoded } };
}

const OF_RELEASES: ReadonlySet<string> = new Set(Object.keys(policyShape).filter((key) => key !== 'images'));

/** The second on top of the first; what is undefined says nothing. */
function overlaid(base: object, own: object): object {
  const merged = new Map<string, unknown>(Object.entries(base));
  for (const [key, value] of Object.entries(own)) {
    if (value === undefined) continue;
    const before = merged.get(key);
    merged.set(key, isObject(before) && isObject(value) ? overlaid(before, value) : value);
  }
  return Object.fromEntries(merged);
}
