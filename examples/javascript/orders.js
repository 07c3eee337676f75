import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { createJournalTable, sqliteJournal } from '@sspay/merchant'

const db = new DatabaseSync(process.env.DATABASE ?? 'shop.db', { timeout: 5_000 })
db.exec(createJournalTable)
db.exec(`create table if not exists orders (
  order_id text primary key,
  customer_id text not null,
  goods_name text not null,
  amount integer not null,
  state text not null default 'open' check (state in ('open', 'paid', 'closed')),
  transaction_id text unique,
  rejection text
)`)

/** 승인을 요청한 결제의 장부. 주문과 같은 데이터베이스에 있어야 결제와 주문이 함께 바뀝니다. */
export const journal = sqliteJournal(db)

export const goods = { goodsName: '따뜻한 커피', amount: 1004 }

/** 로그인한 회원의 이름과 연락처를 넣으세요. */
const buyer = { buyerName: '김구매', buyerPhone: '01012345678', buyerEmail: 'buyer@example.com' }

/** 금액은 서버가 정합니다. 브라우저가 보낸 금액은 어디에서도 쓰지 않습니다. */
export function placeOrder(customerId) {
  const orderId = randomUUID()
  db.prepare('insert into orders (order_id, customer_id, goods_name, amount) values (?, ?, ?, ?)').run(
    ...[orderId, customerId, goods.goodsName, goods.amount],
  )
  return orderId
}

export function findOrder(orderId) {
  const row = db
    .prepare(
      `select order_id as orderId, customer_id as customerId, goods_name as goodsName, amount, state, rejection
        from orders where order_id = ?`,
    )
    .get(orderId)
  return row === undefined ? undefined : { ...row, ...buyer }
}

/** 주문은 주문한 고객에게만 보입니다. */
export function findOwnOrder(orderId, customerId) {
  const order = findOrder(orderId)
  return order?.customerId === customerId ? order : undefined
}

/** 기다리는 주문만 결제 완료로 바꿉니다. 장부와 한 트랜잭션에서 실행되므로, 새로고침해도 서버가 멈춰도 한 번만 바뀝니다. */
export const markOrderPaid = (connection, { orderId, transactionId }) =>
  connection
    .prepare(`update orders set state = 'paid', transaction_id = ? where order_id = ? and state = 'open'`)
    .run(transactionId, orderId).changes === 1

/** 결제 도중에 주문을 닫아도 됩니다. 그 뒤에 승인된 금액은 복구 작업이 환불합니다. */
export const closeOrder = (orderId) =>
  db.prepare(`update orders set state = 'closed' where order_id = ? and state = 'open'`).run(orderId)

export const noteRejection = ({ orderId, message }) =>
  db.prepare('update orders set rejection = ? where order_id = ?').run(message.ko, orderId)

/** 결과를 아직 모르는 결제가 있는지. 있으면 다시 결제하게 하지 않습니다. */
export const isBeingChecked = async (orderId) =>
  (await journal.pendingFor(orderId)).some(({ isAbandoned }) => !isAbandoned)
