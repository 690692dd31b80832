/** Fill, border and title of a box, on a light page and on a dark one. */
export interface Hue {
  readonly light: readonly [fill: string, border: string, ink: string];
  readonly dark: readonly [fill: string, border: string, ink: string];
}

export type HueName = 'slate' | 'sky' | 'violet' | 'teal' | 'green' | 'amber' | 'stone' | 'red';

export const HUES: Readonly<Record<HueName, Hue>> = {
  slate: { light: ['#f3f5f8', '#94a3b8', '#334155'], dark: ['#1d2530', '#56657a', '#cbd5e1'] },
  sky: { light: ['#eaf5fd', '#5aa9d6', '#0b567f'], dark: ['#10293a', '#3583b0', '#a5d8f5'] },
  violet: { light: ['#f1effd', '#9083dc', '#46389c'], dark: ['#231f42', '#7467c4', '#cdc6fa'] },
  teal: { light: ['#e6f6f3', '#3aa796', '#0b5f53'], dark: ['#0d2d29', '#2c8a7b', '#9be3d6'] },
  green: { light: ['#e9f7e9', '#4cae57', '#1a6426'], dark: ['#12301a', '#3b8f48', '#a9e4b1'] },
  amber: { light: ['#fef4dd', '#dd9f22', '#7f5303'], dark: ['#362708', '#b27f17', '#f6d68d'] },
  stone: { light: ['#f1efec', '#a39b8f', '#57504a'], dark: ['#292622', '#7b7469', '#d8d2c9'] },
  red: { light: ['#fdeeec', '#dc6b60', '#94261c'], dark: ['#391815', '#b8483d', '#f5b5ae'] },
};

/** The seven states of the contract keep their colours in every picture; a state of that name elsewhere has it, too. */
const HUE_OF: Readonly<Record<string, HueName>> = {
  Discovered: 'sky',
  Validated: 'violet',
  Deployed: 'teal',
  Running: 'green',
  Executing: 'amber',
  Stopped: 'stone',
  Invalid: 'red',
};

export const hueClass = (state: string): HueName => HUE_OF[state] ?? 'slate';

/** Class definitions of Mermaid, which has one set of colours for light and dark. */
export const mermaidClasses = (): readonly (readonly [name: string, style: string])[] => [
  ...Object.entries(HUES).map(([name, { light }]) => {
    const [fill, border, ink] = light;
    return [name, `fill:${fill},stroke:${border},color:${ink}`] as const;
  }),
  ['pale', 'opacity:0.4'],
];
