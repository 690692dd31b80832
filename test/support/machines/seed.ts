/**
 * The seed of every property run: fixed, so that a run is repeatable and its coverage comparable; another one by
 * `PROCVISION_SEED=… npx vitest run test/machines/properties`.
 */
export const seed = Number(process.env['PROCVISION_SEED'] ?? 20_240_601);
