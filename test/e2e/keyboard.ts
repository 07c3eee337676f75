import assert from 'node:assert/strict'
import type { CDPSession, ElementHandle, Frame, Page } from 'playwright-core'

/** More presses of Tab than any page has places to stop at. */
const mostStops = 40

/** How the focused element looks to the one who sees it, asked in one go. */
interface Sight {
  readonly name: string
  readonly look: string
  readonly faults: readonly string[]
}

interface Stop extends Sight {
  readonly element: ElementHandle<HTMLElement>
}

/** A buyer who has a keyboard and nothing else. Looks at each stop of the focus: it must be seen, and be seen to have the focus. */
export class Keyboard {
  readonly #page: Page
  #last: Stop | undefined
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
      const stop = await this.#look()
      passed.push(stop?.name ?? 'nothing')
      if (stop === undefined) continue
      assert.deepEqual(stop.faults, [], stop.name)
      await this.#assertLookedDifferent()
      this.#last = stop
      this.stops.push(stop.name)
      if (await stop.element.evaluate((element, wanted) => element.matches(wanted), selector)) return
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

  press(key: string, times = 1): Promise<void> {
    return Array.from({ length: times }).reduce<Promise<void>>(
      (before) => before.then(() => this.#page.keyboard.press(key)),
      Promise.resolve(),
    )
  }

  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text)
  }

  /** What the focus is on, in whichever frame. */
  async focused(): Promise<string> {
    return (await this.#look())?.name ?? 'nothing'
  }

  async #look(): Promise<Stop | undefined> {
    let frame: Frame = this.#page.mainFrame()
    for (;;) {
      const focused = await frame.evaluateHandle(() => document.activeElement ?? document.body)
      const element = focused.asElement() as ElementHandle<HTMLElement>
      const sight = await element.evaluate(see)
      if (sight.name.startsWith('body')) return undefined
      const inner = sight.name.startsWith('iframe') ? await element.contentFrame() : null
      if (inner === null) return { ...sight, element }
      frame = inner
    }
  }

  /** The stop before this one, now without the focus; gone with its page it cannot be compared. */
  async #assertLookedDifferent(): Promise<void> {
    const last = this.#last
    if (last === undefined) return
    const now = await last.element.evaluate(see).catch(() => undefined)
    if (now !== undefined) assert.notEqual(now.look, last.look, `${last.name} looks the same with the focus`)
  }
}

/** Runs in the page. What a style of focus may change is outline and shadow; a change of colour alone does not count. */
function see(focused: HTMLElement): Sight {
  const { left, top, width, height } = focused.getBoundingClientRect()
  const { visibility, opacity, outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused)
  const over = document.elementFromPoint(left + width / 2, top + height / 2)
  // A label around a control counts as the control.
  const isCovered = over === null || !(focused.contains(over) || over.contains(focused))
  const look = `${outlineStyle === 'none' ? '' : `${outlineStyle} ${outlineWidth}`} ${boxShadow}`
  const faults = [
    look === ' none' ? 'does not show that it has the focus' : '',
    width < 1 || height < 1 ? 'has no size' : '',
    visibility !== 'visible' || Number(opacity) === 0 ? 'is not painted' : '',
    focused.closest('[aria-hidden=true], [hidden]') ? 'is hidden from screen readers' : '',
    isCovered ? `is out of sight or covered by ${over?.outerHTML.slice(0, 80)}` : '',
  ]
  const said = focused.getAttribute('name') ?? focused.textContent?.trim().slice(0, 20) ?? ''
  return {
    name: `${focused.tagName.toLowerCase()}.${focused.className} ${said}`,
    look,
    faults: faults.filter(Boolean),
  }
}

const controlRoles = /^(button|link|textbox|searchbox|combobox|listbox|option|checkbox|radio|switch|slider|spinbutton)$/
const namedRoles = new RegExp(`${controlRoles.source}|^(DisclosureTriangle|image|Iframe|dialog|group)$`)

export interface Named {
  readonly role: string
  readonly name: string
}

/** What a screen reader is told of everything that can be used, frame by frame, in the order of the page. */
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
