import type { Json } from '../json/json.js';

/** The parameters of one step, as they travel in user_params. */
export type Params = Readonly<Record<string, Json>>;
