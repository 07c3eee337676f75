import type { FieldProblem, LocalizedText } from '../field-table.ts'

/** A message with the wire field, its Korean label, the broken rule and the limit; never the value. */
export function describeProblem({ field, label, rule, maxLength, hint }: FieldProblem): LocalizedText {
  const allowed = { ko: `${hint.ko}, 최대 ${maxLength}자`, en: `${hint.en}, at most ${maxLength} characters` }
  switch (rule) {
    case 'missing':
      return {
        ko: `${label}(${field}): 필수 값이 없습니다. ${allowed.ko}`,
        en: `${field} (${label}) is missing: ${allowed.en}`,
      }
    case 'too_long':
      return {
        ko: `${label}(${field}): 최대 ${maxLength}자를 넘었습니다.`,
        en: `${field} (${label}) is longer than ${maxLength} characters`,
      }
    case 'malformed':
      return {
        ko: `${label}(${field}): 형식이 올바르지 않습니다. ${allowed.ko}`,
        en: `${field} (${label}) is malformed: ${allowed.en}`,
      }
    case 'repeated':
      return {
        ko: `${label}(${field}): 서로 다른 값이 두 번 있습니다. 한 번만 보내야 합니다.`,
        en: `${field} (${label}) was sent twice with different values; send it once, at most ${maxLength} characters`,
      }
  }
}
