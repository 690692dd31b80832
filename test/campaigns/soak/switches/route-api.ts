import type { Runner } from '../../../../src/index.js';

/** What operators ask of a Runner. */
export type RouteApi = Pick<Runner, 'routeOf' | 'switch' | 'rollback' | 'confirm'>;
export type ChangeReport = Awaited<ReturnType<Runner['switch']>>;
export type SwitchOptions = NonNullable<Parameters<Runner['switch']>[2]>;
