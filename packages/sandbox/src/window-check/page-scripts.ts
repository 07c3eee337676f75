import { createHash } from 'node:crypto'
import type { InventoriedScript } from '@sspay/gateway/internal'
import { type HtmlElement, readPage } from '../html-page.ts'
import type { Difference, FetchedPage } from './model.ts'

const foreignElements = ['iframe', 'frame', 'object', 'embed', 'base', 'applet', 'portal']

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

const codeOf = ({ texts }: HtmlElement): string => texts.join('')

/** Compares the scripts of the page byte for byte with the inventory, and looks for any other code that could run. */
export function compareScripts(
  page: FetchedPage,
  inventory: readonly InventoriedScript[],
  nonce: string | undefined,
): readonly Difference[] {
  const { inside } = readPage(page.text, { runsScripts: true })
  const inline = inventory.filter(({ delivery }) => delivery === 'inline')
  // A block of JSON does not run.
  const scripts = inside.filter(({ tag, attributes }) => tag === 'script' && attributes.type !== 'application/json')
  const isKnown = (script: HtmlElement): boolean =>
    script.attributes.src === undefined && inline.some(({ sha256 }) => sha256 === sha256Of(codeOf(script)))
  const missing = inline.filter(({ sha256 }) => !scripts.some((script) => sha256 === sha256Of(codeOf(script))))
  const unknown = scripts.filter((script) => !isKnown(script))
  // One missing and one unknown inline script are the same script, changed.
  const changed = missing.length === 1 ? unknown.find(({ attributes }) => attributes.src === undefined) : undefined
  return [
    ...unknown.map((script) =>
      script === changed && missing[0] ? changedScript(missing[0], codeOf(script)) : unknownScript(script),
    ),
    ...(changed === undefined ? missing.map(missingScript) : []),
    ...scripts.filter(({ attributes }) => attributes.nonce !== nonce || nonce === undefined).map(scriptWithoutNonce),
    ...inside.flatMap(codeInTag),
    ...inside.filter(({ tag }) => foreignElements.includes(tag)).map(unexpectedElement),
  ]
}

/** An event handler, or a link that runs code. */
function codeInTag({ tag, attributes }: HtmlElement): readonly Difference[] {
  const found = Object.entries(attributes).find(
    ([name, value]) => /^on[a-z]+$/.test(name) || URL.parse(value)?.protocol === 'javascript:',
  )
  if (found === undefined) return []
  const subject = `<${tag}> ${found[0].startsWith('on') ? found[0] : 'javascript:'}`
  return [
    {
      kind: 'handler_in_page',
      subject,
      ko: '태그 안에 실행되는 코드가 있습니다',
      en: 'a tag contains code that runs',
    },
  ]
}

const nameOf = (script: HtmlElement): string =>
  script.attributes.src ?? `inline ${sha256Of(codeOf(script)).slice(0, 12)}`

const unknownScript = (script: HtmlElement): Difference => ({
  kind: 'script_unknown',
  subject: nameOf(script),
  found: script.attributes.src ?? sha256Of(codeOf(script)),
  ko: '목록에 없는 스크립트가 페이지에 있습니다',
  en: 'the page has a script that the inventory does not name',
})

export const changedScript = ({ name, sha256 }: InventoriedScript, text: string): Difference => ({
  kind: 'script_changed',
  subject: name,
  expected: sha256,
  found: sha256Of(text),
  ko: '스크립트의 내용이 목록과 다릅니다',
  en: 'the script differs from the inventory',
})

export const missingScript = ({ name, sha256 }: InventoriedScript): Difference => ({
  kind: 'script_missing',
  subject: name,
  expected: sha256,
  ko: '목록에 있는 스크립트가 없습니다',
  en: 'a script of the inventory is missing',
})

const scriptWithoutNonce = (script: HtmlElement): Difference => ({
  kind: 'script_without_nonce',
  subject: nameOf(script),
  ko: '스크립트에 정책(CSP)의 nonce가 없습니다',
  en: 'the script does not carry the nonce of the policy',
})

const unexpectedElement = ({ tag }: HtmlElement): Difference => ({
  kind: 'element_unexpected',
  subject: `<${tag}>`,
  ko: '결제창에 없어야 할 요소입니다',
  en: 'the window must not have this element',
})
