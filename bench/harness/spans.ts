/** A stretch of time, in monotonic milliseconds. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export const lengthOf = ({ fromMs, toMs }: Span): number => toMs - fromMs;

/** Those that lie wholly within one of the windows. */
export const inside = <S extends Span>(spans: readonly S[], windows: readonly Span[]): readonly S[] =>
  spans.filter((span) => windows.some(({ fromMs, toMs }) => span.fromMs >= fromMs && span.toMs <= toMs));

/** Those that one of the windows touches, if only at their end. */
export const touching = <S extends Span>(spans: readonly S[], windows: readonly Span[]): readonly S[] =>
  spans.filter((span) => windows.some(({ fromMs, toMs }) => span.fromMs < toMs && span.toMs > fromMs));
