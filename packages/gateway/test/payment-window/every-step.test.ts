import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { PageName } from '../../src/payment-window/model.ts'
import {
  Buyer,
  buyer,
  cardFields,
  openWindowFixture,
  post,
  returnedFields,
  rightCode,
  testCardNumber,
} from './buyer.ts'
import { appRow, atIssuers } from './general-window.ts'
import { requestForm } from './request-form.ts'

const password = '739214'
const fixture = await openWindowFixture()
after(() => fixture.close())

let customers = 0
const newCustomer = (): { customerId: string } => ({ customerId: `step${++customers}` })

async function open(customer: { customerId: string }, change = {}): Promise<Buyer> {
  const window = new Buyer(fixture)
  await window.open(requestForm({ ...customer, ...change, requestedAt: fixture.context.runtime.now() }))
  return window
}

type Answer = Readonly<Record<string, string>>

/** Answers to the pages before the password. */
const answers = {
  terms: { agreeAll: 'Y' },
  identity: buyer,
  'identity-code': { code: rightCode },
  issuer: { issuerCode: '06' },
  card: { cardNumber: testCardNumber, ...cardFields },
  'pop-card': { popCardNumber: '1234567812345678' },
} satisfies Partial<Record<PageName, Answer>>

async function joinUntil(page: PageName): Promise<Buyer> {
  const window = await open(newCustomer(), { asksPopCard: true })
  for (const [step, answer] of Object.entries(answers)) {
    if (step === page) return window
    await window.submit(step, answer)
  }
  for (const step of ['password-set', 'password-repeat']) {
    if (step === page) return window
    await window.tapPassword(password)
  }
  return window
}

const tapsOf = async (window: Buyer): Promise<Answer> => {
  const tokens = await window.lookAtKeypad()
  return { taps: [...password].map((digit) => tokens[Number(digit)]).join(',') }
}

interface Row {
  readonly arrive: () => Promise<Buyer>
  readonly heading: string
  /** The step that leads on from there, and the page after it. */
  readonly step: string
  readonly answer: (window: Buyer) => Answer | Promise<Answer>
  readonly next: string
}

const joining = (page: keyof typeof answers, heading: string, next: string): Row => ({
  arrive: () => joinUntil(page),
  heading,
  step: page,
  answer: () => answers[page],
  next,
})

/** A page without its row does not compile; `register` has its own test file. */
const rows: Readonly<Record<Exclude<PageName, 'register'>, Row>> = {
  terms: joining('terms', '처음 한 번만 등록하면', '휴대폰으로 본인인증을'),
  identity: joining('identity', '휴대폰으로 본인인증을', '문자로 받은 인증번호를'),
  'identity-code': joining('identity-code', '문자로 받은 인증번호를', '결제할 카드를 등록해'),
  locked: {
    async arrive() {
      const customer = newCustomer()
      await (await open(customer)).join(password)
      // An unverified member: identity verification cannot prove it.
      await fixture.context.storage.transact((transaction) =>
        transaction.write('update members set ci_fingerprint = null where customer_id = ?1', [customer.customerId]),
      )
      const window = await open(customer)
      for (let tries = 0; tries < 5; tries++) await window.tapPassword('000001')
      return window
    },
    heading: '결제 비밀번호가 잠겼어요',
    step: 'abort',
    answer: () => ({}),
    next: '결제를 그만두었어요',
  },
  issuer: { ...joining('issuer', '어느 카드로 결제할까요', '카드를 입력해'), arrive: () => atIssuers(fixture) },
  'issuer-app': appRow(fixture),
  card: joining('card', '결제할 카드를 등록해', '팝카드가 있으신가요'),
  'pop-card': joining('pop-card', '팝카드가 있으신가요', '사용할 결제 비밀번호'),
  'password-set': {
    arrive: () => joinUntil('password-set'),
    heading: '사용할 결제 비밀번호',
    step: 'password-set',
    answer: tapsOf,
    next: '한 번 더 입력해',
  },
  'password-repeat': {
    arrive: () => joinUntil('password-repeat'),
    heading: '한 번 더 입력해',
    step: 'password-repeat',
    answer: tapsOf,
    next: '이대로 결제할까요',
  },
  password: {
    async arrive() {
      const customer = newCustomer()
      await (await open(customer)).join(password)
      return open(customer)
    },
    heading: '결제 비밀번호 6자리',
    step: 'password',
    answer: tapsOf,
    next: '결제 인증이 끝났어요',
  },
  confirm: {
    arrive: () => joinUntil('confirm'),
    heading: '이대로 결제할까요',
    step: 'confirm',
    answer: () => ({}),
    next: '결제 인증이 끝났어요',
  },
  cards: {
    async arrive() {
      const window = await joinUntil('confirm')
      await window.submit('manage-cards')
      return window
    },
    heading: '카드 관리',
    step: 'keep-cards',
    answer: () => ({}),
    next: '이대로 결제할까요',
  },
  passkey: {
    async arrive() {
      const window = await joinUntil('confirm')
      await window.submit('add-passkey')
      return window
    },
    heading: '지문이나 얼굴로 결제하기',
    step: 'keep-passkeys',
    answer: () => ({}),
    next: '이대로 결제할까요',
  },
}

const headingOf = ({ text }: Buyer['page']): string => /<h1>([^<]*)/.exec(text)?.[1] ?? ''

