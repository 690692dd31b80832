export const TRACE = [
  '[trace]',
  'a run as `procvision trace ls` names it, a .trace.jsonl file, or "latest": the last that held calls',
] as const;
