import type { Json } from '../../base/json/index.js';

/** The parameters of one step, as they travel in user_params. */
export type Params = Readonly<Record<string, Json>>;
