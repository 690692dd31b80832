import type { AsideFile, LastRecovery, Operation } from '../../store/index.js';
import type { IsolationLevel } from '../../platform/index.js';
import type { HostCheck } from './host-checks.js';
import type { SegmentsFound } from './segments.js';
import type { StoreHolder } from './holder.js';
import type { StoreReport } from './store-checks.js';

/** Of each kind; programs get them all in the report. */
const SHOWN_MAX = 10;
const MIB = 1024 * 1024;

/** What is to be said of a store, in the words of the checks of the host. */
export function storeChecks(report: StoreReport): readonly HostCheck[] {
  const { store, exists, releases, boundPids, holder, lastRecovery, unreadable } = report;
  if (!exists) return [passed('store', `${store} does not exist yet`)];
  return [
    passed('store', `${store}: ${count(releases, 'release')}, ${count(boundPids, 'PID')} bound`),
    ...unreadable.map(({ message, hint }) => failed('store', message, hint)),
    ...shown(report.problems, (message) => warning('store', message)),
    ofHolder(holder),
    ...shown(report.isolations, ({ release, isolation }) => ofIsolation(release, isolation)),
    ...ofSharedUser(releases),
    ...shown(report.operations, (operation) => ofOperation(operation, holder)),
    ...(lastRecovery === null ? [] : ofRecovery(lastRecovery)),
    ...shown(report.faultedReleases, ({ release, state, fault }) =>
      warning(`release ${release}`, `${state}: ${fault.code} ${fault.message}`, fault.hint),
    ),
    ...shown(report.faultedRoutes, ({ pid, fault }) =>
      warning(`route ${pid}`, `${fault.code} ${fault.message}`, fault.hint),
    ),
    ...ofAside(store, report.aside),
    ...(report.segments === null ? [] : [ofSegments(report.segments, holder)]),
  ];
}

function ofHolder(holder: StoreHolder | null): HostCheck {
  const name = 'runner';
  if (holder === null) return passed(name, 'no Runner works on the store');
  const { osPid, host, since, life } = holder;
  const who = `process ${osPid} on host ${host}`;
  switch (life) {
    case 'live':
      return passed(name, `${who} works on the store, since ${since}`);
    case 'unknown':
      return warning(
        name,
        `${who} claimed the store, ${since}; whether it lives cannot be seen from here.`,
        'Look for it on that host, or in that container.',
      );
  }
}

function ofIsolation(release: string, isolation: IsolationLevel): HostCheck {
  const name = `isolation of ${release}`;
  if (isolation === 'namespace') return passed(name, isolation);
  return warning(name, `Its processes are isolated by ${isolation} only.`, 'See the check of this host’s isolation.');
}

function ofSharedUser(releases: number): readonly HostCheck[] {
  if (releases < 2) return [];
  const message = `All ${releases} releases run as one user: each can read and change the files and images of the others.`;
  return [
    warning('shared user', message, 'Run algorithms that must not trust each other under Runners of their own users.'),
  ];
}

function ofOperation(operation: Operation, holder: StoreHolder | null): HostCheck {
  const name = 'operation';
  const { what, subject, who, at, stage, details } = operation;
  const release = details?.['release'];
  const to = typeof release === 'string' && release !== subject ? ` to ${release}` : '';
  const told = `${what} of ${subject}${to} by ${who}, begun ${at}`;
  if (holder !== null) return passed(name, `${told}, is under way`);
  const died = `${told}, was under way when the Runner died`;
  switch (stage) {
    case 'begun':
      return warning(name, `${died}; nothing was decided.`, 'The next start undoes what is half done.');
    case 'committed':
      return warning(name, `${died}; it was decided, but not finished.`, 'The next start finishes it.');
    case 'undone':
      return warning(name, `${died}; it had failed and was undone.`, 'The next start notes that in the audit trail.');
  }
}

function ofRecovery(recovery: LastRecovery): readonly HostCheck[] {
  const { at, operations, problems, aside, leftOut, host } = recovery;
  const parts = [
    ...(operations.length > 0 ? [`${count(operations.length, 'operation')} taken up`] : []),
    ...(problems.length > 0 ? [count(problems.length, 'problem')] : []),
    ...(aside.length > 0 ? [`${count(aside.length, 'file')} set aside`] : []),
    ...(leftOut > 0 ? [`${leftOut} more than the audit trail holds`] : []),
    ...(host === null ? [] : [`${count(host.segmentsReclaimed, 'segment')} reclaimed`, `isolation ${host.isolation}`]),
  ];
  return [
    passed('last recovery', `${at}: ${parts.join(', ')}`),
    ...shown(operations, ({ what, subject, who, outcome }): HostCheck => {
      const message = `${what} of ${subject} by ${who}: ${outcome}`;
      return outcome === 'unfinished' ? warning('recovered', message) : passed('recovered', message);
    }),
    ...shown(problems, ({ subject, message, done }) => {
      const told = message.includes(subject) ? message : `${subject}: ${message}`;
      return done === null ? warning('recovered', told) : passed('recovered', `${told} (${done})`);
    }),
  ];
}

function ofAside(store: string, aside: readonly AsideFile[]): readonly HostCheck[] {
  if (aside.length === 0) return [];
  const names = aside.slice(0, SHOWN_MAX).map(({ name, at }) => `${name} (${at})`);
  const more = aside.length > SHOWN_MAX ? ['…'] : [];
  return [
    warning(
      'set aside',
      `${count(aside.length, 'file')} that could not be used: ${[...names, ...more].join(', ')}`,
      `Take what is worth keeping out of ${store}/aside, and remove the rest.`,
    ),
  ];
}

function ofSegments({ folder, segments, bytes }: SegmentsFound, holder: StoreHolder | null): HostCheck {
  const name = 'segments';
  const told = `${count(segments, 'segment')} (${(bytes / MIB).toFixed(1)} MiB) in ${folder}`;
  if (holder !== null) return passed(name, told);
  if (segments === 0) return passed(name, 'no shared memory is left behind');
  return warning(name, `${told} left behind by a dead Runner`, 'The next start reclaims them.');
}

const passed = (name: string, message: string): HostCheck => ({ name, result: 'passed', message });

const warning = (name: string, message: string, hint?: string): HostCheck => ({
  name,
  result: 'warning',
  message,
  ...(hint === undefined ? {} : { hint }),
});

const failed = (name: string, message: string, hint?: string): HostCheck => ({
  name,
  result: 'failed',
  message,
  ...(hint === undefined ? {} : { hint }),
});

function shown<T>(items: readonly T[], check: (item: T) => HostCheck): readonly HostCheck[] {
  const checks = items.slice(0, SHOWN_MAX).map(check);
  const [last] = checks.slice(-1);
  const more = items.length - checks.length;
  return last === undefined || more === 0 ? checks : [...checks, { ...last, message: `and ${more} more` }];
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
