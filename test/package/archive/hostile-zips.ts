import { BOMBS, LIES } from './hostile-data.js';
import { ENVELOPES } from './hostile-envelopes.js';
import { KINDS, TWINS } from './hostile-kinds.js';
import { NAMES } from './hostile-names.js';
import type { HostileZip } from './hostile-zip.js';

export const HOSTILE_ZIPS: readonly HostileZip[] = [...NAMES, ...KINDS, ...TWINS, ...LIES, ...BOMBS, ...ENVELOPES];
