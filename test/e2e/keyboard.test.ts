import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { readNewestCode } from '../../packages/sandbox/src/pay/pay.ts'
import { desktop, phone as phoneOptions } from './browser.ts'
import { layerOf, type Surface, takePicture } from './buyer.ts'
import { openFixture } from './fixture.ts'
import { Keyboard, type Named, readControls } from './keyboard.ts'
import { openRegistration } from './registration-screens.ts'

const { sandbox, openPage } = await openFixture()

const password = '274951'

interface Visit {
  readonly page: Page
  readonly surface: Surface
  readonly keyboard: Keyboard
  readonly name: string
  /** One for each: a code is for the newest who asked. */
  readonly phone: string
  readonly hasScripts?: boolean
}

async function assertNamed(page: Page, step: string): Promise<readonly Named[]> {
  const controls = await readControls(page)
  const unnamed = controls.filter(({ name, role }) => name === '' && role !== 'group')
  assert.ok(controls.length > 2, `${step}: ${JSON.stringify(controls)}`)
  assert.deepEqual(unnamed, [], step)
  return controls
}

async function atStep({ page, surface, name }: Visit, step: string): Promise<readonly Named[]> {
  await surface.locator(`form[data-step="${step}"]`).waitFor()
  await takePicture(page, `${name}-${step}`)
  return assertNamed(page, step)
}

/** From the shelf to the open window. */
async function order({ page, keyboard }: Visit): Promise<void> {
  await page.goto(sandbox.urls.shop)
  await assertNamed(page, 'shelf')
  await keyboard.tabToAndPress('a[href^="/goods/"]', 'Enter')
  await page.waitForURL('**/goods/*')
  await keyboard.tabToAndPress('form[action="/order"] button, a[href^="/order?"]', 'Enter')
  await page.locator('form[action="/orders"]').waitFor()
  await assertNamed(page, 'order form')
  await keyboard.tabToAndPress('form[action="/orders"] button[type="submit"]', 'Enter')
  await page.locator('#tranMgr').waitFor()
  await assertNamed(page, 'order')
  await keyboard.tabToAndPress('#tranMgr button[type="submit"]', 'Enter')
}

async function join(visit: Visit): Promise<void> {
  const { keyboard } = visit
  await atStep(visit, 'terms')
  await keyboard.tabToAndPress('input[name=agreeAll]', 'Space')
  await keyboard.tabToAndPress('.term summary', 'Enter')
  await keyboard.tabToAndPress('form[data-step=terms] .actions button', 'Enter')

  await atStep(visit, 'identity')
  await keyboard.tabToAndType('[name=name]', '홍길동')
  await keyboard.tabToAndType('[name=birthDate]', '900101')
  await keyboard.tabToAndType('[name=genderDigit]', '1')
  await keyboard.tabToAndPress('[name=carrier]', 'ArrowDown')
  await keyboard.tabToAndType('[name=phone]', visit.phone)
  await keyboard.press('Enter')

  await atStep(visit, 'identity-code')
  await keyboard.tabToAndType('[name=code]', await readNewestCode(sandbox.urls.console, visit.phone))
  // With scripts the sixth digit sends it.
  if (visit.hasScripts === false) await keyboard.press('Enter')

  await atStep(visit, 'card')
  await keyboard.tabToAndType('[name=cardNumber]', '9406000000000001')
  await keyboard.tabToAndType('[name=expiry]', '1240')
  await keyboard.tabToAndType('[name=cardPassword]', '12')
  await keyboard.tabToAndPress('form[data-step=card] .actions button', 'Space')
}

/** Opens the sentence about keys with numbers, and agrees. */
async function useLabels({ surface, keyboard }: Visit): Promise<void> {
  await keyboard.tabToAndPress('.key-mode summary', 'Enter')
  await keyboard.tabToAndPress('button[name=keys]', 'Space')
  await surface.locator('.keypad.labelled').waitFor()
}

