import type { Page } from 'playwright-core'

type Rewrite = (body: string, response: { readonly url: string; readonly type: string }) => string

/**
 * Each page and script that the browser gets from now on passes through `rewrite`, also after redirects and in frames
 * of the same site.
 */
export async function rewriteResponses(page: Page, rewrite: Rewrite): Promise<void> {
  const session = await page.context().newCDPSession(page)
  session.on('Fetch.requestPaused', async ({ requestId, request, responseStatusCode = 0, responseHeaders = [] }) => {
    const hasBody = responseStatusCode >= 200 && (responseStatusCode < 300 || responseStatusCode >= 400)
    if (!hasBody) {
      await session.send('Fetch.continueRequest', { requestId })
      return
    }
    const { body, base64Encoded } = await session.send('Fetch.getResponseBody', { requestId })
    const text = Buffer.from(body, base64Encoded ? 'base64' : 'utf8').toString()
    const type = responseHeaders.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? ''
    const rewritten = rewrite(text, { url: request.url, type })
    // To Chromium a page that is handed in here is from the internet and may load nothing from loopback.
    if (rewritten === text) {
      await session.send('Fetch.continueRequest', { requestId })
      return
    }
    await session.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: responseStatusCode,
      responseHeaders: responseHeaders.filter(({ name }) => !/^content-(encoding|length)$/i.test(name)),
      body: Buffer.from(rewritten).toString('base64'),
    })
  })
  await session.send('Fetch.enable', {
    patterns: [
      { resourceType: 'Document', requestStage: 'Response' },
      { resourceType: 'Script', requestStage: 'Response' },
    ],
  })
}
