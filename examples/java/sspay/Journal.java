package sspay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * 장부: 주문과 결제. 함수가 돌아왔으면 디스크에 남아 있습니다.
 * 결제의 상태: begun(승인을 요청했거나 하려는 중, 결과 모름) → paid(주문에 반영) | declined(청구되지 않음이 확실).
 * 돌려줄 돈: refunding(취소를 요청했거나 하려는 중) → refunded | refund_rejected.
 * 한 주문에 살아 있는 결제는 하나뿐: 두 번째 결제는 승인을 요청하지 않으므로 청구되지 않습니다.
 *
 * JDK에는 데이터베이스가 없어서 덧붙이기만 하는 파일을 씁니다. 한 줄이 한 트랜잭션이고(주문과 결제가 함께 바뀜), 쓸 때마다 force로
 * 디스크에 내립니다. 전원이 나가 반만 쓰인 마지막 줄은 CRC가 맞지 않아 버려집니다: 그 일은 일어나지 않은 것입니다.
 * 데이터베이스가 있다면 이 클래스의 메서드를 같은 뜻의 트랜잭션으로 바꾸세요(README의 SQL). 나머지는 그대로입니다.
 */
public final class Journal implements AutoCloseable {
    private static final Set<String> IS_OVER = Set.of("declined", "refunded");

    private final Map<String, Order> orders = new LinkedHashMap<>();
    private final Map<String, Payment> payments = new LinkedHashMap<>();
    private final Map<String, List<String>> tidsOf = new LinkedHashMap<>();
    private final FileChannel lockedFile;
    private final FileChannel journal;

    public Journal(Path path) throws IOException {
        createOwnFolder(path.toAbsolutePath().getParent());
        lockedFile = openOwn(path.resolveSibling(path.getFileName() + ".lock"));
        // 두 프로그램이 한 장부를 쓰면 서로의 결제를 모릅니다.
        if (lockedFile.tryLock() == null) throw new IOException(path + ": 다른 쇼핑몰이 쓰고 있습니다 / in use by another shop");
        if (Files.exists(path)) readAll(path);
        // 시작할 때마다 지금의 상태만 새 파일에 적고 바꿔 끼웁니다. 끝난 결제의 TrAuthKey와 반만 쓰인 줄이 사라집니다.
        var fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        journal = openOwn(fresh);
        for (var order : orders.values()) write(line(order, null));
        for (var payment : payments.values()) write(line(null, payment));
        journal.force(true);
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder(path.toAbsolutePath().getParent());
    }

    /** 그 뒤의 요청은 아무것도 적지 못하고 실패합니다. */
    @Override
    public synchronized void close() throws IOException {
        journal.close();
        lockedFile.close();
    }

    public synchronized String place(String customer, String goods, long amount) {
        // 추측할 수 없는 주문번호. 가이드의 Moid는 40자, 특수문자 불가.
        var id = Wire.koreanTime().substring(0, 8) + Wire.randomHex(8);
        save(new Order(id, customer, goods, amount, "awaiting", "", "", now()), null);
        return id;
    }

    public synchronized Optional<Order> order(String id) {
        return Optional.ofNullable(orders.get(id));
    }

    public synchronized OrderView view(Order order) {
        return new OrderView(order, paymentOf(order.id()).orElse(null));
    }

    /** 관리 화면의 최근 주문 50건. */
    public synchronized List<OrderView> views() {
        var newest = Comparator.comparingLong(Order::createdAt).reversed();
        return orders.values().stream().sorted(newest).limit(50).map(this::view).toList();
    }

    /** 주문 화면에 보여 줄 결제: 주문을 결제한 것, 끝나지 않은 것, 가장 나중 것의 차례로. */
    private Optional<Payment> paymentOf(String orderId) {
        return paymentsOf(orderId).stream()
                .min(Comparator.comparing((Payment payment) -> !payment.tid().equals(orders.get(orderId).paidBy()))
                        .thenComparing(payment -> IS_OVER.contains(payment.state()))
                        .thenComparing(Comparator.comparingLong(Payment::createdAt).reversed()));
    }

    /** 기다리는 주문이고, 살아 있는 결제가 없습니다. */
    public synchronized boolean isPayable(String orderId) {
        var order = orders.get(orderId);
        return order != null && order.state().equals("awaiting")
                && paymentsOf(orderId).stream().allMatch(payment -> IS_OVER.contains(payment.state()));
    }

    synchronized List<Payment> paymentsIn(String state) {
        return payments.values().stream().filter(payment -> payment.state().equals(state)).toList();
    }

    /** 승인을 요청하기 전에 적습니다. false면 요청하지 마세요: 이미 아는 결제이거나, 주문에 다른 결제가 있습니다. */
    synchronized boolean begin(String orderId, String tid, String ticket) {
        var isWanted = isPayable(orderId) && !payments.containsKey(tid);
        if (isWanted) save(null, new Payment(tid, orderId, "begun", ticket, orders.get(orderId).amount(), "", "", "", now()));
        return isWanted;
    }

    /** 결제 한 건을 주문에 한 번만 반영합니다. 반환, 새로고침, 재통보, 복구가 모두 이 함수를 거칩니다. */
    synchronized void markPaid(String orderId, String tid, long amount, String approvalNumber, String card) {
        var known = payments.get(tid);
        var isOpen = known == null || Set.of("begun", "declined").contains(known.state());
        if (!isOpen || (known != null && !known.orderId().equals(orderId))) return;
        var order = orders.get(orderId);
        var pays = order != null && order.state().equals("awaiting") && order.amount() == amount
                && paymentsOf(orderId).stream().noneMatch(other -> other.state().equals("begun") && !other.tid().equals(tid));
        // 주문이 이미 다른 결제로 끝났으면, 받은 돈은 돌려줄 돈입니다.
        var payment = new Payment(tid, orderId, pays ? "paid" : "refunding", "", amount, approvalNumber, card, "", now());
        save(pays ? order.paid(tid) : null, payment);
    }

