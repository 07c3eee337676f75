import { defineConfig } from '@playwright/test'

export default defineConfig({
  testMatch: '*.spec.ts',
  use: { baseURL: 'http://localhost:4700', locale: 'ko-KR', trace: 'retain-on-failure' },
  webServer: [
    {
      command: 'npx sspay sandbox --data .sspay-test',
      url: 'http://localhost:4610/healthz',
      reuseExistingServer: true,
    },
    { command: 'npx node --env-file=.env shop.ts', url: 'http://localhost:4700', reuseExistingServer: true },
  ],
})
