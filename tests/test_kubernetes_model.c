/* The Kubernetes model: tables, quantities, texts, types and merging. What it makes of objects: test_k8s_check.c. */
#include "fixture.h"
#include "model/k8s_walk.h"

#include <stdio.h>

/* ---- tables ------------------------------------------------------------------------------------------- */

static void every_field_of_every_type_is_found_and_no_other(void **state)
{
    (void)state;
    assert_true(k8s_type_count > 300);
    for (unsigned t = 0; t < k8s_type_count; t++) {
        const struct k8s_type *type = &k8s_types[t];
        assert_ptr_equal(k8s_type(type->name), type);
        for (unsigned i = 0; i < type->count; i++) {
            char longer[300];
            snprintf(longer, sizeof longer, "%sx", type->rows[i].name);
            assert_ptr_equal(k8s_find_row(type, type->rows[i].name), &type->rows[i]);
            if (i + 1 == type->count || strcmp(type->rows[i + 1].name, longer) != 0)
                assert_null(k8s_find_row(type, longer));
        }
        assert_null(k8s_find_row(type, ""));
        assert_null(k8s_find_row(type, "x"));
    }
}

static void a_kind_is_known_under_its_apiversion_only(void **state)
{
    (void)state;
    assert_string_equal(k8s_kind("apps/v1", "StatefulSet", 34)->name, "apps.v1.StatefulSet");
    assert_string_equal(k8s_kind("v1", "Service", 25)->name, "core.v1.Service");
    assert_string_equal(k8s_kind("cert-manager.io/v1", "ClusterIssuer", 34)->name, "cert-manager.ClusterIssuer");
    assert_null(k8s_kind("policy/v1beta1", "PodDisruptionBudget", 34));
    assert_null(k8s_kind("v1", "Statefulset", 34));
    assert_null(k8s_kind("v1", "Service", 24));
    assert_string_equal(k8s_api_version("PodDisruptionBudget"), "policy/v1");
    assert_string_equal(k8s_nearest_kind("Statefulset"), "StatefulSet");
    assert_true(k8s_namespaced(k8s_kind("v1", "ConfigMap", 34)));
    assert_false(k8s_namespaced(k8s_kind("storage.k8s.io/v1", "StorageClass", 34)));
    assert_false(k8s_namespaced(k8s_kind("cert-manager.io/v1", "ClusterIssuer", 34)));
    assert_true(k8s_namespaced(k8s_kind("cert-manager.io/v1", "Issuer", 34)));
}

static void a_field_tells_its_shape_list_key_and_life(void **state)
{
    (void)state;
    static const struct { const char *type, *field, *key, *of; int shape, since, last; } rows[] = {
        { "core.v1.PodSpec", "containers", "name", "core.v1.Container", K8S_LIST, 0, 255 },
        { "core.v1.Container", "ports", "containerPort", "core.v1.ContainerPort", K8S_LIST, 0, 255 },
        { "core.v1.Container", "volumeMounts", "mountPath", "core.v1.VolumeMount", K8S_LIST, 0, 255 },
        { "core.v1.PodSpec", "tolerations", NULL, "core.v1.Toleration", K8S_LIST, 0, 255 },
        { "core.v1.Container", "args", NULL, "string", K8S_LIST, 0, 255 },
        { "core.v1.ResourceRequirements", "limits", NULL, "quantity", K8S_MAP, 0, 255 },
        { "core.v1.Container", "resizePolicy", NULL, "core.v1.ContainerResizePolicy", K8S_LIST, 27, 255 },
        { "core.v1.PodSpec", "resources", NULL, "core.v1.ResourceRequirements", K8S_ONE, 32, 255 },
        { "core.v1.Volume", "image", NULL, "core.v1.ImageVolumeSource", K8S_ONE, 31, 255 },
        { "apps.v1.StatefulSetSpec", "ordinals", NULL, "apps.v1.StatefulSetOrdinals", K8S_ONE, 26, 255 },
        { "networking.v1.NetworkPolicySpec", "podSelector", NULL, "apis.meta.v1.LabelSelector", K8S_ONE, 0, 255 },
    };
    struct k8s_field f;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(k8s_field(k8s_type(rows[i].type), rows[i].field, &f));
        assert_string_equal(f.name, rows[i].field);
        assert_string_equal(f.list_key == NULL ? "" : f.list_key, rows[i].key == NULL ? "" : rows[i].key);
        assert_ptr_equal(f.type, k8s_type(rows[i].of));
        assert_int_equal(f.shape, rows[i].shape);
        assert_int_equal(f.since, rows[i].since);
        assert_int_equal(f.last, rows[i].last);
    }
    assert_false(k8s_field(k8s_type("core.v1.PodSpec"), "contaners", &f));
    assert_null(k8s_type("core.v1.Nothing"));
}

