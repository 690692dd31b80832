import type { CommandSpec } from '../command.js';

/**
 * One command of the table. Its module, and the library with it, is loaded when somebody runs the command or asks for
 * its help: `--version` and `--help` need neither.
 */
export interface CommandEntry {
  /** `trace show` is a command of a command. */
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandSpec>;
}

/** In the order the help lists them: a package's way from its author to the line and off it. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'package',
    summary: 'build the offline zip of a source project; the SDK is added by itself',
    load: async () => (await import('./package.js')).packageCommand,
  },
  {
    name: 'validate',
    summary: 'check a source project or a zip without running it; exits 65 when a check fails',
    load: async () => (await import('./validate.js')).validate,
  },
  {
    name: 'scan',
    summary: 'take up zips that were put into algorithms/zips/ of the store, and deploy them',
    load: async () => (await import('./scan.js')).scan,
  },
  {
    name: 'install',
    summary: 'take a zip in, deploy it into its own environment and see it get ready',
    load: async () => (await import('./install.js')).install,
  },
  {
    name: 'activate',
    summary: 'bind product ids to a release; it has to get ready first',
    load: async () => (await import('./activate.js')).activate,
  },
  {
    name: 'detect',
    summary: 'inspect images with the release a product id is bound to; exits 1 when a call failed, not for an NG',
    load: async () => (await import('./detect.js')).detect,
  },
  {
    name: 'switch',
    summary: 'move product ids to another release of their algorithm; exits 1 when it did not prove itself',
    load: async () => (await import('./switch.js')).switchCommand,
  },
  {
    name: 'rollback',
    summary: 'return a product id to the release before, or to any other of its algorithm',
    load: async () => (await import('./rollback.js')).rollback,
  },
  {
    name: 'confirm',
    summary: 'end the probation of product ids: their release has proved itself',
    load: async () => (await import('./confirm.js')).confirm,
  },
  {
    name: 'deactivate',
    summary: 'unbind product ids',
    load: async () => (await import('./deactivate.js')).deactivate,
  },
  {
    name: 'start',
    summary: 'see that a release gets ready, and record that it is wanted running',
    load: async () => (await import('./start.js')).start,
  },
  {
    name: 'stop',
    summary: 'record that a release is not wanted running',
    load: async () => (await import('./stop.js')).stop,
  },
  {
    name: 'uninstall',
    summary: 'remove a release that no product id is bound to; its zip stays in the store',
    load: async () => (await import('./uninstall.js')).uninstall,
  },
  {
    name: 'prune',
    summary: 'list the releases no product id needs beyond the newest of each algorithm; --yes removes them',
    load: async () => (await import('./prune.js')).prune,
  },
  {
    name: 'status',
    summary: 'say which release serves each product id now, and what is amiss; exits 0 only when all is well',
    load: async () => (await import('./status.js')).status,
  },
  {
    name: 'ls',
    summary: 'list the releases and the product ids bound to them; reads beside a running Runner',
    load: async () => (await import('./ls.js')).ls,
  },
  {
    name: 'history',
    summary: 'print what the audit trail holds, of a product id or of everything, the oldest first',
    load: async () => (await import('./history.js')).history,
  },
  {
    name: 'logs',
    summary: 'print what releases wrote to standard error, and what the Runner noted about them',
    load: async () => (await import('./logs.js')).logs,
  },
  {
    name: 'trace ls',
    summary: 'list the traces of the store: one for each time a Runner was opened',
    load: async () => (await import('./trace-ls.js')).traceLs,
  },
  {
    name: 'trace show',
    summary: 'print what every actor went through, in order: number, time, actor, states, event, data',
    load: async () => (await import('./trace-show.js')).traceShow,
  },
  {
    name: 'trace follow',
    summary: 'print records of the newest run as they are written, until its Runner closes or a signal comes',
    load: async () => (await import('./trace-follow.js')).traceFollow,
  },
  {
    name: 'trace stats',
    summary: 'print for every actor the time in each state, transitions per minute, losses and restarts',
    load: async () => (await import('./trace-stats.js')).traceStatsCommand,
  },
  {
    name: 'trace why',
    summary: 'print why an actor is where it is: what led to what, from the first cause on',
    load: async () => (await import('./trace-why.js')).traceWhy,
  },
  {
    name: 'trace next',
    summary: 'print the events that would take an actor out of its state, and which of them are possible now',
    load: async () => (await import('./trace-next.js')).traceNext,
  },
  {
    name: 'trace incidents',
    summary: 'list what went wrong in the store, the newest first, each with the command that explains it',
    load: async () => (await import('./trace-incidents.js')).traceIncidents,
  },
  {
    name: 'trace export-test',
    summary: 'write what one actor went through as a regression test',
    load: async () => (await import('./trace-export-test.js')).traceExportTest,
  },
  {
    name: 'replay',
    summary: 'step the machines over a recorded run; exits 1 at a record that does not lead where they lead',
    load: async () => (await import('./replay.js')).replay,
  },
  {
    name: 'diagram',
    summary: 'draw the machines that run, with what a trace visited',
    load: async () => (await import('./diagram.js')).diagram,
  },
  {
    name: 'settings show',
    summary: 'print every setting that is in effect, and where it comes from',
    load: async () => (await import('./settings-show.js')).settingsShow,
  },
  {
    name: 'settings check',
    summary: 'say whether settings.json of the store is right; exits 78 when a Runner would refuse it',
    load: async () => (await import('./settings-check.js')).settingsCheck,
  },
  {
    name: 'audit show',
    summary: 'print the audit trail: installs, starts, changes of routes, recoveries, with who and how it ended',
    load: async () => (await import('./audit-show.js')).auditShow,
  },
  {
    name: 'audit verify',
    summary: 'check that no record of the audit trail was changed, added or taken out; exits 78 when one was',
    load: async () => (await import('./audit-verify.js')).auditVerify,
  },
  {
    name: 'doctor',
    summary:
      'say what this host offers, what happened in the store and what is amiss there; exits 69 when something needed is missing',
    load: async () => (await import('./doctor.js')).doctor,
  },
  {
    name: 'support bundle',
    summary: 'write one file for whoever helps: traces, logs, what the store and the host say; no images, no secrets',
    load: async () => (await import('./support-bundle.js')).supportBundle,
  },
];

/** What commands of commands have in common. */
export const GROUPS: Readonly<Record<string, string>> = {
  trace: 'what every actor went through',
  settings: 'what a Runner on the store does differently (settings.json)',
  audit: 'who did what, when, and how it ended',
  support: 'what to hand to whoever helps',
};
