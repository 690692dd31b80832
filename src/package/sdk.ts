/** The algorithm SDK as a distribution, its name as names compare, and as Python imports it (contract §11). */
export const SDK = {
  distribution: 'procvision_algorithm_sdk',
  key: 'procvision-algorithm-sdk',
  module: 'procvision_algorithm_sdk',
} as const;

/**
 * The SDK's versions from 0.2 to below 1.0 knew `execute` only; their adapters speak another protocol (contract §3.2).
 * Those before (0.0.5 to 0.0.7) are served.
 */
export function isExecuteOnly(version: string): boolean {
  const minor = /^v?0\.(\d+)/.exec(version.trim())?.[1];
  return minor !== undefined && Number(minor) >= 2;
}