/* ---- quantities --------------------------------------------------------------------------------------- */

static void a_quantity_is_printed_as_the_api_server_prints_it(void **state)
{
    static const struct { const char *in, *out; int64_t milli; } rows[] = {
        { "0", "0", 0 }, { "-0", "0", 0 }, { "0Ki", "0", 0 }, { "00", "0", 0 }, { "1", "1", 1000 }, { "+1", "1", 1000 },
        { "1000m", "1", 1000 }, { "0.5", "500m", 500 }, { ".5", "500m", 500 }, { "1.", "1", 1000 }, { "1.G", "1G", 1000000000000 },
        { "1000M", "1G", 1000000000000 }, { "1024Ki", "1Mi", 1048576000 }, { "3072Mi", "3Gi", 3221225472000 },
        { "1.5Gi", "1536Mi", 1610612736000 }, { "0.5Mi", "512Ki", 524288000 }, { "0.5Ki", "512", 512000 },
        { "1Ki", "1Ki", 1024000 }, { "1023", "1023", 1023000 }, { "1025Ki", "1025Ki", 1049600000 }, { "-1Ki", "-1Ki", -1024000 },
        { "1e3", "1e3", 1000000 }, { "1E3", "1e3", 1000000 }, { "1e+3", "1e3", 1000000 }, { "12e-1", "1200e-3", 1200 },
        { "0.5e0", "500e-3", 500 }, { "1e4", "10e3", 10000000 }, { "1e-3", "1e-3", 1 }, { "1e0", "1", 1000 },
        { "1E", "1E", -1 }, { "2P", "2P", 2000000000000000000 }, { "1k", "1k", 1000000 }, { "8Pi", "8Pi", 9007199254740992000 },
        { "0.5m", "500u", 1 }, { "1500m", "1500m", 1500 }, { "100.035k", "100035", 100035000 }, { "1.08", "1080m", 1080 },
        { "1u", "1u", 1 }, { "1n", "1n", 1 }, { "3.001n", "4n", 1 }, { "0.0000000001", "1n", 1 }, { "1e-20", "1e-9", 1 },
        { ".001Ki", "1024m", 1024 }, { ".000000000001Ki", "2n", 1 }, { "100.035Ki", "102435840m", 102435840 },
        { "1234567890123456789n", "1234567890123456789n", 1234567890124 }, { "0.00000000000000000000000000001", "1n", 1 },
        { "9223372036854775807", "9223372036854775807", -1 }, { "7Ei", "7Ei", -1 }, { "0.125Ei", "128Pi", -1 },
        { "-5", "-5", -5000 }, { "-9.01", "-9010m", -9010 }, { "1.000000001Gi", "1073741825073741824n", 1073741825074 },
        { "0e1000", "0", 0 }, { "1.3E+6", "1300e3", 1300000000 },
    };
    struct world *w = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t milli = -1;
        const bool fits = k8s_parse_quantity(rows[i].in, &milli);
        if (strcmp(k8s_quantity(&w->arena, rows[i].in), rows[i].out) != 0 || milli != rows[i].milli || fits != (milli != -1))
            fail_msg("%s: %s, %lld", rows[i].in, k8s_quantity(&w->arena, rows[i].in), (long long)milli);
        assert_int_not_equal(k8s_quantity_grain(rows[i].in), KG_NONE);
    }
}

static void what_is_no_quantity_is_refused(void **state)
{
    static const char *const rows[] = {
        "", " 1Gi", "1Gi ", "1 Gi", "1ki", "1K", "1mi", "1Mb", "1GB", "1e", "1e+", "1i", ".5i", "-3.01i", "-3.01e-", "aoeu", ".",
        "-", "+", "-.", "1.1.M", "1+1.0M", "0x10", "1_000", "1,5", "100000000000Ei", "9Ei", "12E", "1e19", "1e400", "Inf", "NaN",
        "9223372036854775808", "99999999999999999999999999999999999999999999", "1eE", "1e3Ki", "1Mi5", "--1", "e3", "Gi", "1ee",
        "1e3.5", "1e 3",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t milli;
        if (k8s_parse_quantity(rows[i], &milli) || k8s_quantity_grain(rows[i]) != KG_NONE)
            fail_msg("'%s' was taken for a quantity", rows[i]);
    }
}

/* ---- texts -------------------------------------------------------------------------------------------- */

