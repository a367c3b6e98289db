/* What leaves the emitters around the workloads: Services, policies, routes, monitors, rules, storage. */
#include "cluster/cluster.h"
#include "emit/emit.h"
#include "fixture.h"
#include "model/platform.h"
#include "source/stack.h"

static struct arena *const memory = &world.arena;

static struct description description;
static struct plan        plan;
static struct val         objects;

#define KRAFT "gregor: 1\nname: orders\nnamespace: shop\nkafka: {version: 4.1.1}\n"

static void build(const char *text)
{
    const char *none[] = { NULL };
    const struct stack s = { .path = "test.yaml", .text = text, .len = strlen(text), .presets = none, .overlays = none,
                             .sets = none, .resolve = resolve_path, .expand = expand_short_forms };
    struct val root;
    fixture_again(&world);
    description = (struct description){ .language = 0 };
    assert_true(stack_read(&world.cx, &s, &root));
    assert_true(load_description(&world.cx, &root, &description));
    assert_true(plan_cluster(&world.cx, &description, &plan));
    assert_true(emit_objects(&world.cx, &plan, &objects));
}

static const struct val *find(const char *kind, const char *name)
{
    for (uint32_t i = 0; i < objects.len; i++)
        if (str_eq(tree_str(&objects.seq[i], "kind"), kind)
            && str_eq(tree_str(tree_get(&objects.seq[i], "metadata"), "name"), name))
            return &objects.seq[i];
    return NULL;
}

static const struct val *spec(const char *kind, const char *name)
{
    const struct val *object = find(kind, name);
    assert_non_null(object);
    return tree_get(object, "spec");
}

static bool holds(const struct val *labels, const struct val *selector)
{
    for (uint32_t i = 0; i < selector->len; i++)
        if (!str_eq(tree_str(labels, selector->map[i].key), selector->map[i].v.s))
            return false;
    return true;
}

static void the_upper_map_wins_and_keys_are_sorted(void **state)
{
    (void)state;
    const struct val above = MAP(memory, { "a", t_str("1") }, { "c", t_str("new") });
    const struct val below = MAP(memory, { "c", t_str("old") }, { "b", t_str("2") });
    const struct val wanted = MAP(memory, { "a", t_str("1") }, { "b", t_str("2") }, { "c", t_str("new") });
    const struct val merged = tree_overlay(memory, below, &above);
    assert_true(tree_same(&merged, &wanted));
    assert_int_equal(tree_overlay(memory, t_none(), NULL).kind, V_NONE);
}

static void a_duration_takes_its_largest_whole_unit(void **state)
{
    (void)state;
    assert_string_equal(k8s_duration(memory, 1500).s, "1500ms");
    assert_string_equal(k8s_duration(memory, 90000).s, "90s");
    assert_string_equal(k8s_duration(memory, 3600000).s, "1h");
}

static void platforms_stand_in_the_order_of_the_description(void **state)
{
    (void)state;
    assert_string_equal(platform_disks(ON_GENERIC)->platform, "generic");
    assert_string_equal(platform_disks(ON_EKS)->platform, "eks");
    assert_string_equal(platform_disks(ON_GKE)->platform, "gke");
    assert_string_equal(platform_disks(ON_AKS)->platform, "aks");
    assert_string_equal(platform_disks(ON_OPENSHIFT)->platform, "openshift");
    assert_string_equal(platform_disks(ON_KIND)->platform, "kind");
}

static void the_nodes_service_selects_kafka_nodes_and_nothing_else(void **state)
{
    (void)state;
    build(KRAFT "monitoring: {lagExporter: true}\n");
    const struct val *selector = tree_get(spec("Service", "orders-nodes"), "selector");
    const struct val exporter = emit_lag_exporter_selector(memory, &plan);
    assert_true(holds(&plan.components[COMP_BROKER].selector, selector));
    assert_true(holds(&plan.components[COMP_CONTROLLER].selector, selector));
    assert_false(holds(&exporter, selector));
}

