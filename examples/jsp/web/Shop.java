package web;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.nio.file.Path;
import sspay.Admin;
import sspay.Journal;
import sspay.Payments;
import sspay.Settings;

/** 서블릿들이 함께 쓰는 것. 웹앱에 하나입니다. */
record Shop(Settings settings, Journal journal, Payments payments, Admin admin) {
    static Shop open(ServletContext context) throws IOException {
        var settings = Settings.read(Settings.environment(Path.of(".env")));
        var journal = new Journal(Path.of(settings.data()));
        return new Shop(settings, journal, new Payments(settings, journal, context::log), new Admin(settings));
    }
}
