import type { Environment, LoadOptions } from './load-script.ts'
import { createHiddenForm, openPaymentWindow } from './open-payment-window.ts'

/** The JSON answer of the checkout's `/form?order=`. */
interface OrderForm {
  readonly environment: Environment
  readonly fields: Readonly<Record<string, string>>
  readonly returnUrl: string
}

/**
 * Pays an order, from the button to the shop's result page, with a checkout (`createCheckout` of `@sspay/merchant`) on
 * the shop's server.
 *
 * The window opens over the page (PC) or replaces it (mobile). Afterwards the page navigates to the shop's result page
 * and the promise never resolves; an order that awaits no payment leads there at once.
 *
 * @param formUrl - the checkout's form of the order, `/pay/form?order=…`
 * @returns `aborted` when the buyer closed the layer.
 * @throws Error when the form or the script cannot be loaded, or while another window is open.
 */
export async function payOrder(
  formUrl: string,
  options: Omit<LoadOptions, 'environment'> = {},
): Promise<{ readonly outcome: 'aborted' }> {
  const answer = await fetch(formUrl, { headers: { accept: 'application/json' }, credentials: 'same-origin' })
  if (answer.redirected) return leaveFor(() => location.assign(answer.url))
  if (!answer.ok) throw new Error(`${formUrl} answered ${answer.status}`)
  const { environment, fields, returnUrl } = (await answer.json()) as OrderForm
  const outcome = await openPaymentWindow({ fields }, { ...options, environment })
  if (outcome.outcome === 'aborted') return outcome
  return leaveFor(() => post(returnUrl, outcome.fields))
}

function leaveFor(leave: () => void): Promise<never> {
  leave()
  return new Promise(() => {})
}

function post(url: string, fields: Readonly<Record<string, string>>): void {
  const form = createHiddenForm(fields)
  form.action = url
  form.submit()
}
