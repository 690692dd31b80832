import { own } from '../../../machines/own.js';
import { fallsShort, goesOn, takeUp } from '../../../machines/take-up.js';
import { resolve } from 'node:path';
import type { Standing, Target } from '../../../machines/package.events.js';
import type { LifecycleState, ReleaseKey } from '../../../machines/release.js';
import type { Progress, Timer } from '../../effects/index.js';
import { fault, RunnerError, tell, toFault } from '../../base/errors/index.js';
import type { Fault } from '../../base/errors/index.js';
import type { ValidationReport } from '../../package/index.js';
import type { ImportedZip, ZipLooks } from '../../store/index.js';
import type { Commands } from '../changes/commands.js';
import type { Host } from '../host/host.js';
import type { By, Operations } from '../changes/operations.js';
import type { RunnerOptions } from '../options/options.js';
import { lifecycleOf, settledStanding } from '../host/release-status.js';

export interface InstallOptions extends By {
  /** How far the release goes: an explicit install goes on to Running (contract §3.3). */
  readonly target?: Target;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Installed {
  readonly release: ReleaseKey;
  readonly state: LifecycleState;
  readonly report: ValidationReport | null;
}

/** One zip as a scan found it. */
export interface ScannedZip {
  readonly zip: string;
  readonly release: ReleaseKey | null;
  /** `new`: taken up; `known`: in the registry already; `forgotten`: uninstalled before; `settling`: still copied. */
  readonly found: 'new' | 'known' | 'forgotten' | 'settling' | 'conflict';
  readonly state: LifecycleState | null;
  readonly fault: Fault | null;
}

const SCAN_INTERVAL_MS = 5_000;
const ZIP_SETTLE_MS = 2_000;

/**
 * How zips become releases: handed in by a person, or found lying in the archive (contract §3.3, §9).
 *
 * INVARIANTS
 * - One scan at a time; a zip that is still being copied is left for the next one.
 * - A release is never given other content while it is there; a zip that was uninstalled is taken up only when asked.
 * - Whoever hands in a zip that is being installed joins that installation; the package machine goes as far as the one
 *   who wants it furthest. A zip is removed only when nobody uses it.
 */
export class Importer {
  readonly #host: Host;
  readonly #commands: Commands;
  readonly #operations: Operations;
  readonly #options: RunnerOptions;
  readonly #looks: ZipLooks = new Map();
  #timer: Timer | undefined;
  #scanning: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(host: Host, commands: Commands, operations: Operations, options: RunnerOptions) {
    this.#host = host;
    this.#commands = commands;
    this.#operations = operations;
    this.#options = options;
  }

  /** Two steps, because only the zip says which release it is; recovery has to know it by name. */
  async install(zip: string, options: InstallOptions): Promise<Installed> {
    const by: By = options.who === undefined ? {} : { who: options.who };
    const asked = { ...by, what: 'install', subject: zip };
    const received = await this.#operations.prepare(asked, () => this.#receive(resolve(zip)));
    const request = { ...by, what: 'install', subject: received.key, details: { zip: received.zip } };
    return this.#operations.run(request, () => this.#installReceived(received, options));
  }

