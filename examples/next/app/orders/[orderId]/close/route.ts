import { closeOrder, findOwnOrder } from '../../../../orders.ts'
import { customerOf } from '../../../../session.ts'

interface Route {
  readonly params: Promise<{ readonly orderId: string }>
}

export async function POST(request: Request, { params }: Route): Promise<Response> {
  const { orderId } = await params
  const order = findOwnOrder(orderId, customerOf(request.headers.get('cookie')))
  if (order === undefined) return new Response('not found', { status: 404 })
  closeOrder(orderId)
  return new Response(null, { status: 303, headers: { location: `/orders/${orderId}` } })
}
