/** What stands for the same in both: a store's folder, who acts. */
type Same = readonly (readonly [string | RegExp, string])[];

const GENERAL: Same = [
  [/\d{4}-\d\d-\d\d[T ][-:\d.]+Z?(-\d+)?/g, '<time>'],
  [/\b[0-9a-f]{12,}\b…?/g, '<hash>'],
  [/ \([^()]*JSON[^()]*(\([^()]*\))?\)/g, ' <why>'],
  [/\+?\d[\d:.,]*/g, '<n>'],
  [/ +/g, ' '],
];

/** What a line looks like, whatever its times, numbers and places are. */
function formOf(line: string, same: Same): string {
  let form = line;
  for (const [what, name] of [...same, ...GENERAL]) form = form.replaceAll(what, name);
  return form.trim();
}

/** Lines that a document shows and nothing that was printed looks like; an ellipsis stands for anything. */
export function missingForms(printed: string, shown: readonly string[], same: Same): readonly string[] {
  const forms = printed.split('\n').map((line) => formOf(line, same));
  return shown.filter((line) => {
    const parts = formOf(line, same).split('…');
    const pattern = new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
    return line !== '' && !forms.some((form) => pattern.test(form));
  });
}
