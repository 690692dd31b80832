import type { RequirementHash } from '../requirements/parse-requirements.js';

export interface RecordLine {
  readonly path: string;
  readonly hash?: { readonly algorithm: RequirementHash['algorithm']; readonly digest: string };
}

/** Two paths of an archive would fit. */
const ROW_LENGTH_MAX = 4096;

/** Reads one line of RECORD (PEP 376 as wheels use it): path, hash, size. Undefined when it is none. */
export function parseRecordLine(row: string): RecordLine | undefined {
  const found = row.length > ROW_LENGTH_MAX ? undefined : cells(row);
  if (found === undefined || found.length > 3) return undefined;
  const [path = '', hash = ''] = found;
  const [, algorithm, digest = ''] = /^(sha256|sha384|sha512)=([A-Za-z0-9_-]+)=*$/.exec(hash) ?? [];
  // A weaker hash of old proves nothing: the line then counts as one without.
  const isWeak = /^(md5|sha1|sha224)=[A-Za-z0-9_-]+=*$/.test(hash);
  if (path === '' || (hash !== '' && algorithm === undefined && !isWeak)) return undefined;
  if (algorithm === undefined) return { path };
  return { path, hash: { algorithm: algorithm as RequirementHash['algorithm'], digest } };
}

/** The cells of one comma-separated row; a cell in quotes may hold commas, and quotes doubled. */
function cells(row: string): readonly string[] | undefined {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    const isQuoted = row[at] === '"';
    let end = isQuoted ? closingQuote(row, at + 1) : row.indexOf(',', at);
    if (isQuoted && end === -1) return undefined;
    if (end === -1) end = row.length;
    found.push(isQuoted ? row.slice(at + 1, end).replaceAll('""', '"') : row.slice(at, end));
    at = isQuoted ? end + 1 : end;
    if (at === row.length) return found;
    if (row[at] !== ',') return undefined;
    at += 1;
  }
}

function closingQuote(row: string, from: number): number {
  for (let at = row.indexOf('"', from); at !== -1; at = row.indexOf('"', at + 2)) if (row[at + 1] !== '"') return at;
  return -1;
}
