import { createHash } from 'node:crypto'
import type { Storage, Transaction } from '@sspay/gateway'
import { findMemberIdentity } from '../../../packages/gateway/src/members/store.ts'
import { findSession } from '../../../packages/gateway/src/payment-window/session.ts'
import type { MemberBug } from './bug.ts'

/**
 * Each lets another person pay with a card, keep a customer out, or see what is a member's; `found` is what must be
 * said.
 */
export const injectedBugs: Readonly<
  Record<string, { readonly bug: () => Partial<MemberBug>; readonly found: RegExp }>
> = {
  'name and birth date decide who is the member': {
    bug: () => ({
      wrapVerifier: (verifier) => ({
        ...verifier,
        async checkCode(given) {
          const checked = await verifier.checkCode(given)
          if (checked.result !== 'verified') return checked
          const { name, birthDate, gender } = checked.person
          const ci = createHash('sha256').update(`${name} ${birthDate} ${gender}`).digest('hex')
          return { ...checked, person: { ...checked.person, ci } }
        },
      }),
    }),
    found: /no security event says so/,
  },
  'a member is bound by joining': {
    bug: () => ({ wrapStorage: (storage) => afterWrite(storage, /^insert into members/, bindAtOnce) }),
    found: /a customer of the shop with signed orders was taken for somebody else/,
  },
  'the window answers without its cookie': {
    bug: withoutCookies,
    found: /its ticket was handed to two people/,
  },
  'cards stay after a reset': {
    bug: () => ({ wrapStorage: keepCardsAfterReset }),
    found: /the card of \d+ was charged for a payment of \d+/,
  },
  'nobody asks whose a card is': {
    bug: () => ({
      wrapNetwork: (network) => ({ ...network, verifyCard: async () => ({ outcome: 'verified' }) }),
    }),
    found: /the card of \d+ was charged for a payment of \d+/,
  },
  'cards are shown before the password': {
    bug: () => ({ merchant: { showsCardsBeforePassword: true } }),
    found: /was shown \(\d{4}\) of \d+/,
  },
  'the shop does not sign its orders': {
    bug: () => ({ signsOrders: false }),
    found: /a customer of the shop with signed orders was taken for somebody else/,
  },
  'a claim is no security event': {
    bug: () => ({
      wrapLog: (log) => ({
        ...log,
        warn: (event, fields) => (fields?.name === 'customer_claimed_by_another' ? undefined : log.warn(event, fields)),
      }),
    }),
    found: /no security event says so/,
  },
  'the window greets the member by name and phone': {
    bug: greetMember,
    found: /was shown \S+ of \d+/,
  },
}

/** A storage that does something more after a statement, in the same transaction. */
const afterWrite = (
  storage: Storage,
  statement: RegExp,
  also: (transaction: Transaction) => Promise<unknown>,
): Storage => ({
  ...storage,
  transact: (work) =>
    storage.transact((transaction) =>
      work({
        ...transaction,
        async write(sql, params) {
          const changed = await transaction.write(sql, params)
          if (statement.test(sql)) await also(transaction)
          return changed
        },
      }),
    ),
})

const bindAtOnce = (transaction: Transaction): Promise<number> =>
  transaction.write(
    `update members set customer_id = pending_customer_id, pending_customer_id = null, pending_transaction_id = null,
       pending_since = null
     where pending_since is not null and not exists (
       select 1 from members as bound where bound.easy_pay_merchant_id = members.easy_pay_merchant_id
         and bound.customer_id = members.pending_customer_id)`,
  )

/** A transaction that has written a verified identity deletes no cards any more. */
const keepCardsAfterReset = (storage: Storage): Storage => ({
  ...storage,
  transact: (work) =>
    storage.transact((transaction) => {
      let isReset = false
      return work({
        ...transaction,
        async write(sql, params) {
          isReset ||= sql.startsWith('update members set identity_encrypted')
          return isReset && sql.startsWith('delete from cards') ? 0 : transaction.write(sql, params)
        },
      })
    }),
})

const tokenIn = (url: string): string => /\/ssp\/window\/([0-9a-f]{64})/.exec(url)?.[1] ?? ''

/** Who knows the address has the window: its cookie comes along with every request. */
function withoutCookies(): Partial<MemberBug> {
  const cookies = new Map<string, string>()
  return {
    wrapFetch: (fetch) => async (request, caller) => {
      const cookie = cookies.get(tokenIn(request.url))
      const headers = new Headers(request.headers)
      if (cookie !== undefined) headers.set('cookie', cookie)
      const answer = await fetch(new Request(request, { headers }), caller)
      const [set] = answer.headers.getSetCookie()
      const opened = tokenIn(answer.headers.get('location') ?? '')
      if (set !== undefined && opened !== '') cookies.set(opened, set.split(';')[0] ?? '')
      return answer
    },
  }
}

function greetMember(): Partial<MemberBug> {
  return {
    wrapFetch: (fetch, context) => async (request, caller) => {
      const answer = await fetch(request, caller)
      const session = answer.status === 200 ? await findSession(context, tokenIn(request.url)) : undefined
      const identity = session?.member && (await findMemberIdentity(context, session.member.memberId))
      if (identity === undefined) return answer
      const { name, phone } = identity
      return new Response(`${await answer.text()}<p>${name} ${phone}</p>`, answer)
    },
  }
}
