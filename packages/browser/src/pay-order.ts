import { createHiddenForm } from './hidden-form.ts'
import type { Environment, LoadOptions } from './load-script.ts'
import { openPaymentWindow } from './open-payment-window.ts'

/** What the shop's server answers: `/form?order=` of a checkout, asked for JSON. */
interface OrderForm {
  readonly environment: Environment
  readonly fields: Readonly<Record<string, string>>
  readonly returnUrl: string
}

/**
 * Lets the buyer of this page pay an order, from the button to the shop's result page, with a checkout on the shop's server (`createCheckout`
 * of `@sspay/merchant`).
 *
 * `formUrl`: the checkout's form of the order, `/pay/form?order=…`. The window opens over the page (PC) or in its place (mobile); afterwards
 * the page goes on to the shop's result page, and the promise never settles. It resolves with `aborted` when the buyer closed the layer.
 * An order that waits for no payment leads to its result page at once.
 *
 * Rejects with an `Error` when the form or the script cannot be loaded, and while another window is open.
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
