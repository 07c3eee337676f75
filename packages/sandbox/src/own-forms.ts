import {
  createKeyRing,
  isFromOwnPage,
  isJson,
  isOwnForm,
  type KeyRing,
  type Runtime,
  randomHex,
  Secret,
  writeFormToken,
} from '@sspay/gateway'
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

const formOf = (path: string, visitor: string) => ({ action: path, subject: '', visitor })

/** The CSRF token of a form that posts to this path. */
export type TokenFor = (path: string) => ReturnType<typeof html>

export const tokensFor =
  (keys: FormKeys, visitor: string): TokenFor =>
  (path) =>
    html`<input type="hidden" name="token" value="${writeFormToken(keys, formOf(path, visitor))}">`

/** Rejects a form without a CSRF token of this browser. `visitorOf` is undefined without the session cookie. */
export const onlyOwnForms =
  <E extends Env>(
    keys: FormKeys,
    visitorOf: (context: Context<E>) => string | undefined,
    reject: (context: Context<E>) => Response | Promise<Response>,
  ): MiddlewareHandler<E> =>
  async (context, next) => {
    const visitor = visitorOf(context)
    const token = (await context.req.formData().catch(() => undefined))?.get('token')?.toString()
    const isOwn = visitor !== undefined && isOwnForm(keys, context.req.raw, token, formOf(context.req.path, visitor))
    return isOwn ? next() : reject(context)
  }

/** Same-origin check for JSON APIs: command lines and servers may call them, pages of other sites may not. */
export const onlyOwnJson: MiddlewareHandler = async ({ req, json }, next) => {
  const hasBody = req.method === 'POST'
  const isOwn = req.method === 'GET' || (isFromOwnPage(req.raw) && (!hasBody || isJson(req.raw)))
  return isOwn ? next() : json({ error: 'JSON only, and not from a page of another site' }, 403)
}
