// Fetches each URL with java.net.HttpURLConnection; the proxy and the trust store are properties.
import java.net.URI;

public class Fetch {
  public static void main(String[] urls) throws Exception {
    for (String url : urls) {
      try (var content = URI.create(url).toURL().openStream()) {
        content.transferTo(System.out);
      }
    }
  }
}
