import { isObject } from '../base/json/index.js';

/** The facts are the answer's `data`, or, from SDK 0.0.7, `info` in it (contract §4). */
export function infoOf(data: unknown): unknown {
  const inner = isObject(data) ? data['info'] : undefined;
  return isObject(inner) ? inner : data;
}
