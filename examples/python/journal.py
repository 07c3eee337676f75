"""장부: 주문과 결제. 함수가 돌아왔으면 디스크에 남아 있습니다."""

import os
import secrets
import sqlite3
import threading
import time
from contextlib import contextmanager
from pathlib import Path

# 결제의 상태: begun(승인을 요청했거나 하려는 중, 결과 모름) → paid(주문에 반영) | declined(청구되지 않음이 확실)
# 돌려줄 돈: refunding(취소를 요청했거나 하려는 중) → refunded | refund_rejected
# 한 주문에 살아 있는 결제는 하나뿐: 두 번째 결제는 승인을 요청하지 않으므로 청구되지 않습니다.
SCHEMA = """
create table if not exists orders (
  id text primary key, customer text not null, goods text not null, amount integer not null,
  state text not null default 'awaiting', paid_by text unique, note text not null default '', created_at integer not null
);
create table if not exists payments (
  tid text primary key, order_id text not null references orders (id), state text not null, ticket text,
  amount integer not null, approval_number text, card text, code text, created_at integer not null
);
create unique index if not exists one_live_payment on payments (order_id) where state in ('begun', 'paid');
"""


class Journal:
    def __init__(self, path):
        # 장부에는 TrAuthKey가 잠시 들어 있습니다. 주인만 읽습니다.
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self.lock = threading.Lock()
        self.db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        self.db.execute('pragma journal_mode = wal')
        self.db.execute('pragma synchronous = full')
        with self.transaction() as db:
            for statement in SCHEMA.split(';'):
                db.execute(statement)

    @contextmanager
    def transaction(self):
        """모두 저장되거나 하나도 저장되지 않습니다. immediate: 처음부터 쓰기 잠금을 잡아, 읽고 나서 바뀌는 일이 없습니다."""
        with self.lock:
            self.db.execute('begin immediate')
            try:
                yield self.db
                self.db.execute('commit')
            except BaseException:
                self.db.execute('rollback')
                raise

    def place(self, customer, goods, amount):
        # 추측할 수 없는 주문번호. 가이드의 Moid는 40자, 특수문자 불가.
        order_id = time.strftime('%Y%m%d') + secrets.token_hex(8)
        with self.transaction() as db:
            db.execute(
                'insert into orders (id, customer, goods, amount, created_at) values (?, ?, ?, ?, ?)',
                (order_id, customer, goods, amount, int(time.time())),
            )
        return order_id

    def order(self, order_id):
        with self.transaction() as db:
            return db.execute('select * from orders where id = ?', (order_id,)).fetchone()

    def orders(self):
        with self.transaction() as db:
            return db.execute('select * from orders order by created_at desc, id limit 50').fetchall()

    def payment_of(self, order_id):
        """주문 화면에 보여 줄 결제: 주문을 결제한 것, 끝나지 않은 것, 가장 나중 것의 차례로."""
        with self.transaction() as db:
            return db.execute(
                """select * from payments where order_id = ?
                order by tid is (select paid_by from orders where id = order_id) desc, state in ('declined', 'refunded'),
                created_at desc limit 1""",
                (order_id,),
            ).fetchone()

    def is_payable(self, order):
        """기다리는 주문이고, 살아 있는 결제가 없습니다."""
        payment = self.payment_of(order['id'])
        return order['state'] == 'awaiting' and (payment is None or payment['state'] in ('declined', 'refunded'))

    def payments_in(self, state):
        with self.transaction() as db:
            return db.execute('select * from payments where state = ? order by created_at', (state,)).fetchall()

    def begin(self, order_id, tid, ticket):
        """승인을 요청하기 전에 적습니다. False면 요청하지 마세요: 이미 아는 결제이거나, 주문에 다른 결제가 있습니다."""
        with self.transaction() as db:
            done = db.execute(
                """insert into payments (tid, order_id, state, ticket, amount, created_at)
                select ?1, id, 'begun', ?3, amount, ?4 from orders where id = ?2 and state = 'awaiting'
                and not exists (select 1 from payments where tid = ?1)
                and not exists (select 1 from payments where order_id = ?2 and state not in ('declined', 'refunded'))""",
                (tid, order_id, ticket, int(time.time())),
            )
            return done.rowcount == 1

    def mark_paid(self, order_id, tid, amount, receipt):
        """결제 한 건을 주문에 한 번만 반영합니다. 반환, 새로고침, 재통보, 복구가 모두 이 함수를 거칩니다."""
        with self.transaction() as db:
            known = db.execute('select * from payments where tid = ?', (tid,)).fetchone()
            if known is not None and (known['order_id'] != order_id or known['state'] not in ('begun', 'declined')):
                return
            paid = db.execute(
                "update orders set state = 'paid', paid_by = ?, note = '' where id = ? and amount = ? and state = 'awaiting'",
                (tid, order_id, amount),
            )
            # 주문이 이미 다른 결제로 끝났으면, 받은 돈은 돌려줄 돈입니다.
            state = 'paid' if paid.rowcount == 1 else 'refunding'
            db.execute(
                """insert into payments (tid, order_id, state, amount, approval_number, card, created_at)
                values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (tid) do update
                set state = ?3, amount = ?4, approval_number = ?5, card = ?6, ticket = null""",
                (tid, order_id, state, amount, receipt['approval_number'], receipt['card'], int(time.time())),
            )

    def decline(self, tid, code, message):
        with self.transaction() as db:
            done = db.execute(
                "update payments set state = 'declined', code = ?, ticket = null where tid = ? and state = 'begun'",
                (code, tid),
            )
            if done.rowcount == 1:
                db.execute(
                    'update orders set note = ? where id = (select order_id from payments where tid = ?)', (message, tid)
                )

    def begin_refund(self, tid, amount):
        """돌려줄 돈으로 적습니다. 취소를 요청하기 전에 적어야, 응답을 잃어도 같은 취소를 다시 요청합니다."""
        with self.transaction() as db:
            db.execute(
                """update payments set state = 'refunding', amount = ?, ticket = null
                where tid = ? and state in ('begun', 'paid', 'refund_rejected')""",
                (amount, tid),
            )

    def record_refund(self, tid):
        with self.transaction() as db:
            db.execute("update payments set state = 'refunded', ticket = null where tid = ?", (tid,))
            db.execute("update orders set state = 'cancelled' where paid_by = ?", (tid,))

    def reopen(self, order_id):
        """돌려준 주문을 다시 결제받습니다. 돌려준 결제의 늦은 재통보는 승인이든 취소든 이 주문을 바꾸지 못합니다."""
        with self.transaction() as db:
            db.execute("update orders set state = 'awaiting', paid_by = null where id = ? and state = 'cancelled'", (order_id,))

    def reject_refund(self, tid, code):
        with self.transaction() as db:
            db.execute(
                "update payments set state = 'refund_rejected', code = ? where tid = ? and state = 'refunding'", (code, tid)
            )

    def record_early_refund(self, order_id, tid, amount):
        """승인보다 먼저 온 취소 통보: 나중에 오는 승인 통보가 반영되지 않게 적어 둡니다."""
        with self.transaction() as db:
            db.execute(
                """insert into payments (tid, order_id, state, amount, created_at) values (?, ?, 'refunded', ?, ?)
                on conflict (tid) do nothing""",
                (tid, order_id, amount, int(time.time())),
            )
