import { HUES } from '../colours.js';
import { FONTS } from './flow.js';

const LIGHT = {
  paper: '#ffffff',
  words: '#556274',
  event: '#1f2937',
  after: '#6d4bb0',
  failed: '#b23327',
  guard: '#2f6f8f',
  faint: '#7b8794',
  line: '#7c8a9c',
  bad: '#cf7a70',
  taken: '#2563eb',
  count: '#1d4ed8',
};
const DARK: typeof LIGHT = {
  paper: '#0d1117',
  words: '#9aa7b7',
  event: '#e2e8f0',
  after: '#c3aaf5',
  failed: '#f0958b',
  guard: '#85c3e0',
  faint: '#7d8998',
  line: '#66758a',
  bad: '#a8564d',
  taken: '#60a5fa',
  count: '#93c5fd',
};

/** The style sheet of a picture: light, and dark for those who prefer it. */
export const style = (): string =>
  `${FIXED}${rules(LIGHT, 'light')}@media(prefers-color-scheme:dark){${rules(DARK, 'dark')}}`;

const FIXED = [
  // The widest first (advances.ts): it is drawn as it is, not stretched.
  'text{font-family:"DejaVu Sans",Verdana,"Noto Sans",Arial,sans-serif;white-space:pre}',
  ...Object.entries(FONTS).map(
    ([tone, { size, bold = false }]) => `.${tone}{font-size:${size}px${bold ? ';font-weight:bold' : ''}}`,
  ),

  '.edge{fill:none;stroke-width:1.3}.taken.edge{stroke-width:2.4}.timed{stroke-dasharray:5 3.5}',
  '.box rect{stroke-width:1.2}.group rect{fill-opacity:.45}.box path{fill:none;stroke-width:1;stroke-opacity:.35}',
  '.ghost rect{stroke-dasharray:4 3}.inner{fill:none}',
  '.pale{opacity:.42}',
  '.halo text{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}',
].join('');

const rules = (ink: typeof LIGHT, mode: 'light' | 'dark'): string =>
  [
    `.paper,.behind{fill:${ink.paper}}.halo text{stroke:${ink.paper}}`,
    `.words{fill:${ink.words}}.event,.target,.title,.heading{fill:${ink.event}}.after{fill:${ink.after}}.failed{fill:${ink.failed}}`,
    `.guard{fill:${ink.guard}}.faint{fill:${ink.faint}}.count{fill:${ink.count}}`,
    `.edge,.edge.pale{stroke:${ink.line}}.edge.failed{stroke:${ink.bad};fill:none}.edge.taken{stroke:${ink.taken}}`,
    `.head path,.dot{fill:${ink.line}}.head.failed path{fill:${ink.bad}}.head.taken path{fill:${ink.taken}}`,
    ...Object.entries(HUES).map(([name, hue]) => {
      const [fill, border, title] = hue[mode];
      return `.${name} rect,.${name} path{stroke:${border}}.${name} rect{fill:${fill}}.${name} .title{fill:${title}}`;
    }),
    '.box rect.inner,.box.note rect{fill:none}.box.note rect{stroke:none}',
  ].join('');
