import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;

/** Asks Java which proxy it takes. Cases are lines of URL, TAB, http.nonProxyHosts; "-" for not set. */
public class Decide {
    public static void main(String[] arguments) throws Exception {
        for (String scheme : new String[] {"http", "https"}) {
            System.setProperty(scheme + ".proxyHost", arguments[0]);
            System.setProperty(scheme + ".proxyPort", arguments[1]);
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        StringBuilder out = new StringBuilder();
        for (String line; (line = lines.readLine()) != null; ) {
            String[] asked = line.split("\t", 2);
            if (asked[1].equals("-")) {
                System.clearProperty("http.nonProxyHosts");
            } else {
                System.setProperty("http.nonProxyHosts", asked[1]);
            }
            Proxy proxy = ProxySelector.getDefault().select(new URI(asked[0])).get(0);
            InetSocketAddress address = (InetSocketAddress) proxy.address();
            String taken = address == null ? "null" : "\"" + address.getHostString() + ":" + address.getPort() + "\"";
            out.append("{\"proxy\": ").append(taken).append("}\n");
        }
        System.out.print(out);
    }
}
