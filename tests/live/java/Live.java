import java.io.*;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.stream.*;
import java.util.zip.CRC32;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.*;
import org.apache.kafka.common.acl.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.*;
import org.apache.kafka.common.serialization.*;

/** The load tool of `make live`: reads commands from standard input ("1 burst HOST:PORT TOPIC 100000 200"), answers on standard
 *  output ("1 ok acked=100000 ..."). Commands run side by side.
 *
 *  A message is: sequence number (8 bytes), CRC-32 of all that follows (8 bytes), then bytes that follow from the number. A topic's
 *  ledger remembers which numbers were acknowledged; `verify` reads the topic from its beginning and compares.
 *
 *  A bootstrap address may begin with a name, "admin@HOST:PORT": the client then has the settings that `settings` read for that
 *  name from a properties file. */
public class Live {
    /** What was sent to one topic by this process. */
    static class Ledger {
        final AtomicLong next = new AtomicLong(), acked = new AtomicLong(), failed = new AtomicLong(), sum = new AtomicLong();
        final BitSet done = new BitSet();
        volatile long lastAck, longestGap;
        volatile boolean stop;
        Thread thread;

        void acknowledged(long number, long crc) {
            synchronized (done) {
                done.set((int) number);
            }
            acked.incrementAndGet();
            sum.addAndGet(crc);
            long now = System.nanoTime();
            if (lastAck != 0)
                longestGap = Math.max(longestGap, now - lastAck);
            lastAck = now;
        }
    }

    static final Map<String, Ledger> ledgers = new ConcurrentHashMap<>();
    static final Map<String, Sampler> samplers = new ConcurrentHashMap<>();

    /** For answers alone: what logging prints goes to standard error, or an answer would follow it on one line. */
    static final PrintStream answers = System.out;

    public static void main(String[] args) throws IOException {
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        ExecutorService pool = Executors.newCachedThreadPool();
        for (String line; (line = in.readLine()) != null; ) {
            String[] words = line.trim().split(" ");
            pool.execute(() -> answer(words));
        }
        System.exit(0);
    }

    static void answer(String[] w) {
        String text;
        try {
            text = "ok " + command(w);
        } catch (Throwable e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            text = "error " + cause.toString().replace('\n', ' ');
        }
        synchronized (answers) {
            answers.println(w[0] + " " + text);
            answers.flush();
        }
    }

    static String command(String[] w) throws Exception {
        switch (w[1]) {
        case "create":  return create(w[2], w[3], Integer.parseInt(w[4]), Short.parseShort(w[5]));
        case "burst":   return burst(w[2], w[3], Integer.parseInt(w[4]), Integer.parseInt(w[5]));
        case "start":   return start(w[2], w[3], Integer.parseInt(w[4]), Integer.parseInt(w[5]));
        case "stop":    return stop(w[2]);
        case "verify":  return verify(w[2], w[3]);
        case "watch":   return watch(w[2]);
        case "unwatch": return samplers.remove(w[2]).end();
        case "state":   return state(w[2]);
        case "leader":  return leader(w[2]);
        case "racks":   return racks(w[2], w[3]);
        case "slow":    return slow(w[2], w[3], w[4]);
        case "placed":  return placed(w[2], w[3]);
        case "settings": return settings(w[2], w[3]);
        case "user":    return user(w[2], w[3], w[4], w[5]);
        case "allow":   return allow(w[2], w[3], w[4], w[5], w[6].split(","));
        case "refused": return refused(w[2], w[3], w[4]);
        default: throw new IllegalArgumentException(w[1]);
        }
    }

    // ---- how clients log in -------------------------------------------------------------------------------------------

    static final Map<String, Properties> settings = new ConcurrentHashMap<>();

