import { type FieldProblem, type FieldTable, maskMessage, resultCodes, type WireText } from '@sspay/protocol'
import type { Context } from '../context.ts'
import type { DiagnosedForm, Explanation } from '../diagnosis.ts'
import { explainRejection } from '../merchants/explain-rejection.ts'
import type { Rejected } from './read-request.ts'

export interface RejectedForm {
  readonly name: DiagnosedForm
  /** Of the log. */
  readonly event: 'payment_request_rejected' | 'bill_key_request_rejected'
  readonly table: FieldTable
  /** Wire name of the field with the signature. */
  readonly signature: string
}

/** Explains a rejection that is about the signature, and logs one line. */
export async function rejectOpening(
  context: Context,
  form: RejectedForm,
  fields: WireText,
  read: Rejected,
): Promise<Rejected> {
  const explanation = isAboutSignature(form, read)
    ? await explainRejection(context, form.name, fields)
    : read.explanation
  const rejected = { ...read, explanation }
  logRejection(context, form, fields, rejected)
  return rejected
}

const isAboutSignature = ({ signature }: RejectedForm, { reason, problems }: Rejected): boolean =>
  reason === 'signature_wrong' || reason === 'checksum_wrong' || problems.some(({ field }) => field === signature)

const longestLoggedValue = 60

function logRejection(
  { log }: Context,
  { event, table }: RejectedForm,
  fields: WireText,
  { reason, problems, explanation }: Rejected,
): void {
  const known = Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(table, name)))
  const shorten = (text: string): string => [...text].slice(0, longestLoggedValue).join('')
  const shown = Object.entries(maskMessage(table, known)).map(([name, text]) => [name, shorten(text)])
  log.warn(event, {
    reason,
    code: resultCodes[reason].code,
    problems: rulesOf(problems),
    fields: Object.fromEntries(shown),
    ...(explanation === undefined ? {} : explained(explanation)),
  })
}

export const rulesOf = (problems: readonly FieldProblem[]): string =>
  problems.map(({ field, rule }) => `${field}:${rule}`).join(' ')

/** Of a signature the names of the mistakes suffice, of a rule the limit counts. */
const explained = ({ joined, mistakes, words }: Explanation) =>
  joined === undefined ? words : { signatureMistakes: mistakes.join(' ') }
