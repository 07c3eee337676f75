import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../support/until.ts'
import { launch } from './launch.ts'
import { type Browser, commandDeadline, type ElementReference, elementKey, WebDriverError } from './webdriver.ts'

const program = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(existsSync) ?? 'firefox'

type Answer = readonly [type: 1, id: number, error: { error: string; message: string } | null, result: unknown]
type Send = (name: string, parameters: Readonly<Record<string, unknown>>) => Promise<unknown>

/**
 * Marionette, which Firefox brings along: `[0, id, name, parameters]` and `[1, id, error, result]` as JSON, each after
 * its length in bytes and a colon.
 */
function speak(socket: Socket): Send {
  let received = Buffer.alloc(0)
  const waiting = new Map<number, (answer: Answer) => void>()
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    for (;;) {
      const colon = received.indexOf(':')
      const end = colon + 1 + Number(received.subarray(0, colon).toString())
      if (colon < 0 || received.length < end) return
      const message: unknown = JSON.parse(received.subarray(colon + 1, end).toString())
      received = received.subarray(end)
      // The first message is a greeting.
      if (Array.isArray(message)) waiting.get(message[1])?.(message as unknown as Answer)
    }
  })
  let sent = 0
  return async (name, parameters) => {
    const id = ++sent
    const body = JSON.stringify([0, id, name, parameters])
    const [, , error, result] = await new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${name}: no answer of Firefox`)), commandDeadline)
      waiting.set(id, (answer) => {
        clearTimeout(timer)
        waiting.delete(id)
        resolve(answer)
      })
      socket.write(`${Buffer.byteLength(body)}:${body}`)
    })
    if (error !== null) throw new WebDriverError(name, error.error, error.message)
    const isWrapped = typeof result === 'object' && result !== null && 'value' in result
    return isWrapped ? result.value : result
  }
}

/** Without a screen. */
export async function openFirefox(userAgent: string | undefined, { hasScripts = true } = {}): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'sspay-firefox-'))
  const preferences = {
    'marionette.port': 0,
    'javascript.enabled': hasScripts,
    'app.update.disabledForTesting': true,
    'datareporting.policy.dataSubmissionEnabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'intl.accept_languages': 'ko-KR,ko',
    ...(userAgent === undefined ? {} : { 'general.useragent.override': userAgent }),
  }
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref('${name}', ${JSON.stringify(value)});`)
  await writeFile(join(profile, 'user.js'), lines.join('\n'))
  const words = [program, '--headless', '--no-remote', '--marionette', '--profile', profile, 'about:blank']
  const running = await launch(words, { install: 'firefox-esr' })
  const port = await until(async () => Number(await readFile(join(profile, 'MarionetteActivePort'), 'utf8')), {
    what: 'the port of Marionette',
    deadline: commandDeadline,
  })
  const socket = connect(port, '127.0.0.1')
  const send = speak(socket)
  const session = await send('WebDriver:NewSession', {})
  const { capabilities } = session as { readonly capabilities: { readonly browserVersion: string } }
  return {
    version: `Firefox ${capabilities.browserVersion}`,
    send(command, parameters) {
      const frame = command === 'SwitchToFrame' ? (parameters.id as ElementReference | null) : null
      return send(`WebDriver:${command}`, frame === null ? parameters : { element: frame[elementKey] })
    },
    async close() {
      socket.destroy()
      await running.end()
      await rm(profile, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}
