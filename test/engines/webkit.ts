import { globSync } from 'node:fs'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/until.ts'
import { launch } from './launch.ts'
import { type Browser, commandDeadline, routes, WebDriverError } from './webdriver.ts'

interface Session {
  readonly sessionId: string
  readonly capabilities: { readonly browserName: string; readonly browserVersion: string }
}

async function request(url: string, method: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(commandDeadline),
    ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
  }).catch((cause) => {
    throw new Error(`${method} ${url}: no answer of WebKitGTK`, { cause })
  })
  const { value } = (await response.json()) as { readonly value: unknown }
  if (response.ok) return value
  const { error, message } = value as { readonly error: string; readonly message: string }
  throw new WebDriverError(new URL(url).pathname, error, message)
}

/** WebKitGTK has no window without a screen: each gets one of its own. */
export async function openWebKit(
  userAgent: string | undefined,
  { waitsForLoads = true, hasScripts = true, loadTimeout = commandDeadline } = {},
): Promise<Browser> {
  const port = await freePort()
  const words = ['xvfb-run', '-a', '-s', '-screen 0 1400x1100x24', 'dbus-run-session', '--', 'WebKitWebDriver']
  const running = await launch([...words, `--port=${port}`], {
    install: 'webkit2gtk-driver xvfb xauth dbus',
    // Its sandbox of processes needs rights that a container does not give.
    environment: { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
  })
  const origin = `http://127.0.0.1:${port}`
  await until(() => request(`${origin}/status`, 'GET'), { what: 'the WebDriver of WebKitGTK' })
  const agent = userAgent === undefined ? [] : [`--user-agent=${userAgent}`]
  const [binary] = globSync('/usr/lib/*/webkit*/MiniBrowser')
  const options = { binary, args: ['--automation', `--enable-javascript=${hasScripts}`, ...agent] }
  const session = await request(`${origin}/session`, 'POST', {
    capabilities: {
      alwaysMatch: {
        pageLoadStrategy: waitsForLoads ? 'normal' : 'none',
        timeouts: { pageLoad: loadTimeout },
        'webkitgtk:browserOptions': options,
      },
    },
  })
  const { sessionId, capabilities } = session as Session
  return {
    version: `WebKitGTK ${capabilities.browserVersion}`,
    send(command, parameters) {
      const [method = '', path = ''] = routes[command].split(' ')
      const { id, ...others } = parameters
      const isInPath = path.includes('{id}')
      const place = path.replace('{id}', String(id)).replace('{name}', String(parameters.name))
      return request(`${origin}/session/${sessionId}/${place}`, method, isInPath ? others : parameters)
    },
    async close() {
      await request(`${origin}/session/${sessionId}`, 'DELETE').catch(() => {})
      await running.end()
    },
  }
}
