import { pointerTo } from '../../base/json/index.js';
import type { ManifestWarning } from './manifest.js';
import { PIDS_ADVISED } from './manifest-schema.js';
import type { ManifestInput } from './manifest-schema.js';

const COUNTS_FROM_0 = 'steps count from 0; they are called, and told to the algorithm, as counted from 1';

const STEPS_FROM_INFO = 'is missing; what get_info() says at the installation is recorded and used';

const SEMVER_LIKE = /^\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** What is accepted but better said to the author (contract §3.1). */
export function manifestWarnings(input: ManifestInput): readonly ManifestWarning[] {
  return [...nameWarnings(input), ...pidWarnings(input), ...stepWarnings(input)];
}

function* nameWarnings({ name, version }: ManifestInput): Generator<ManifestWarning> {
  if (/[A-Z]/.test(name)) {
    yield { code: 'upper_case_name', pointer: '/name', message: 'lower case is advised' };
  }
  if (!SEMVER_LIKE.test(version)) {
    yield { code: 'unusual_version', pointer: '/version', message: 'is not a semantic version such as "1.2.0"' };
  }
}

function* pidWarnings({
  supported_pids: pids,
  required_assets: assets = {},
}: ManifestInput): Generator<ManifestWarning> {
  if (pids.length > PIDS_ADVISED) {
    yield { code: 'many_pids', pointer: '/supported_pids', message: `${PIDS_ADVISED} at most are advised` };
  }
  for (const pid of Object.keys(assets)) {
    if (pids.includes(pid)) continue;
    const pointer = pointerTo(['required_assets', pid]);
    yield { code: 'assets_of_unknown_pid', pointer, message: 'is not one of supported_pids' };
  }
}

function* stepWarnings({ steps }: ManifestInput): Generator<ManifestWarning> {
  if (steps === undefined) {
    yield { code: 'steps_from_info', pointer: '/steps', message: STEPS_FROM_INFO };
    return;
  }
  const first = Math.min(...steps.map(({ index }) => index));
  if (first === 0) {
    yield { code: 'legacy_zero_based', pointer: '/steps', message: COUNTS_FROM_0 };
  }
  const sorted = steps.map(({ index }) => index).sort((a, b) => a - b);
  if (first > 1 || sorted.some((index, place) => index !== first + place)) {
    yield { code: 'step_gap', pointer: '/steps', message: `the indexes are ${sorted.join(', ')}, with a gap` };
  }
  for (const [place, { parameters }] of steps.entries()) {
    if (parameters === undefined) continue;
    const pointer = pointerTo(['steps', place, 'parameters']);
    yield { code: 'legacy_parameters', pointer, message: 'is the older name of "params"' };
  }
}
