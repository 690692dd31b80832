import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { namesHint, RunnerError } from '../../base/errors/index.js';
import { storeLayout } from '../../store/index.js';

/** The files of each release's log, older first. A release that was uninstalled keeps its log. */
export async function findLogs(store: string, release: string | undefined): Promise<readonly (readonly string[])[]> {
  const folder = join(storeLayout(store).logs, 'algorithms');
  const releases = release === undefined ? await loggedReleases(folder) : [release];
  const logs = releases.map((key) => filesOf(folder, key));
  if (release !== undefined && logs[0]?.length === 0) throw noLog(release, await loggedReleases(folder));
  return logs.filter((files) => files.length > 0);
}

async function loggedReleases(folder: string): Promise<string[]> {
  const names = await list(folder);
  const versions = await Promise.all(names.map((name) => list(join(folder, name))));
  return names.flatMap((name, i) => (versions[i] ?? []).map((version) => `${name}@${version}`));
}

const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** Names and versions hold neither `@` nor a path (contract §3.1); what does is no release. */
function filesOf(folder: string, key: string): string[] {
  const at = key.indexOf('@');
  const parts = [key.slice(0, at), key.slice(at + 1)];
  if (parts.some((part) => /[/\\]|^\.\.?$/.test(part))) return [];
  return ['algorithm.jsonl.1', 'algorithm.jsonl']
    .map((name) => join(folder, ...parts, name))
    .filter((file) => existsSync(file));
}

const noLog = (release: string, logged: readonly string[]): RunnerError =>
  new RunnerError('release_not_found', `There is no log of ${release} in this store.`, {
    hint: namesHint(release, logged, 'No release has one: it begins with the first start of a release.'),
    details: { release },
  });
