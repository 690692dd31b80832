import { hasTag } from '../state-tags.js';
import { call, operation, slot } from './phrases.js';
import type { Vocabulary } from './words.js';

export const PACKAGE_WORDS: Vocabulary<'package'> = {
  events: {
    'package.deploy': {
      says: 'go on from Validated, or go further than asked before',
      told: () => 'it was asked to be deployed',
    },
    'package.start': { says: 'run', told: (data) => `it was asked to start${operation(data['operationId'])}` },
    'package.stop': { says: 'come to rest', told: (data) => `it was asked to stop${operation(data['operationId'])}` },
    'package.uninstall': { says: 'leave the disk', told: () => 'it was asked to be uninstalled' },
    'package.recheck': { says: 'validate the zip again', told: () => 'it was asked to be checked again' },
    'package.hurry': {
      says: 'what is being stopped is killed instead of asked',
      told: () => 'what had not left yet was to be killed',
    },
    'call.requested': {
      says: 'a call wants a process',
      told: (data) => `somebody asked for ${call(data)}, on ${String(data['pid'])}`,
    },
    'call.cancelled': 'its caller gave it up',
    'call.expired': 'its total deadline has passed',
    'call.waited': 'it waited for a process as long as a call may (`timings.waitMs`)',
    'call.returned': {
      says: 'the process of a call that is to be tried again has ended',
      told: () => 'a call whose process was lost waits for another one',
    },
    'call.settled': {
      says: 'a call has its outcome',
      told: (data) => `${call(data)} ended: ${String(data['outcome'])}`,
    },
    'call.failed': {
      says: 'an attempt failed in a way that another one may mend',
      told: (data) => `an attempt at ${call(data)} failed: ${String(data['outcome'])}`,
    },
    'process.ready': {
      says: 'it has shaken hands and agrees with the manifest',
      told: (data) => `its process ${slot(data)} was ready`,
    },
    'process.leaving': {
      says: 'it is being ended although it was at rest',
      told: (data) => `its process ${slot(data)} is being ended although it was at rest`,
    },
    'process.ended': {
      says: 'it is gone',
      told: (data, { after }) =>
        data['fault'] === null
          ? `its process ${slot(data)} had left, as it was asked to`
          : `its process ${slot(data)} was lost${hasTag('package', after, 'leaving') ? ', and it is not to be started again' : ''}`,
    },
    'slot.restarted': {
      says: 'the pause of the restart policy is over: start the lost process again',
      told: (data) => `the pause before the restart of process ${slot(data)} was over`,
    },
  },
  inner: {
    'xstate.init': ({ input }) =>
      (input as { stored?: unknown } | undefined)?.stored === null
        ? 'it began, new to the store'
        : 'it was put in its place, as the store has it',
    'xstate.after.cooldown.package.Stopped.Cooling': () =>
      'the pause after the last restart was over; one more start is tried',
  },
  guards: {
    restsAs: 'The store says that the release rests in this state.',
    mayDeploy: 'It was asked to go further than Validated by itself.',
    mayRun: 'It was asked to go as far as Running by itself.',
    wishChanges: 'The stop says something new about whether it is to run next time.',
    restartsNow: 'The restart policy allows another start at once.',
    restartsLater: 'The restart policy allows another start after a pause.',
    restartsNowWithOthers: 'The same, and another process can take calls meanwhile.',
    restartsLaterWithOthers: 'The same, and another process can take calls meanwhile.',
    othersAble: 'Another process can take calls.',
    callsWait: 'At least one call waits.',
    slotIsIdle: 'A process is free for this call.',
    homeIsGone: 'The session of the call lived in a process that is gone.',
    queueIsFull: 'As many calls wait as may.',
    leavesOthersExecuting: 'The process goes with its call; another one executes.',
    leavesOthersAble: 'The process goes with its call; another one can take calls.',
    leavesNone: 'The process goes with its call, and no other is left.',
    othersExecute: 'Another process executes.',
    retriesInPlace: 'The call has an attempt left, and its process goes on.',
    retriesAmongExecuting: 'The call has an attempt left, its process goes, another one executes.',
    retriesAmongIdle: 'The call has an attempt left, its process goes, another one is idle.',
    retriesAlone: 'The call has an attempt left, and its process was the last.',
    retryIsPending: 'A call waits for the end of its old process to be tried again.',
    nothingIsLeftToDrain: 'With this process gone no call runs, and none waits that another one could serve.',
    callWaits: 'The call is among those that wait.',
    callRuns: 'The call runs, and nobody has given it up yet.',
    coolsDown: 'The breaker is open, a cool-down is set and the release is wanted running.',
    noProcessLives: 'Every process is gone.',
  },
  delays: {
    drainDeadline: {
      says: 'how long accepted calls may go on once the release is to stop',
      option: 'timings.drainMs',
      isDeadline: true,
    },
    cooldown: {
      says: 'how long after the breaker opened one start is tried',
      option: 'restart.cooldownMs',
    },
  },
  effects: {
    validatePackage: 'Checks a zip without unpacking it for good.',
    extractPackage: 'Unpacks the zip through staging into its final folder, marked incomplete.',
    buildEnvironment: 'Makes a Python environment for this release alone.',
    installWheels: 'Installs the wheels of the package and works out how its processes are started.',
    completeDeployment: 'Writes the installation record and takes the incomplete mark away.',
    discardDeployment: 'Removes whatever a deployment left that failed or was called off.',
    recordRest: 'Writes durably where the release rests and whether it is wanted running.',
    removeRelease: 'Removes the release from disk and registry.',
    process: 'One process machine for each of its processes.',
  },
  doing: {
    recordRest: 'writing down where it rests',
    recordWish: 'writing down that it is wanted running',
    validatePackage: 'checking its package',
    extractPackage: 'unpacking its package',
    buildEnvironment: 'making its Python environment',
    installWheels: 'installing its wheels',
    completeDeployment: 'completing its deployment',
    discardDeployment: 'removing what was deployed of it',
    removeRelease: 'taking it off the disk',
  },
};
