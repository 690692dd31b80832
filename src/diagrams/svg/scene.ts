import type { Block, Piece } from './flow.js';

/**
 * What is to be drawn, measured but without a place yet.
 *
 * INVARIANTS
 * - Ids are unique; an edge ends at boxes of the same scene.
 */
export interface Scene {
  readonly title: string;
  readonly subtitle: string;
  readonly boxes: readonly SceneBox[];
  readonly edges: readonly SceneEdge[];
  /** Below the picture. */
  readonly notes: readonly { readonly heading: string; readonly paragraphs: readonly (readonly Piece[])[] }[];
}

export type BoxShape = 'state' | 'final' | 'group' | 'ghost' | 'note' | 'dot';

export interface SceneBox {
  readonly id: string;
  readonly shape: BoxShape;
  /** What it is coloured by. */
  readonly hue: string;
  readonly content: Block;
  /** From the top of the box to its rule, below the title; 0: none. */
  readonly head: number;
  readonly children: readonly SceneBox[];
  readonly pale: boolean;
  readonly tip: string;
}

export interface SceneEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly label: Block;
  /** Drawn dashed: time alone leads there. */
  readonly timed: boolean;
  readonly failed: boolean;
  /** Null: nothing was counted. */
  readonly count: number | null;
}
