export { exactJson, floatText, isRounded } from './exact-json.js';
