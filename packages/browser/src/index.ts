export type { DropInPayment, DropInScript, DropInSettings } from './drop-in-script.ts'
export type { Device, Environment, LoadOptions } from './load-script.ts'
export { detectDevice, loadSmartroPay } from './load-script.ts'
export { openPaymentWindow, type WindowForm, type WindowOutcome } from './open-payment-window.ts'
