'use client'

import { payOrder } from '@sspay/browser'
import { type MouseEvent, useState } from 'react'

/** 결제창을 이 페이지 위에 엽니다(모바일은 이 자리에서). 스크립트가 없으면 주소가 결제 페이지로 갑니다. */
export function PayButton({ orderId }: { readonly orderId: string }) {
  const [hint, setHint] = useState<string>()
  const formUrl = `/pay/form?order=${orderId}`

  const pay = async (event: MouseEvent): Promise<void> => {
    event.preventDefault()
    try {
      await payOrder(formUrl)
      setHint('결제를 중단했어요.')
    } catch (error) {
      console.error(error)
      setHint('결제창을 열지 못했어요. 다시 눌러 주세요.')
    }
  }

  return (
    <>
      <a className="button" href={formUrl} onClick={pay}>
        결제하기 · Pay
      </a>
      <p role="status">{hint}</p>
    </>
  )
}
