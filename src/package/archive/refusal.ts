import { RunnerError } from '../../errors/index.js';

/** What the policy looks at; `details.check` of a refusal is one of these. */
export type ArchiveCheck =
  | 'unreadable'
  | 'not_a_zip'
  | 'truncated'
  | 'directory'
  | 'multi_disk'
  | 'prepended_data'
  | 'hidden_data'
  | 'trailing_data'
  | 'zip_size'
  | 'entry_count'
  | 'unsafe_path'
  | 'absolute_path'
  | 'parent_path'
  | 'backslash'
  | 'name_encoding'
  | 'unicode_path'
  | 'name_length'
  | 'depth'
  | 'link'
  | 'special_file'
  | 'unsafe_mode'
  | 'kind_mismatch'
  | 'encrypted'
  | 'compression_method'
  | 'duplicate'
  | 'collision'
  | 'file_and_folder'
  | 'local_header'
  | 'descriptor'
  | 'zip64'
  | 'extra_field'
  | 'flags'
  | 'reserved_name'
  | 'overlap'
  | 'file_size'
  | 'total_size'
  | 'ratio'
  | 'size_mismatch'
  | 'corrupt_data'
  | 'crc'
  | 'changed';

/**
 * A zip that will not be touched: 2001 naming the entry and the check that failed.
 *
 * @param problem the end of a sentence that begins with the entry: "goes up out of the archive"
 */
export function refusal(check: ArchiveCheck, problem: string, entry?: string, cause?: unknown): RunnerError {
  const subject = entry === undefined ? 'The zip' : `The zip's entry ${quote(entry)}`;
  return new RunnerError('invalid_zip', `${subject} ${problem}.`, {
    details: entry === undefined ? { check } : { check, entry },
    ...(cause === undefined ? {} : { cause }),
  });
}

const SHOWN_CHARACTERS = 120;

/** A name from outside, fit for a log line: escaped, and cut where it gets long. */
export function quote(name: string): string {
  const shown = name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}…` : name;
  return JSON.stringify(shown);
}
