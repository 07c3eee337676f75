#!/usr/bin/env node
// Must parse in old versions of Node: import nothing before the version check.
const neededVersion = 24

if (Number.parseInt(process.versions.node, 10) >= neededVersion) {
  await import('./cli.ts')
} else {
  process.stderr.write(
    `sspay: Node.js ${neededVersion} 이상이 필요합니다. 지금은 ${process.version}입니다.\n` +
      `sspay needs Node.js ${neededVersion} or later; this is ${process.version}.\n`,
  )
  process.exitCode = 1
}
