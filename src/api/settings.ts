/** `settings.json` of a store: what it sets, and every setting with where its value comes from. */
export { readSettings } from '../runner/options/settings/read-settings.js';
export { settingRows } from '../runner/options/settings/rows.js';
export type { SettingRow } from '../runner/options/settings/rows.js';
