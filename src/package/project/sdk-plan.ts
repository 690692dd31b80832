import { basename } from 'node:path';
import { RunnerError } from '../../base/errors/index.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Requirement } from '../requirements/parse-requirements.js';
import { SDK } from '../sdk.js';
import { parseWheelName } from '../wheels/wheel-name.js';

/** What becomes of the SDK in a package. */
export interface SdkPlan {
  /** The wheel to put in. */
  readonly wheel?: string;
  readonly version: string;
  /** requirements.txt gets a line for it. */
  readonly isAdded: boolean;
  readonly warnings: readonly string[];
}

/** The SDK comes along by itself, unless the project pins another version of it. */
export function sdkFor(manifest: Manifest, requirements: readonly Requirement[], wheel: string | undefined): SdkPlan {
  const none = { version: '', isAdded: false, warnings: [] };
  if (wheel === undefined) return none;
  const name = parseWheelName(basename(wheel));
  if (name?.key !== SDK.key) throw new RunnerError('invalid_usage', `${wheel} is not a wheel of ${SDK.distribution}.`);
  const version = name.version.text;
  const pin = requirements.find(({ key }) => key === SDK.key);
  if (pin === undefined) return { wheel, version, isAdded: manifest.entryPoint.kind === 'class', warnings: [] };
  if (pin.version.text === version) return { wheel, version, isAdded: false, warnings: [] };
  return { ...none, warnings: [`the project pins ${pin.text}; the SDK at hand is ${version} and was not added`] };
}
