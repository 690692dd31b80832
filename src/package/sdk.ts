/** The algorithm SDK as a distribution, its name as names compare, and as Python imports it (contract §11). */
export const SDK = {
  distribution: 'procvision_algorithm_sdk',
  key: 'procvision-algorithm-sdk',
  module: 'procvision_algorithm_sdk',
} as const;
