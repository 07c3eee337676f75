import type { Mistake, Row } from './mistake.ts'

type Test = (text: string) => boolean

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (json: unknown): boolean => typeof json === 'object' && json !== null && !Array.isArray(json)

/** What is written in place of one JSON object. */
export const formRows: readonly Row<Test>[] = [
  [
    'json_twice',
    'JSON을 다시 JSON 글자로 감쌌습니다(stringify를 두 번 했습니다)',
    'wraps the JSON in JSON once more: it was stringified twice',
    (text) => typeof parsed(text) === 'string',
  ],
  [
    'json_list',
    'JSON 객체가 아니라 배열입니다',
    'holds a JSON list, not an object',
    (text) => Array.isArray(parsed(text)),
  ],
  [
    'form_encoded',
    'JSON이 아니라 폼(a=1&b=2)으로 썼습니다',
    'writes the fields as a form (a=1&b=2), not as JSON',
    (text) => /^\w+=[^&{]*(&\w+=[^&]*)*$/.test(text),
  ],
  [
    'map_text',
    'JSON이 아니라 Map.toString()의 글자({a=1, b=2})입니다',
    'writes the fields as Map.toString() does ({a=1, b=2}), not as JSON',
    (text) => /^\{\s*\w+=/.test(text),
  ],
  ['xml', 'JSON이 아니라 XML입니다', 'is XML, not JSON', (text) => /^\s*</.test(text)],
  [
    'json_url_encoded',
    '암호화하기 전에 JSON을 URL 인코딩했습니다',
    'URL-encodes the JSON before it is sealed',
    (text) => /^%7B/i.test(text),
  ],
  [
    'json_quotes',
    'JSON에 큰따옴표가 아닌 것을 썼습니다',
    'writes JSON without double quotes',
    (text) => /^\{\s*('|&quot;|\\"|\w+\s*:)/.test(text),
  ],
  ['cut', '뒤가 잘렸습니다', 'is cut off at its end', (text) => /^\s*\{/.test(text) && !text.trimEnd().endsWith('}')],
  ['json_broken', 'JSON의 문법이 틀렸습니다', 'holds broken JSON', (text) => /^\s*\{/.test(text)],
  ['not_json', '본문이 JSON이 아닙니다', 'holds something else than JSON', () => true],
]

/** What is wrong with the form of a message; undefined for one JSON object. `isTail`: its beginning is lost. */
export function formOf(text: string, isTail: boolean): Mistake | undefined {
  if (isObject(parsed(text)) || (isTail && /"\s*:/.test(text))) return undefined
  const found = formRows.find(([, , , test]) => test?.(text))
  return found && { id: found[0], ko: found[1], en: found[2] }
}

/** The fields of a message that is one JSON object. */
export const fieldsOf = (text: string): Readonly<Record<string, unknown>> | undefined => {
  const json = parsed(text)
  return isObject(json) ? (json as Readonly<Record<string, unknown>>) : undefined
}