    synchronized void decline(String tid, String message) {
        var payment = payments.get(tid);
        if (payment != null && payment.state().equals("begun"))
            save(orders.get(payment.orderId()).noted(message), payment.in("declined"));
    }

    /** 돌려줄 돈으로 적습니다. 취소를 요청하기 전에 적어야, 응답을 잃어도 같은 취소를 다시 요청합니다. */
    synchronized void beginRefund(String tid, long amount) {
        var payment = payments.get(tid);
        if (payment != null && Set.of("begun", "paid", "refund_rejected").contains(payment.state()))
            save(null, payment.refunding(amount));
    }

    synchronized void recordRefund(String tid) {
        var payment = payments.get(tid);
        if (payment == null) return;
        var order = orders.get(payment.orderId());
        save(order != null && order.paidBy().equals(tid) ? order.cancelled() : null, payment.in("refunded"));
    }

    /** 돌려준 주문을 다시 결제받습니다. 돌려준 결제의 늦은 재통보는 승인이든 취소든 이 주문을 바꾸지 못합니다. */
    public synchronized void reopen(String orderId) {
        var order = orders.get(orderId);
        if (order != null && order.state().equals("cancelled")) save(order.reopened(), null);
    }

    synchronized void rejectRefund(String tid, String code) {
        var payment = payments.get(tid);
        if (payment != null && payment.state().equals("refunding")) save(null, payment.rejected(code));
    }

    /** 승인보다 먼저 온 취소 통보: 나중에 오는 승인 통보가 반영되지 않게 적어 둡니다. */
    synchronized void recordEarlyRefund(String orderId, String tid, long amount) {
        if (!payments.containsKey(tid)) save(null, new Payment(tid, orderId, "refunded", "", amount, "", "", "", now()));
    }

    private List<Payment> paymentsOf(String orderId) {
        return tidsOf.getOrDefault(orderId, List.of()).stream().map(payments::get).toList();
    }

    /** 디스크가 먼저, 메모리가 나중. 쓰지 못했으면 아무것도 바뀌지 않았고, 파일도 쓰기 전의 길이로 돌아갑니다. */
    private void save(Order order, Payment payment) {
        try {
            var length = journal.size();
            try {
                write(line(order, payment));
                journal.force(false);
            } catch (IOException full) {
                journal.truncate(length);
                throw full;
            }
        } catch (IOException broken) {
            throw new IllegalStateException("장부에 쓰지 못했습니다", broken);
        }
        remember(order, payment);
    }

    private void remember(Order order, Payment payment) {
        if (order != null) orders.put(order.id(), order);
        if (payment != null && payments.put(payment.tid(), payment) == null)
            tidsOf.computeIfAbsent(payment.orderId(), id -> new ArrayList<>()).add(payment.tid());
    }

    private static String line(Order order, Payment payment) {
        var fields = new LinkedHashMap<String, String>();
        if (order != null) fields.putAll(order.fields());
        if (payment != null) fields.putAll(payment.fields());
        var json = Json.write(fields);
        return checksum(json) + " " + json + "\n";
    }

    private void write(String line) throws IOException {
        var octets = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        while (octets.hasRemaining()) journal.write(octets);
    }

    private void readAll(Path path) throws IOException {
        var lines = Files.readString(path, StandardCharsets.ISO_8859_1).split("(?<=\n)");
        for (var number = 0; number < lines.length; number++) {
            var line = new String(lines[number].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            var isWhole = line.endsWith("\n") && line.length() > 9 && line.startsWith(checksum(line.substring(9, line.length() - 1)) + " ");
            if (isWhole) read(Json.read(line.substring(9)));
            else if (number < lines.length - 1) throw new IOException(path + ": " + (number + 1) + "번째 줄이 손상되었습니다 / is damaged");
        }
    }

    private void read(Map<String, String> fields) {
        var order = !fields.containsKey("order") ? null : new Order(
                fields.get("order"), fields.get("customer"), fields.get("goods"), Long.parseLong(fields.get("orderAmount")),
                fields.get("orderState"), fields.get("paidBy"), fields.get("note"), Long.parseLong(fields.get("orderedAt")));
        var payment = !fields.containsKey("tid") ? null : new Payment(
                fields.get("tid"), fields.get("of"), fields.get("state"), fields.get("ticket"), Long.parseLong(fields.get("amount")),
                fields.get("approvalNumber"), fields.get("card"), fields.get("code"), Long.parseLong(fields.get("createdAt")));
        remember(order, payment);
    }

    private static String checksum(String json) {
        var crc = new CRC32();
        crc.update(json.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    /** 바꿔 끼운 이름도 디스크에 남깁니다. 윈도우에서는 폴더를 열 수 없고, 그럴 필요도 없습니다. */
    private static void forceFolder(Path path) throws IOException {
        if (!isPosix(path)) return;
        try (var folder = FileChannel.open(path, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** 장부에는 TrAuthKey가 잠시 들어 있습니다. 주인만 읽습니다. */
    private static void createOwnFolder(Path path) throws IOException {
        if (isPosix(path)) Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        else Files.createDirectories(path);
    }

    private static FileChannel openOwn(Path path) throws IOException {
        var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        if (!isPosix(path)) return FileChannel.open(path, options);
        return FileChannel.open(path, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static long now() {
        return Instant.now().toEpochMilli();
    }
}
