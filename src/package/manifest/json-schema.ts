import { z } from 'zod';
import type { JsonObject } from '../../base/json/index.js';
import { manifestSchema } from './manifest-schema.js';

/** JSON Schema (draft 2020-12) of manifest.json as authors write it. */
export function manifestJsonSchema(): JsonObject {
  return z.toJSONSchema(manifestSchema, { io: 'input', target: 'draft-2020-12' }) as unknown as JsonObject;
}
