export { fileNameProblem, isSafeFileName } from './file-name.js';
export { textLines } from './lines.js';
export { openRegular, openRegularSync, readRegular, REFUSING_FLAGS } from './open-regular.js';
