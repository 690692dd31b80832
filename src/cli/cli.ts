/** Who asks, as the audit trail says it. */
export const CLI = { who: 'cli' } as const;