/* The column of kubectl's reader in the measured table of 169 scalars; a string of digits and colons or a date is a string. */
static void a_plain_scalar_is_read_as_kubectl_reads_it(void **state)
{
    static const char *const booleans[] = { "y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off",
                                            "Off", "OFF", "true", "True", "TRUE", "false", "False", "FALSE" };
    static const char *const numbers[] = {
        "0", "00", "1", "01", "08", "09", "010", "0o10", "0O10", "0x1F", "0X1f", "0b101", "0B1", "1_000", "0x_1", "1e3", "1E3",
        "1e+3", "1.e3", ".5", "5.", "1.5", "-1", "+1", "-0", "0.0", ".inf", ".Inf", ".INF", "-.inf", "+.inf", ".nan", ".NaN", ".NAN",
        "20011214", "9223372036854775808", "18446744073709551616", "0.1", "1_0.5", "1.30", "3.9", "4.0", "1_", "0_7", "1__0", ".1e1" };
    static const char *const strings[] = {
        "", "yEs", "tRue", "oN", "nUll", "0x", "--1", "1e", "nan", "inf", "NaN", "Infinity", "1:30", "1:30:45", "190:20:30.15",
        "2001-12-14", "2001-12-14t21:59:43.10-05:00", "1,000", "100Gi", "500m", "1k", "=", "<<", "--", "---", "a:b", "v1.30",
        "SASL_SSL", "0.0.0.0:9092", "0.0.0.0", "1.2.3", "/a", "NULL_", "_1", "e1", "E3", "0xg", "0o8", "tr", "1 000", "t", "f", "o",
        "yes please", "nope", "10.0.0.1", "-", "+", ".", "-.", "1.e", "0xFFFFFFFFFFFFFFFFF", "-Xmx1g", ".inf2" };
    (void)state;
    for (size_t i = 0; i < sizeof booleans / sizeof *booleans; i++)
        assert_string_equal(k8s_reads_as(booleans[i]), "a boolean");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (k8s_reads_as(numbers[i]) == NULL || strcmp(k8s_reads_as(numbers[i]), "a number") != 0)
            fail_msg("%s is no number", numbers[i]);
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        if (k8s_reads_as(strings[i]) != NULL)
            fail_msg("%s is %s", strings[i], k8s_reads_as(strings[i]));
}

static char long_name[300];

static const char *letters(size_t n)
{
    memset(long_name, 'a', n);
    long_name[n] = '\0';
    return long_name;
}

static void names_follow_the_rules_of_apimachinery(void **state)
{
    typedef const char *rule(const char *);
    static const struct { rule *of; const char *good, *bad; } rows[] = {
        { k8s_bad_label_name, "a", "" }, { k8s_bad_label_name, "0", "A" }, { k8s_bad_label_name, "a-b", "a.b" },
        { k8s_bad_label_name, "a--b", "-a" }, { k8s_bad_label_name, "xn--a", "a-" }, { k8s_bad_label_name, "9a", "a_b" },
        { k8s_bad_label_name, "a1", "\xc3\xa4" }, { k8s_bad_service_name, "a1", "1a" }, { k8s_bad_service_name, "a-b", "" },
        { k8s_bad_subdomain, "a.b-c.0", "a..b" }, { k8s_bad_subdomain, "a", "a." }, { k8s_bad_subdomain, "0.0", ".a" },
        { k8s_bad_subdomain, "a-b", "a-.b" }, { k8s_bad_subdomain, "a.b", "a.-b" }, { k8s_bad_subdomain, "a", "A" },
        { k8s_bad_label_key, "app", "" }, { k8s_bad_label_key, "app.kubernetes.io/name", "app/" },
        { k8s_bad_label_key, "A_b.c-D", "/name" }, { k8s_bad_label_key, "x/y", "a/b/c" }, { k8s_bad_label_key, "x/Y", "X/y" },
        { k8s_bad_label_key, "a", "_a" }, { k8s_bad_label_value, "", "a " }, { k8s_bad_label_value, "A_b.c-9", "-a" },
        { k8s_bad_label_value, "9", "a-" }, { k8s_bad_label_value, "a", "a/b" }, { k8s_bad_env_name, "KAFKA_OPTS", "1A" },
        { k8s_bad_env_name, "a.b-c", "a b" }, { k8s_bad_env_name, "_", "" }, { k8s_bad_env_name, "-", "a=b" },
        { k8s_bad_port_name, "tcp-kafka", "9092" }, { k8s_bad_port_name, "a1", "a--b" }, { k8s_bad_port_name, "p", "a_b" },
        { k8s_bad_port_name, "0a", "sixteen-letters0" }, { k8s_bad_data_key, "server.properties", "a/b" },
        { k8s_bad_data_key, "_", "." }, { k8s_bad_data_key, ".a", "..a" }, { k8s_bad_cidr, "10.0.0.0/8", "10.0.0.0" },
        { k8s_bad_cidr, "::/0", "10.0.0.0/33" }, { k8s_bad_cidr, "2001:db8::/32", "10.0.0/8" },
        { k8s_bad_cidr, "0.0.0.0/0", "10.0.0.0/08" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].of(rows[i].good) != NULL)
            fail_msg("row %zu: '%s' %s", i, rows[i].good, rows[i].of(rows[i].good));
        if (rows[i].of(rows[i].bad) == NULL)
            fail_msg("row %zu: '%s' was accepted", i, rows[i].bad);
    }
    assert_null(k8s_bad_label_name(letters(63)));
    assert_string_equal(k8s_bad_label_name(letters(64)), "is longer than 63 characters");
    assert_null(k8s_bad_subdomain(letters(253)));
    assert_string_equal(k8s_bad_subdomain(letters(254)), "is longer than 253 characters");
    assert_null(k8s_bad_label_value(letters(63)));
    assert_string_equal(k8s_bad_label_value(letters(64)), "is longer than 63 characters");
    assert_null(k8s_bad_syntax(SX_STATEFULSET, letters(52)));
    assert_non_null(k8s_bad_syntax(SX_STATEFULSET, letters(53)));
}

