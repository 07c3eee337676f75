import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCookieJar, noCookies } from '../../src/buyer/cookie-jar.ts'

const answerWith = (...cookies: readonly string[]): Response =>
  new Response(null, { headers: cookies.map((cookie): [string, string] => ['set-cookie', cookie]) })

test('a jar sends back what an answer sets, to the same host on every port', () => {
  const jar = createCookieJar()
  jar.keep('http://localhost:4610/ssp/reqPay.do', answerWith('one=1; Path=/; HttpOnly', 'two=a=b; Max-Age=60'))
  assert.deepEqual(jar.headerFor('http://localhost:4600/'), { cookie: 'one=1; two=a=b' })
  assert.deepEqual(jar.headerFor('http://other.example/'), {})
})

test('the newest value counts, and Max-Age=0 deletes', () => {
  const jar = createCookieJar()
  const url = 'http://localhost/'
  jar.keep(url, answerWith('one=1', 'two=2'))
  jar.keep(url, answerWith('one=3', 'two=; Max-Age=0'))
  assert.deepEqual(jar.headerFor(url), { cookie: 'one=3' })
})

test('a secure cookie goes over HTTPS only', () => {
  const jar = createCookieJar()
  jar.keep('https://localhost:4611/', answerWith('__Host-a=1; Secure; Path=/; SameSite=None; Partitioned'))
  assert.deepEqual(jar.headerFor('http://localhost:4610/'), {})
  assert.deepEqual(jar.headerFor('https://localhost:4611/'), { cookie: '__Host-a=1' })
})

test('a browser without cookies keeps none', () => {
  noCookies.keep('http://localhost/', answerWith('one=1'))
  assert.deepEqual(noCookies.headerFor('http://localhost/'), {})
})