  async #receive(path: string): Promise<ImportedZip & { readonly key: ReleaseKey }> {
    const { zips } = this.#host;
    const taken = await zips.import(path);
    try {
      const { key } = await zips.identify(taken.path, taken.sha256);
      return { ...taken, key };
    } catch (error) {
      await this.#giveBack(taken.zip);
      throw error;
    }
  }

  /** The zip stays where a release is made of it. */
  async #giveBack(zip: string): Promise<void> {
    const { services, zips } = this.#host;
    const kept = [...services.releases.values()].some((file) => file.zip === zip);
    await zips.release(zip, kept).catch(() => undefined); // what cannot be removed is found by the next scan
  }

  async #installReceived(
    { key, zip, sha256 }: ImportedZip & { readonly key: ReleaseKey },
    options: InstallOptions,
  ): Promise<Installed> {
    try {
      await this.#host.services.registry.recall(sha256);
      this.#takeUp(key, zip, sha256, options.target ?? 'Running', true);
    } finally {
      await this.#giveBack(zip);
    }
    return this.#untilSettled(key, options);
  }

  scan(): Promise<readonly ScannedZip[]> {
    if (this.#stopped) return Promise.reject(new RunnerError('runner_closed', 'The Runner is closing or closed.'));
    const work = this.#scanning.then(() => this.#scanOnce());
    this.#scanning = work.catch(() => undefined);
    return work;
  }

  /** A first look now, the next ones at intervals; nobody waits for them. */
  scanRegularly(): void {
    const intervalMs = this.#options.scanIntervalMs ?? SCAN_INTERVAL_MS;
    if (intervalMs === 0) return;
    const { clock } = this.#host.services;
    const look = (): void => {
      this.scan().catch(() => undefined);
      this.#timer = clock.setTimeout(look, intervalMs);
      this.#timer.unref();
    };
    look();
  }

  /** Nothing new is taken up from here; a scan under way ends by itself. */
  stop(): void {
    this.#stopped = true;
    this.#host.services.clock.clearTimeout(this.#timer);
  }

  async #scanOnce(): Promise<readonly ScannedZip[]> {
    const { services } = this.#host;
    const settleMs = this.#options.zipSettleMs ?? ZIP_SETTLE_MS;
    const { zips, settling } = await this.#host.zips.scan({ settleMs, looks: this.#looks });
    const found: ScannedZip[] = settling.map(({ zip }) => ({
      zip,
      release: null,
      found: 'settling',
      state: null,
      fault: null,
    }));
    for (const { zip, path, sha256 } of zips) {
      const known = [...services.releases.values()].find((file) => file.sha256 === sha256)?.key;
      if (known !== undefined) {
        await this.#goOn(known);
        found.push({ zip, release: known, found: 'known', state: lifecycleOf(this.#host, known), fault: null });
      } else if (services.registry.isForgotten(sha256)) {
        found.push({ zip, release: null, found: 'forgotten', state: null, fault: null });
      } else {
        found.push(await this.#takeUpFound(zip, path, sha256));
      }
    }
    return found;
  }

  /** A release that was left Validated, by a kill or a policy that has changed, goes on to Deployed. */
  async #goOn(key: ReleaseKey): Promise<void> {
    const standing = own(this.#host.actor.getSnapshot().context.standings, key);
    if (!goesOn(standing, this.#options.autoDeploy ?? true)) return;
    this.#commands.package(key, { type: 'package.deploy', target: 'Deployed' });
    await settledStanding(this.#host, key);
  }

  async #takeUpFound(zip: string, path: string, sha256: string): Promise<ScannedZip> {
    const { key } = await this.#host.zips.identify(path, sha256);
    try {
      this.#takeUp(key, zip, sha256, (this.#options.autoDeploy ?? true) ? 'Deployed' : 'Validated', false);
      const settled = await settledStanding(this.#host, key);
      return { zip, release: key, found: 'new', state: settled?.state ?? null, fault: settled?.fault ?? null };
    } catch (error) {
      return { zip, release: key, found: 'conflict', state: null, fault: toFault(error) };
    }
  }

  /**
   * A zip becomes the file of a release, new or to be checked again.
   *
   * @throws RunnerError already_installed when the release is there with other content
   */
  #takeUp(key: ReleaseKey, zip: string, sha256: string, target: Target, asked: boolean): void {
    const { services, actor } = this.#host;
    if (this.#stopped) throw new RunnerError('runner_closed', 'The Runner is closing or closed.');
    const known = services.releases.get(key);
    const standing = own(actor.getSnapshot().context.standings, key);
    const taken = takeUp({
      standing,
      known: known === undefined ? 'not' : known.sha256 === sha256 ? 'same_content' : 'other_content',
      isAsked: asked,
      target,
    });
    if (taken.outcome === 'conflict') throw otherContent(key, known?.sha256 ?? '', sha256, standing);
    if (taken.isNew)
      services.releases.set(key, {
        key,
        zip,
        sha256,
        manifest: null,
        report: null,
        validated: null,
        deployStartedMs: 0,
      });
    const { next } = taken;
    if (next === 'find') actor.send({ type: 'package.found', key, target });
    else if (next === 'start') this.#commands.package(key, { type: 'package.start' });
    else if (next !== null) this.#commands.package(key, { type: `package.${next}`, target });
  }

  async #untilSettled(key: ReleaseKey, { target = 'Running', onProgress }: InstallOptions): Promise<Installed> {
    const listener = (progress: Progress): void => {
      if (progress.key === key) tell(onProgress, progress);
    };
    this.#host.onProgress.add(listener);
    try {
      const settled = await settledStanding(this.#host, key);
      const reached = settled?.state;
      if (settled === undefined || reached === undefined)
        throw new RunnerError('operation_conflict', `${key} was removed while it was being installed.`);
      const report = this.#host.services.releases.get(key)?.report ?? null;
      if (fallsShort(settled, target)) throw refusedWith(settled.fault ?? this.#unreached(key, reached), report);
      return { release: key, state: reached, report };
    } finally {
      this.#host.onProgress.delete(listener);
    }
  }

  #unreached(key: ReleaseKey, state: LifecycleState): Fault {
    return !this.#stopped
      ? fault('operation_conflict', `${key} was stopped on its way; it is ${state}.`)
      : fault('runner_closed', `The Runner was closed while ${key} was being installed; it is ${state}.`);
  }
}

function otherContent(key: ReleaseKey, installed: string, given: string, standing: Standing | undefined): RunnerError {
  const isUnderWay = standing?.resting === false && !standing.ready;
  return new RunnerError(
    'already_installed',
    `${key} is ${isUnderWay ? 'being installed' : 'already installed'} with other content.`,
    { details: { release: key, installed_sha256: installed, given_sha256: given } },
  );
}

/** The fault with the whole validation report, so that a caller sees every check and not the first alone. */
const refusedWith = (why: Fault, report: ValidationReport | null): RunnerError =>
  RunnerError.from(report === null ? why : { ...why, details: { ...why.details, report } });
