/** Markup and code that makes a browser send a request without a click, unlike links. */
const requests: Readonly<Record<string, readonly RegExp[]>> = {
  html: [
    /<(?:script|img|iframe|audio|video|source|embed)\b[^>]*?\ssrc="((?:https?:)?\/\/[^"]+)"/g,
    /<link\b[^>]*?\shref="((?:https?:)?\/\/[^"]+)"/g,
  ],
  css: [/url\(\s*["']?((?:https?:)?\/\/[^"')]+)/g, /@import\s+["']((?:https?:)?\/\/[^"']+)/g],
  js: [/\b(?:fetch|import|importScripts)\(\s*["'`]((?:https?:)?\/\/[^"'`]+)/g],
}

/** Each request to another host, with the file that makes it. */
export const findOutsideRequests = (path: string, text: string): readonly string[] =>
  (requests[path.replace(/^.*\./, '')] ?? []).flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, address = '']) => `${path}: ${address}`),
  )
