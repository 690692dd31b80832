import type { Json } from '../../base/json/index.js';
import type { Manifest, Param } from '../manifest/manifest.js';

/** What `info` must agree on with the manifest (contract §3.2, dynamic validation). */
export interface Declared {
  readonly name: string;
  readonly version: string;
  readonly supportedPids: readonly string[];
  /** null: the manifest has none, and what get_info() says is to be used. */
  readonly steps: readonly DeclaredStep[] | null;
}

export interface DeclaredStep {
  /** As get_info() counts them. */
  readonly index: number;
  readonly name: string;
  readonly params: readonly DeclaredParam[];
}

export interface DeclaredParam {
  readonly key: string;
  readonly type: string;
  /** Of an array's items. */
  readonly itemType?: string;
  readonly default?: Json;
}

export const declaredOf = ({ name, version, supportedPids, steps, stepsCountFrom }: Manifest): Declared => ({
  name,
  version,
  supportedPids,
  steps:
    steps.length === 0
      ? null
      : steps.map(({ index, name: of, params }) => ({
          index: index - 1 + stepsCountFrom,
          name: of,
          params: params.map(declaredParam),
        })),
});

const declaredParam = (param: Param): DeclaredParam => ({
  key: param.key,
  type: param.type,
  ...(param.type === 'array' ? { itemType: param.item.type } : {}),
  ...(param.default === undefined ? {} : { default: param.default }),
});
