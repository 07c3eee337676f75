import type { Send, ShopAnswer, ShopRequest } from './send.ts'

/** Format of the events that API Gateway sends to AWS Lambda. */
export type EventVersion = '1.0' | '2.0'

interface LambdaAnswer {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, string>>
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>
  readonly body?: string
  readonly isBase64Encoded?: boolean
}

export type LambdaHandler = (event: unknown, context: unknown) => Promise<LambdaAnswer>

export function sendAsEvents(handler: LambdaHandler, version: EventVersion): Send {
  return async (request) => {
    const answer = await handler(version === '1.0' ? eventOfVersion1(request) : eventOfVersion2(request), context)
    return readAnswer(answer)
  }
}

const context = { awsRequestId: 'r', callbackWaitsForEmptyEventLoop: false, getRemainingTimeInMillis: () => 20_000 }

const bodyOf = ({ body }: ShopRequest) => ({
  body: body === undefined ? null : Buffer.from(body).toString('base64'),
  isBase64Encoded: body !== undefined,
})

/** REST APIs. */
function eventOfVersion1(request: ShopRequest): unknown {
  const { method, path, headers } = request
  const { pathname, searchParams } = new URL(path, 'http://shop.invalid')
  const named = Object.entries(headersAtTheEdge(headers))
  return {
    version: '1.0',
    resource: '/{proxy+}',
    path: pathname,
    httpMethod: method,
    headers: Object.fromEntries(named),
    multiValueHeaders: Object.fromEntries(named.map(([name, value]) => [name, [value]])),
    queryStringParameters: searchParams.size === 0 ? null : Object.fromEntries(searchParams),
    multiValueQueryStringParameters:
      searchParams.size === 0 ? null : Object.fromEntries([...searchParams].map(([name, value]) => [name, [value]])),
    pathParameters: { proxy: pathname.slice(1) },
    stageVariables: null,
    requestContext: { httpMethod: method, path: pathname, stage: 'prod', identity: { sourceIp: '203.0.113.5' } },
    ...bodyOf(request),
  }
}

/** HTTP APIs: cookies stand in a list of their own. */
function eventOfVersion2(request: ShopRequest): unknown {
  const { method, path, headers } = request
  const [rawPath = '', rawQueryString = ''] = path.split('?')
  const { cookie, ...others } = headersAtTheEdge(headers)
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    headers: others,
    queryStringParameters: Object.fromEntries(new URLSearchParams(rawQueryString)),
    requestContext: {
      stage: '$default',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '203.0.113.5', userAgent: 'test' },
    },
    ...bodyOf(request),
  }
}

const headersAtTheEdge = (headers: ShopRequest['headers']): ShopRequest['headers'] => ({
  host: 'abc123.execute-api.ap-northeast-2.amazonaws.com',
  'x-forwarded-proto': 'https',
  'x-forwarded-for': '203.0.113.5',
  ...headers,
})

function readAnswer({ statusCode, headers, multiValueHeaders, body = '', isBase64Encoded }: LambdaAnswer): ShopAnswer {
  return {
    status: statusCode,
    location: headers?.location ?? multiValueHeaders?.location?.[0],
    text: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
  }
}
