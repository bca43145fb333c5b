import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** OkHttp, with the HTTP/2 that it has inside. */
public final class OkHttp {
    public static void main(String[] arguments) throws Exception {
        Deeds.main("OkHttp", OkHttpClient.class, arguments, task -> {
            Proxy proxy = new Proxy(Proxy.Type.HTTP,
                    new InetSocketAddress(task.proxyUri().getHost(), task.proxyUri().getPort()));
            OkHttpClient client = new OkHttpClient.Builder().proxy(proxy).readTimeout(Duration.ZERO)
                    .sslSocketFactory(task.tls().getSocketFactory(), (X509TrustManager) task.trust()[0]).build();
            return (url, body, take) -> {
                Request.Builder request = new Request.Builder().url(url);
                if (body != null) {
                    request.post(RequestBody.create(body));
                }
                try (Response answer = client.newCall(request.build()).execute()) {
                    task.drain(answer.body().byteStream(), take);
                    return new Deeds.Head(answer.code(), answer.protocol().toString());
                }
            };
        });
    }
}
