package spring;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;
import sspay.Journal;
import sspay.Order;
import sspay.PaymentForm;
import sspay.Payments;
import sspay.Request;
import sspay.Settings;

/** Spring Boot 3에서 sspay의 클래스를 쓰는 법. 쇼핑몰의 패키지로 옮기세요. */
@Controller
public class ShopController {
    private final Settings settings;
    private final Journal journal;
    private final Payments payments;

    ShopController(Settings settings, Journal journal, Payments payments) {
        this.settings = settings;
        this.journal = journal;
        this.payments = payments;
    }

    /** 결제할 폼(pay)이나 결과(order)의 화면. */
    @GetMapping("/order")
    String showOrder(HttpServletRequest http, Model model) throws IOException {
        var request = read(http);
        var order = find(request.asked("id"));
        if (!order.customer().equals(request.customer())) throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        model.addAttribute("view", journal.view(order));
        if (!journal.isPayable(order.id())) return "order";
        model.addAttribute("form", PaymentForm.of(settings, order, request));
        return "pay";
    }

    /** ReturnUrl: 승인은 여기서 요청하고, 결과는 GET 화면이 보여 줍니다. */
    @PostMapping("/return")
    String receiveReturn(HttpServletRequest http) throws IOException {
        var request = read(http);
        var order = find(request.asked("order"));
        var isBuyer = order.customer().equals(request.customer());
        payments.receiveReturn(order, request.posted("Tid"), request.posted("TrAuthKey"), isBuyer);
        return "redirect:/order?id=" + order.id();
    }

    /** 재통보. 저장한 뒤에만 OK라고 답합니다. */
    @PostMapping("/notify")
    ResponseEntity<String> receiveNotification(HttpServletRequest http) throws IOException {
        var isStored = payments.receiveNotification(read(http).form());
        return isStored ? ResponseEntity.ok("OK") : ResponseEntity.badRequest().body("FAIL");
    }

    /** 시작할 때와 1분마다: 결과를 모르는 결제를 끝냅니다. */
    @Scheduled(fixedDelay = 60_000)
    void recover() {
        payments.recoverQuietly();
    }

    /** @RequestParam은 EUC-KR 재통보를 깨뜨립니다. 본문을 직접 읽습니다. */
    private static Request read(HttpServletRequest http) throws IOException {
        return new Request(http.getQueryString(), http.getInputStream(), http::getHeader);
    }

    private Order find(String orderId) {
        return journal.order(orderId).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}

@Configuration
@EnableScheduling
class ShopConfiguration {
    @Bean
    Settings settings() throws IOException {
        return Settings.read(Settings.environment(Path.of(".env")));
    }

    @Bean
    Journal journal(Settings settings) throws IOException {
        return new Journal(Path.of(settings.data()));
    }

    @Bean
    Payments payments(Settings settings, Journal journal) {
        return new Payments(settings, journal, System.err::println);
    }
}
