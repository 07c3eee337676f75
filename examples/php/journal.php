<?php

declare(strict_types=1);

// 장부: 주문과 결제. 함수가 돌아왔으면 디스크에 남아 있습니다.
// 결제의 상태: begun(승인을 요청했거나 하려는 중, 결과 모름) → paid(주문에 반영) | declined(청구되지 않음이 확실)
// 돌려줄 돈: refunding(취소를 요청했거나 하려는 중) → refunded | refund_rejected
// 한 주문에 살아 있는 결제는 하나뿐: 두 번째 결제는 승인을 요청하지 않으므로 청구되지 않습니다.
const SCHEMA = <<<'SQL'
create table if not exists orders (
  id text primary key, customer text not null, goods text not null, amount integer not null,
  state text not null default 'awaiting', paid_by text unique, note text not null default '', created_at integer not null
);
create table if not exists payments (
  tid text primary key, order_id text not null references orders (id), state text not null, ticket text,
  amount integer not null, approval_number text, card text, code text, created_at integer not null
);
create unique index if not exists one_live_payment on payments (order_id) where state in ('begun', 'paid');
SQL;

final class Journal
{
    private PDO $db;

    public function __construct(string $path)
    {
        // 장부에는 TrAuthKey가 잠시 들어 있습니다. 주인만 읽습니다.
        umask(0077);
        if (!is_dir(dirname($path)) && !@mkdir(dirname($path), 0700, true) && !is_dir(dirname($path))) {
            throw new SettingsError('SHOP_DATA: 폴더를 만들지 못했습니다 / cannot create the folder ' . dirname($path));
        }
        $this->db = new PDO("sqlite:$path", null, null, [
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
            PDO::ATTR_TIMEOUT => 5,
        ]);
        // 전원이 나가도 남습니다. MySQL이라면 InnoDB와 innodb_flush_log_at_trx_commit=1.
        $this->db->exec('pragma synchronous = extra');
        $this->transaction(fn () => $this->db->exec(SCHEMA));
    }

    public function place(string $customer, string $goods, int $amount): string
    {
        // 추측할 수 없는 주문번호. 가이드의 Moid는 40자, 특수문자 불가.
        $id = gmdate('Ymd') . bin2hex(random_bytes(8));
        $this->transaction(fn () => $this->run(
            'insert into orders (id, customer, goods, amount, created_at) values (?, ?, ?, ?, ?)',
            [$id, $customer, $goods, $amount, time()],
        ));
        return $id;
    }

    public function order(string $id): ?array
    {
        return $this->run('select * from orders where id = ?', [$id])->fetch() ?: null;
    }

    public function orders(): array
    {
        return $this->run('select * from orders order by created_at desc, id limit 50')->fetchAll();
    }

    /** 주문 화면에 보여 줄 결제: 주문을 결제한 것, 끝나지 않은 것, 가장 나중 것의 차례로. */
    public function paymentOf(string $orderId): ?array
    {
        return $this->run(
            "select * from payments where order_id = ?
            order by tid is (select paid_by from orders where id = order_id) desc, state in ('declined', 'refunded'), created_at desc
            limit 1",
            [$orderId],
        )->fetch() ?: null;
    }

    /** 기다리는 주문이고, 살아 있는 결제가 없습니다. */
    public function isPayable(array $order): bool
    {
        $payment = $this->paymentOf($order['id']);
        return $order['state'] === 'awaiting' && ($payment === null || in_array($payment['state'], ['declined', 'refunded'], true));
    }

    public function paymentsIn(string $state): array
    {
        return $this->run('select * from payments where state = ? order by created_at', [$state])->fetchAll();
    }

    /** 승인을 요청하기 전에 적습니다. false면 요청하지 마세요: 이미 아는 결제이거나, 주문에 다른 결제가 있습니다. */
    public function begin(string $orderId, string $tid, string $ticket): bool
    {
        return $this->transaction(fn () => $this->run(
            "insert into payments (tid, order_id, state, ticket, amount, created_at)
            select :tid, id, 'begun', :ticket, amount, :now from orders where id = :id and state = 'awaiting'
            and not exists (select 1 from payments where tid = :tid)
            and not exists (select 1 from payments where order_id = :id and state not in ('declined', 'refunded'))",
            ['tid' => $tid, 'id' => $orderId, 'ticket' => $ticket, 'now' => time()],
        )->rowCount() === 1);
    }

