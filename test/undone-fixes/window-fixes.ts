import type { UndoneFixes } from './model.ts'

const source = 'packages/gateway/src'
const tests = 'packages/gateway/test'
const membership = `${tests}/payment-window/membership.test.ts`
const limits = `${tests}/payment-window/limits.test.ts`
const openings = `${tests}/payment-window/opening-limit.test.ts`

/** Faults of the payment window: members, guesses, windows, cards. */
export const windowFixes: UndoneFixes = {
  'a customer belongs to the first person who verifies': {
    edits: [
      [
        `${source}/members/join.ts`,
        'identity, joinedAt: at })',
        'identity, joinedAt: at })\n    await bindPendingMember(transaction, memberId)',
      ],
    ],
    test: [membership, 'is not claimed by the first to verify: the first approved payment makes the member'],
  },
  'an approved payment makes no member': {
    edits: [
      [
        `${source}/approval/record-outcome.ts`,
        'if (isApproved && payment.bindsMember)',
        'if (isApproved && !payment.memberId)',
      ],
    ],
    test: [
      `${tests}/approval/pending-members.test.ts`,
      'the first approved payment binds its member, and nothing before it does',
    ],
  },
  'another person in a member’s window leaves no trace': {
    edits: [
      [
        `${source}/payment-window/submit-identity.ts`,
        'if (!member.isPending) recordWindowEvent',
        'if (member.isPending) recordWindowEvent',
      ],
    ],
    test: [membership, 'of another person is rejected, and logged without personal data'],
  },
  'a namesake with the same birth date counts as the member': {
    edits: [
      [
        `${source}/members/reverify.ts`,
        'known?.ci !== identity.ci',
        'known?.name !== identity.name || known.birthDate !== identity.birthDate',
      ],
    ],
    test: [membership, 'is not believed by name and birth date: a namesake born on that day does not take the cards'],
  },
  'cards stay after a password reset': {
    edits: [
      [`${source}/members/reverify.ts`, 'await removeMeansOfPayment', 'if (changesPhone) await removeMeansOfPayment'],
    ],
    test: [
      `${tests}/members/join.test.ts`,
      'another phone deletes the cards and keeps the password; a reset deletes both; the former phone gets a message',
    ],
  },
  'the former phone gets no message': {
    edits: [
      [
        `${source}/payment-window/submit-identity.ts`,
        '  if (verified.message !== undefined) await notifyFormerPhone(submission, verified.message)\n',
        '',
      ],
    ],
    test: [
      membership,
      'with another phone loses the cards and keeps the password, and the former phone gets a message',
    ],
  },
  'an open window keeps its proof after a reset': {
    edits: [
      [
        `${source}/payment-window/proofs.ts`,
        'state.proof?.memberId === member?.memberId && state.proof?.identityVersion === member?.identityVersion',
        'state.proof?.memberId === member?.memberId',
      ],
    ],
    test: [
      `${tests}/payment-window/proofs.test.ts`,
      'between the verification and the new password, other windows see no cards and set no password',
    ],
  },
  'a wrong password leaves no trace': {
    edits: [
      [
        `${source}/payment-window/submit-password.ts`,
        `if (checked.result === 'wrong' || checked.result === 'locked')
    recordWindowEvent(window, session, \`password_\${checked.result}\`)
  else guess.undo()`,
        `if (checked.result !== 'wrong' && checked.result !== 'locked') guess.undo()`,
      ],
    ],
    test: [
      `${tests}/security-events/every-event.test.ts`,
      '… is logged and counted, without personal data and secrets',
    ],
  },
  'a payment forgives the guesses before it': {
    edits: [
      [
        `${source}/members/store.ts`,
        'failed_attempts = case when failed_attempts > 0 then failed_attempts - 1 else 0 end',
        'failed_attempts = 0',
      ],
    ],
    test: [
      `${tests}/members/password.test.ts`,
      'a match undoes its own attempt only: guesses before each payment reach the lockout',
    ],
  },
  'one address guesses for many members': {
    edits: [[`${source}/payment-window/guess-limit.ts`, '        ofAddress.add(address)\n', '']],
    test: [
      `${tests}/payment-window/guess-limit.test.ts`,
      'guessing passwords of many members from one address waits without costing attempts, and others pay',
    ],
  },
  'many addresses guess in the windows of one merchant': {
    edits: [[`${source}/payment-window/guess-limit.ts`, '      ofMerchant.add(merchantId)\n', '']],
    test: [
      `${tests}/payment-window/guess-limit.test.ts`,
      'while a merchant is over its number, an address has hardly any free guesses there, and a new one still has one',
    ],
  },
  'a console action names no user': {
    edits: [[`${source}/security-events/record.ts`, ', user: currentUser() }', ' }']],
    test: [
      `${tests}/console/actor.test.ts`,
      'console actions are logged with the address, and the user when a proxy is configured to name it',
    ],
  },
  'a request line names no address': {
    edits: [[`${source}/gateway.ts`, `log.info('request', { address: currentAddress(), `, `log.info('request', { `]],
    test: [
      `${tests}/console/actor.test.ts`,
      'the public listener never reads the user header, and its request lines name the address',
    ],
  },
  'one signed form opens windows without end': {
    edits: [[`${source}/payment-window/opening-limit.ts`, 'limit(windowsPerForm,', 'limit(windowsPerSignature,']],
    test: [
      openings,
      'one signed form opens so many windows from whichever addresses, other orders are unharmed, and time gives more',
    ],
  },
  'one address takes every window of a merchant': {
    edits: [
      [
        `${source}/payment-window/opening-limit.ts`,
        '        ...(isShort && address !== undefined ? [share] : []),\n',
        '',
      ],
    ],
    test: [openings, 'while windows of a merchant run short, an address gets its share and the others get the rest'],
  },
  'payments without an authentication stay for ever': {
    edits: [[`${source}/gateway.ts`, '      () => removeUnauthenticated(gateway),\n', '']],
    test: [
      `${tests}/gateway.test.ts`,
      'the background deletes payments that ended without an authentication, and members that none has bound',
    ],
  },
  'members that no payment has bound stay for ever': {
    edits: [[`${source}/gateway.ts`, '      () => removePendingMembers(gateway),\n', '']],
    test: [
      `${tests}/gateway.test.ts`,
      'the background deletes payments that ended without an authentication, and members that none has bound',
    ],
  },
  'one address has codes sent to any number of phones': {
    edits: [[`${source}/payment-window/limits.ts`, '          ...ofAddress(codesPerAddress),\n', '']],
    test: [limits, 'one … gets so many codes, however many windows and phones ask'],
  },
  'one merchant has any number of codes sent': {
    edits: [[`${source}/payment-window/limits.ts`, '          [codesPerMerchant, merchantId],\n', '']],
    test: [limits, 'one … gets so many codes, however many windows and phones ask'],
  },
  'a window answers every browser that has its address': {
    edits: [
      [
        `${source}/payment-window/browser-binding.ts`,
        'if (!isSecretOf(window, start, browser.start)) return undefined',
        'if (!isSecretOf(window, start, browser.start)) return session',
      ],
    ],
    test: [`${tests}/payment-window/window-fixation.test.ts`, '…, … cookies, … the start secret, to …'],
  },
  'the secret of a page works in a page of another site': {
    edits: [
      [
        `${source}/payment-window/browser-binding.ts`,
        'isProvablySameOrigin(request) && isSecretOf(window, pageSecret, browser.secret)',
        'isSecretOf(window, pageSecret, browser.secret)',
      ],
    ],
    test: [
      `${tests}/payment-window/window-fixation.test.ts`,
      'cannot put a form with the secret of its own page into a page for others',
    ],
  },
  'a form shows the cards of its customer': {
    edits: [
      [
        `${source}/payment-window/checks.ts`,
        'session.merchant.showsCardsBeforePassword || mayChangeCards(session)',
        'session.member !== undefined || mayChangeCards(session)',
      ],
    ],
    test: [
      `${tests}/payment-window/hidden-cards.test.ts`,
      'a member sees how many cards there are, and neither issuer, digits, name nor kind',
    ],
  },
  'a card is registered without its owner': {
    edits: [
      [
        `${source}/payment-window/verify-card-owner.ts`,
        `if (verified.outcome === 'verified') return undefined`,
        `if (verified.outcome !== 'unreachable') return undefined`,
      ],
    ],
    test: [
      `${tests}/payment-window/card-owner.test.ts`,
      'that the issuer rejects as … is not registered, and the buyer reads why',
    ],
  },
  'a member guesses card passwords without end': {
    edits: [[`${source}/payment-window/limits.ts`, '          [failuresPerMember, memberId],\n', '']],
    test: [
      `${tests}/payment-window/card-owner.test.ts`,
      'five times are no longer asked about for this member, also at once; those that were right do not count',
    ],
  },
  'a window whose limit is reached is a dead end': {
    edits: [[`${source}/payment-window/route.ts`, '      offersRetry: true,\n', '']],
    test: [
      `${tests}/payment-window/limit-requests.test.ts`,
      'the rejection says when to retry, in both languages, also in a shop’s frame, and leads back to the window alone',
    ],
  },
}
