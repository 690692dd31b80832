/** The options authors know (contract §11), as the library takes them. */
export interface PackageOptions {
  /** The zip, or an existing folder to put it into under its recommended name; the current folder when absent. */
  readonly output?: string;
  /** Another requirements file than the project's own. */
  readonly requirements?: string;
  readonly autoFreeze?: boolean;
  readonly wheelsPlatform?: string;
  readonly pythonVersion?: string;
  readonly implementation?: string;
  readonly abi?: string;
  /** Take the wheels the project has and no others. */
  readonly skipDownload?: boolean;
  /** The wheel of the SDK, which goes into every package by itself. */
  readonly sdkWheel?: string;
  /** Folders of wheels to look into. */
  readonly findLinks?: readonly string[];
  /** Never ask an index. */
  readonly offline?: boolean;
  /** The interpreter whose pip fetches; the first of this machine that can, when absent. */
  readonly python?: string;
  /** Package as another version than the manifest says. */
  readonly version?: string;
  readonly signal?: AbortSignal;
}
