import assert from 'node:assert/strict'
import type { CDPSession, Frame, Page } from 'playwright-core'

/** More presses of Tab than any page has places to stop at. */
const mostStops = 40

/** The focused element as the page draws it. */
interface Sight {
  readonly name: string
  readonly isWanted: boolean
  readonly isFrame: boolean
  /** A visible focus changes outline or shadow; a change of colour alone does not count. */
  readonly look: string
  /** The stop before it, when it looks without the focus as it did with it. */
  readonly unchangedBefore: string | undefined
  readonly isEmpty: boolean
  readonly isPainted: boolean
  readonly isHidden: boolean
  /** The element that covers it, or undefined. */
  readonly coveredBy: string | undefined
}

const faultsOf = (sight: Sight): readonly string[] =>
  [
    sight.look === ' none' && !sight.isFrame ? 'does not show that it has the focus' : '',
    sight.unchangedBefore && `the stop before it looks the same without the focus: ${sight.unchangedBefore}`,
    sight.isEmpty ? 'has no size' : '',
    sight.isPainted ? '' : 'is not painted',
    sight.isHidden ? 'is hidden from screen readers' : '',
    sight.coveredBy && `is out of sight or covered by ${sight.coveredBy}`,
  ].filter((fault) => fault !== undefined && fault !== '') as readonly string[]

/**
 * A buyer who has a keyboard and nothing else. Looks at each stop of the focus: it must be seen, and be seen to have
 * the focus.
 */
export class Keyboard {
  readonly #page: Page
  /** Each stop on the way, for the report. */
  readonly stops: string[] = []

  constructor(page: Page) {
    this.#page = page
  }

  /** Presses Tab until the focus is on what the selector names. */
  async tabTo(selector: string): Promise<void> {
    const passed: string[] = []
    while (passed.length < mostStops) {
      await this.press('Tab')
      const sight = await this.#look(selector)
      passed.push(sight?.name ?? 'nothing')
      if (sight === undefined) continue
      assert.deepEqual(faultsOf(sight), [], sight.name)
      this.stops.push(sight.name)
      if (sight.isWanted) return
    }
    throw new Error(`no Tab leads to ${selector}: ${passed.join(' → ')}`)
  }

  async tabToAndPress(selector: string, key: string): Promise<void> {
    await this.tabTo(selector)
    await this.press(key)
  }

  async tabToAndType(selector: string, text: string): Promise<void> {
    await this.tabTo(selector)
    await this.type(text)
  }

  async press(key: string, times = 1): Promise<void> {
    for (let pressed = 0; pressed < times; pressed++) await this.#page.keyboard.press(key)
  }

  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text)
  }

  /** The focused element, in any frame. */
  async focused(): Promise<string> {
    return (await this.#look('*'))?.name ?? 'nothing'
  }

  async #look(selector: string): Promise<Sight | undefined> {
    const main = this.#page.mainFrame()
    const outside = await main.evaluate(seeFocus, selector)
    const [layer] = main.childFrames()
    return outside?.name.startsWith('iframe') && layer ? lookInside(layer, selector) : outside
  }
}

const lookInside = (frame: Frame, selector: string): Promise<Sight | undefined> => frame.evaluate(seeFocus, selector)

/** Runs in the page. */
function seeFocus(wanted: string): Sight | undefined {
  const lookOf = (element: Element): string => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
    return `${outlineStyle === 'none' ? '' : `${outlineStyle} ${outlineWidth}`} ${boxShadow}`
  }
  const page: Document & { stop?: { readonly element: Element; readonly look: string } | undefined } = document
  const focused = page.activeElement
  if (focused === null || focused === page.body) return undefined

  const { left, top, width, height } = focused.getBoundingClientRect()
  const { visibility, opacity } = getComputedStyle(focused)
  const over = page.elementFromPoint(left + width / 2, top + height / 2)
  // A label around a control counts as the control.
  const isCovered = over === null || !(focused.contains(over) || over.contains(focused))
  const isFrame = focused.tagName === 'IFRAME'
  const before = page.stop
  const look = lookOf(focused)
  const keepsLook = before !== undefined && before.element !== focused && lookOf(before.element) === before.look
  page.stop = isFrame ? undefined : { element: focused, look }
  const said = focused.getAttribute('name') ?? focused.textContent?.trim().slice(0, 20) ?? ''
  return {
    name: `${focused.tagName.toLowerCase()}.${focused.className} ${said}`,
    isWanted: focused.matches(wanted),
    isFrame,
    look,
    unchangedBefore: keepsLook ? before.element.outerHTML.slice(0, 80) : undefined,
    isEmpty: width < 1 || height < 1,
    isPainted: visibility === 'visible' && Number(opacity) !== 0,
    isHidden: focused.closest('[aria-hidden=true], [hidden]') !== null,
    coveredBy: isCovered ? String(over?.outerHTML.slice(0, 80)) : undefined,
  }
}

const controlRoles = /^(button|link|textbox|searchbox|combobox|listbox|option|checkbox|radio|switch|slider|spinbutton)$/
const namedRoles = new RegExp(`${controlRoles.source}|^(DisclosureTriangle|image|Iframe|dialog|group)$`)

export interface Named {
  readonly role: string
  readonly name: string
}

/** The accessible name and role of every control, frame by frame, in the order of the page. */
export async function readControls(page: Page): Promise<readonly Named[]> {
  const session = await page.context().newCDPSession(page)
  const { frameTree } = await session.send('Page.getFrameTree')
  const frames = [frameTree, ...(frameTree.childFrames ?? [])]
  const read = await Promise.all(frames.map(({ frame }) => controlsIn(session, frame.id)))
  await session.detach()
  return read.flat()
}

async function controlsIn(session: CDPSession, frameId: string): Promise<readonly Named[]> {
  const { nodes } = await session.send('Accessibility.getFullAXTree', { frameId })
  return nodes.flatMap(({ ignored, role, name }) =>
    !ignored && namedRoles.test(role?.value ?? '') ? [{ role: role?.value, name: `${name?.value ?? ''}`.trim() }] : [],
  )
}
