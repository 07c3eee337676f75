import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** webapp 폴더를 내장 톰캣으로 켭니다. 설치한 톰캣에서는 필요하지 않습니다. */
public final class Start {
    private static final Path SETTINGS = Path.of(".env");

    public static void main(String[] arguments) throws Exception {
        var settings = new Properties();
        try (var file = Files.exists(SETTINGS) ? Files.newBufferedReader(SETTINGS) : Reader.nullReader()) {
            settings.load(file);
        }
        System.getenv().forEach(settings::setProperty);
        var connector = new Connector();
        connector.setPort(Integer.parseInt(settings.getProperty("PORT", "4700")));
        connector.setProperty("address", settings.getProperty("HOST", "127.0.0.1"));
        var tomcat = new Tomcat();
        // 컴파일된 JSP가 여기에 남아서, 다음에는 바로 켜집니다.
        tomcat.setBaseDir(Path.of("work").toAbsolutePath().toString());
        tomcat.setConnector(connector);
        var shop = tomcat.addWebapp("", Path.of("webapp").toAbsolutePath().toString());
        // 켤 때마다 톰캣의 jar를 뒤지지 않습니다. 태그 라이브러리는 그 안에 없습니다.
        ((StandardJarScanner) shop.getJarScanner()).setScanClassPath(false);
        tomcat.start();
        if (!shop.getState().isAvailable()) System.exit(1);
        tomcat.getServer().await();
    }
}
