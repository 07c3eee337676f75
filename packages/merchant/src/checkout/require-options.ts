import { optionRules } from './option-rules.ts'

/** Throws one `TypeError` that names all missing, invalid and unknown options, never their values. */
export function requireOptions(options: unknown): void {
  const given: Readonly<Record<string, unknown>> = Object(options)
  const invalid = Object.entries(optionRules).flatMap(([name, { ko, en, isOptional = false, isRight }]) => {
    const value = given[name]
    if (value === undefined) return isOptional ? [] : [`${name}: 없습니다. ${ko} / missing: ${en}`]
    return isRight(value, given.merchant) ? [] : [`${name}: ${ko} / ${en}`]
  })
  const unknown = Object.keys(given)
    .filter((name) => !Object.hasOwn(optionRules, name))
    .map((name) => `${name}: 없는 옵션입니다. 이름을 확인하세요 / no such option: check its name`)
  const lines = [...invalid, ...unknown].map((line) => `\n  ${line}`)
  if (lines.length > 0)
    throw new TypeError(`createCheckout의 옵션을 확인하세요. Check the options of createCheckout.${lines.join('')}`)
}
