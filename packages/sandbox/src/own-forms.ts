import type { KeyRing, Runtime } from '@sspay/gateway'
import { createCsrfToken, createKeyRing, isJson, isSameOrigin, verifyCsrfToken } from '@sspay/gateway/internal'
import { randomHex, Secret } from '@sspay/gateway/tools'
import type { Context, Env, MiddlewareHandler } from 'hono'
import { html } from 'hono/html'

export interface FormKeys {
  readonly runtime: Runtime
  readonly keyRing: KeyRing
}

/** `key`: 64 hexadecimal characters; by default a random one, so that CSRF tokens expire with a restart. */
export const createFormKeys = (runtime: Runtime, key = newFormKey(runtime)): FormKeys => ({
  runtime,
  keyRing: createKeyRing(runtime, new Secret(key)),
})

export const newFormKey = (runtime: Runtime): string => randomHex(runtime, 32)

const formOf = (path: string, session: string) => ({ action: path, subject: '', session })

/** The CSRF token of a form that posts to this path. */
export type TokenFor = (path: string) => ReturnType<typeof html>

export const tokensFor =
  (keys: FormKeys, session: string): TokenFor =>
  (path) =>
    html`<input type="hidden" name="token" value="${createCsrfToken(keys, formOf(path, session))}">`

/** Rejects a form without a CSRF token of this browser. `sessionOf` is undefined without the session cookie. */
export const onlyOwnForms =
  <E extends Env>(
    keys: FormKeys,
    sessionOf: (context: Context<E>) => string | undefined,
    reject: (context: Context<E>) => Response | Promise<Response>,
  ): MiddlewareHandler<E> =>
  async (context, next) => {
    const session = sessionOf(context)
    const token = (await context.req.formData().catch(() => undefined))?.get('token')?.toString()
    const isOwn =
      session !== undefined && verifyCsrfToken(keys, context.req.raw, token, formOf(context.req.path, session))
    return isOwn ? next() : reject(context)
  }

/** Same-origin check for JSON APIs: command lines and servers may call them, pages of other sites may not. */
export const onlyOwnJson: MiddlewareHandler = async ({ req, json }, next) => {
  const hasBody = req.method === 'POST'
  const isOwn = req.method === 'GET' || (isSameOrigin(req.raw) && (!hasBody || isJson(req.raw)))
  return isOwn ? next() : json({ error: 'JSON only, and not from a page of another site' }, 403)
}

/** The JSON body of a request; undefined when it is not JSON. */
export const readJson = ({ req }: Context): Promise<unknown> => req.json().catch(() => undefined)

/** The JSON object in the body of a request; empty for anything else. */
export async function readJsonObject(context: Context): Promise<Readonly<Record<string, unknown>>> {
  const json = await readJson(context)
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : {}
}
