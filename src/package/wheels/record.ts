import type { RequirementHash } from '../requirements/parse-requirements.js';

export interface RecordLine {
  readonly path: string;
  /** Missing only for RECORD itself and its signatures. */
  readonly hash?: { readonly algorithm: RequirementHash['algorithm']; readonly digest: string };
}

/** Reads RECORD (PEP 376 as wheels use it): path, hash, size. Undefined when a line is none of it. */
export function parseRecord(text: string): readonly RecordLine[] | undefined {
  const lines: RecordLine[] = [];
  for (const row of text.split(/\r?\n/)) {
    if (row === '') continue;
    const [path = '', hash = '', , ...more] = cells(row);
    const [, algorithm, digest = ''] = /^(sha256|sha384|sha512)=([A-Za-z0-9_-]+)=*$/.exec(hash) ?? [];
    if (path === '' || more.length > 0 || (hash !== '' && algorithm === undefined)) return undefined;
    lines.push({
      path,
      ...(algorithm === undefined ? {} : { hash: { algorithm: algorithm as RequirementHash['algorithm'], digest } }),
    });
  }
  return lines;
}

/** The cells of one comma-separated row; a cell in quotes may hold commas, and quotes doubled. */
function cells(row: string): string[] {
  return Array.from(row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );
}
