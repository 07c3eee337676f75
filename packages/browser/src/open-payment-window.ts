import { authenticationResult, readMessage, type WireText, writeMessage } from '@sspay/protocol'
import { detectDevice, type LoadOptions, loadSmartroPay } from './load-script.ts'

/** A form of the page, or the `fields` from `createPaymentForm` on the shop's server. */
export type WindowForm = HTMLFormElement | { readonly fields: Readonly<Record<string, string>> }

/** How the payment window ended. In neither case has anything been charged. */
export type WindowOutcome =
  | {
      readonly outcome: 'authenticated'
      /** 거래번호. */
      readonly transactionId: string
      /** Single use: lets the shop's server approve the payment. */
      readonly approvalTicket: string
      /** Both by their wire names, to post to the shop's server for `readAuthentication`. */
      readonly fields: Readonly<Record<string, string>>
    }
  /** The buyer closed the layer (중단), or aborted inside it: then the page also navigates to the shop's StopUrl. */
  | { readonly outcome: 'aborted' }

let isOpen = false

/**
 * Opens the payment window (guide, STEP 2). Nothing has been charged when it closes: the shop's server approves.
 *
 * On `pc` it is a layer over the page. On `mobile`, and where the layer is blocked, the page navigates to the window
 * and the result arrives at the shop's return address: the promise never resolves.
 *
 * @throws Error when the script cannot be loaded, or while another window is open.
 */
export function openPaymentWindow(
  form: WindowForm,
  options: LoadOptions & { readonly device: 'mobile' },
): Promise<never>
/** Resolves with the authenticated payment, or with `aborted`. */
export function openPaymentWindow(form: WindowForm, options: LoadOptions): Promise<WindowOutcome>
export async function openPaymentWindow(form: WindowForm, options: LoadOptions): Promise<WindowOutcome> {
  if (isOpen) throw new Error('a payment window is already open')
  isOpen = true
  window.addEventListener('pageshow', allowNextOnReturn)
  try {
    return await open(form, options)
  } finally {
    isOpen = false
    window.removeEventListener('pageshow', allowNextOnReturn)
  }
}

/** Back from the window: the browser restored the page from its back/forward cache. */
function allowNextOnReturn({ persisted }: PageTransitionEvent): void {
  if (persisted) isOpen = false
}

async function open(form: WindowForm, options: LoadOptions): Promise<WindowOutcome> {
  const device = options.device ?? detectDevice()
  const dropIn = await loadSmartroPay({ ...options, device })
  const { formId, remove } = placeForm(form)

  if (device === 'mobile') {
    dropIn.payment({ FormId: formId })
    remove()
    return new Promise(() => {})
  }
  return new Promise<WindowOutcome>((resolve, reject) => {
    dropIn.payment({
      FormId: formId,
      Callback(fields) {
        remove()
        const outcome = readCallback(fields)
        if (outcome === undefined) reject(new Error('the payment window returned no readable result'))
        else resolve(outcome)
      },
      Closed() {
        remove()
        resolve({ outcome: 'aborted' })
      },
    })
  })
}

function readCallback(fields: WireText): WindowOutcome | undefined {
  const read = readMessage(authenticationResult, fields)
  if (!read.ok) return undefined
  const { transactionId, approvalTicket } = read.value
  const written = writeMessage(authenticationResult, read.value)
  return { outcome: 'authenticated', transactionId, approvalTicket, fields: written }
}

let placedForms = 0

/** The drop-in script needs a form with an id. */
function placeForm(form: WindowForm): { readonly formId: string; readonly remove: () => void } {
  const isOfPage = form instanceof HTMLFormElement
  const element = isOfPage ? form : createHiddenForm(form.fields)
  if (element.id === '') element.id = `sspay-form-${++placedForms}`
  return { formId: element.id, remove: () => (isOfPage ? undefined : element.remove()) }
}

/** An invisible form with a hidden input for each field. */
export function createHiddenForm(fields: Readonly<Record<string, string>>): HTMLFormElement {
  const form = document.createElement('form')
  form.method = 'post'
  form.hidden = true
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input')
    input.type = 'hidden'
    input.name = name
    input.value = value
    form.append(input)
  }
  document.body.append(form)
  return form
}
