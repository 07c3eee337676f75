package web;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** 웹앱이 켜질 때 설정과 장부를 열고, 꺼질 때 닫습니다. 설정이 틀리면 예외가 톰캣의 로그에 남고 웹앱은 켜지지 않습니다. */
@WebListener
public final class ShopListener implements ServletContextListener {
    private final ScheduledExecutorService recovery = Executors.newSingleThreadScheduledExecutor();
    private Shop shop;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        try {
            shop = Shop.open(event.getServletContext());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        event.getServletContext().setAttribute(Shop.class.getName(), shop);
        // 시작할 때 한 번, 그 뒤로 계속: 결과를 모르는 결제를 끝냅니다.
        recovery.scheduleWithFixedDelay(shop.payments()::recoverQuietly, 0, shop.settings().recoverSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        recovery.shutdownNow();
        try {
            // 다시 배포한 웹앱이 같은 장부를 열 수 있게 닫습니다. 아직 끝나지 않은 결제는 그 웹앱이 복구합니다.
            if (shop != null) shop.journal().close();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
