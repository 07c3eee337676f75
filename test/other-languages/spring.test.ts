import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { jsp, linkTomcat } from './languages.ts'

const java = resolve(import.meta.dirname, '../../examples/java')

/** What the controller uses, as Spring declares it: Debian has only Spring 4, on `javax.servlet`. */
const declared = {
  'context.annotation.Bean': '@interface Bean {}',
  'context.annotation.Configuration': '@interface Configuration {}',
  'http.HttpStatus': 'enum HttpStatus { NOT_FOUND }',
  'http.ResponseEntity': `class ResponseEntity<T> {
    public static <T> ResponseEntity<T> ok(T body) { return null; }
    public static BodyBuilder badRequest() { return null; }
    public interface BodyBuilder { <T> ResponseEntity<T> body(T body); }
  }`,
  'scheduling.annotation.EnableScheduling': '@interface EnableScheduling {}',
  'scheduling.annotation.Scheduled': '@interface Scheduled { long fixedDelay(); }',
  'stereotype.Controller': '@interface Controller {}',
  'ui.Model': 'interface Model { Model addAttribute(String name, Object value); }',
  'web.bind.annotation.GetMapping': '@interface GetMapping { String[] value(); }',
  'web.bind.annotation.PostMapping': '@interface PostMapping { String[] value(); }',
  'web.server.ResponseStatusException': `class ResponseStatusException extends RuntimeException {
    public ResponseStatusException(org.springframework.http.HttpStatus status) {}
  }`,
}

test('the controller for Spring Boot compiles with the classes that it moves into a project', {
  skip: process.env.CI === undefined && jsp.whyMissing(),
}, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-spring-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  linkTomcat(folder)
  const sources = Object.entries(declared).map(([name, text]) => {
    const file = join(folder, 'org/springframework', `${name.replaceAll('.', '/')}.java`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `package org.springframework.${name.replace(/\.\w+$/, '')};\npublic ${text}\n`)
    return file
  })
  const ours = globSync('{sspay,spring}/*.java', { cwd: java }).map((path) => join(java, path))
  const given = ['-encoding', 'UTF-8', '--class-path=lib/*', '-d', 'classes', ...ours, ...sources]
  const { status, stderr } = spawnSync('javac', given, { cwd: folder, encoding: 'utf8' })
  assert.equal(status, 0, stderr)
})
