export { exactJson, floatText, isRounded } from './exact-json.js';
export { isObject, pointerTo, setOwn } from './json.js';
export type { Json, JsonObject } from './json.js';
