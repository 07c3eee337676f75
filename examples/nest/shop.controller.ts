import { Controller, Get, Header, Headers, NotFoundException, Param, Post, Query, Redirect, Res } from '@nestjs/common'
import { closeOrder, findOwnOrder, isBeingChecked, placeOrder } from './orders.ts'
import { goodsPage, orderPage } from './pages.ts'
import { customerOf, newSessionCookie } from './session.ts'

/** Express와 Fastify의 응답에 모두 있는 것. */
interface Reply {
  header(name: string, value: string): unknown
}

@Controller()
export class ShopController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  showGoods(@Headers('cookie') cookies: string | undefined, @Res({ passthrough: true }) response: Reply): string {
    if (customerOf(cookies) === undefined) response.header('set-cookie', newSessionCookie())
    return goodsPage()
  }

  @Post('orders')
  @Redirect('/', 303)
  order(@Headers('cookie') cookies: string | undefined): { url: string } {
    const customerId = customerOf(cookies)
    return { url: customerId === undefined ? '/' : `/pay/form?order=${placeOrder(customerId)}` }
  }

  @Get('orders/:orderId')
  @Header('content-type', 'text/html; charset=utf-8')
  async showOrder(
    @Param('orderId') orderId: string,
    @Query('result') result: unknown,
    @Headers('cookie') cookies: string | undefined,
  ): Promise<string> {
    const order = findOwnOrder(orderId, customerOf(cookies))
    if (order === undefined) throw new NotFoundException()
    return orderPage(order, { isChecking: await isBeingChecked(orderId), result })
  }

  @Post('orders/:orderId/close')
  @Redirect('/', 303)
  close(@Param('orderId') orderId: string, @Headers('cookie') cookies: string | undefined): { url: string } {
    const order = findOwnOrder(orderId, customerOf(cookies))
    if (order === undefined) throw new NotFoundException()
    closeOrder(orderId)
    return { url: `/orders/${orderId}` }
  }
}
