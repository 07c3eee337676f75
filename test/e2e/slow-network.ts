import type { CDPSession, Page } from 'playwright-core'

/** Slow 3G, both ways. */
export const latencyMs = 400
export const kilobitsPerSecond = 400

export async function slowDown(page: Page): Promise<CDPSession> {
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  const bytesPerSecond = (kilobitsPerSecond * 1_000) / 8
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: latencyMs,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  })
  return network
}
