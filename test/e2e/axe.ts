import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Frame, Page } from 'playwright-core'

/**
 * The axe that Playwright's own binding brings; put in once a document, where the binding opens a tab for each look.
 */
const binding = createRequire(import.meta.resolve('@axe-core/playwright'))
const axeSource = readFileSync(binding.resolve('axe-core/axe.min.js'), 'utf8')

interface AxeWindow {
  readonly axe?: {
    run(
      root: Document,
      options: object,
    ): Promise<{ violations: readonly { id: string; nodes: readonly { target: readonly string[] }[] }[] }>
  }
}

/** The rules of WCAG 2.2 A and AA that axe can check. */
export const everyRule = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } as const

/**
 * A skin and a scheme are other values of the colours' custom properties, so these rules alone can find anything new in
 * them.
 */
export const colourRules = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } as const

/** Violations in the document of this frame; nested frames are checked on their own. */
async function violationsOfFrame(frame: Frame, runOnly: typeof everyRule | typeof colourRules): Promise<string[]> {
  if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(axeSource)
  return frame.evaluate(async (rules) => {
    const { axe } = window as unknown as AxeWindow
    if (axe === undefined) throw new Error('axe is not in this page')
    const options = { runOnly: rules, resultTypes: ['violations'], elementRef: false, iframes: false }
    const { violations } = await axe.run(document, options)
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  }, runOnly)
}

/** Violations in the page and in every visible frame. */
export async function violationsIn(page: Page, rules: typeof everyRule | typeof colourRules): Promise<string[]> {
  const found: string[] = []
  for (const frame of page.frames()) {
    if (frame.url() === 'about:blank') continue
    found.push(...(await violationsOfFrame(frame, rules)))
  }
  return found
}
