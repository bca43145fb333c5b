import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** What clients in Java share: the task that they are given (tests/world/README.md), and the deeds. */
final class Deeds {
    /** The status of an answer, and the protocol that it came by. */
    record Head(int status, String protocol) {}

    interface Client {
        /** Asks, by POST where there is a body; gives `take` what is answered, at most `read` octets at a time. */
        Head ask(String url, byte[] body, Consumer<byte[]> take) throws Exception;
    }

    interface Maker {
        Client make(Task task) throws Exception;
    }

    static final class Task {
        String proxy, origin, refused, roots;
        String[] deeds;
        int streams, bytes, read, upload, silence;

        URI proxyUri() {
            return URI.create(proxy);
        }

        TrustManager[] trust() throws Exception {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            try (InputStream pem = new FileInputStream(roots)) {
                int count = 0;
                for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                    store.setCertificateEntry("root" + count++, each);
                }
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        }

        SSLContext tls() throws Exception {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust(), null);
            return context;
        }

        void drain(InputStream content, Consumer<byte[]> take) throws IOException {
            byte[] buffer = new byte[read];
            for (int count; (count = content.read(buffer)) >= 0;) {
                take.accept(count == buffer.length ? buffer : Arrays.copyOf(buffer, count));
            }
        }
    }

    private final Gson gson = new Gson();
    private final Task task;
    private final Client client;

    private Deeds(Task task, Client client) {
        this.task = task;
        this.client = client;
    }

    /** Does the task of the command line; without one prints the version in the name of the library's file. */
    static void main(String name, Class<?> library, String[] arguments, Maker maker) throws Exception {
        if (arguments.length == 0) {
            Path file = Path.of(library.getProtectionDomain().getCodeSource().getLocation().toURI()).getFileName();
            String version = file.toString().replaceAll("^.*-([0-9.]+)\\.jar$", "$1");
            System.out.println(name + " " + version + ", Java " + Runtime.version().feature());
            return;
        }
        Task task = new Gson().fromJson(arguments[0], Task.class);
        Deeds deeds = new Deeds(task, maker.make(task));
        for (String deed : task.deeds) {
            long start = System.nanoTime();
            JsonObject report = new JsonObject();
            try {
                deeds.run(deed, report);
            } catch (Throwable error) {
                report.addProperty("error", everything(error));
            }
            report.addProperty("deed", deed);
            report.addProperty("seconds", (System.nanoTime() - start) / 1e9);
            System.out.println(report);
        }
        System.exit(0);
    }

    /** An error with what caused it. */
    static String everything(Throwable error) {
        return error + (error.getCause() == null ? "" : ": " + everything(error.getCause()));
    }

    private void run(String deed, JsonObject report) throws Exception {
        switch (deed) {
            case "download" -> download(report);
            case "upload" -> {
                byte[] octets = get("/octets?stream=0&bytes=" + task.upload, null);
                String said = new String(get("/slow", octets), StandardCharsets.UTF_8);
                gson.fromJson(said, JsonObject.class).entrySet().forEach(
                        each -> report.add(each.getKey(), each.getValue()));
            }
            case "silence" -> report.addProperty("said", text("/silence?seconds=" + task.silence));
            case "break" -> report.addProperty("said", text("/break"));
            case "refusal" -> report.addProperty("said", refusal());
            default -> throw new IllegalArgumentException("no such deed: " + deed);
        }
    }

    private void download(JsonObject report) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(task.streams);
        List<Future<String>> streams = new ArrayList<>();
        String[] protocol = new String[1];
        for (int stream = 0; stream < task.streams; stream++) {
            String url = task.origin + "/octets?stream=" + stream + "&bytes=" + task.bytes;
            streams.add(threads.submit(() -> {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                Head head = client.ask(url, null, digest::update);
                check(head);
                protocol[0] = head.protocol();
                return HexFormat.of().formatHex(digest.digest());
            }));
        }
        List<String> sums = new ArrayList<>();
        for (Future<String> stream : streams) {
            sums.add(stream.get());
        }
        report.add("sums", gson.toJsonTree(sums));
        report.addProperty("protocol", protocol[0]);
    }

    private String refusal() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            Head head = client.ask(task.refused, null, said::writeBytes);
            return head.status() + " " + said.toString(StandardCharsets.UTF_8);
        } catch (Exception error) {
            return everything(error);
        }
    }

    private String text(String path) throws Exception {
        return new String(get(path, null), StandardCharsets.UTF_8);
    }

    private byte[] get(String path, byte[] body) throws Exception {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        check(client.ask(task.origin + path, body, content::writeBytes));
        return content.toByteArray();
    }

    private static void check(Head head) throws IOException {
        if (head.status() != 200) {
            throw new IOException("status " + head.status());
        }
    }
}