async function assertLabelled(visit: Visit, step: string): Promise<void> {
  const controls = await atStep(visit, step)
  const names = controls.filter(({ role }) => role === 'button').map(({ name }) => name)
  const first = names.indexOf('1')
  assert.deepEqual(names.slice(first, first + 12), [...'1234567890', '전체 삭제', '지우기'])
  assert.equal(await visit.surface.locator('.keypad img').count(), 0)
}

const entered = ({ surface }: Visit): Promise<string | null> => surface.locator('[data-entered]').textContent()

/** Types on the keyboard, and corrects a mistake; the page says how many digits there are and nothing else. */
async function typePassword(visit: Visit): Promise<void> {
  const { surface, keyboard } = visit
  const wordsOf = () => surface.locator('main').evaluate((main) => main.innerHTML.replace(/[0-9a-f]{24,}/g, '#'))
  const before = await wordsOf()
  await keyboard.type('8')
  const afterEight = await wordsOf()
  assert.notEqual(afterEight, before)
  await keyboard.press('Backspace')
  assert.equal(await entered(visit), '6자리 중 0자리 입력')
  await keyboard.press('Control+1')
  assert.equal(await entered(visit), '6자리 중 0자리 입력', 'a shortcut of the browser is no digit')
  await keyboard.type(password.slice(0, 1))
  assert.equal(await wordsOf(), afterEight, 'one digit looks like another')
  await keyboard.type(password.slice(1, 5))
  assert.equal(await entered(visit), '6자리 중 5자리 입력')
  await keyboard.type(password.slice(5))
}

const cells = '123456789_0'

/** From key to key with the arrows, as on the grid that is seen, and presses each with Enter and Space in turn. */
async function walkPassword({ keyboard }: Visit): Promise<void> {
  await keyboard.tabTo('[data-cell="0"]')
  let cell = 0
  for (const [index, digit] of [...password].entries()) {
    const target = cells.indexOf(digit)
    const rows = Math.floor(target / 3) - Math.floor(cell / 3)
    const columns = (target % 3) - (cell % 3)
    // Who leaves or enters the last row does so in its own column, and so never passes the keys beside 0.
    const steps = [
      ...(rows < 0 ? [['ArrowUp', -rows] as const] : []),
      [columns < 0 ? 'ArrowLeft' : 'ArrowRight', Math.abs(columns)] as const,
      ...(rows > 0 ? [['ArrowDown', rows] as const] : []),
    ]
    for (const [key, times] of steps) await keyboard.press(key, times)
    assert.match(await keyboard.focused(), new RegExp(`\\.cell-${target} `))
    await keyboard.press(index % 2 === 0 ? 'Enter' : 'Space')
    cell = target
  }
}

/** Without script each key is a post, and its page begins at the first key. */
async function tabPassword(visit: Visit): Promise<void> {
  for (const [index, digit] of [...password].entries()) {
    const cell = cells.indexOf(digit)
    if (index === 0 || cell > 0) await visit.keyboard.tabTo(`[data-cell="${cell}"]`)
    await visit.keyboard.press('Enter')
    if (index < 5) await visit.surface.locator(`text=6자리 중 ${index + 1}자리 입력`).waitFor({ state: 'attached' })
  }
}

/** `Left` for `ArrowLeft`. Runs in the page. */
function useOldKeyNames(): void {
  const newName = Object.getOwnPropertyDescriptor(KeyboardEvent.prototype, 'key')?.get
  Object.defineProperty(KeyboardEvent.prototype, 'key', {
    get(): string {
      return newName?.call(this).replace('Arrow', '')
    },
  })
}

const ways = [
  { name: 'in the layer', options: desktop, isLayer: true, phone: '01055553001' },
  {
    name: 'in a page of its own, with the key names of Internet Explorer,',
    options: { ...phoneOptions, isMobile: false, hasTouch: false },
    isLayer: false,
    phone: '01055553002',
  },
] as const

