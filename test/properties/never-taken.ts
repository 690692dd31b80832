/**
 * Transitions no history of composition.property.test.ts takes, and why they are there all the same. The list is
 * asserted to be exactly this: a transition that can be taken leaves it, a new one that cannot needs its reason.
 */
export const NEVER_TAKEN: Readonly<Record<string, string>> = {
  'runner * · * failed': 'No machine throws; if one ever does, the Runner says so by name (runner.test.ts).',
  'package * · package.uninstall': 'The Runner refuses it for a release that does not rest, before it gets here.',
  'process * · call.dispatched':
    'A package sends no call to a process that is not at rest; if it did, the call is lost, not dropped.',
};