    /** 결제 한 건을 주문에 한 번만 반영합니다. 반환, 새로고침, 재통보, 복구가 모두 이 함수를 거칩니다. */
    public function markPaid(string $orderId, string $tid, int $amount, string $approvalNumber, string $card): void
    {
        $this->transaction(function () use ($orderId, $tid, $amount, $approvalNumber, $card): void {
            $known = $this->run('select * from payments where tid = ?', [$tid])->fetch();
            if ($known && ($known['order_id'] !== $orderId || !in_array($known['state'], ['begun', 'declined'], true))) {
                return;
            }
            $paid = $this->run(
                "update orders set state = 'paid', paid_by = ?, note = '' where id = ? and amount = ? and state = 'awaiting'",
                [$tid, $orderId, $amount],
            );
            // 주문이 이미 다른 결제로 끝났으면, 받은 돈은 돌려줄 돈입니다.
            $state = $paid->rowCount() === 1 ? 'paid' : 'refunding';
            $this->run(
                'insert into payments (tid, order_id, state, amount, approval_number, card, created_at)
                values (:tid, :id, :state, :amount, :number, :card, :now) on conflict (tid) do update
                set state = :state, amount = :amount, approval_number = :number, card = :card, ticket = null',
                ['tid' => $tid, 'id' => $orderId, 'state' => $state, 'amount' => $amount, 'number' => $approvalNumber, 'card' => $card, 'now' => time()],
            );
        });
    }

    public function decline(string $tid, string $code, string $message): void
    {
        $this->transaction(function () use ($tid, $code, $message): void {
            $done = $this->run(
                "update payments set state = 'declined', code = ?, ticket = null where tid = ? and state = 'begun'",
                [$code, $tid],
            );
            if ($done->rowCount() === 1) {
                $this->run('update orders set note = ? where id = (select order_id from payments where tid = ?)', [$message, $tid]);
            }
        });
    }

    /** 돌려줄 돈으로 적습니다. 취소를 요청하기 전에 적어야, 응답을 잃어도 같은 취소를 다시 요청합니다. */
    public function beginRefund(string $tid, int $amount): void
    {
        $this->transaction(fn () => $this->run(
            "update payments set state = 'refunding', amount = ?, ticket = null
            where tid = ? and state in ('begun', 'paid', 'refund_rejected')",
            [$amount, $tid],
        ));
    }

    public function recordRefund(string $tid): void
    {
        $this->transaction(function () use ($tid): void {
            $this->run("update payments set state = 'refunded', ticket = null where tid = ?", [$tid]);
            $this->run("update orders set state = 'cancelled' where paid_by = ?", [$tid]);
        });
    }

    /** 돌려준 주문을 다시 결제받습니다. 돌려준 결제의 늦은 재통보는 승인이든 취소든 이 주문을 바꾸지 못합니다. */
    public function reopen(string $orderId): void
    {
        $this->transaction(fn () => $this->run(
            "update orders set state = 'awaiting', paid_by = null where id = ? and state = 'cancelled'",
            [$orderId],
        ));
    }

    public function rejectRefund(string $tid, string $code): void
    {
        $this->transaction(fn () => $this->run(
            "update payments set state = 'refund_rejected', code = ? where tid = ? and state = 'refunding'",
            [$code, $tid],
        ));
    }

    /** 승인보다 먼저 온 취소 통보: 나중에 오는 승인 통보가 반영되지 않게 적어 둡니다. */
    public function recordEarlyRefund(string $orderId, string $tid, int $amount): void
    {
        $this->transaction(fn () => $this->run(
            "insert into payments (tid, order_id, state, amount, created_at) values (?, ?, 'refunded', ?, ?)
            on conflict (tid) do nothing",
            [$tid, $orderId, $amount, time()],
        ));
    }

    /** 모두 저장되거나 하나도 저장되지 않습니다. immediate: 처음부터 쓰기 잠금을 잡아, 읽고 나서 바뀌는 일이 없습니다. */
    private function transaction(callable $work): mixed
    {
        $this->db->exec('begin immediate');
        try {
            $result = $work();
            $this->db->exec('commit');
            return $result;
        } catch (Throwable $error) {
            $this->db->exec('rollback');
            throw $error;
        }
    }

    private function run(string $sql, array $values = []): PDOStatement
    {
        $statement = $this->db->prepare($sql);
        $statement->execute($values);
        return $statement;
    }
}