/* ---- types and merging -------------------------------------------------------------------------------- */

static void show(struct text *t, struct val v)
{
    switch (v.kind) {
    case V_NULL: text_add(t, "null"); break;
    case V_BOOL: text_add(t, v.b ? "true" : "false"); break;
    case V_INT:  text_int(t, v.i); break;
    case V_STR:  text_join(t, v.flags & VF_PLAIN ? "~" : "'", v.s, "'", NULL); break;
    case V_SEQ:
        text_char(t, '[');
        for (uint32_t i = 0; i < v.len; i++, text_add(t, i < v.len ? "," : ""))
            show(t, v.seq[i]);
        text_char(t, ']');
        break;
    case V_MAP:
        text_char(t, '{');
        for (uint32_t i = 0; i < v.len; i++, text_add(t, i < v.len ? "," : "")) {
            text_join(t, v.map[i].key, ":", NULL);
            show(t, v.map[i].v);
        }
        text_char(t, '}');
        break;
    default: text_add(t, "nothing");
    }
}

static const char *shown(struct world *w, struct val v)
{
    struct text t = { .a = &w->arena };
    show(&t, v);
    return text_str(&t);
}

static void scalars_get_the_type_of_their_field(void **state)
{
    struct world *w = *state;
    struct val v = fixture_read(w, "description", "replicas: 3\nserviceName: '3'\nminReadySeconds: null\ntemplate:\n  spec:\n"
        "    hostPID: false\n    nodeSelector: {a: '1', b: c}\n    containers:\n"
        "    - {name: a, resources: {limits: {cpu: 1000m, memory: 1024Mi, x: 3}}, args: [a, null, '1'],\n"
        "       livenessProbe: {httpGet: {port: 80}}, readinessProbe: {httpGet: {port: http}}}");
    const struct val t = k8s_typed(&w->arena, k8s_type("apps.v1.StatefulSetSpec"), v);
    assert_string_equal(shown(w, t),
        "{replicas:3,serviceName:'3',template:{spec:{hostPID:false,nodeSelector:{a:'1',b:'c'},containers:[{name:'a',"
        "resources:{limits:{cpu:'1',memory:'1Gi',x:'3'}},args:['a','1'],livenessProbe:{httpGet:{port:80}},"
        "readinessProbe:{httpGet:{port:'http'}}}]}}}");
    const struct val *containers = tree_at(&t, "template", "spec", "containers", NULL);
    assert_int_equal(tree_get(&containers->seq[0], "name")->at.line, 9);
    assert_int_equal(tree_key_at(&containers->seq[0], 3).line, 10);
    assert_string_equal(shown(w, k8s_typed_patch(&w->arena, k8s_type("apps.v1.StatefulSetSpec"),
                                                 fixture_read(w, "description", "replicas: null\ntemplate: {spec: {hostPID: null}}"))),
                        "{replicas:null,template:{spec:{hostPID:null}}}");
    assert_string_equal(shown(w, k8s_typed(&w->arena, k8s_type("any"), fixture_read(w, "description", "{a: 1, b: true, c: x, d: [2, '3']}"))),
                        "{a:1,b:true,c:'x',d:[2,'3']}");
}

