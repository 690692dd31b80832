export { utf8Text, utf8Whole } from './utf8.js';