    /** Reads how clients called `name` connect. A key that begins with "system." is a property of this JVM. */
    static String settings(String name, String file) throws IOException {
        Properties p = new Properties();
        try (InputStream in = new FileInputStream(file)) {
            p.load(in);
        }
        for (String key : p.stringPropertyNames())
            if (key.startsWith("system."))
                System.setProperty(key.substring(7), (String) p.remove(key));
        settings.put(name, p);
        return "";
    }

    /** The configuration of a client of that bootstrap address. */
    static Map<String, Object> client(String bootstrap, Map<String, Object> base) {
        Map<String, Object> all = new HashMap<>(base);
        int at = bootstrap.indexOf('@');
        all.put("bootstrap.servers", bootstrap.substring(at + 1));
        if (at >= 0)
            settings.get(bootstrap.substring(0, at)).forEach((k, v) -> all.put((String) k, v));
        return all;
    }

    /** Makes a SCRAM user. */
    static String user(String bootstrap, String name, String mechanism, String password) throws Exception {
        try (Admin a = admin(bootstrap)) {
            a.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(name,
                new ScramCredentialInfo(ScramMechanism.fromMechanismName(mechanism), 4096), password))).all().get();
            return "";
        }
    }

    /** Lets a principal do the operations on a topic, or with "group" on a consumer group. */
    static String allow(String bootstrap, String principal, String type, String name, String[] operations) throws Exception {
        ResourcePattern on = new ResourcePattern(ResourceType.fromString(type), name, PatternType.LITERAL);
        List<AclBinding> all = new ArrayList<>();
        for (String operation : operations)
            all.add(new AclBinding(on, new AccessControlEntry("User:" + principal, "*", AclOperation.fromString(operation),
                                                              AclPermissionType.ALLOW)));
        try (Admin a = admin(bootstrap)) {
            a.createAcls(all).all().get();
            return "";
        }
    }

    /** Tries to create, write or read a topic; says which error came, or "none". */
    static String refused(String bootstrap, String what, String topic) {
        try {
            if (what.equals("create"))
                create(bootstrap, topic, 1, (short) 0);
            else if (what.equals("write"))
                write(bootstrap, topic);
            else
                read(bootstrap, topic);
            return "refused=none";
        } catch (Exception e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            return "refused=" + cause.getClass().getSimpleName();
        }
    }

    /** Not idempotent: such a producer that is refused takes its time to close. */
    static void write(String bootstrap, String topic) throws Exception {
        Producer<byte[], byte[]> p = new KafkaProducer<>(client(bootstrap, Map.of("enable.idempotence", "false", "max.block.ms",
            "20000")), new ByteArraySerializer(), new ByteArraySerializer());
        try {
            p.send(new ProducerRecord<>(topic, new byte[10])).get();
        } finally {
            p.close(Duration.ZERO);
        }
    }

    static void read(String bootstrap, String topic) {
        try (Consumer<byte[], byte[]> c = new KafkaConsumer<>(client(bootstrap, Map.of("default.api.timeout.ms", "20000")),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            c.assign(List.of(new TopicPartition(topic, 0)));
            c.seekToBeginning(c.assignment());
            c.poll(Duration.ofSeconds(5));
        }
    }

    // ---- messages -----------------------------------------------------------------------------------------------------

    static byte[] message(long number, int size) {
        ByteBuffer b = ByteBuffer.allocate(Math.max(size, 24));
        b.putLong(number).putLong(0);
        long x = number * 0x9E3779B97F4A7C15L + 1;
        while (b.remaining() >= 8) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
            b.putLong(x);
        }
        b.putLong(8, crc(b.array()));
        return b.array();
    }

    static long crc(byte[] m) {
        CRC32 c = new CRC32();
        c.update(m, 0, 8);
        c.update(m, 16, m.length - 16);
        return c.getValue();
    }

    /** One request at a time: a first batch that is refused, while its successor is taken, would never get in (see awaitLeaders). Who
     *  cannot deliver gives up before the runner stops waiting for the answer, and says why. */
    static Producer<byte[], byte[]> producer(String bootstrap) {
        return new KafkaProducer<>(client(bootstrap, Map.of(
            "acks", "all", "enable.idempotence", "true", "max.in.flight.requests.per.connection", "1", "delivery.timeout.ms", "240000",
            "request.timeout.ms", "10000", "linger.ms", "5", "max.block.ms", "120000",
            "socket.connection.setup.timeout.ms", "3000")), new ByteArraySerializer(), new ByteArraySerializer());
    }

    static void send(Producer<byte[], byte[]> p, String topic, Ledger l, int size) {
        long number = l.next.getAndIncrement();
        byte[] m = message(number, size);
        long crc = ByteBuffer.wrap(m).getLong(8);
        p.send(new ProducerRecord<>(topic, Long.toString(number).getBytes(), m), (meta, e) -> {
            if (e == null) {
                l.acknowledged(number, crc);
            } else {
                l.failed.incrementAndGet();
                System.err.println("not acknowledged: " + e);
            }
        });
    }

    static String burst(String bootstrap, String topic, int count, int size) {
        Ledger l = ledgers.computeIfAbsent(topic, t -> new Ledger());
        long begin = System.nanoTime();
        try (Producer<byte[], byte[]> p = producer(bootstrap)) {
            for (int i = 0; i < count; i++)
                send(p, topic, l, size);
            p.flush();
        }
        return String.format("acked=%d failed=%d sum=%d seconds=%.1f", l.acked.get(), l.failed.get(), l.sum.get(),
                             (System.nanoTime() - begin) / 1e9);
    }

    static String start(String bootstrap, String topic, int rate, int size) {
        Ledger l = ledgers.computeIfAbsent(topic, t -> new Ledger());
        l.stop = false;
        l.lastAck = l.longestGap = 0;
        l.thread = new Thread(() -> {
            long begin = System.nanoTime();
            try (Producer<byte[], byte[]> p = producer(bootstrap)) {
                for (long n = 0; !l.stop; n++) {
                    long wait = begin + n * 1_000_000_000L / rate - System.nanoTime();
                    if (wait > 1_000_000)
                        Thread.sleep(wait / 1_000_000);
                    send(p, topic, l, size);
                }
                p.flush();
            } catch (Exception e) {
                l.failed.incrementAndGet();
                System.err.println("load ended: " + e);
            }
        });
        l.thread.start();
        return "";
    }

    static String stop(String topic) throws InterruptedException {
        Ledger l = ledgers.get(topic);
        l.stop = true;
        l.thread.join();
        return String.format("sent=%d acked=%d failed=%d gap=%.1f", l.next.get(), l.acked.get(), l.failed.get(),
                             l.longestGap / 1e9);
    }

    /** Reads the topic from the beginning to its end as it is now. */
    static String verify(String bootstrap, String topic) {
        Ledger l = ledgers.get(topic);
        BitSet seen = new BitSet();
        long read = 0, corrupt = 0, twice = 0, sum = 0;
        try (Consumer<byte[], byte[]> c = new KafkaConsumer<>(client(bootstrap, Map.of(
                "isolation.level", "read_committed")), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> parts = c.partitionsFor(topic).stream()
                .map(p -> new TopicPartition(topic, p.partition())).collect(Collectors.toList());
            c.assign(parts);
            c.seekToBeginning(parts);
            Map<TopicPartition, Long> ends = c.endOffsets(parts);
            long deadline = System.nanoTime() + 120_000_000_000L;
            while (parts.stream().anyMatch(p -> c.position(p) < ends.get(p))) {
                if (System.nanoTime() > deadline)
                    throw new IllegalStateException("reading did not end");
                for (ConsumerRecord<byte[], byte[]> r : c.poll(Duration.ofMillis(500))) {
                    long number = ByteBuffer.wrap(r.value()).getLong(), crc = ByteBuffer.wrap(r.value()).getLong(8);
                    read++;
                    if (crc != crc(r.value()) || !Arrays.equals(r.value(), message(number, r.value().length)))
                        corrupt++;
                    if (seen.get((int) number))
                        twice++;
                    else
                        sum += crc;
                    seen.set((int) number);
                }
            }
        }
        BitSet lost;
        synchronized (l.done) {
            lost = (BitSet) l.done.clone();
        }
        lost.andNot(seen);
        return String.format("read=%d acked=%d lost=%d twice=%d corrupt=%d sums=%s", read, l.acked.get(), lost.cardinality(),
                             twice, corrupt, sum == l.sum.get() ? "equal" : "differ");
    }

    // ---- the cluster ---------------------------------------------------------------------------------------------------

    static Admin admin(String bootstrap) {
        return Admin.create(client(bootstrap, Map.of("request.timeout.ms", "5000", "default.api.timeout.ms", "20000",
                                                     "socket.connection.setup.timeout.ms", "2000")));
    }

    static String create(String bootstrap, String topic, int partitions, short copies) throws Exception {
        try (Admin a = admin(bootstrap)) {
            Optional<Short> factor = copies == 0 ? Optional.empty() : Optional.of(copies);
            a.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), factor))).all().get();
            awaitLeaders(a, topic, partitions);
            return "";
        }
    }

    /** A producer that is refused by a leader which does not know a new partition yet, while its next batch is taken, never gets
     *  its first one in (sequence numbers start at any value): so every leader must answer first. */
    static void awaitLeaders(Admin a, String topic, int partitions) throws Exception {
        Map<TopicPartition, OffsetSpec> all = new HashMap<>();
        for (int i = 0; i < partitions; i++)
            all.put(new TopicPartition(topic, i), OffsetSpec.latest());
        for (int tries = 1; ; tries++) {
            try {
                a.listOffsets(all).all().get();
                return;
            } catch (ExecutionException e) {
                if (tries == 60)
                    throw e;
                Thread.sleep(500);
            }
        }
    }

    /** Copies of the topic that are not in sync catch up at so many bytes a second only, as if there were much to catch up. */
    static String slow(String bootstrap, String topic, String rate) throws Exception {
        try (Admin a = admin(bootstrap)) {
            Map<ConfigResource, Collection<AlterConfigOp>> all = new HashMap<>();
            for (String side : List.of("leader", "follower")) {
                all.computeIfAbsent(new ConfigResource(ConfigResource.Type.TOPIC, topic), k -> new ArrayList<>())
                    .add(set(side + ".replication.throttled.replicas", "*"));
                for (Node n : a.describeCluster().nodes().get())
                    all.computeIfAbsent(new ConfigResource(ConfigResource.Type.BROKER, n.idString()), k -> new ArrayList<>())
                        .add(set(side + ".replication.throttled.rate", rate));
            }
            a.incrementalAlterConfigs(all).all().get();
            return "";
        }
    }

    static AlterConfigOp set(String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    }

    /** [partitions, under-replicated, under min ISR, without a leader] of all topics. */
    static int[] count(Admin a, Map<String, Integer> minimum) throws Exception {
        Set<String> names = a.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
        List<ConfigResource> unknown = names.stream().filter(n -> !minimum.containsKey(n))
            .map(n -> new ConfigResource(ConfigResource.Type.TOPIC, n)).collect(Collectors.toList());
        a.describeConfigs(unknown).all().get().forEach((r, c) ->
            minimum.put(r.name(), Integer.parseInt(c.get("min.insync.replicas").value())));
        int[] n = new int[4];
        a.describeTopics(names).allTopicNames().get().forEach((name, d) -> d.partitions().forEach(p -> {
            n[0]++;
            n[1] += p.isr().size() < p.replicas().size() ? 1 : 0;
            n[2] += p.isr().size() < minimum.get(name) ? 1 : 0;
            n[3] += p.leader() == null || p.leader().isEmpty() ? 1 : 0;
        }));
        return n;
    }

    /** Looks once a second until it is ended. */
    static class Sampler extends Thread {
        final String bootstrap;
        final Map<String, Integer> minimum = new HashMap<>();
        int samples, missed, underMinimum, underReplicated, leaderless, most;
        volatile boolean stop;

        Sampler(String bootstrap) {
            this.bootstrap = bootstrap;
        }

        @Override public void run() {
            try (Admin a = admin(bootstrap)) {
                while (!stop) {
                    long begin = System.nanoTime();
                    try {
                        int[] n = count(a, minimum);
                        samples++;
                        underReplicated += n[1] > 0 ? 1 : 0;
                        underMinimum += n[2] > 0 ? 1 : 0;
                        leaderless += n[3] > 0 ? 1 : 0;
                        most = Math.max(most, n[2]);
                    } catch (Exception e) {
                        missed++;
                    }
                    Thread.sleep(Math.max(0, 1000 - (System.nanoTime() - begin) / 1_000_000));
                }
            } catch (InterruptedException e) {
                missed++;
            }
        }

        String end() throws InterruptedException {
            stop = true;
            join();
            return String.format("samples=%d missed=%d under_minimum=%d most=%d under_replicated=%d leaderless=%d", samples,
                                 missed, underMinimum, most, underReplicated, leaderless);
        }
    }

    static String watch(String bootstrap) {
        Sampler s = new Sampler(bootstrap);
        samplers.put(bootstrap, s);
        s.start();
        return "";
    }

    static String state(String bootstrap) throws Exception {
        try (Admin a = admin(bootstrap)) {
            int[] n = count(a, new HashMap<>());
            return String.format("brokers=%d partitions=%d under_replicated=%d under_minimum=%d leaderless=%d",
                a.describeCluster().nodes().get().size(), n[0], n[1], n[2], n[3]);
        }
    }

    /** The active controller: the leader of the quorum, or of the brokers where ZooKeeper keeps the metadata. */
    static String leader(String bootstrap) throws Exception {
        try (Admin a = admin(bootstrap)) {
            try {
                QuorumInfo q = a.describeMetadataQuorum().quorumInfo().get();
                return "leader=" + q.leaderId() + " voters=" + q.voters().size() + " observers=" + q.observers().size();
            } catch (ExecutionException e) {
                return "leader=" + a.describeCluster().controller().get().id();
            }
        }
    }

    /** How many partitions of the topic have their copies in as many racks as they have copies. */
    static String racks(String bootstrap, String topic) throws Exception {
        try (Admin a = admin(bootstrap)) {
            Set<String> all = a.describeCluster().nodes().get().stream().map(Node::rack).collect(Collectors.toSet());
            List<TopicPartitionInfo> parts = a.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions();
            long spread = parts.stream().filter(p -> p.replicas().stream().map(Node::rack).distinct().count() == p.replicas().size())
                .count();
            return "racks=" + all.size() + " unknown=" + (all.contains(null) ? 1 : 0) + " partitions=" + parts.size()
                + " spread=" + spread;
        }
    }

    /** Which brokers hold copies of a topic, and in how many directories each. */
    static String placed(String bootstrap, String topic) throws Exception {
        try (Admin a = admin(bootstrap)) {
            List<Integer> ids = a.describeCluster().nodes().get().stream().map(Node::id).collect(Collectors.toList());
            String text = "";
            for (Map.Entry<Integer, Map<String, LogDirDescription>> e : a.describeLogDirs(ids).allDescriptions().get().entrySet()) {
                long dirs = e.getValue().values().stream()
                    .filter(d -> d.replicaInfos().keySet().stream().anyMatch(p -> p.topic().equals(topic))).count();
                text += e.getKey() + "=" + dirs + "/" + e.getValue().size() + " ";
            }
            return text.trim();
        }
    }
}
