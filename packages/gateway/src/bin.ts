#!/usr/bin/env node
// Old versions of Node must be able to parse this file, so it imports nothing before the version check.
const neededVersion = 24

if (Number.parseInt(process.versions.node, 10) >= neededVersion) {
  await import('./main.ts')
} else {
  process.stderr.write(
    `sspay-gateway: Node.js ${neededVersion} 이상이 필요합니다. 지금은 ${process.version}입니다.\n` +
      `  이 폴더에만 두려면: npm install --save-dev node@${neededVersion} 한 뒤 npx sspay-gateway\n` +
      `  컴퓨터에 설치하려면: https://nodejs.org 또는 nvm install ${neededVersion}\n` +
      `sspay-gateway needs Node.js ${neededVersion} or later; this is ${process.version}.\n` +
      `  In this folder only: npm install --save-dev node@${neededVersion}, then npx sspay-gateway\n` +
      `  On the machine: https://nodejs.org or nvm install ${neededVersion}\n`,
  )
  // As for a wrong setting: a restart does not help.
  process.exitCode = 2
}
