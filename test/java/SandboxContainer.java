import java.io.IOException;
import org.testcontainers.Testcontainers;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** The sandbox in a container of its own. */
public final class SandboxContainer extends GenericContainer<SandboxContainer> {
    public SandboxContainer() {
        super("sspay-sandbox:0.1.0");
        withCommand("sandbox", "--private-networks");
        withExposedPorts(4610, 4620);
        withAccessToHost(true);
        waitingFor(Wait.forHttp("/healthz").forPort(4610));
    }

    /** Notifications arrive at this port of the machine that runs the test. */
    public void notifyShopAt(int port) throws IOException, InterruptedException {
        Testcontainers.exposeHostPorts(port);
        var url = "http://host.testcontainers.internal:" + port + "/notify";
        var set = execInContainer("node", "/app/node_modules/@sspay/sandbox/dist/bin.js",
                "merchants", "set", "ssptest01m", "--notify-url", url);
        if (set.getExitCode() != 0) throw new IllegalStateException(set.getStderr());
    }

    /** SSPAY_GATEWAY of the shop under test. */
    public String gateway() {
        return "http://" + getHost() + ":" + getMappedPort(4610);
    }

    /** Codes of phones and the console. */
    public String console() {
        return "http://" + getHost() + ":" + getMappedPort(4620);
    }
}
