import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hasTicket, isRejected, joining, openOnly, withoutStart } from './binding-support.ts'
import { Buyer, post } from './buyer.ts'
import { fixture, member, newCustomer, password, useWindow } from './members.ts'
import { requestForm } from './request-form.ts'

useWindow()

/** Requests of an attacker who opened a window that a member then uses. */
async function tryEverything(attacker: Buyer, link: string): Promise<void> {
  const { pages } = attacker
  const known = pages.map(({ text }) => /name="pageSecret" value="([^"]+)"/.exec(text)?.[1] ?? '')
  const asks: readonly (() => Promise<{ readonly status: number; text(): Promise<string> }>)[] = [
    () => attacker.request(link),
    () => attacker.request(withoutStart(link)),
    () => attacker.request(withoutStart(link), post({ step: 'language', language: 'en' })),
    ...known.map((pageSecret) => () => {
      const own = { 'sec-fetch-site': 'same-origin' }
      return attacker.request(withoutStart(link), post({ step: 'language', language: 'en', pageSecret }, own))
    }),
  ]
  for (const ask of asks) {
    const answer = await ask()
    assert.ok(isRejected({ status: answer.status, text: await answer.text() }), `${answer.status}`)
  }
}

const moments: Readonly<Record<string, (attacker: Buyer, link: string) => Promise<unknown>>> = {
  'before the first page': async () => {},
  'after the first page': (attacker, link) => attacker.visit(link),
  'after a step': async (attacker, link) => {
    await attacker.visit(link)
    await attacker.submit('language', { language: 'ko' })
  },
}

interface Attack {
  readonly name: string
  readonly prepare: (attacker: Buyer, link: string) => Promise<unknown>
  readonly keepsCookies: boolean
  /** Of the window that the attacker opens. */
  readonly newForm: () => Promise<Record<string, string>>
  readonly steps: readonly ((window: Buyer) => Promise<unknown>)[]
  readonly sendsStart: boolean
}

const victims = {
  'a new customer': { newForm: async () => requestForm(newCustomer()), steps: joining },
  'a member': {
    newForm: async () => requestForm(await member()),
    steps: [(window: Buyer) => window.tapPassword(password)],
  },
}

const attacks: readonly Attack[] = Object.entries(moments).flatMap(([moment, prepare]) =>
  Object.entries(victims).flatMap(([who, victim]) =>
    [true, false].flatMap((keepsCookies) =>
      [true, false].map((sendsStart) => ({
        name: `${moment}, ${keepsCookies ? 'with' : 'without'} cookies, ${sendsStart ? 'with' : 'without'} the start secret, to ${who}`,
        prepare,
        keepsCookies,
        sendsStart,
        ...victim,
      })),
    ),
  ),
)

async function payAndWatch(
  victim: Buyer,
  attacker: Buyer,
  { steps, link }: Pick<Attack, 'steps'> & { readonly link: string },
) {
  await tryEverything(attacker, link)
  for (const step of steps) {
    await step(victim)
    await tryEverything(attacker, link)
  }
  assert.ok(hasTicket(victim.page.text))
}

describe('session fixation: opening a window and sending its address to a member yields no ticket', () => {
  for (const { name, prepare, keepsCookies, newForm, steps, sendsStart } of attacks)
    test(name, async () => {
      const attacker = new Buyer(fixture, { keepsCookies })
      const link = await openOnly(attacker, await newForm())
      await prepare(attacker, link)
      const victim = new Buyer(fixture)
      const first = await victim.visit(sendsStart ? link : withoutStart(link))
      const isFirst = sendsStart && prepare === moments['before the first page']
      assert.equal(first.status, isFirst ? 200 : 403)
      if (isFirst) await payAndWatch(victim, attacker, { steps, link })
      else assert.ok(isRejected(first))
      assert.ok(!attacker.pages.some(({ text }) => hasTicket(text)))
    })

  test('cannot put a form with the secret of its own page into a page for others', async () => {
    const attacker = new Buyer(fixture, { keepsCookies: false })
    await attacker.open(requestForm(newCustomer()))
    const pageSecret = /name="pageSecret" value="([^"]+)"/.exec(attacker.page.text)?.[1] ?? ''
    const victim = new Buyer(fixture)
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { referer: 'https://evil.example/page' },
      {},
    ]) {
      const form = post({ step: 'language', language: 'en', pageSecret }, headers as Record<string, string>)
      const answer = await victim.request(attacker.page.url, form)
      assert.ok(isRejected({ status: answer.status, text: await answer.text() }), JSON.stringify(headers))
    }
  })
})
