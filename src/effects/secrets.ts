/**
 * What is taken for a secret by its name, wherever values are written for others to read: logs of releases, what is handed
 * to support. One rule for all of them.
 *
 * INVARIANTS
 * - A name tells, never the value, but for passwords inside addresses.
 * - What is nested deeper than anybody nests on purpose is left out: a walk that ends says nothing about what is below.
 */
export const REDACTED = '[Redacted]';

/** Anywhere in a name: `db_password`, `PGPASSWORD`, `clientSecret`. */
const PARTS = [
  ...['password', 'passwd', 'passphrase', 'secret', 'credential', 'authorization', 'apikey', 'accesskey', 'privatekey'],
  ...['signingkey', 'encryptionkey', 'licensekey', 'licencekey', 'masterkey', 'connectionstring'],
];
/** Words of their own, else `tokenizer` and `author` were secrets. */
const WORDS = new Set(['token', 'pwd', 'auth', 'cookie', 'jwt']);
const DEPTH_MAX = 20;

/** Whether what goes by a name is nobody's business: an environment variable, a field, a setting. */
export function looksSecret(name: string): boolean {
  const compact = name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  if (PARTS.some((part) => compact.includes(part))) return true;
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/);
  return words.some((word) => WORDS.has(word.toLowerCase()));
}

/** The same data with every secret replaced by `[Redacted]`. */
export function withoutSecrets<T>(value: T, onRedacted: (path: string) => void = () => undefined): T {
  return cleaned(value, '', 0, onRedacted) as T;
}

function cleaned(value: unknown, path: string, depth: number, onRedacted: (path: string) => void): unknown {
  if (typeof value === 'string') return withoutPassword(value, path, onRedacted);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEPTH_MAX) return REDACTED;
  if (Array.isArray(value)) return value.map((item, i) => cleaned(item, `${path}[${i}]`, depth + 1, onRedacted));
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => {
      const at = path === '' ? key : `${path}.${key}`;
      if (!looksSecret(key)) return [key, cleaned(own, at, depth + 1, onRedacted)];
      onRedacted(at);
      return [key, REDACTED];
    }),
  );
}

/** `http://user:password@host`: the password of an address, as proxies and databases are named. */
const IN_ADDRESS = /:\/\/([^/\s:@]*):[^/\s@]+@/g;

function withoutPassword(text: string, path: string, onRedacted: (path: string) => void): string {
  if (!text.includes('://') || !text.includes('@')) return text;
  const safe = text.replace(IN_ADDRESS, `://$1:${REDACTED}@`);
  if (safe !== text) onRedacted(path);
  return safe;
}
