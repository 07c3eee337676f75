import {
  describeProblem,
  type FieldProblem,
  type MemberDeletionRequest,
  type MemberDeletionResult,
  memberDeletionRequest,
  memberDeletionResult,
  type ResultReason,
  readMessage,
  sealedEnvelope,
  type WireText,
} from '@sspay/protocol'
import { textOf, writeWritable } from '@sspay/protocol/internal'
import { deletionChecksum, signatureMatches } from '@sspay/protocol/signature'
import type { Context } from '../context.ts'
import { codeAndMessage, jsonAnswer } from '../http/answer.ts'
import { readJsonOrForm } from '../http/read-body.ts'
import { explainEncryptedRequest } from '../merchants/explain-rejection.ts'
import type { Merchant } from '../merchants/model.ts'
import { type OpenedEnvelope, openEnvelope } from '../merchants/open-envelope.ts'
import { noteCall, noteExplanation } from '../request-log/notes.ts'
import { recordSecurityEvent } from '../security-events/record.ts'
import { deleteMember } from './delete-member.ts'

interface Answer {
  readonly reason: ResultReason
  /** Message instead of the reason's. */
  readonly detail?: string | undefined
  readonly easyPayMerchantId?: string
  readonly merchantNote?: string | undefined
}

/** ssbMemberDel.do: the sealed envelope in, plain JSON out, always HTTP 200. */
export const memberDeletionRoute =
  (context: Context) =>
  async (request: Request): Promise<Response> => {
    const body = await readJsonOrForm(request, context.settings.bodyLimitBytes)
    const answer = body.ok
      ? await answerDeletion(context, request, body.fields)
      : { reason: body.reason, detail: body.explanation?.words.ko }
    const explanation = body.ok
      ? await explainEncryptedRequest(context, 'member_deletion', body.fields, answer.reason)
      : body.explanation
    noteExplanation(request, explanation)
    return jsonAnswer(JSON.stringify(writeWritable(memberDeletionResult, resultOf(answer)).written))
  }

async function answerDeletion(context: Context, request: Request, envelope: WireText): Promise<Answer> {
  const opened = await openDeletion(context, envelope)
  if ('reason' in opened) return rejected(context, opened)
  noteCall(request, { merchantId: opened.merchant.merchantId, encrypted: opened.fields })
  return deleteAsAsked(context, opened)
}

async function deleteAsAsked(context: Context, { merchant, fields }: OpenedEnvelope): Promise<Answer> {
  const read = readMessage(memberDeletionRequest, fields)
  if (!read.ok) return rejected(context, { ...knownOfFields(fields), ...fieldAnswer(read.problems) }, merchant)
  const request = read.value
  const { easyPayMerchantId, customerId, merchantNote } = request
  const rejection = rejectionOf(request, merchant)
  if (rejection !== undefined)
    return rejected(context, { reason: rejection, easyPayMerchantId, merchantNote }, merchant)

  const bodyFingerprints = context.keyRing.fingerprints(canonicalText(fields), `member-deletion:${merchant.merchantId}`)
  const { merchantId, repeatedDeletion } = merchant
  const deletion = { easyPayMerchantId, merchantId, customerId, bodyFingerprints, repeatedDeletion }
  const reason = await deleteMember(context, deletion)
  context.log.info('member_deletion', { merchantId, reason })
  if (reason === 'member_deleted' || reason === 'member_without_card_deleted')
    recordSecurityEvent(context, { name: 'member_deleted', reason, member: request, merchantId })
  return { reason, easyPayMerchantId, merchantNote }
}

/** One rejection for everything that cannot be decrypted; only a missing field of the envelope is named. */
async function openDeletion(context: Context, envelope: WireText): Promise<OpenedEnvelope | Answer> {
  const read = readMessage(sealedEnvelope, envelope)
  if (!read.ok) {
    const missing = read.problems.filter(({ rule }) => rule === 'missing')
    return missing.length > 0 ? fieldAnswer(missing) : { reason: 'sealed_body_invalid' }
  }
  return (await openEnvelope(context, read.value)) ?? { reason: 'sealed_body_invalid' }
}

function rejectionOf(request: MemberDeletionRequest, merchant: Merchant): ResultReason | undefined {
  if (request.merchantId !== merchant.merchantId) return 'sealed_body_invalid'
  if (!signatureMatches(request.deletionChecksum, deletionChecksum(request))) return 'checksum_wrong'
  if (request.easyPayMerchantId !== merchant.easyPayMerchantId) return 'easy_pay_merchant_mismatch'
  return undefined
}

function rejected(context: Pick<Context, 'log' | 'keyRing'>, answer: Answer, merchant?: Merchant): Answer {
  const line = { reason: answer.reason, merchantId: merchant?.merchantId }
  context.log.warn('member_deletion_rejected', line)
  if (answer.reason === 'sealed_body_invalid' || answer.reason === 'checksum_wrong')
    recordSecurityEvent(context, { name: 'signature_rejected', ...line })
  return answer.reason === 'sealed_body_invalid' ? { reason: answer.reason } : answer
}

const fieldAnswer = (problems: readonly FieldProblem[]): Answer => ({
  reason: 'field_invalid',
  detail: problems.map((problem) => describeProblem(problem).ko).join(' '),
})

/** What the answer repeats of a request that cannot be read as a whole. */
const knownOfFields = (fields: WireText) => ({
  easyPayMerchantId: textOf(memberDeletionRequest, fields, 'easyPayMerchantId'),
  merchantNote: textOf(memberDeletionRequest, fields, 'merchantNote'),
})

/** The same fields in another order are the same request. */
const canonicalText = (fields: WireText): string =>
  JSON.stringify(Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1)))

const resultOf = ({ reason, detail, easyPayMerchantId, merchantNote }: Answer): MemberDeletionResult => ({
  // The guide gives the message 80 characters.
  ...codeAndMessage(reason, detail, 80),
  easyPayMerchantId,
  merchantNote,
})
