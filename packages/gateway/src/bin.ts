#!/usr/bin/env node
// Old versions of Node must be able to parse this file, so it imports nothing before the version check.
const neededVersion = 24

if (Number.parseInt(process.versions.node, 10) >= neededVersion) {
  await import('./main.ts')
} else {
  process.stderr.write(
    `sspay-gateway: Node.js ${neededVersion} 이상이 필요합니다. 지금은 ${process.version}입니다.\n` +
      `sspay-gateway needs Node.js ${neededVersion} or later; this is ${process.version}.\n`,
  )
  // As for a wrong setting: a restart does not help.
  process.exitCode = 2
}
