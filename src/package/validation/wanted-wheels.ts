import { PACKAGE_FILES } from '../layout/locate-package.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Requirement } from '../requirements/parse-requirements.js';
import { SDK } from '../sdk.js';
import type { Wanted } from '../wheels/wanted.js';
import { findModule } from './find-module.js';

/**
 * Everything a package needs installed: its requirements and, for an entry point that runs through the SDK adapter,
 * the SDK, unless the package brings it as source.
 */
export function wantedWheels(
  requirements: readonly Requirement[],
  manifest: Manifest,
  files: ReadonlySet<string>,
): readonly Wanted[] {
  const wanted = requirements.map((requirement) => ({
    ...requirement,
    wantedBy: `${PACKAGE_FILES.requirements} line ${requirement.line}`,
  }));
  const needsSdk = manifest.entryPoint.kind === 'class' && !requirements.some(({ key }) => key === SDK.key);
  if (!needsSdk || findModule(SDK.module, files, false) !== undefined) return wanted;
  const { distribution, key } = SDK;
  const sdk: Wanted = {
    name: distribution,
    key,
    extras: [],
    specifiers: [],
    text: distribution,
    wantedBy: `the entry point ${manifest.entryPoint.text}`,
  };
  return [...wanted, sdk];
}
