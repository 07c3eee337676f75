import type { ShopFrame, ShopPage, WindowFrame, WindowSurface } from './playwright.ts'

/** The payment window where it was found. */
export interface FoundWindow {
  readonly surface: WindowSurface
  /** The layer is closed, or the shop's page has taken its place. */
  isGone(): Promise<boolean>
}

/** Every page of the window has it. */
const documentOfWindow = 'html[data-shop-origin]'

/** A frame that is being replaced has no document. */
const isWindow = (surface: WindowSurface): Promise<boolean> =>
  surface
    .locator(documentOfWindow)
    .count()
    .then(
      (count) => count > 0,
      () => false,
    )

export const isPage = (target: ShopPage | WindowFrame): target is ShopPage => 'frames' in target

/** In the page itself, in a frame of it, or in a popup that belongs to the same browser context. */
export async function findWindow(target: ShopPage | WindowFrame): Promise<FoundWindow | undefined> {
  if (!isPage(target))
    return (await isWindow(target))
      ? { surface: target, isGone: async () => (await target.owner().count()) === 0 }
      : undefined
  const others = target
    .context()
    .pages()
    .filter((page) => page !== target)
  for (const page of [target, ...others])
    for (const frame of page.frames()) if (await isWindow(frame)) return foundIn(page, frame)
  return undefined
}

/** The address changes at once, unlike the document, which is empty between two pages of the window. */
function foundIn(page: ShopPage, surface: ShopFrame): FoundWindow {
  const { origin } = new URL(surface.url())
  const isOfWindow = (frame: ShopFrame): boolean => frame.url().startsWith(`${origin}/`)
  return { surface, isGone: async () => page.isClosed() || !page.frames().some(isOfWindow) }
}
