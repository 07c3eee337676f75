import type { UndoneFixes } from './model.ts'

const source = 'packages/merchant/src'
const tests = 'packages/merchant/test'
const passwords = `${tests}/cancel-password.test.ts`
const foreignTickets = `${tests}/checkout/foreign-tickets.test.ts`
const approvals = `${tests}/approve-journal.test.ts`
const insideTransaction =
  'nothing that must last is written inside a transaction of the shop: nobody knows whether it is kept'

/** Faults of the shop's side, in `@sspay/merchant`. */
export const shopFixes: UndoneFixes = {
  'any ticket is posted to the return of any order': {
    edits: [
      [`${source}/checkout/return.ts`, '  if (!isAuthorized)\n', '  if (!isAuthorized && orderId === undefined)\n'],
    ],
    test: [foreignTickets, 'a foreign ticket … neither blocks nor declines the order; signed: …'],
  },
  'the ticket of another order declines this one': {
    edits: [
      [
        `${source}/checkout/return.ts`,
        `if (outcome.tampering === 'order_differs')`,
        `if (outcome.tampering === undefined && orderId === '')`,
      ],
    ],
    test: [foreignTickets, 'a buyer who brings the ticket of another order does not read that this one was declined'],
  },
  'an approval is requested before its order is compared': {
    edits: [[`${source}/approve.ts`, 'known !== undefined || merchant.signsOrders', 'known !== undefined']],
    test: [foreignTickets, 'a buyer who changed the customer in the form is not approved'],
  },
  'each run sends a wrong cancel password again': {
    edits: [[`${source}/cancel-password.ts`, '  remembered.set(fingerprint, known)\n', '']],
    test: [passwords, 'six recovery runs, each with options of its own, send a wrong cancel password once'],
  },
  'refunds at the same time try a cancel password together': {
    edits: [
      [`${source}/cancel-password.ts`, `if (known.verdict !== 'untried') return`, `if (known !== undefined) return`],
    ],
    test: [passwords, 'ten calls at once with a wrong password send it once'],
  },
  'a refund follows one that got no answer': {
    edits: [[`${source}/recover.ts`, '      if (stopsOthers(outcome)) stopped = outcome\n', '']],
    test: [passwords, 'an attempt without an answer may have been counted: the others of the run are not sent'],
  },
  'a reload declines an approved payment': {
    edits: [
      [
        `${source}/judge-inquiry.ts`,
        '      if (state !== undefined && wasApproved(state)) return contradiction(transactionId, found)\n',
        '',
      ],
    ],
    test: [approvals, 'an approved payment is not declined by a reload that is answered …'],
  },
  'the recovery closes an approved payment as declined': {
    edits: [
      [
        `${source}/recover-entry.ts`,
        `entry.isApproved && (found.outcome === 'declined' || found.outcome === 'not_approved_yet')`,
        `entry.isApproved && found.outcome === 'not_approved_yet'`,
      ],
    ],
    test: [`${tests}/recover.test.ts`, 'a gateway that contradicts its earlier answer needs a person; abandoned: …'],
  },
  'abandoning forgets that a payment was approved': {
    edits: [
      [
        `${source}/journal-sql.ts`,
        `case when state in ('approved', 'approved_abandoned') then 'approved_abandoned' else 'abandoned' end`,
        `'abandoned'`,
      ],
    ],
    test: [`${tests}/journal.test.ts`, 'what was approved and abandoned is known to be both, in either order'],
  },
  'a replayed approval pays although the money is refunded': {
    edits: [
      [
        `${source}/approval-answer.ts`,
        `  if (state === 'cancelled') return { outcome: 'cancelled', transactionId, raw }\n`,
        '',
      ],
    ],
    test: [approvals, 'an approval of a payment that is refunded since, answered by …, pays nothing'],
  },
  'a repeated approval or charge answered 2013 is unknown': {
    edits: [[`${source}/result-meaning.ts`, "already_cancelled: { approval: 'cancelled', ", 'already_cancelled: { ']],
    test: [approvals, 'an approval of a payment that is refunded since, answered by …, pays nothing'],
  },
  'a silent inquiry lets a known payment be approved again': {
    edits: [
      [
        `${source}/judge-inquiry.ts`,
        `return state === undefined ? requestNow : end(found, 'nothing')`,
        'return requestNow',
      ],
    ],
    test: [approvals, 'a repeated approval of … is …'],
  },
  'an unknown state counts as approved': {
    edits: [
      [
        `${source}/approval-answer.ts`,
        `  if (broken.includes('paymentState') || broken.includes('cancelledAmount')) return 'unrecognized'\n`,
        '',
      ],
    ],
    test: [`${tests}/inquire.test.ts`, '… in the state … is unknown'],
  },
  'a refund does not reach the journal': {
    edits: [[`${source}/checkout/notification.ts`, '    await recordRefund(context.journal, notification)\n', '']],
    test: [
      `${tests}/checkout/messages.test.ts`,
      'after a full refund an order that is open again can be paid, and its old payment never pays it',
    ],
  },
  'an abandoned payment is written inside a transaction of the shop': {
    edits: [[`${source}/sqlite-journal.ts`, `      requireDurable('abandon')\n`, '']],
    test: [`${tests}/sqlite-journal.test.ts`, insideTransaction],
  },
  'an outcome is written inside a transaction of the shop': {
    edits: [[`${source}/sqlite-journal.ts`, `      requireDurable('recordOutcome')\n`, '']],
    test: [`${tests}/sqlite-journal.test.ts`, insideTransaction],
  },
}
