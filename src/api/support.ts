/** The archive that is sent to whoever helps from afar. */
export { writeSupportBundle } from '../runner/support/support-bundle.js';
export type { SupportBundle } from '../runner/support/support-bundle.js';
