export interface CookieJar {
  keep(url: string, answer: Response): void
  /** The `cookie` header for a URL; empty without cookies. */
  headerFor(url: string): Readonly<Record<string, string>>
}

interface Cookie {
  readonly value: string
  readonly isSecure: boolean
}

/** Stores cookies by host, ignoring port and path, until `Max-Age=0` deletes them. */
export function createCookieJar(): CookieJar {
  const hosts = new Map<string, Map<string, Cookie>>()
  const cookiesOf = (url: string): Map<string, Cookie> => {
    const { hostname } = new URL(url)
    const known = hosts.get(hostname) ?? new Map<string, Cookie>()
    hosts.set(hostname, known)
    return known
  }
  return {
    keep(url, answer) {
      for (const line of answer.headers.getSetCookie()) {
        const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
        const [name = '', ...value] = pair.split('=')
        const isSecure = attributes.some((one) => /^secure$/i.test(one))
        if (attributes.some((one) => /^max-age=(0|-\d+)$/i.test(one))) cookiesOf(url).delete(name)
        else cookiesOf(url).set(name, { value: value.join('='), isSecure })
      }
    },
    headerFor(url) {
      const isSecure = new URL(url).protocol === 'https:'
      const sent = [...cookiesOf(url)].filter(([, cookie]) => isSecure || !cookie.isSecure)
      return sent.length === 0 ? {} : { cookie: sent.map(([name, { value }]) => `${name}=${value}`).join('; ') }
    },
  }
}

/** A browser that blocks cookies, for example third-party ones in a frame. */
export const noCookies: CookieJar = { keep() {}, headerFor: () => ({}) }
