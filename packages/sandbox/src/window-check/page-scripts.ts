import { createHash } from 'node:crypto'
import type { InventoriedScript } from '@sspay/gateway/tools'
import { type HtmlElement, readPage } from '../html-page.ts'
import { type Difference, difference, type FetchedPage } from './model.ts'

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
  // A script element of type application/json is data: browsers do not execute it.
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
    ...scripts
      .filter(({ attributes }) => attributes.nonce !== nonce || nonce === undefined)
      .map((script) => difference('script_without_nonce', nameOf(script))),
    ...inside.flatMap(codeInTag),
    ...inside
      .filter(({ tag }) => foreignElements.includes(tag))
      .map(({ tag }) => difference('element_unexpected', `<${tag}>`)),
  ]
}

/** An event handler, or a link that runs code. */
function codeInTag({ tag, attributes }: HtmlElement): readonly Difference[] {
  const found = Object.entries(attributes).find(
    ([name, value]) => /^on[a-z]+$/.test(name) || URL.parse(value)?.protocol === 'javascript:',
  )
  if (found === undefined) return []
  return [difference('handler_in_page', `<${tag}> ${found[0].startsWith('on') ? found[0] : 'javascript:'}`)]
}

const nameOf = (script: HtmlElement): string =>
  script.attributes.src ?? `inline ${sha256Of(codeOf(script)).slice(0, 12)}`

const unknownScript = (script: HtmlElement): Difference =>
  difference('script_unknown', nameOf(script), { found: script.attributes.src ?? sha256Of(codeOf(script)) })

export const changedScript = ({ name, sha256 }: InventoriedScript, text: string): Difference =>
  difference('script_changed', name, { expected: sha256, found: sha256Of(text) })

export const missingScript = ({ name, sha256 }: InventoriedScript): Difference =>
  difference('script_missing', name, { expected: sha256 })
