export {
  type CardScenario,
  type PayInWindowOptions,
  type PayInWindowResult,
  payInWindow,
  type WindowBuyer,
} from './testing/pay-in-window.ts'
export type {
  PictureResponse,
  ShopContext,
  ShopFrame,
  ShopPage,
  WaitOptions,
  WindowElement,
  WindowFrame,
  WindowLocator,
  WindowSurface,
} from './testing/playwright.ts'
export { PaymentWindowError } from './testing/window-error.ts'
