import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import reactor.core.publisher.Mono;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.ProxyProvider;

/** Reactor Netty, with HTTP/2 where it is offered. */
public final class ReactorNetty {
    public static void main(String[] arguments) throws Exception {
        Deeds.main("Reactor Netty", HttpClient.class, arguments, task -> {
            HttpClient client = HttpClient.create(ConnectionProvider.create("world", task.streams))
                    .protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
                    .secure(spec -> spec.sslContext(Http2SslContextSpec.forClient()
                            .configure(builder -> builder.trustManager(new File(task.roots)))))
                    .proxy(proxy -> proxy.type(ProxyProvider.Proxy.HTTP).host(task.proxyUri().getHost())
                            .port(task.proxyUri().getPort()));
            return (url, body, take) -> {
                HttpClient.ResponseReceiver<?> asked = body == null ? client.get().uri(url)
                        : client.post().uri(url).send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)));
                return asked.response((answer, content) -> content.asByteArray().doOnNext(octets -> {
                    try {
                        task.drain(new ByteArrayInputStream(octets), take);
                    } catch (IOException error) {
                        throw new UncheckedIOException(error);
                    }
                }).then(Mono.fromSupplier(() -> new Deeds.Head(answer.status().code(),
                        answer.version().toString())))).blockLast();
            };
        });
    }
}
