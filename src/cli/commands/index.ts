import type { CommandSpec } from '../command.js';
import { activate } from './activate.js';
import { auditVerify } from './audit-verify.js';
import { confirm } from './confirm.js';
import { deactivate } from './deactivate.js';
import { detect } from './detect.js';
import { diagram } from './diagram.js';
import { doctor } from './doctor.js';
import { history } from './history.js';
import { install } from './install.js';
import { logs } from './logs.js';
import { ls } from './ls.js';
import { packageCommand } from './package.js';
import { prune } from './prune.js';
import { replay } from './replay.js';
import { rollback } from './rollback.js';
import { scan } from './scan.js';
import { start } from './start.js';
import { stop } from './stop.js';
import { switchCommand } from './switch.js';
import { traceExportTest } from './trace-export-test.js';
import { traceFollow } from './trace-follow.js';
import { traceLs } from './trace-ls.js';
import { traceNext } from './trace-next.js';
import { traceShow } from './trace-show.js';
import { traceStatsCommand } from './trace-stats.js';
import { traceWhy } from './trace-why.js';
import { uninstall } from './uninstall.js';
import { validate } from './validate.js';

/** In the order the help lists them: a package's way from its author to the line and off it. */
export const COMMANDS: readonly CommandSpec[] = [
  packageCommand,
  validate,
  scan,
  install,
  activate,
  detect,
  switchCommand,
  rollback,
  confirm,
  deactivate,
  start,
  stop,
  uninstall,
  prune,
  ls,
  history,
  logs,
  traceLs,
  traceShow,
  traceFollow,
  traceStatsCommand,
  traceWhy,
  traceNext,
  traceExportTest,
  replay,
  diagram,
  auditVerify,
  doctor,
];
