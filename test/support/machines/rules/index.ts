import { callsAreGivenUp, reportsAreTold, requestsAreTakenOrRefused } from './calls.js';
import {
  commandsAreAnswered,
  faultsAreKept,
  hurriesAreHeeded,
  recordsAreTrue,
  restsAreRecorded,
  stopsAreHeeded,
  stopsAreTaken,
} from './commands.js';
import { attemptsEndOnce, endsAreInOrder, leavingHasAReason, processesAreAsked } from './processes.js';
import { progressIsSeen } from './progress.js';
import { deadlinesAreKept, killedAreLetGo } from './deadlines.js';
import { changesGoInOrder, deploymentsGoInOrder, routesGoInOrder } from './order.js';
import { refusalsAreTold, reportsArePassedOn } from './relays.js';
import type { TimedScene } from '../scene.js';
import { changesAreAnswered, flowsAreCounted, routesAreWhatTheySay, trialsAreHeld } from './routes.js';
import { runnersGoInOrder } from './runner.js';
import type { Rule, RuleOf } from './rule.js';
import {
  drainsAreFinished,
  endsAreTakenAway,
  lossesAreTold,
  processesAreKept,
  releasesAreWhatTheySay,
  slotsAreTrue,
  timersAreTrue,
} from './serving.js';
import { standingsAreTrue } from './standings.js';

const always = (rule: Rule): RuleOf => ({ of: 'event', rule });
const remembering = (make: () => Rule<TimedScene>): RuleOf => ({ of: 'history', make });

/** What machines owe each other and the world beyond the invariants, by a sentence each. */
export const RULES: Readonly<Record<string, RuleOf>> = {
  'what the Runner goes by is how things are': always(standingsAreTrue),
  'slots tell how their processes are': always(slotsAreTrue),
  'a serving release is what its state says, and no call waits for what is there': always(releasesAreWhatTheySay),
  'a call that waits has a deadline, no other has': always(timersAreTrue),
  'a loss is told to everybody, with its reason': always(lossesAreTold),
  'a process is asked for what its state stands for': always(processesAreAsked),
  'a process ends in order': always(endsAreInOrder),
  'an attempt ends once, as what it was': always(attemptsEndOnce),
  'a process that leaves says why, by the cause': always(leavingHasAReason),
  'signs of life and of progress count': always(progressIsSeen),
  'deadlines pass in time, and only then': remembering(deadlinesAreKept),
  'what cannot be killed is let go of': remembering(killedAreLetGo),
  'a command leads on or is refused by its number': always(commandsAreAnswered),
  'a stop is remembered': remembering(stopsAreHeeded),
  'what rests is what is written down': remembering(restsAreRecorded),
  'a stop changes what is wanted, and leads on': always(stopsAreTaken),
  'what is being written down is how things are': always(recordsAreTrue),
  'who serves keeps its processes, who rests lets them go': always(processesAreKept),
  'a drain finishes what was accepted': always(drainsAreFinished),
  'the Runner opens, serves and ends in order': always(runnersGoInOrder),
  'a process that has ended is taken away': always(endsAreTakenAway),
  'who hurries waits for nobody': always(hurriesAreHeeded),
  'a fault is kept, and forgotten once all is well': always(faultsAreKept),
  'a call is taken, or refused for the reason it cannot be': always(requestsAreTakenOrRefused),
  'a call that is given up has its outcome at once': always(callsAreGivenUp),
  'what becomes of an attempt is told in the same step': always(reportsAreTold),
  'a release goes from zip to deployment in order': always(deploymentsGoInOrder),
  'a change goes in order': always(changesGoInOrder),
  'a PID goes where a change of its kind leads': always(routesGoInOrder),
  'a PID is what its state says': always(routesAreWhatTheySay),
  'every flow counts until it is closed': remembering(flowsAreCounted),
  'what is seen of a release on probation counts': always(trialsAreHeld),
  'a PID answers to every change, and to one at a time': always(changesAreAnswered),
  'what the Runner hears is passed on': always(reportsArePassedOn),
  'what may not be done is refused, with a reason': always(refusalsAreTold),
};

/** Those that judge single events, wherever they happen. */
export const STEP_RULES: readonly (readonly [name: string, rule: Rule])[] = Object.entries(RULES).flatMap(
  ([name, known]) => (known.of === 'event' ? [[name, known.rule] as const] : []),
);
