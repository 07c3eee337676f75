import { decodeForm, guessFormCharset } from '@sspay/protocol/charset'
import { openBody } from '@sspay/protocol/sealed-body'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { renderAsyncApi } from '../../../tools/docs/api/asyncapi.ts'
import { renderOpenApi } from '../../../tools/docs/api/openapi.ts'

/** One HTTP call with its body as it travelled. */
export interface RecordedCall {
  readonly method: string
  readonly path: string
  readonly contentType: string
  readonly body: Uint8Array
  readonly status: number
  readonly answer: string
  readonly answerHeaders: Headers
}

interface Operation {
  readonly requestBody: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly $ref: string } } | undefined>>
    readonly 'x-encrypted-schema'?: { readonly $ref: string }
  }
  readonly responses: Readonly<Record<string, Answer | undefined>>
  readonly callbacks?: Readonly<Record<string, Readonly<Record<string, { readonly post: Operation }>>>>
}

interface Answer {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly content?: Readonly<Record<string, Content | undefined>>
}

interface Content {
  readonly schema: { readonly $ref?: string }
  /** One for each result code. */
  readonly examples?: Readonly<Record<string, { readonly value: { readonly ResultCode: string } }>>
}

const openApi = renderOpenApi()

const paths = openApi.paths as Readonly<Record<string, Readonly<Record<string, Operation | undefined>> | undefined>>

/** Strict: a keyword that is not one of JSON Schema or ours is an error. */
const ajv = new Ajv2020({ allErrors: true })
ajv.addVocabulary(['x-sspay-name', 'x-sensitivity', 'components'])
for (const [name, { components }] of Object.entries({ openapi: openApi, asyncapi: renderAsyncApi() }))
  ajv.addSchema({ components }, name)

/** The schema at a path of a document: `openapi#/components/schemas/PaymentRequest`. */
export function schemaAt(reference: string): ValidateFunction {
  const validate = ajv.getSchema(reference)
  if (validate === undefined) throw new Error(`not described: ${reference}`)
  return validate
}

const compiled = new Map<string, ValidateFunction>()

/** Also rejects fields that the schema does not name: the gateway and the SDK send none. */
function validatorOf(reference: string): ValidateFunction {
  const known = compiled.get(reference)
  if (known !== undefined) return known
  const validate = ajv.compile({ type: 'object', $ref: reference, unevaluatedProperties: false })
  compiled.set(reference, validate)
  return validate
}

/** What is wrong with the value, by field; empty when nothing is. */
function faultsOf(reference: string, value: unknown): readonly string[] {
  const validate = validatorOf(reference)
  if (validate(value)) return []
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const { missingProperty, unevaluatedProperty } = params as Readonly<Record<string, string | undefined>>
    return `${instancePath || `/${missingProperty ?? unevaluatedProperty ?? ''}`} ${message}`
  })
}

const inOpenApi = ({ $ref }: { readonly $ref?: string } = {}): string => `openapi${$ref}`

const form = 'application/x-www-form-urlencoded'

/** JSON or a form, by the first character, as the gateway tells them apart. */
export function readBody({ body, contentType }: Pick<RecordedCall, 'body' | 'contentType'>) {
  const text = new TextDecoder().decode(body)
  return text.startsWith('{')
    ? { type: 'application/json', fields: JSON.parse(text) as Readonly<Record<string, string>> }
    : { type: form, fields: { ...decodeForm(body, guessFormCharset(body, contentType)).fields } }
}

export const operationAt = (path: string, method = 'post'): Operation | undefined => paths[path]?.[method]

function required<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`not described: ${what}`)
  return value
}

export function requestFaults(call: RecordedCall, merchantKey: string): readonly string[] {
  const { requestBody } = required(operationAt(call.path, call.method.toLowerCase()), `${call.method} ${call.path}`)
  const { type, fields } = readBody(call)
  const { schema } = required(requestBody.content[type], `${call.path} in ${type}`)
  const faults = faultsOf(inOpenApi(schema), fields)
  const encrypted = requestBody['x-encrypted-schema']
  const opened = encrypted && openBody(fields.EncData ?? '', merchantKey)
  return opened === undefined ? faults : [...faults, ...faultsOf(inOpenApi(encrypted), { ...opened })]
}

export function answerFaults({ path, method, status, answer, answerHeaders }: RecordedCall): readonly string[] {
  const operation = required(operationAt(path, method.toLowerCase()), `${method} ${path}`)
  const described = required(operation.responses[status], `${path} with ${status}`)
  const named = new Set(Object.keys(described.headers ?? {}).map((name) => name.toLowerCase()))
  const unnamed = ['x-sspay-result', 'location'].filter((name) => answerHeaders.has(name) && !named.has(name))
  if (answer === '') return unnamed
  const type = answerHeaders.get('content-type')?.split(';')[0] ?? ''
  const { schema, examples = {} } = required(described.content?.[type], `${path} with ${status} in ${type}`)
  if (schema.$ref === undefined) return unnamed
  const fields = JSON.parse(answer) as { readonly ResultCode?: string }
  const isListed = Object.values(examples).some(({ value }) => value.ResultCode === fields.ResultCode)
  const unlisted = isListed ? [] : [`/ResultCode ${fields.ResultCode} is not listed`]
  return [...unnamed, ...unlisted, ...faultsOf(inOpenApi(schema), fields)]
}

const windowOf = { authenticated: '/ssp/reqPay.do', aborted: '/ssp/reqPay.do', billKeyResult: '/ssb/interface.do' }

/** Faults of a form that the window posts to the shop. */
export function callbackFaults(name: keyof typeof windowOf, fields: object): readonly string[] {
  const [callback] = Object.values(operationAt(windowOf[name])?.callbacks?.[name] ?? {})
  return faultsOf(inOpenApi(callback?.post.requestBody.content[form]?.schema), fields)
}

export const notificationFaults = (message: 'Notification' | 'LegacyNotification', fields: object): readonly string[] =>
  faultsOf(`asyncapi#/components/schemas/${message}`, fields)

export const headerFaults = (headers: object): readonly string[] => {
  const validate = schemaAt('asyncapi#/components/messages/Notification/headers')
  return validate(headers) ? [] : (validate.errors ?? []).map(({ message }) => `${message}`)
}
