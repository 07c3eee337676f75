import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import { type SessionVariables, withSession } from '../../src/browser-safety/session-cookie.ts'
import { realRuntime } from '../../src/runtime.ts'

const app = new Hono<SessionVariables>()
  .use(withSession(realRuntime))
  .get('/', ({ text, var: { session } }) => text(session))

const ask = (url: string, headers: Readonly<Record<string, string>> = {}) => app.request(url, { headers })

const known = '0123456789abcdef0123456789abcdef'

for (const [what, url, headers] of [
  ['HTTPS', 'https://ops.example/', {}],
  ['a proxy that ends TLS', 'http://ops.example/', { 'x-forwarded-proto': 'https' }],
] as const) {
  test(`over ${what} the cookie is one that no neighbouring host can set`, async () => {
    const set = (await ask(url, headers)).headers.get('set-cookie') ?? ''
    assert.match(set, /^__Host-sspay-session=[0-9a-f]{32}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    assert.equal(await (await ask(url, { ...headers, cookie: `__Host-sspay-session=${known}` })).text(), known)
    const tossed = await ask(url, { ...headers, cookie: `sspay-session=${known}` })
    assert.notEqual(await tossed.text(), known, 'the plain name counts for nothing')
  })
}

test('over plain HTTP, on this machine, it has the plain name', async () => {
  const set = (await ask('http://localhost:4620/')).headers.get('set-cookie') ?? ''
  assert.match(set, /^sspay-session=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Lax$/)
  assert.equal(await (await ask('http://localhost:4620/', { cookie: `sspay-session=${known}` })).text(), known)
})
