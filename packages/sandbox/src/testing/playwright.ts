/**
 * The part of Playwright that a payment needs, by structure: the types of `playwright`, `@playwright/test` and
 * `playwright-core` fit, and none of them is a dependency. All are methods, whose parameters compare loosely.
 */

/** How long an action may take. */
export interface WaitOptions {
  /** Milliseconds. */
  timeout?: number
}

/** Playwright's Locator. */
export interface WindowLocator {
  locator(selector: string): WindowLocator
  first(): WindowLocator
  last(): WindowLocator
  all(): Promise<WindowLocator[]>
  count(): Promise<number>
  isVisible(): Promise<boolean>
  getAttribute(name: string, options?: WaitOptions): Promise<string | null>
  innerText(options?: WaitOptions): Promise<string>
  click(options?: WaitOptions): Promise<void>
  check(options?: WaitOptions): Promise<void>
  fill(value: string, options?: WaitOptions): Promise<void>
  selectOption(value: string, options?: WaitOptions): Promise<string[]>
  waitFor(options?: WaitOptions): Promise<void>
  evaluate(run: (element: WindowElement) => unknown): Promise<unknown>
  page(): ShopPage
}

/** An element of the page, as far as a payment looks at it. */
export interface WindowElement {
  setAttribute(name: string, value: string): void
}

/** Where elements are found: Playwright's Page, Frame or FrameLocator. */
export interface WindowSurface {
  locator(selector: string): WindowLocator
}

/** Playwright's Frame. */
export interface ShopFrame extends WindowSurface {
  url(): string
}

/** Playwright's APIResponse. */
export interface PictureResponse {
  status(): number
  body(): Promise<Uint8Array>
}

/** Playwright's BrowserContext. */
export interface ShopContext {
  pages(): readonly ShopPage[]
  readonly request: { get(url: string, options?: WaitOptions): Promise<PictureResponse> }
}

/** Playwright's Page. */
export interface ShopPage extends WindowSurface {
  url(): string
  isClosed(): boolean
  frames(): readonly ShopFrame[]
  context(): ShopContext
}

/** Playwright's FrameLocator, for example `page.frameLocator('iframe')`. */
export interface WindowFrame extends WindowSurface {
  /** The iframe itself. */
  owner(): WindowLocator
}
