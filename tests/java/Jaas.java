import java.nio.charset.StandardCharsets;
import java.util.*;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/** Reads properties N.jaas, N.name, N.password (hex) from standard input and says whether Kafka finds that name and that password in
 *  that JAAS text, as login and as entry of a list of users. */
public class Jaas {
    static String text(String hex) {
        byte[] b = new byte[hex.length() / 2];
        for (int i = 0; i < b.length; i++)
            b[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        return new String(b, StandardCharsets.UTF_8);
    }

    static boolean same(String jaas, String name, String password) {
        try {
            JaasContext c = JaasContext.loadClientContext(Map.of("sasl.jaas.config", new Password(jaas)));
            Map<String, ?> options = c.configurationEntries().get(0).getOptions();
            return c.configurationEntries().size() == 1 && options.size() == 3 && name.equals(options.get("username"))
                && password.equals(options.get("password")) && password.equals(options.get("user_" + name));
        } catch (RuntimeException e) {
            return false;
        }
    }

    public static void main(String[] args) throws Exception {
        Properties p = new Properties();
        p.load(System.in);
        int passed = 0, failed = 0;
        for (int i = 0; p.containsKey(i + ".jaas"); i++) {
            String name = text(p.getProperty(i + ".name")), password = text(p.getProperty(i + ".password"));
            if (same(p.getProperty(i + ".jaas"), name, password)) {
                passed++;
            } else {
                failed++;
                System.out.println("FAILED " + name + " " + password + ": " + p.getProperty(i + ".jaas"));
            }
        }
        System.out.println(passed + " passed, " + failed + " failed");
        System.exit(failed > 0 || passed == 0 ? 1 : 0);
    }
}
