export { scratchFolder } from '../../support/own-folder.js';
