import type { RunLife } from '../../api/store.js';

/** What became of the Runner that wrote a run, as an end of a sentence. */
export function lifeWords({ kind, atMs }: RunLife): string {
  const at = atMs === null ? '' : ` at ${new Date(atMs).toISOString()}`;
  switch (kind) {
    case 'closed':
      return `its Runner closed${at}`;
    case 'living':
      return 'its Runner works';
    case 'killed':
      return `its Runner was killed${at}, or soon after`;
    case 'unseen':
      return 'its Runner is on another host or in another container, and cannot be seen from here';
    case 'goes_on':
      return 'the run goes on in its next file';
    case 'cut':
      return 'the file was cut, or its Runner was killed';
  }
}

/** Whether what is last known of an actor is still so. */
export const isPresent = ({ kind }: RunLife): boolean => kind === 'living' || kind === 'unseen';
