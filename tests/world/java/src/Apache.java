import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;

/** Apache HttpClient 5, the classic one: HTTP/1.1, a connection a thread. */
public final class Apache {
    public static void main(String[] arguments) throws Exception {
        Deeds.main("Apache HttpClient", CloseableHttpClient.class, arguments, task -> {
            HttpHost proxy = new HttpHost(
                    task.proxyUri().getScheme(), task.proxyUri().getHost(), task.proxyUri().getPort());
            CloseableHttpClient client = HttpClients.custom().setProxy(proxy)
                    .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(Timeout.DISABLED).build())
                    .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                            .setTlsSocketStrategy(new DefaultClientTlsStrategy(task.tls()))
                            .setDefaultConnectionConfig(
                                    ConnectionConfig.custom().setSocketTimeout(Timeout.DISABLED).build())
                            .setMaxConnPerRoute(task.streams).setMaxConnTotal(task.streams).build())
                    .build();
            return (url, body, take) -> {
                HttpUriRequestBase request = body == null ? new HttpGet(url) : new HttpPost(url);
                if (body != null) {
                    request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_OCTET_STREAM));
                }
                return client.execute(request, answer -> {
                    task.drain(answer.getEntity().getContent(), take);
                    return new Deeds.Head(answer.getCode(), answer.getVersion().toString());
                });
            };
        });
    }
}
