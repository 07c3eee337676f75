import type { ReactNode } from 'react'
import './style.css'

export const metadata = { title: '작은 쇼핑몰', icons: 'data:,' }

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="ko">
      <body>
        <main>
          <section>{children}</section>
        </main>
      </body>
    </html>
  )
}