const assertAt = (window: Buyer, heading: string, why?: string): void =>
  assert.ok(headingOf(window.page).includes(heading), `${headingOf(window.page)}, not ${heading}: ${why ?? ''}`)

/** Forms of pages that a browser may still show, of this payment or of another. */
const oldForms: Readonly<Record<string, Answer>> = {
  ...answers,
  'resend-code': {},
  'password-set': { taps: 'x,x,x,x,x,x' },
  'password-repeat': { taps: 'x,x,x,x,x,x' },
  password: { taps: 'x,x,x,x,x,x' },
  confirm: {},
  'keep-password': {},
  'keep-cards': {},
  'skip-pop-card': {},
  unknown: {},
  __proto__: {},
}

for (const [page, { arrive, heading, step, answer, next }] of Object.entries(rows)) {
  describe(`the page ${page}`, () => {
    test('is the same after a reload, and in a second tab', async () => {
      const window = await arrive()
      assertAt(window, heading)
      await window.reload()
      assertAt(window, heading)
      const tab = await window.request(window.page.url)
      assert.equal(/<h1>([^<]*)/.exec(await tab.text())?.[1], headingOf(window.page))
    })

    test('answered once leads on, and back to it the window stays where it is', async () => {
      const window = await arrive()
      const given = await answer(window)
      await window.submit(step, given)
      assertAt(window, next, 'answered')
      await window.submit(step, given)
      assertAt(window, next, 'the form of the page before, sent again')
      assert.doesNotMatch(window.page.text, /role="alert"/)
    })

    test('takes no form of another page', async () => {
      const window = await arrive()
      const codesSent = fixture.codesSent.length
      const own = new Set([...window.page.text.matchAll(/data-step="([^"]+)"/g)].map(([, name]) => name))
      for (const [name, fields] of Object.entries(oldForms)) {
        if (own.has(name)) continue
        await window.submit(name, fields)
        assertAt(window, heading, name)
      }
      assert.equal(fixture.codesSent.length, codesSent)
    })

    test('answered in two tabs at once is answered once', async () => {
      const window = await arrive()
      const given = await answer(window)
      const codesSent = fixture.codesSent.length
      const { url } = window.page
      await Promise.all([1, 2].map(() => window.request(url, post({ step, ...given }))))
      await window.reload()
      assertAt(window, next)
      assert.equal(fixture.codesSent.length - codesSent, page === 'identity' ? 1 : 0)
    })

    test('can be left: the abort goes to the shop, and the window takes nothing more', async () => {
      const window = await arrive()
      const given = await answer(window)
      await window.submit('abort')
      assert.equal(returnedFields(window.page.text).ResultCode, 'S201')
      assertAt(window, '결제를 그만두었어요')
      await window.submit(step, given)
      assertAt(window, '결제를 그만두었어요', 'the page before, answered late')
    })

    test('after its time says so, leads back, and takes nothing more', async () => {
      const window = await arrive()
      const given = await answer(window)
      fixture.clock.advance(fixture.context.settings.windowLifeMs)
      await window.submit(step, given)
      assertAt(window, '결제 시간이 지났어요')
      assert.equal(returnedFields(window.page.text).ResultCode, 'S202')
      assert.match(window.page.text, /data-return="later"/)
      await window.submit('abort')
      assert.equal(returnedFields(window.page.text).ResultCode, 'S202', 'an abort after the end')
    })
  })
}

describe('a buyer who forgot the password', () => {
  const forgetting = async (): Promise<Buyer> => {
    const window = await rows.password.arrive()
    assert.match(window.page.text, />비밀번호를 잊으셨나요\?</)
    await window.submit('reset-password')
    assertAt(window, '휴대폰으로 본인인증을')
    assert.match(window.page.text, /확인되면 결제 비밀번호를 새로 정해요\. 안전을 위해 등록한 카드와 패스키는 삭제되니/)
    return window
  }

  test('verifies again, sets another and pays', async () => {
    const window = await forgetting()
    await window.verify()
    assertAt(window, '결제할 카드를 등록해')
    await window.submit('card', answers.card)
    assertAt(window, '사용할 결제 비밀번호')
    await window.tapPassword('482057')
    await window.tapPassword('482057')
    await window.submit('confirm')
    assertAt(window, '결제 인증이 끝났어요')
  })

  test('may remember it, before the code and after', async () => {
    const window = await forgetting()
    await window.submit('keep-password')
    assertAt(window, '결제 비밀번호 6자리')
    await window.submit('reset-password')
    await window.submit('identity', buyer)
    assert.match(window.page.text, />비밀번호로 결제하기</)
    await window.submit('keep-password')
    assertAt(window, '결제 비밀번호 6자리')
    await window.tapPassword(password)
    assertAt(window, '결제 인증이 끝났어요')
  })

  test('cannot go on once locked, and reads why in each window', async () => {
    const customer = newCustomer()
    await (await open(customer)).join(password)
    const window = await open(customer)
    for (const _try of [1, 2, 3, 4, 5]) await window.tapPassword('000001')
    for (const locked of [window, await open(customer)]) {
      assertAt(locked, '휴대폰으로 본인인증을')
      assert.match(locked.page.text, /5번 잘못 입력해 잠겼어요/)
      assert.doesNotMatch(locked.page.text, /비밀번호로 결제하기/)
      await locked.submit('keep-password')
      assertAt(locked, '휴대폰으로 본인인증을')
    }
  })
})
