export { RESTING_STATES, installationSchema } from './entry.js';
export type { ForgottenZip, Installation, RegistryEntry, RestingState } from './entry.js';
export { openRegistry } from './registry.js';
export type { Registry } from './registry.js';