static void fragments_merge_as_kubectl_merges_them(void **state)
{
    static const struct { const char *base, *patch, *merged; } rows[] = {
        { "{spec: {hostPID: true}}", "{spec: {hostIPC: true}}", "{spec:{hostPID:true,hostIPC:true}}" },
        { "{spec: {hostPID: true}}", "{spec: {hostPID: null}}", "{spec:{}}" },
        { "{metadata: {labels: {a: b, c: d}}}", "{metadata: {labels: {c: e, f: g, h: null}}}", "{metadata:{labels:{a:'b',c:'e',f:'g'}}}" },
        { "{spec: {tolerations: [{key: a}]}}", "{spec: {tolerations: [{key: b}]}}", "{spec:{tolerations:[{key:'b'}]}}" },
        { "{spec: {containers: [{name: a, image: x, args: [p, q]}, {name: b, image: y}]}}",
          "{spec: {containers: [{name: c, image: z}, {name: a, args: [r], env: [{name: E}]}]}}",
          "{spec:{containers:[{name:'a',image:'x',args:['r'],env:[{name:'E'}]},{name:'b',image:'y'},{name:'c',image:'z'}]}}" },
        { "{spec: {containers: [{name: a, image: x}, {name: b, image: y}]}}",
          "{spec: {containers: [{name: a, $patch: delete}, {name: nobody, $patch: delete}]}}",
          "{spec:{containers:[{name:'b',image:'y'}]}}" },
        { "{spec: {containers: [{name: a, image: x}]}}", "{spec: {containers: [{$patch: replace}, {name: b, image: y}]}}",
          "{spec:{containers:[{name:'b',image:'y'}]}}" },
        { "{spec: {securityContext: {runAsUser: 1, fsGroup: 2}}}", "{spec: {securityContext: {$patch: replace, fsGroup: 3}}}",
          "{spec:{securityContext:{fsGroup:3}}}" },
        { "{spec: {volumes: [{name: v, emptyDir: {medium: Memory}}]}}",
          "{spec: {volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]}}",
          "{spec:{volumes:[{name:'v',persistentVolumeClaim:{claimName:'c'}}]}}" },
        { "{spec: {volumes: [{name: v, emptyDir: {medium: Memory}}]}}", "{spec: {volumes: [{name: v, emptyDir: {sizeLimit: 1Gi}}]}}",
          "{spec:{volumes:[{name:'v',emptyDir:{medium:'Memory',sizeLimit:'1Gi'}}]}}" },
        { "{spec: {containers: [{name: a, ports: [{containerPort: 1, name: x}]}]}}",
          "{spec: {containers: [{name: a, ports: [{containerPort: 1, hostPort: 2}, {containerPort: 3}]}]}}",
          "{spec:{containers:[{name:'a',ports:[{containerPort:1,name:'x',hostPort:2},{containerPort:3}]}]}}" },
        { "{spec: {containers: [{name: a, resources: {limits: {cpu: 1, memory: 1Gi}}}]}}",
          "{spec: {containers: [{name: a, resources: {limits: {cpu: 2, memory: null}}}]}}",
          "{spec:{containers:[{name:'a',resources:{limits:{cpu:'2'}}}]}}" },
        { "{spec: {hostPID: true}}", "{}", "{spec:{hostPID:true}}" },
        { "{}", "{spec: {hostPID: true, nodeName: null, volumes: [null]}}", "{spec:{hostPID:true,volumes:[]}}" },
    };
    struct world *w = *state;
    const struct k8s_type *type = k8s_type("core.v1.PodTemplateSpec");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++, fixture_again(w)) {
        const struct val base = k8s_typed(&w->arena, type, fixture_read(w, "description", rows[i].base));
        const struct val patch = k8s_typed_patch(&w->arena, type, fixture_read(w, "description", rows[i].patch));
        assert_string_equal(shown(w, k8s_merge(&w->arena, type, base, patch)), rows[i].merged);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(every_field_of_every_type_is_found_and_no_other),
        FIXTURE_TEST(a_kind_is_known_under_its_apiversion_only),
        FIXTURE_TEST(a_field_tells_its_shape_list_key_and_life),
        FIXTURE_TEST(a_quantity_is_printed_as_the_api_server_prints_it),
        FIXTURE_TEST(what_is_no_quantity_is_refused),
        FIXTURE_TEST(a_plain_scalar_is_read_as_kubectl_reads_it),
        FIXTURE_TEST(names_follow_the_rules_of_apimachinery),
        FIXTURE_TEST(scalars_get_the_type_of_their_field),
        FIXTURE_TEST(fragments_merge_as_kubectl_merges_them),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
