import { createHash } from 'node:crypto'
import type { InventoriedScript } from '@sspay/gateway/internal'
import type { Difference, FetchedPage } from './model.ts'

interface PageScript {
  readonly source: string | undefined
  readonly nonce: string | undefined
  readonly text: string
}

const attributeText = `(?:"[^"]*"|'[^']*'|[^'">])*`
const scriptPattern = new RegExp(`<script(?=[\\s/>])(${attributeText})>([\\s\\S]*?)(?:</script[\\s/>]|$)`, 'gi')
const stylePattern = /<style[\s\S]*?<\/style\s*>/gi
const tagPattern = new RegExp(`<([a-z][^\\s/>]*)(${attributeText})>`, 'gi')

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

const attributeOf = (attributes: string, name: string): string | undefined => {
  const found = new RegExp(`(?:^|[\\s/"'])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(attributes)
  return found?.[1] ?? found?.[2] ?? found?.[3]
}

/** What a browser would run; a block of JSON is none. Rather one too many than one too few: comments count too. */
const scriptsOf = (html: string): readonly PageScript[] =>
  [...html.matchAll(scriptPattern)]
    .filter(([, attributes = '']) => attributeOf(attributes, 'type')?.toLowerCase() !== 'application/json')
    .map(([, attributes = '', text = '']) => ({
      source: attributeOf(attributes, 'src'),
      nonce: attributeOf(attributes, 'nonce'),
      text,
    }))

const foreignElements = ['iframe', 'frame', 'object', 'embed', 'base', 'applet', 'portal']

/** The scripts of the window's page against the inventory, each byte of them, and everything else that could run there. */
export function compareScripts(
  page: FetchedPage,
  inventory: readonly InventoriedScript[],
  nonce: string | undefined,
): readonly Difference[] {
  const inline = inventory.filter(({ delivery }) => delivery === 'inline')
  const found = scriptsOf(page.text)
  const isKnown = ({ source, text }: PageScript): boolean =>
    source === undefined && inline.some(({ sha256 }) => sha256 === sha256Of(text))
  const missing = inline.filter(({ sha256 }) => !found.some(({ text }) => sha256 === sha256Of(text)))
  const strange = found.filter((script) => !isKnown(script))
  // One inline script that is missing and one that nobody knows: the same, changed.
  const changed = missing.length === 1 ? strange.findIndex(({ source }) => source === undefined) : -1
  return [
    ...strange.map((script, index) =>
      index === changed && missing[0] ? changedScript(missing[0], script.text) : unknownScript(script),
    ),
    ...(changed === -1 ? missing.map(missingScript) : []),
    ...found.filter(({ nonce: own }) => own !== nonce || nonce === undefined).map(scriptWithoutNonce),
    ...compareTags(page.text),
  ]
}

function compareTags(html: string): readonly Difference[] {
  const markup = html.replace(scriptPattern, '').replace(stylePattern, '')
  return [...markup.matchAll(tagPattern)].flatMap(([, tag = '', attributes = '']): readonly Difference[] => {
    const names = attributes.replace(/"[^"]*"|'[^']*'/g, '""')
    const handler = /(?:^|[\s/"])(on[a-z]+)\s*=/i.exec(names)?.[1]
    const isForeign = foreignElements.includes(tag.toLowerCase())
    const isScriptLink = /=\s*["']?\s*javascript:/i.test(attributes)
    return [
      ...(handler || isScriptLink ? [handlerInPage(`<${tag}> ${handler ?? 'javascript:'}`)] : []),
      ...(isForeign ? [unexpectedElement(`<${tag}>`)] : []),
    ]
  })
}

const nameOf = ({ source, text }: PageScript): string => source ?? `inline ${sha256Of(text).slice(0, 12)}`

const unknownScript = (script: PageScript): Difference => ({
  kind: 'script_unknown',
  subject: nameOf(script),
  found: script.source ?? sha256Of(script.text),
  ko: '목록에 없는 스크립트가 페이지에 있습니다',
  en: 'the page has a script that the inventory does not name',
})

export const changedScript = ({ name, sha256 }: InventoriedScript, text: string): Difference => ({
  kind: 'script_changed',
  subject: name,
  expected: sha256,
  found: sha256Of(text),
  ko: '스크립트의 내용이 목록과 다릅니다',
  en: 'the script is not the one of the inventory',
})

export const missingScript = ({ name, sha256 }: InventoriedScript): Difference => ({
  kind: 'script_missing',
  subject: name,
  expected: sha256,
  ko: '목록에 있는 스크립트가 없습니다',
  en: 'a script of the inventory is not there',
})

const scriptWithoutNonce = (script: PageScript): Difference => ({
  kind: 'script_without_nonce',
  subject: nameOf(script),
  ko: '스크립트에 정책(CSP)의 nonce가 없습니다',
  en: 'the script does not carry the nonce of the policy',
})

const handlerInPage = (subject: string): Difference => ({
  kind: 'handler_in_page',
  subject,
  ko: '태그 안에 실행되는 코드가 있습니다',
  en: 'a tag holds code that runs',
})

const unexpectedElement = (subject: string): Difference => ({
  kind: 'element_unexpected',
  subject,
  ko: '결제창에 없어야 할 요소입니다',
  en: 'the window has no such element',
})
