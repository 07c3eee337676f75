import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Listener, listen, realRuntime } from '@sspay/gateway'
import { type SessionVariables, withSession } from '@sspay/gateway/internal'
import { Hono } from 'hono'
import { faultRoutes } from '../../src/faults/route.ts'
import { createFaultRules } from '../../src/faults/rules.ts'
import { createFormKeys } from '../../src/own-forms.ts'
import { run } from '../command-line/support.ts'

const rules = createFaultRules(realRuntime)
const routes = faultRoutes(rules, { links: [], keys: createFormKeys(realRuntime) })
const app = new Hono<SessionVariables>().use(withSession(realRuntime)).route('/sandbox/faults', routes)
const tool: Listener = await listen({ fetch: async (request) => app.fetch(request), host: '127.0.0.1', port: 0 })
after(() => tool.close())
const page = `${tool.url}/sandbox/faults`

const runFaults = (...given: readonly string[]) =>
  run(['faults', ...given], { environment: { SSPAY_CONSOLE_PORT: new URL(tool.url).port } })

test('rules are added, listed, removed and cleared by command', async () => {
  const given = ['approval', 'cut=120', '--times', '3', '--order', 'A-1', '--probability', '0.5', '--seed', '7']
  const added = await runFaults('add', ...given, '--json')
  assert.equal(added.exitCode, 0)
  const { rule } = JSON.parse(added.output)
  assert.deepEqual(rule, {
    ruleId: '1',
    link: 'approval',
    fault: 'cut=120',
    times: 3,
    orderId: 'A-1',
    probability: 0.5,
    seed: 7,
  })
  assert.match((await runFaults('list')).output, /1 {2}cut=120 +approval +3번 남음 .*order A-1, probability 0.5 seed 7/)
  assert.deepEqual(JSON.parse((await runFaults('list', '--json')).output), { rules: [rule] })
  assert.equal((await runFaults('remove', '1')).exitCode, 0)
  const removedAgain = await runFaults('remove', '1')
  assert.deepEqual([removedAgain.exitCode, removedAgain.output], [1, ''])
  assert.match(removedAgain.errors, /그런 규칙이 없습니다/)
  await runFaults('add', 'identity', 'hang')
  assert.deepEqual(JSON.parse((await runFaults('clear', '--json')).output), { removed: 1 })
  assert.match((await runFaults('list')).output, /규칙이 없습니다/)
})

const wrongCommands: readonly (readonly string[])[] = [
  ['break'],
  ['add', 'approval'],
  ['add', 'approval', 'cutt'],
  ['add', 'approval', 'cut=1', '--times', 'x'],
  ['list', 'more'],
  ['list', '--colour'],
  ['list', '--console', 'nowhere'],
]
for (const given of wrongCommands)
  test(`a wrong command is explained: ${given.join(' ')}`, async () => {
    const { exitCode, output, errors } = await runFaults(...given)
    assert.deepEqual([exitCode, output], [2, ''])
    assert.ok(errors.length > 0)
  })

test('a wrong link or fault is answered with the known ones', async () => {
  assert.match((await runFaults('add', 'aproval', 'cut=1')).errors, /link: 쓸 수 있는 값은 approval, inquiry/)
  assert.match((await runFaults('add', 'approval', 'cutt=1')).errors, /fault: 쓸 수 있는 값은 .*cut=N/)
})

test('help says what it does, and nobody there has its own exit code', async () => {
  const help = await runFaults('--help')
  assert.equal(help.exitCode, 0)
  assert.match(help.output, /장애/)
  assert.match(help.output, /끝 코드/)
  assert.equal((await runFaults('list', '--console', 'http://127.0.0.1:1')).exitCode, 3)
})

/** Opens the page and presses one of its buttons, as a browser does. */
async function post(
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const opened = await fetch(page)
  const form = (await opened.text()).split('<form').find((part) => part.includes(`/sandbox/faults${path}"`)) ?? ''
  const token = /name="token" value="([^"]+)"/.exec(form)?.[1] ?? ''
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
  const body = new URLSearchParams({ token, ...fields })
  return fetch(page + path, { method: 'POST', body, headers: { cookie, ...headers }, redirect: 'manual' })
}

test('the page adds, shows and removes rules by plain forms', async () => {
  rules.clear()
  assert.equal((await post('/add', { link: 'cancel', fault: 'delay=500', times: '2', orderId: '<b>' })).status, 303)
  const shown = await (await fetch(page)).text()
  assert.ok(shown.includes('delay=500') && shown.includes('&lt;b&gt;') && !shown.includes('<b>'))
  const ruleId = rules.list()[0]?.ruleId ?? ''
  assert.equal((await post('/remove', { ruleId })).status, 303)
  assert.deepEqual(rules.list(), [])
})

test('each of the usual faults is one press, for the next request', async () => {
  const forms = (await (await fetch(page)).text())
    .split('<form')
    .filter((form) => form.includes('name="times" value="1"'))
  assert.ok(forms.length > 3)
  for (const form of forms) {
    rules.clear()
    const hidden = [...form.matchAll(/type="hidden" name="(link|fault)" value="([^"]+)"/g)]
    const fields = Object.fromEntries(hidden.map(([, name, value]) => [name, value]))
    assert.equal((await post('/add', { ...fields, times: '1' })).status, 303, form)
    assert.deepEqual(
      rules.list().map(({ link, timesLeft }) => ({ link, timesLeft })),
      [{ link: fields.link, timesLeft: 1 }],
    )
  }
  rules.clear()
})

test('the page says what is wrong and keeps what was typed', async () => {
  const answer = await post('/add', { link: 'cancel', fault: 'cutt' })
  assert.equal(answer.status, 400)
  const shown = await answer.text()
  assert.ok(
    shown.includes('value="cutt"') && /<option value="cancel" selected/.test(shown) && shown.includes('role="alert"'),
  )
})

test('a page of another site changes nothing', async () => {
  const headers = { 'sec-fetch-site': 'cross-site' }
  assert.equal((await post('/add', { link: 'cancel', fault: 'close' }, headers)).status, 403)
  assert.deepEqual(rules.list(), [])
})
