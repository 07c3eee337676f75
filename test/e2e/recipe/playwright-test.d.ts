/** What the recipe takes from Playwright’s test runner, of which this repository has only the library. */
declare module '@playwright/test' {
  import type { Locator, Page } from 'playwright-core'

  interface Test {
    (name: string, body: (given: { page: Page }) => Promise<void>): void
    beforeEach(body: (given: { page: Page }) => Promise<void>): void
  }
  export const test: Test
  export function expect(locator: Locator): { toBeVisible(): Promise<void> }

  interface WebServer {
    command: string
    url: string
    reuseExistingServer?: boolean
  }
  export function defineConfig(config: {
    testMatch?: string
    use?: { baseURL?: string; locale?: string; trace?: 'retain-on-failure' }
    webServer?: WebServer[]
  }): object
}
