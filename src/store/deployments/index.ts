export { buryDeployment, discardDeployment } from './trash.js';
export type { BuriedDeployment } from './trash.js';
export { beginDeployment, completeDeployment, newStaging } from './deploy.js';
export { findAlteredFiles, listInstalledFiles } from './installed-files.js';
export type { AlteredFiles } from './installed-files.js';
export { deploymentState } from './marker.js';
export type { DeploymentState, InstallationRecord } from './marker.js';
export { sweepDeployments } from './sweep.js';
export type { DeploymentFacts, SweptDeployments } from './sweep.js';
