import type { WireText } from '@sspay/protocol'
import type { Buyer } from './buyer.ts'
import type { HtmlForm } from './html-forms.ts'

/** What the buyer answers to a field, by the field's name. */
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
  expiryMonth: [buyer.expiryMonth, String(Number(buyer.expiryMonth))],
  // A list may offer years of two or of four digits; a text field takes two, as on the card.
  expiryYear: [buyer.expiryYear.slice(2), buyer.expiryYear],
  installmentMonths: [String(buyer.installmentMonths).padStart(2, '0'), String(buyer.installmentMonths)],
})

/** The form's own values, with the buyer's answers where the buyer has one and every box to agree ticked. */
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

/** The registered card with the buyer's last four digits, where the form lets choose a card. */
export const findOwnCard = ({ choices }: HtmlForm, { cardNumber }: Buyer): string | undefined =>
  choices.cardId?.find(({ text }) => text.includes(cardNumber.slice(-4)))?.value
