import { placeOrder } from '../../orders.ts'
import { customerOf } from '../../session.ts'

export function POST(request: Request): Response {
  const customerId = customerOf(request.headers.get('cookie'))
  const location = customerId === undefined ? '/' : `/pay/form?order=${placeOrder(customerId)}`
  return new Response(null, { status: 303, headers: { location } })
}
