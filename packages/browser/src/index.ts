export type { Device, DropInPayment, DropInScript, DropInSettings, Environment, LoadOptions } from './load-script.ts'
export { detectDevice, loadSmartroPay } from './load-script.ts'
export { openPaymentWindow, type WindowForm, type WindowOutcome } from './open-payment-window.ts'
export { payOrder } from './pay-order.ts'
