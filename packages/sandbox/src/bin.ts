#!/usr/bin/env node
// Must parse in old versions of Node: import nothing before the version check.
const neededVersion = 24

if (Number.parseInt(process.versions.node, 10) >= neededVersion) {
  await import('./cli.ts')
} else {
  process.stderr.write(
    `sspay: Node.js ${neededVersion} 이상이 필요합니다. 지금은 ${process.version}입니다.\n` +
      `  이 폴더에만 두려면: npm install --save-dev node@${neededVersion} 한 뒤 npx sspay\n` +
      `  컴퓨터에 설치하려면: https://nodejs.org 또는 nvm install ${neededVersion}\n` +
      `sspay needs Node.js ${neededVersion} or later; this is ${process.version}.\n` +
      `  In this folder only: npm install --save-dev node@${neededVersion}, then npx sspay\n` +
      `  To install it: https://nodejs.org or nvm install ${neededVersion}\n`,
  )
  process.exitCode = 1
}
