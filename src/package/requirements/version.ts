/** A version of PEP 440, taken apart. Numbers are bigint: some projects count builds by date and time. */
export interface Version {
  readonly text: string;
  readonly epoch: bigint;
  readonly release: readonly bigint[];
  readonly pre?: { readonly phase: 'a' | 'b' | 'rc'; readonly number: bigint };
  readonly post?: bigint;
  readonly dev?: bigint;
  readonly local?: readonly (bigint | string)[];
}

const PATTERN = new RegExp(
  '^v?(?:(?<epoch>\\d+)!)?(?<release>\\d+(?:\\.\\d+)*)' +
    '(?:[-_.]?(?<phase>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<pre>\\d+)?)?' +
    '(?:-(?<dashPost>\\d+)|(?<postWord>[-_.]?(?:post|rev|r))[-_.]?(?<post>\\d+)?)?' +
    '(?:(?<devWord>[-_.]?dev)[-_.]?(?<dev>\\d+)?)?' +
    '(?:\\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$',
  'i',
);

const PHASES: Readonly<Record<string, 'a' | 'b' | 'rc'>> = {
  a: 'a',
  alpha: 'a',
  b: 'b',
  beta: 'b',
  c: 'rc',
  rc: 'rc',
  pre: 'rc',
  preview: 'rc',
};

/** The longest real ones count builds by date and commit. */
const VERSION_LENGTH_MAX = 256;

/** Undefined for what is not a version of PEP 440. */
export function parseVersion(text: string): Version | undefined {
  if (text.length > VERSION_LENGTH_MAX) return undefined;
  const groups = PATTERN.exec(text.trim())?.groups;
  if (groups === undefined) return undefined;
  const phase = PHASES[groups['phase']?.toLowerCase() ?? ''];
  const post = groups['dashPost'] ?? (groups['postWord'] === undefined ? undefined : (groups['post'] ?? '0'));
  const dev = groups['devWord'] === undefined ? undefined : (groups['dev'] ?? '0');
  const local = groups['local']?.toLowerCase().split(/[-_.]/);
  return {
    text: text.trim(),
    epoch: BigInt(groups['epoch'] ?? 0),
    release: (groups['release'] ?? '').split('.').map(BigInt),
    ...(phase === undefined ? {} : { pre: { phase, number: BigInt(groups['pre'] ?? 0) } }),
    ...(post === undefined ? {} : { post: BigInt(post) }),
    ...(dev === undefined ? {} : { dev: BigInt(dev) }),
    ...(local === undefined ? {} : { local: local.map((part) => (/^\d+$/.test(part) ? BigInt(part) : part)) }),
  };
}

export const isPrerelease = ({ pre, dev }: Version): boolean => pre !== undefined || dev !== undefined;

/** The version without its local part. */
export function publicOf(version: Version): Version {
  const { local: _local, ...rest } = version;
  return rest;
}

/** Epoch and release alone. */
export const baseOf = ({ text, epoch, release }: Version): Version => ({ text, epoch, release });

/** Below 0 when `a` comes before `b` in the order of PEP 440. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compare(a.epoch, b.epoch) ||
    compareParts(a.release, b.release) ||
    compareParts(preKey(a), preKey(b)) ||
    compare(a.post ?? -1n, b.post ?? -1n) ||
    compareParts(devKey(a), devKey(b)) ||
    compareLocals(a.local, b.local)
  );
}

const compare = <T extends bigint | number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** `1.0` and `1` are equal: the shorter is filled with zeros. */
function compareParts(a: readonly bigint[], b: readonly bigint[]): number {
  for (let place = 0; place < Math.max(a.length, b.length); place += 1) {
    const order = compare(a[place] ?? 0n, b[place] ?? 0n);
    if (order !== 0) return order;
  }
  return 0;
}

/** `1.0.dev1` < `1.0a1` < `1.0rc1` < `1.0`: a bare dev release stands before every pre-release. */
function preKey({ pre, post, dev }: Version): bigint[] {
  if (pre !== undefined) return [{ a: 1n, b: 2n, rc: 3n }[pre.phase], pre.number];
  return post === undefined && dev !== undefined ? [0n] : [4n];
}

const devKey = ({ dev }: Version): bigint[] => (dev === undefined ? [1n] : [0n, dev]);

/** No local part comes first; numbers come after words; a longer one after its beginning. */
function compareLocals(a: Version['local'], b: Version['local']): number {
  if (a === undefined || b === undefined) return compare(a === undefined ? 0 : 1, b === undefined ? 0 : 1);
  for (let place = 0; place < Math.min(a.length, b.length); place += 1) {
    const order = compareLocalParts(a[place] ?? '', b[place] ?? '');
    if (order !== 0) return order;
  }
  return compare(a.length, b.length);
}

function compareLocalParts(a: bigint | string, b: bigint | string): number {
  const isWord = (part: bigint | string): number => (typeof part === 'string' ? 0 : 1);
  return compare(isWord(a), isWord(b)) || compare(a, b);
}
