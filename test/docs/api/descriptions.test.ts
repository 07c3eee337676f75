import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv } from 'ajv'
import { renderAsyncApi } from '../../../tools/docs/api/asyncapi.ts'
import { renderOpenApi } from '../../../tools/docs/api/openapi.ts'
import { schemaAt } from './call-checker.ts'

const require = createRequire(import.meta.url)

interface Described {
  readonly [name: string]: unknown
  readonly components: { readonly schemas: Readonly<Record<string, MessageSchema>> }
}

interface MessageSchema {
  readonly properties: Readonly<Record<string, { readonly title: string; readonly examples: readonly string[] }>>
}

const documents = {
  openapi: renderOpenApi() as Described,
  asyncapi: renderAsyncApi() as Described,
}

const without = (document: object, name: string): object => ({ ...document, [name]: undefined })

test('OpenAPI: the document is valid 3.1, and without its title it is not', async () => {
  const validator = new Validator()
  const copy = structuredClone(documents.openapi)
  assert.deepEqual(await validator.validate(copy), { valid: true })
  assert.equal(validator.version, '3.1')
  const { info, ...untitled } = structuredClone(documents.openapi) as Described & { readonly info: object }
  assert.equal((await validator.validate({ ...untitled, info: without(info, 'title') })).valid, false)
})

test('AsyncAPI: the document is valid 3.0, and with an unknown action it is not', () => {
  const specification = require.resolve('@asyncapi/specs/schemas/3.0.0.json')
  // The specification brings the meta-schema of draft 7 along.
  const ajv = new Ajv({ strict: false, meta: false, validateFormats: false })
  const validate = ajv.compile(JSON.parse(readFileSync(specification, 'utf8')))
  const text = JSON.stringify(documents.asyncapi)
  assert.equal(validate(JSON.parse(text)), true, JSON.stringify(validate.errors))
  assert.equal(validate(JSON.parse(text.replace('"action":"send"', '"action":"post"'))), false)
})

/** Every `$ref` below the value. */
function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = '$ref' in value ? [String(value.$ref)] : []
  return [...own, ...Object.values(value).flatMap(referencesIn)]
}

const resolve = (document: unknown, reference: string): unknown =>
  reference
    .slice(2)
    .split('/')
    .reduce<unknown>((at, name) => Object(at)[name.replaceAll('~1', '/').replaceAll('~0', '~')], document)

for (const [name, document] of Object.entries(documents)) {
  describe(name, () => {
    test('every reference leads somewhere', () => {
      const references = new Set(referencesIn(document))
      assert.ok(references.size >= 5)
      for (const reference of references) assert.notEqual(resolve(document, reference), undefined, reference)
    })

    test('every example of every field, and of every message, fits its schema', () => {
      for (const [message, { properties }] of Object.entries(document.components.schemas))
        for (const [field, { examples, title }] of Object.entries(properties)) {
          const at = `${name}#/components/schemas/${message}/properties/${field}`
          const validate = schemaAt(at)
          assert.match(title, /[가-힣]/, at)
          for (const example of examples) assert.equal(validate(example), true, `${at}: ${example}`)
        }
      const examples = examplesIn(document)
      assert.ok(examples.length >= 2)
      for (const { reference, value } of examples) {
        const validate = schemaAt(`${name}${reference}`)
        assert.equal(validate(value), true, `${reference}: ${JSON.stringify(validate.errors)}`)
      }
    })

    test('every secret and personal field of the tables is marked', () => {
      const marks = Object.values(document.components.schemas).flatMap(({ properties }) =>
        Object.entries(properties as Readonly<Record<string, object>>).map(
          ([field, schema]) => [field, (schema as { 'x-sensitivity'?: string })['x-sensitivity']] as const,
        ),
      )
      const markOf = new Map(marks)
      assert.deepEqual(new Set(markOf.values()), new Set(['public', 'personal', 'secret']))
      assert.equal(markOf.get('BuyerTel'), 'personal')
      assert.equal(markOf.get('SignValue') ?? markOf.get('TrAuthKey'), 'secret')
    })
  })
}

interface Example {
  readonly reference: string
  readonly value: unknown
}

/** The examples beside a schema (OpenAPI) or a payload (AsyncAPI). */
function examplesIn(value: unknown): readonly Example[] {
  if (typeof value !== 'object' || value === null) return []
  const { schema, payload, example, examples } = value as Readonly<Record<string, unknown>>
  const { $ref } = Object(schema ?? payload) as { readonly $ref?: string }
  const listed = Object.values(Object(examples)).map((one) => Object(one).value ?? Object(one).payload)
  const own = [...(example === undefined ? [] : [example]), ...listed]
  const found = $ref === undefined ? [] : own.map((one) => ({ reference: $ref, value: one }))
  return [...found, ...Object.values(value).flatMap(examplesIn)]
}