static void the_bootstrap_object_gets_no_annotation_of_a_single_broker(void **state)
{
    (void)state;
    build(KRAFT "listeners:\n- {name: out, port: 9094, expose: loadbalancer, host: \"b{id}.example.com\", "
          "bootstrap: kafka.example.com, annotations: {dns: \"{host}\", broker: \"{id}\"}}\n");
    const struct val *one = tree_at(find("Service", "orders-out-1"), "metadata", "annotations", NULL);
    const struct val *all = tree_at(find("Service", "orders-out-bootstrap"), "metadata", "annotations", NULL);
    assert_string_equal(tree_str(one, "broker"), "1");
    assert_string_equal(tree_str(one, "dns"), "b1.example.com");
    assert_string_equal(tree_str(all, "dns"), "kafka.example.com");
    assert_null(tree_get(all, "broker"));
}

static const struct val *rule_for(const struct val *ingress, int64_t port)
{
    for (uint32_t i = 0; i < ingress->len; i++) {
        const struct val *ports = tree_get(&ingress->seq[i], "ports");
        for (uint32_t j = 0; j < ports->len; j++)
            if (tree_get(&ports->seq[j], "port")->i == port)
                return &ingress->seq[i];
    }
    return NULL;
}

static void a_listener_that_no_client_may_use_is_closed(void **state)
{
    (void)state;
    build(KRAFT "listeners: [{name: one, port: 9092}, {name: two, port: 9093}, {name: out, port: 9094, expose: nodeport, "
          "host: node, nodePortBase: 31000}]\n"
          "networkPolicy: {clients: [{namespace: web, listeners: [one]}]}\n");
    const struct val *ingress = tree_get(spec("NetworkPolicy", "orders-broker"), "ingress");
    assert_non_null(tree_get(rule_for(ingress, 9092), "from"));
    assert_null(rule_for(ingress, 9093));
    assert_non_null(rule_for(ingress, 9094));
    assert_null(tree_get(rule_for(ingress, 9094), "from"));
    assert_non_null(tree_get(rule_for(ingress, REPLICATION_PORT), "from"));
}

static void a_local_disk_belongs_to_the_claim_of_one_pod(void **state)
{
    (void)state;
    build(KRAFT "brokers: {storage: {type: local, class: disks, path: /mnt/a, nodes: [w1, w2, w3]}}\n"
          "storageClasses: [{name: disks}]\n");
    const struct val *second = spec("PersistentVolume", "shop-orders-broker-data-1");
    assert_string_equal(tree_str(tree_get(second, "claimRef"), "name"), "data-orders-broker-1");
    assert_string_equal(tree_str(find("StorageClass", "disks"), "provisioner"), NO_PROVISIONER);
    assert_null(find("PersistentVolume", "shop-orders-broker-data-3"));
}

static void in_zones_local_disks_are_left_to_the_scheduler(void **state)
{
    (void)state;
    build(KRAFT "kubernetes: \"1.30\"\nbrokers: {zones: [a, b, c], storage: {type: local, class: disks, path: /mnt/a, "
          "nodes: [w1, w2, w3]}}\n");
    assert_null(tree_get(spec("PersistentVolume", "shop-orders-broker-data-2"), "claimRef"));
    assert_null(find("PersistentVolume", "shop-orders-broker-data-3"));
}

/* Read from /metrics of Kafka 4.1.1 and 3.9.1, ZooKeeper 3.8.4 and kafka_exporter with our mapping configs; those of kubelet
 * and Prometheus are in their documentation. */
static const char *const real_series[] = {
    "kafka_consumergroup_lag_sum", "kafka_controller_controllerstats_uncleanleaderelections_total",
    "kafka_controller_kafkacontroller_activecontrollercount", "kafka_controller_kafkacontroller_fencedbrokercount",
    "kafka_controller_kafkacontroller_metadataerrorcount", "kafka_controller_kafkacontroller_offlinepartitionscount",
    "kafka_log_logcleaner_deadthreadcount", "kafka_log_logmanager_offlinelogdirectorycount",
    "kafka_network_socketserver_networkprocessoravgidle_percent",
    "kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent",
    "kafka_server_replicamanager_underminisrpartitioncount", "kafka_server_replicamanager_underreplicatedpartitions",
    "kafka_server_sessionexpirelistener_zookeeperexpires_total", "kubelet_volume_stats_available_bytes",
    "kubelet_volume_stats_capacity_bytes", "up", "zookeeper_outstandingrequests", NULL
};

static void assert_series(const char *name)
{
    for (const char *const *known = real_series; *known != NULL; known++)
        if (strcmp(*known, name) == 0)
            return;
    fail_msg("no exporter has a series '%s'", name);
}

