import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { repository } from '../source/files.ts'
import { whyNoJava } from './run-java.ts'

/** Signatures of Testcontainers 2 that the example uses. */
const signatures: Readonly<Record<string, string>> = {
  'org/testcontainers/Testcontainers.java': `package org.testcontainers;
public class Testcontainers { public static void exposeHostPorts(int... ports) {} }`,
  'org/testcontainers/containers/wait/strategy/Wait.java': `package org.testcontainers.containers.wait.strategy;
public class Wait {
  public static class Http { public Http forPort(int port) { return this; } }
  public static Http forHttp(String path) { return new Http(); }
}`,
  'org/testcontainers/containers/GenericContainer.java': `package org.testcontainers.containers;
import org.testcontainers.containers.wait.strategy.Wait;
public class GenericContainer<SELF extends GenericContainer<SELF>> {
  public static class ExecResult { public int getExitCode() { return 0; } public String getStderr() { return ""; } }
  public GenericContainer(String image) {}
  public SELF withCommand(String... words) { return null; }
  public SELF withExposedPorts(Integer... ports) { return null; }
  public SELF withAccessToHost(boolean value) { return null; }
  public SELF waitingFor(Wait.Http strategy) { return null; }
  public ExecResult execInContainer(String... command) throws java.io.IOException, InterruptedException { return null; }
  public String getHost() { return ""; }
  public Integer getMappedPort(int port) { return port; }
}`,
}

test('the Testcontainers example in Java compiles', { skip: whyNoJava() ?? false }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-testcontainers-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  for (const [path, source] of Object.entries(signatures)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), source)
  }
  const example = resolve(repository, 'test/java/SandboxContainer.java')
  const words = ['-encoding', 'UTF-8', '-Xlint:all', '-Werror', '-sourcepath', folder, '-d', folder, example]
  const { stderr } = await promisify(execFile)('javac', words)
  assert.equal(stderr, '')
})
