import { own } from '../../../machines/own.js';
import { pointerTo } from '../../base/json/index.js';
import type { Param, Problem } from '../manifest/manifest.js';
import type { Params } from './params.js';
import { isInside, readRect } from './rect.js';
import type { ImageSize } from './rect.js';

const ANY_IMAGE: ImageSize = { width: Infinity, height: Infinity };

/** Finds the rectangles of one parameter that lie outside an image; undefined for parameters that hold none. */
export function rectCheck(param: Param): ((params: Params, image?: ImageSize) => Problem[]) | undefined {
  const isList = param.type === 'array' && param.item.type === 'rect';
  if (param.type !== 'rect' && !isList) return undefined;
  return (params, image) => {
    const value = own(params, param.key);
    if (value === undefined) return [];
    if (!isList) return outside(value, [param.key], image);
    return (value as readonly unknown[]).flatMap((each, index) => outside(each, [param.key, index], image));
  };
}

function outside(value: unknown, path: readonly PropertyKey[], image: ImageSize = ANY_IMAGE): Problem[] {
  const rect = readRect(value);
  if (rect === undefined || isInside(rect, image)) return [];
  const place = `x ${rect.x}, y ${rect.y}, width ${rect.width}, height ${rect.height}`;
  const frame = image === ANY_IMAGE ? 'any image' : `the image of ${image.width}×${image.height}`;
  return [{ pointer: pointerTo(path), message: `lies outside ${frame}: ${place}` }];
}