/* Every word that stands before a '{'. */
static void assert_all_series(const char *expr)
{
    for (const char *brace = strchr(expr, '{'); brace != NULL; brace = strchr(brace + 1, '{')) {
        const char *start = brace;
        while (start > expr && (start[-1] == '_' || (start[-1] >= 'a' && start[-1] <= 'z')))
            start--;
        assert_series(arena_dup(memory, start, (size_t)(brace - start)));
    }
}

static uint32_t check_rules(void)
{
    const struct val *groups = tree_get(spec("PrometheusRule", "orders"), "groups");
    uint32_t count = 0;
    for (uint32_t i = 0; i < groups->len; i++) {
        const struct val *rules = tree_get(&groups->seq[i], "rules");
        for (uint32_t j = 0; j < rules->len; j++, count++)
            assert_all_series(tree_str(&rules->seq[j], "expr"));
    }
    return count;
}

#define WATCHED "monitoring: {prometheus: monitors, exporter: {image: jmx-exporter:1}, rules: true, lagExporter: true}\n"

static void alerts_ask_for_series_that_exist(void **state)
{
    (void)state;
    build(KRAFT WATCHED);
    assert_true(check_rules() >= 15);
    build("gregor: 1\nname: orders\nkafka: {version: 3.9.1, metadata: zookeeper}\n" WATCHED);
    assert_true(check_rules() >= 15);
}

static void nobody_is_warned_of_a_failure_that_one_member_cannot_survive(void **state)
{
    (void)state;
    build(KRAFT "brokers: {count: 1}\ncontrollers: {count: 1}\n" WATCHED);
    const struct val *quorum = tree_get(spec("PrometheusRule", "orders"), "groups");
    assert_string_equal(tree_str(&quorum->seq[1], "name"), "orders-quorum");
    const struct val *rules = tree_get(&quorum->seq[1], "rules");
    for (uint32_t i = 0; i < rules->len; i++)
        assert_string_not_equal(tree_str(&rules->seq[i], "alert"), "KafkaControllerQuorumAtRisk");
}

static void a_logger_of_the_description_replaces_ours(void **state)
{
    (void)state;
    build(KRAFT "logging: {root: WARN, loggers: {kafka.request.logger: DEBUG, \"a b\\\"\": INFO}}\n");
    const char *text = plan.log_config;
    assert_non_null(strstr(text, "- name: \"kafka.request.logger\"\n        level: \"DEBUG\"\n"));
    assert_null(strstr(strstr(text, "kafka.request.logger") + 1, "kafka.request.logger"));
    assert_non_null(strstr(text, "- name: \"a b\\\"\"\n"));
}

static void zookeeper_logs_through_what_its_release_has(void **state)
{
#define ENSEMBLE(version) "gregor: 1\nname: orders\nkafka: {version: 3.9.1, metadata: zookeeper}\nzookeeper: {version: " version "}\n" \
                          "logging: {root: FATAL}\n"
    (void)state;
    build(ENSEMBLE("3.7.2"));
    assert_non_null(strstr(plan.zookeeper_log_config, "log4j.rootLogger=FATAL"));
    assert_string_equal(plan.zookeeper_log_file, "log4j.properties");
    build(ENSEMBLE("3.9.3"));
    assert_non_null(strstr(plan.zookeeper_log_config, "<root level=\"ERROR\">"));
    assert_string_equal(plan.zookeeper_log_file, "logback.xml");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_upper_map_wins_and_keys_are_sorted),
        FIXTURE_TEST(a_duration_takes_its_largest_whole_unit),
        FIXTURE_TEST(platforms_stand_in_the_order_of_the_description),
        FIXTURE_TEST(the_nodes_service_selects_kafka_nodes_and_nothing_else),
        FIXTURE_TEST(the_bootstrap_object_gets_no_annotation_of_a_single_broker),
        FIXTURE_TEST(a_listener_that_no_client_may_use_is_closed),
        FIXTURE_TEST(a_local_disk_belongs_to_the_claim_of_one_pod),
        FIXTURE_TEST(in_zones_local_disks_are_left_to_the_scheduler),
        FIXTURE_TEST(alerts_ask_for_series_that_exist),
        FIXTURE_TEST(nobody_is_warned_of_a_failure_that_one_member_cannot_survive),
        FIXTURE_TEST(a_logger_of_the_description_replaces_ours),
        FIXTURE_TEST(zookeeper_logs_through_what_its_release_has),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
