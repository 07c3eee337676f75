import { until } from '../support/until.ts'

/** The commands of W3C WebDriver that the journeys need, with their route over HTTP. */
export const routes = {
  Navigate: 'POST url',
  GetCurrentURL: 'GET url',
  Back: 'POST back',
  Refresh: 'POST refresh',
  FindElements: 'POST elements',
  ElementClear: 'POST element/{id}/clear',
  ElementClick: 'POST element/{id}/click',
  ElementSendKeys: 'POST element/{id}/value',
  GetElementText: 'GET element/{id}/text',
  GetElementAttribute: 'GET element/{id}/attribute/{name}',
  ExecuteScript: 'POST execute/sync',
  SetWindowRect: 'POST window/rect',
  SwitchToFrame: 'POST frame',
} as const

export type Command = keyof typeof routes
export type Parameters = Readonly<Record<string, unknown>>

/** Milliseconds that an engine has for one command. */
export const commandDeadline = 60_000

/** A browser with one empty window; how its commands travel is its own. */
export interface Browser {
  /** Name and version. */
  readonly version: string
  send(command: Command, parameters: Parameters): Promise<unknown>
  close(): Promise<void>
}

export class WebDriverError extends Error {
  readonly code: string

  constructor(command: string, code: string, message: string) {
    super(`${command}: ${code}: ${message}`)
    this.code = code
  }
}

export const elementKey = 'element-6066-11e4-a52e-4f735466cecf'
export type ElementReference = Readonly<Record<typeof elementKey, string>>

/** A page, or a frame in it. Everything waits for its element. */
export interface Surface {
  /** How many there are, once there is one. */
  waitFor(selector: string): Promise<number>
  /** The first, or the one at the place; the last is at -1. */
  click(selector: string, place?: number): Promise<void>
  fill(selector: string, text: string): Promise<void>
  /** One key or several, sent to the first, which gets the focus. */
  press(selector: string, keys: string): Promise<void>
  /** An attribute of the element that has the focus. */
  ofFocused(attribute: string): Promise<string>
  text(selector: string): Promise<string>
  attribute(selector: string, name: string): Promise<string>
}

export interface Page extends Surface {
  goto(url: string): Promise<void>
  reload(): Promise<void>
  back(): Promise<void>
  address(): Promise<string>
  /** Runs the body of a function in the page; what it returns. */
  run(script: string): Promise<unknown>
  /** The innermost of frames in frames. */
  frame(...selectors: readonly string[]): Surface
}

/** A click may end the frame or page that it was made in before its answer. */
const endedByClick = ['no such frame', 'no such window']

export function pageOf({ send }: Browser): Page {
  const find = (selector: string) =>
    send('FindElements', { using: 'css selector', value: selector }) as Promise<readonly ElementReference[]>

  function surfaceIn(frames: readonly string[]): Surface {
    async function enter(): Promise<void> {
      await send('SwitchToFrame', { id: null })
      for (const selector of frames) {
        const [frame] = await find(selector)
        if (frame === undefined) throw new Error(`no frame ${selector}`)
        await send('SwitchToFrame', { id: frame })
      }
    }
    const withElements = <Value>(selector: string, use: (found: readonly ElementReference[]) => Promise<Value>) =>
      until(
        async () => {
          await enter()
          const found = await find(selector)
          return found.length > 0 && { value: await use(found) }
        },
        { what: [...frames, selector].join(' > '), every: 50 },
      )
    const withFirst = async (selector: string, command: Command, parameters: Parameters = {}): Promise<unknown> =>
      (await withElements(selector, ([first]) => send(command, { id: first?.[elementKey], ...parameters }))).value
    return {
      waitFor: async (selector) => (await withElements(selector, async (found) => found.length)).value,
      async click(selector, place = 0) {
        await withElements(selector, async (found) => {
          const id = found.at(place)?.[elementKey]
          await send('ElementClick', { id }).catch((error) => {
            if (!endedByClick.includes(error.code)) throw error
          })
        })
      },
      async fill(selector, text) {
        await withFirst(selector, 'ElementClear')
        await withFirst(selector, 'ElementSendKeys', { text })
      },
      press: async (selector, keys) => void (await withFirst(selector, 'ElementSendKeys', { text: keys })),
      async ofFocused(name) {
        await enter()
        const script = 'return document.activeElement.getAttribute(arguments[0])'
        return String(await send('ExecuteScript', { script, args: [name] }))
      },
      text: async (selector) => String(await withFirst(selector, 'GetElementText')),
      attribute: async (selector, name) => String(await withFirst(selector, 'GetElementAttribute', { name })),
    }
  }

  const onTop = async (command: Command, parameters: Parameters = {}): Promise<unknown> => {
    await send('SwitchToFrame', { id: null })
    return send(command, parameters)
  }
  return {
    ...surfaceIn([]),
    frame: (...selectors) => surfaceIn(selectors),
    goto: async (url) => void (await onTop('Navigate', { url })),
    reload: async () => void (await onTop('Refresh')),
    back: async () => void (await onTop('Back')),
    address: async () => (await onTop('GetCurrentURL')) as string,
    run: (script) => onTop('ExecuteScript', { script, args: [] }),
  }
}
