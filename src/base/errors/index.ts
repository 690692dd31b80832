export { CATALOGUE } from './catalogue.js';
export { didYouMean, namesHint, nearestNames } from './nearest.js';
export { RunnerError, toFault } from './runner-error.js';
export type { ErrorOptions } from './runner-error.js';
export { FAULT_CODES, fault } from '../../../machines/fault.js';
export type { Fault, FaultCode, FaultName } from '../../../machines/fault.js';
export { cutText, keepable, showValue } from './show.js';
export { tell } from './tell.js';
export { hasInvisible, visibleJson, visibleText } from '../../../machines/visible-text.js';
