/** Where fresh pictures start. Another range: PROCVISION_SEED=<number> npx vitest run test/examples */
export const SEED_BASE = Number(process.env['PROCVISION_SEED'] ?? 20_261_120);
