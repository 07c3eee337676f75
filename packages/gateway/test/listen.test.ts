import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { closing } from '../../../test/support/closing.ts'
import { until } from '../../../test/support/until.ts'
import { listen } from '../src/listen.ts'

const host = '127.0.0.1'

test('a stop rejects new connections, closes idle ones and lets the running answer go out', async () => {
  let isRunning = false
  let release = (): void => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const listener = await listen({
    async fetch({ url }) {
      if (url.endsWith('/slow')) {
        isRunning = true
        await held
      }
      return new Response('done')
    },
    host,
    port: 0,
  })
  const idle = connect({ host, port: Number(new URL(listener.url).port) })
  idle.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(idle, 'data')
  const running = fetch(`${listener.url}/slow`)
  await until(() => isRunning)

  const closing = listener.close()
  await once(idle, 'close')
  await assert.rejects(fetch(listener.url))
  release()
  assert.equal(await (await running).text(), 'done')
  await closing
})

test('a port that is taken is an error, not a second listener', async () => {
  await using first = closing(await listen({ fetch: async () => new Response(), host, port: 0 }))
  const port = Number(new URL(first.url).port)
  await assert.rejects(listen({ fetch: async () => new Response(), host, port }), { code: 'EADDRINUSE' })
})

test('while it drains each answer closes its connection, also that of a request in progress', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  let isRunning = false
  await using listener = closing(
    await listen({
      async fetch({ url }) {
        if (url.endsWith('/slow')) {
          isRunning = true
          await held
        }
        return new Response('done')
      },
      host,
      port: 0,
    }),
  )
  const connectionOf = async (path: string) => (await fetch(listener.url + path)).headers.get('connection')
  assert.equal(await connectionOf('/'), 'keep-alive')
  const running = connectionOf('/slow')
  await until(() => isRunning)
  listener.drain()
  release()
  assert.deepEqual([await running, await connectionOf('/'), await connectionOf('/')], ['close', 'close', 'close'])
})
