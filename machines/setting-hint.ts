/** A next step that names the setting that would help, the same words everywhere. */
export const settingHint = (advice: string, ...settings: readonly string[]): string =>
  `${advice} with the setting ${settings.join(' or ')}, in settings.json of the store or in the options of the Runner.`;
