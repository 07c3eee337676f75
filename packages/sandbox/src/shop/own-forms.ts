import type { MiddlewareHandler } from 'hono'
import { onlyOwnForms, type TokenFor, tokensFor } from '../own-forms.ts'
import type { ShopContext, ShopVariables } from './context.ts'
import { problemPage } from './not-found-page.ts'

/** Whose form it is: nothing is ordered, checked, cancelled or deleted by a page of somebody else. */
export const fromOwnPage = ({ formKeys }: ShopContext): MiddlewareHandler<ShopVariables> =>
  onlyOwnForms<ShopVariables>(
    formKeys,
    (context) => context.get('customerId'),
    () =>
      problemPage(
        403,
        '화면을 다시 열어 주세요',
        '화면을 연 지 오래되었거나 쿠키가 꺼져 있습니다. 바뀐 것은 없습니다.',
      ),
  )

export const tokensOf = ({ formKeys }: ShopContext, customerId: string): TokenFor => tokensFor(formKeys, customerId)