describe('with a keyboard only', { concurrency: ways.length + 2 }, () => {
  for (const { name, options, isLayer, phone } of ways) {
    test(`${name} a first and a second payment can be made`, async (t) => {
      const { page, context } = await openPage(options)
      if (!isLayer) await page.addInitScript(useOldKeyNames)
      const surface = isLayer ? layerOf(page) : page
      const visit = {
        page,
        surface,
        keyboard: new Keyboard(page),
        name: `keyboard-${isLayer ? 'layer' : 'page'}`,
        phone,
      }
      const posts: string[] = []
      page.on('request', (request) => {
        if (request.method() === 'POST' && request.url().includes('/ssp/window/')) posts.push(request.postData() ?? '')
      })

      await order(visit)
      await join(visit)
      await atStep(visit, 'password-set')
      await useLabels(visit)
      await assertLabelled(visit, 'password-set')
      await typePassword(visit)
      await assertLabelled(visit, 'password-repeat')
      await walkPassword(visit)
      await atStep(visit, 'confirm')
      await visit.keyboard.tabToAndPress('form[data-step=confirm] .actions button', 'Enter')
      await page.waitForURL('**/orders/*')
      await assertNamed(page, 'receipt')

      await order(visit)
      await atStep(visit, 'password')
      assert.equal(await surface.locator('img[data-keypad]').count(), 1, 'labels are asked for again')
      await visit.keyboard.type(password)
      assert.equal(await entered(visit), '6자리 중 0자리 입력', 'digits typed at the picture press nothing')
      await useLabels(visit)
      await assertLabelled(visit, 'password')
      await visit.keyboard.type(password)
      await page.waitForURL('**/orders/*')

      const taps = posts.flatMap((post) => new URLSearchParams(post).get('taps') || [])
      assert.equal(taps.length, 3)
      for (const tapped of taps) assert.match(tapped, /^[0-9a-f]{24}(,[0-9a-f]{24}){5}$/)
      for (const post of posts) assert.doesNotMatch(post, new RegExp([...password].join('[^0-9a-f]{0,3}')))
      t.diagnostic(`${visit.keyboard.stops.length} stops of the focus, all seen`)
      await context.close()
    })
  }

  test('a card is registered for a bill key, then by the member', async () => {
    const { page, context } = await openPage({ ...phoneOptions, isMobile: false, hasTouch: false })
    const keyboard = new Keyboard(page)
    const visit = { page, surface: page, keyboard, name: 'keyboard-bill-key', phone: '01055553004' }
    const walk = { sandbox, page, customerId: 'keyboard' }
    const submit = 'form[data-step=register] .actions button'
    const registered = page.getByRole('heading', { name: '정기결제 카드를 등록했어요' })

    await openRegistration(walk)
    await join(visit)
    for (const step of ['password-set', 'password-repeat']) {
      await atStep(visit, step)
      if (step === 'password-set') await useLabels(visit)
      await assertLabelled(visit, step)
      await keyboard.type(password)
    }
    await atStep(visit, 'register')
    await keyboard.tabToAndPress(submit, 'Enter')
    await registered.waitFor()

    await openRegistration(walk)
    await atStep(visit, 'password')
    await useLabels(visit)
    await keyboard.type(password)
    await atStep(visit, 'register')
    await keyboard.tabToAndPress('.agreement summary', 'Enter')
    await keyboard.tabToAndPress(submit, 'Space')
    await registered.waitFor()
    await context.close()
  })

  test('with scripts off a first payment can be made', async () => {
    const { page, context } = await openPage({
      ...phoneOptions,
      isMobile: false,
      hasTouch: false,
      javaScriptEnabled: false,
    })
    const visit = {
      page,
      surface: page,
      keyboard: new Keyboard(page),
      name: 'keyboard-no-script',
      phone: '01055553003',
      hasScripts: false,
    }
    await order(visit)
    await join(visit)
    for (const step of ['password-set', 'password-repeat']) {
      await atStep(visit, step)
      if (step === 'password-set') await useLabels(visit)
      await assertLabelled(visit, step)
      await tabPassword(visit)
    }
    await atStep(visit, 'confirm')
    await visit.keyboard.tabToAndPress('form[data-step=confirm] .actions button', 'Enter')
    await page.locator('form[data-return=post]').waitFor()
    await visit.keyboard.tabToAndPress('form[data-return=post] button', 'Enter')
    await page.waitForURL('**/orders/*')
    await context.close()
  })
})
