import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { EnvironmentNeed } from '../interpreter/environment-need.js';
import { isLitter } from '../layout/litter.js';
import { PACKAGE_FILES } from '../layout/locate-package.js';
import type { Requirement } from '../requirements/parse-requirements.js';
import { SDK } from '../sdk.js';
import { downloadWheels } from './download-wheels.js';
import type { PackageOptions } from './package-options.js';
import type { SdkPlan } from './sdk-plan.js';

export interface Gathering {
  readonly project: string;
  readonly options: PackageOptions;
  readonly scratch: string;
  readonly target: EnvironmentNeed;
  readonly sdk: SdkPlan;
  readonly requirements: readonly Requirement[];
  /** Lines of requirements.txt that say where pip looks. */
  readonly pipOptions: readonly string[];
  python(): Promise<string>;
}

/** The wheels of a package, from file name to path. The project's own wheels win over fetched ones of the same name. */
export async function gatherWheels(gathering: Gathering): Promise<ReadonlyMap<string, string>> {
  const { project, options, scratch, target, sdk } = gathering;
  const own = join(project, PACKAGE_FILES.wheels);
  const requirements = gathering.requirements.filter(({ key }) => sdk.wheel === undefined || key !== SDK.key);
  const folders: string[] = [];
  if (options.skipDownload !== true && requirements.length > 0) {
    const python = await gathering.python();
    const findLinks = [own, ...(options.findLinks ?? [])].map((place) =>
      place.includes('://') ? place : resolve(place),
    );
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    folders.push(
      await downloadWheels({
        python,
        requirements,
        target,
        scratch,
        findLinks,
        pipOptions: gathering.pipOptions,
        project,
        offline: options.offline ?? false,
        ...signal,
      }),
    );
  }
  const wheels = new Map<string, string>();
  for (const folder of [...folders, own]) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) if (name.endsWith('.whl') && !isLitter(name)) wheels.set(name, join(folder, name));
  }
  if (sdk.wheel !== undefined) wheels.set(basename(sdk.wheel), sdk.wheel);
  return wheels;
}
