import type { WireText } from '@sspay/protocol'
import type { Buyer } from './buyer.ts'
import type { HtmlForm } from './html-forms.ts'

/** The buyer's values by field name; of several, the first that the form offers. */
const answersOf = (buyer: Buyer): Readonly<Record<string, readonly string[]>> => ({
  name: [buyer.name],
  birthDate: [buyer.birthDate],
  genderDigit: [buyer.genderDigit],
  carrier: [buyer.carrier],
  phone: [buyer.phone],
  cardNumber: [buyer.cardNumber],
  cardPassword: [buyer.cardPassword],
  ownerBirthDate: [buyer.birthDate],
  businessNumber: [buyer.businessNumber],
  expiry: [`${buyer.expiryMonth}/${buyer.expiryYear.slice(2)}`],
  expiryMonth: [buyer.expiryMonth, String(Number(buyer.expiryMonth))],
  // Two digits in a text field, two or four in a list.
  expiryYear: [buyer.expiryYear.slice(2), buyer.expiryYear],
  installmentMonths: [String(buyer.installmentMonths).padStart(2, '0'), String(buyer.installmentMonths)],
})

/** The form's own values, with the buyer's values and every agreement ticked. */
export function fillForm(form: HtmlForm, buyer: Buyer): WireText {
  const filled: Record<string, string> = {}
  for (const { name, value } of form.fields) filled[name] = value
  for (const [name, options] of Object.entries(form.choices))
    if (/^agree/.test(name)) filled[name] = options?.[0]?.value ?? 'on'

  for (const [name, answers] of Object.entries(answersOf(buyer))) {
    const options = form.choices[name]
    const isAsked = options !== undefined || form.fields.some((field) => field.name === name)
    const answer =
      options === undefined
        ? answers[0]
        : answers.find((candidate) => options.some((option) => option.value === candidate))
    if (isAsked && answer !== undefined) filled[name] = answer
  }
  const ownCard = findOwnCard(form, buyer)
  return ownCard === undefined ? filled : { ...filled, cardId: ownCard }
}

/** The id of the registered card with the buyer's last four digits, in a list or as the only one. */
export function findOwnCard(
  { choices, fields, text }: HtmlForm,
  { cardNumber }: Pick<Buyer, 'cardNumber'>,
): string | undefined {
  const lastFour = cardNumber.slice(-4)
  if (choices.cardId !== undefined) return choices.cardId.find((card) => card.text.includes(lastFour))?.value
  return text.includes(lastFour) ? fields.find(({ name }) => name === 'cardId')?.value : undefined
}
