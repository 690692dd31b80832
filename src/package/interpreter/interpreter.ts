import type { MarkerEnvironment } from '../requirements/marker.js';
import { compareVersions, parseVersion } from '../requirements/version.js';

/** A Python that answered its probe. Plain JSON. */
export interface Interpreter {
  /** The path it was found by; it may be a shim. */
  readonly path: string;
  /** `sys.executable`: what is run. */
  readonly executable: string;
  /** The same with links resolved. */
  readonly realExecutable: string;
  /** `3.11.7` */
  readonly version: string;
  /** `cpython`, `pypy`, … */
  readonly implementation: string;
  readonly prefix: string;
  /** Inside a virtual environment itself. */
  readonly isVirtual: boolean;
  /** Of the pip it sees under `-I`. */
  readonly pipVersion: string | null;
  /** Its pip can install into another environment: it is PIP_NEEDED or newer. */
  readonly canInstall: boolean;
  /** Wheel tags it accepts, best first. */
  readonly tags: readonly string[];
  readonly markers: MarkerEnvironment;
  /** What it has installed itself, where packages may use that (host policy); absent where they may not. */
  readonly systemPackages?: readonly SystemPackage[];
}

/** A distribution an interpreter has installed. */
export interface SystemPackage {
  /** As it compares (PEP 503). */
  readonly key: string;
  readonly version: string;
}

/** The first pip that installs into another environment (`--python`). */
export const PIP_NEEDED = '22.3';

export function pipCanInstall(pipVersion: string | null): boolean {
  const [has, needed] = [parseVersion(pipVersion ?? ''), parseVersion(PIP_NEEDED)];
  return has !== undefined && needed !== undefined && compareVersions(has, needed) >= 0;
}

/** `3.11` */
export const minorOf = ({ version }: Pick<Interpreter, 'version'>): string => version.split('.').slice(0, 2).join('.');
