import { join } from 'node:path';
import { Option } from 'commander';
import { writeSupportBundle } from '../../api/support.js';
import type { SupportBundle } from '../../api/support.js';
import { countFrom1 } from '../arguments.js';
import { resultCommand } from '../command.js';
import { readsOf } from '../../api/store-reads.js';
import { wireDiagnosis } from '../../api/wire/diagnosis.js';
import { isFolder } from '../make-folder.js';
import { shownPath } from '../shown-path.js';
import { sizeText } from '../size-text.js';
import { wireStatus } from '../../api/wire/status.js';

interface Options {
  readonly out?: string;
  readonly maxMb: number;
}

const MIB = 1024 * 1024;

export const supportBundle = resultCommand<[], Options, SupportBundle>({
  options: [
    new Option('-o, --out <file>', 'a new file, or the folder it goes into; with gzip unless it ends in .tar'),
    new Option('--max-mb <n>', 'MiB it may hold before compression; the newest come first')
      .argParser(countFrom1)
      .default(256),
  ],

  async run({ store, signal, progress }, _args, { out = '.', maxMb }) {
    return writeSupportBundle(store, {
      output: (await isFolder(out)) ? join(out, ownName()) : out,
      bytesMax: maxMb * MIB,
      documents: {
        'doctor.json': async () => wireDiagnosis(await readsOf(store).doctor(progress)),
        'status.json': async () => wireStatus(await readsOf(store).status()),
      },
      signal,
      onProgress: (done, of) => progress('collecting', of === 0 ? 100 : Math.round((done / of) * 100)),
    });
  },

  json: ({ file, bytes, entries, leftOut, redacted }) => ({
    file,
    bytes,
    entries: entries.map(({ path, bytes: own, cutBytes }) => ({ path, bytes: own, cut_bytes: cutBytes })),
    left_out: leftOut,
    redacted,
  }),

  show: ({ file, bytes, entries, leftOut, redacted }) => ({
    lines: [shownPath(file)],
    warnings: leftOut
      .slice(0, SHOWN_MAX)
      .map(({ path, bytes: own, why }) => `left out: ${path}${own === null ? '' : ` (${sizeText(own)})`}: ${why}`),
    notes: [
      ...(leftOut.length > SHOWN_MAX ? [`left out: ${leftOut.length - SHOWN_MAX} more (bundle.json lists them)`] : []),
      ...(redacted.length === 0 ? [] : [`taken for secrets and left out: ${redacted.join(', ')}`]),
      `${entries.length} files, ${sizeText(entries.reduce((sum, entry) => sum + entry.bytes, 0))}, packed ${sizeText(bytes)}`,
      'no images, packages or code; logs and traces hold what algorithms printed: look through it before you send it',
    ],
  }),
});

const SHOWN_MAX = 10;

/** As the clock has it, without what file systems of others do not take. */
const ownName = (): string => `procvision-support-${new Date().toISOString().slice(0, 19).replace(/:/g, '-')}Z.tar.gz`;
