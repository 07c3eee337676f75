import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'

// Node 20 does not strip types: each module is translated when it loads. `node --import` runs this file; the hook thread loads it again.
if (isMainThread) register(import.meta.url)

// Part of node:assert since Node 22.13.
assert.partialDeepStrictEqual ??= (actual, expected, message) =>
  assert.deepEqual(partOf(actual, expected), expected, message)

/** `actual` without the properties that `expected` does not name. */
function partOf(actual, expected) {
  if (Object(actual) !== actual || Object(expected) !== expected || expected instanceof Date) return actual
  const named = Object.keys(expected).filter((name) => name in actual)
  const parts = named.map((name) => [name, partOf(actual[name], expected[name])])
  return Array.isArray(expected) ? parts.map(([, part]) => part) : Object.fromEntries(parts)
}

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context)
  const { transform } = await import('esbuild')
  const source = await readFile(fileURLToPath(url), 'utf8')
  const { code } = await transform(source, {
    loader: 'ts',
    target: 'node20',
    supported: { 'import-attributes': true },
    sourcemap: 'inline',
    sourcefile: url,
  })
  return { format: 'module', source: code, shortCircuit: true }
}
