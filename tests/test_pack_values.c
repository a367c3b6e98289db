/* Which values stay open in charts and templates, and that the objects are the compiled ones with any of them. */
#include "fixture.h"

#include "compile.h"
#include "pack/helm.h"
#include "pack/pack.h"
#include "pack/values.h"
#include "print/print.h"
#include "readback.h"

#define HEAD "gregor: 1\nname: orders\nnamespace: shop\n"
#define KRAFT HEAD "kafka: {version: 4.3.1}\n"

static struct arena *const memory = &world.arena;
static struct compiled    *made;

static void compile(const char *text)
{
    const struct request r = { .path = "orders.yaml", .text = text, .len = strlen(text), .uncopied = true };
    made = NEW(memory, struct compiled);
    if (!compile_file(&world.cx, &r, STAGE_ALL, made))
        fail_msg("%s\n%s", text, fixture_findings(&world));
}

/* ---- tokens that say what they are ------------------------------------------------------------------------------------ */

static const char *spoken(void *arg, struct arena *a, const struct open_value *v, enum value_place place)
{
    static const char *const words[] = { "whole", "inside", "pair", "entries" };
    (void)arg;
    return str_join(a, "<", words[place], " ", v->path, ">", NULL);
}

static const struct value_form every = { true, true, false, spoken, NULL, NULL };
static struct values opened;

static bool open_values(const char *text)
{
    compile(text);
    return values_open(&world.cx, made, &every, &opened);
}

static const struct open_value *value(const char *path)
{
    for (uint32_t i = 0; i < opened.len; i++)
        if (strcmp(opened.at[i].path, path) == 0)
            return &opened.at[i];
    return NULL;
}

static const char *printed(const struct val *objects)
{
    struct text t = { .a = memory };
    for (uint32_t i = 0; i < objects->len; i++)
        print_yaml(&t, &objects->seq[i]);
    return text_str(&t);
}

static uint32_t times(const char *s, const char *what)
{
    uint32_t n = 0;
    for (; (s = strstr(s, what)) != NULL; s++)
        n++;
    return n;
}

static void an_image_is_open_wherever_it_stands(void **state)
{
    (void)state;
    assert_true(open_values(KRAFT));
    assert_int_equal(value("kafka.image")->places, 2);
    assert_string_equal(value("kafka.image")->base.s, "apache/kafka:4.3.1");
    assert_int_equal(times(printed(&opened.objects), "<whole kafka.image>"), 2);
}

static void what_nobody_wrote_is_a_pair_that_may_be_absent(void **state)
{
    (void)state;
    assert_true(open_values(KRAFT));
    const char *all = printed(&opened.objects);
    assert_non_null(strstr(all, "tolerations: <pair brokers.tolerations>"));
    assert_non_null(strstr(all, "storageClassName: <pair controllers.storage.class>"));
    assert_int_equal(value("brokers.tolerations")->base.kind, V_NONE);
}

static void memory_is_open_only_beside_a_written_heap(void **state)
{
    (void)state;
    assert_true(open_values(KRAFT));
    assert_null(value("brokers.memory"));
    fixture_again(&world);
    assert_true(open_values(KRAFT "brokers: {memory: 8Gi, heap: 3Gi}\n"));
    assert_int_equal(value("brokers.memory")->places, 2); /* request and limit */
}

static void two_pools_of_the_same_size_keep_their_own_values(void **state)
{
    (void)state;
    assert_true(open_values(KRAFT "brokers: {cpu: 1, storage: 20Gi}\ncontrollers: {cpu: 1, storage: 20Gi}\n"));
    assert_int_equal(value("brokers.cpu")->places, 1);
    assert_int_equal(value("controllers.cpu")->places, 1);
    assert_int_equal(value("brokers.storage.size")->places, 1);
    assert_int_equal(value("controllers.storage.size")->places, 1);
}

static void a_pool_and_a_listener_are_called_by_their_names(void **state)
{
    (void)state;
    assert_true(open_values(KRAFT "pools: [{name: fast-1, cpu: 3, firstId: 500}]\n"
                                  "listeners: [{name: internal, port: 9092}, {name: outer, port: 9094, expose: loadbalancer, "
                                  "host: \"b{id}.example.com\", sourceRanges: [10.0.0.0/8]}]\n"
                                  "values: [pools.fast-1.cpu, listeners.outer.annotations]\n"));
    assert_int_equal(opened.len, 2);
    assert_string_equal(value("pools.fast-1.cpu")->base.s, "3");
    assert_non_null(strstr(printed(&opened.objects), "annotations: <pair listeners.outer.annotations>"));
}

static void labels_stand_among_others_and_may_not_take_their_keys(void **state)
{
    (void)state;
    assert_true(open_values(KRAFT "labels: {team: payments}\nvalues: [labels]\n"));
    const char *all = printed(&opened.objects);
    assert_int_equal(times(all, "team: payments"), 0);
    assert_int_equal(times(all, "<entries labels>"), value("labels")->places);
    bool managed = false;
    for (uint32_t i = 0; i < value("labels")->taken.len; i++)
        managed |= strcmp(value("labels")->taken.at[i], "app.kubernetes.io/managed-by") == 0;
    assert_true(managed);
}

static void the_namespace_is_open_inside_of_texts_and_ids_stay(void **state)
{
    (void)state;
    assert_true(open_values(HEAD "kafka: {version: 4.3.1, quorum: dynamic}\nvalues: [namespace]\n"));
    const char *all = printed(&opened.objects);
    assert_int_equal(times(all, ".shop.svc"), 0);
    assert_non_null(strstr(all, "orders-nodes.<inside namespace>.svc.cluster.local"));
    assert_non_null(strstr(all, made->plan.cluster_id));
    assert_non_null(strstr(all, made->plan.workloads[0].checksum));
    assert_non_null(strstr(all, made->plan.workloads[0].nodes[0].directory));
    assert_string_equal(opened.bootstrap, "orders-bootstrap.<inside namespace>.svc.cluster.local:9092");
}

static void no_values_leave_the_objects_as_they_are(void **state)
{
    (void)state;
    assert_true(open_values(KRAFT "values: []\n"));
    assert_int_equal(opened.len, 0);
    assert_true(tree_same(&opened.objects, &made->objects));
}

static void a_field_that_a_patch_hides_is_not_offered(void **state)
{
    (void)state;
    assert_true(open_values(KRAFT "brokers: {pod: {spec: {tolerations: [{key: fixed, operator: Exists}], priorityClassName: fixed}}}\n"));
    assert_null(value("brokers.priorityClassName"));
    assert_null(value("brokers.tolerations"));
    assert_non_null(value("controllers.tolerations"));
}

static void two_annotations_in_one_empty_place_leave_only_what_was_asked_for(void **state)
{
    (void)state;
    assert_true(open_values(KRAFT "listeners: [{name: internal, port: 9092}, {name: outer, port: 9094, expose: loadbalancer, "
                            "host: \"b{id}.example.com\", sourceRanges: [10.0.0.0/8]}]\nvalues: [annotations]\n"));
    assert_int_equal(opened.len, 1);
}

/* ---- refusals ------------------------------------------------------------------------------------------------------------ */

static const struct { const char *text, *findings; } refused[] = {
    { "values: [brokers.count]\n",
      "E0970 5:10 'brokers.count' is no field that can stay open / open images, cpu, memory, storage, scheduling, labels or "
      "annotations, for example kafka.image" },
    { "values: [kafka.imag]\n", "E0970 5:10 'kafka.imag' is no field that can stay open / did you mean 'kafka.image'?" },
    { "values: [zookeeper.image]\n", "E0971 5:10 'zookeeper.image' cannot stay open / there is no ZooKeeper" },
    { "values: [brokers.memory]\n",
      "E0971 5:10 'brokers.memory' cannot stay open / the heap is derived from it; write 'heap' to open the memory" },
    { "brokers: {pod: {spec: {priorityClassName: fixed}}}\nvalues: [brokers.priorityClassName]\n",
      "E0971 6:10 'brokers.priorityClassName' cannot stay open / it stands in none of the objects" },
};

static void what_cannot_stay_open_says_why(void **state)
{
    bool fine = true;
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        fixture_again(&world);
        const bool passed = open_values(str_join(memory, KRAFT, refused[i].text, NULL));
        fine &= fixture_judge(&world, i, refused[i].text, refused[i].findings, passed);
    }
    assert_true(fine);
}

/* ---- Helm's templates ---------------------------------------------------------------------------------------------------- */

static const char *templated(const char *s)
{
    const struct values none = { .len = 0 };
    struct text t = { .a = memory };
    uint32_t tokens = 0;
    helm_template(&none, NULL, s, strlen(s), &t, &tokens);
    return text_str(&t);
}

static void two_braces_are_escaped_wherever_they_stand(void **state)
{
    (void)state;
    assert_string_equal(templated("a {{ b }} c"), "a {{ \"{{\" }} b }} c");
    assert_string_equal(templated("{{{"), "{{ \"{{\" }}{");
    assert_string_equal(templated("{{{{x"), "{{ \"{{\" }}{{ \"{{\" }}x");
    assert_string_equal(templated("{ {}} `{{`"), "{ {}} `{{ \"{{\" }}`");
    assert_string_equal(templated("@{gregor:W9} stays"), "@{gregor:W9} stays");
}

static const char *file(const struct pack_files *files, const char *path)
{
    for (uint32_t i = 0; i < files->len; i++)
        if (strcmp(files->at[i].path, path) == 0)
            return text_str(&files->at[i].bytes);
    return NULL;
}

static struct pack_files packed;

static bool pack(bool (*form)(const struct pack_job *j), const char *text)
{
    compile(text);
    packed = (struct pack_files){ .a = memory };
    return form(&(struct pack_job){ .cx = &world.cx, .made = made, .out = &packed });
}

static void a_chart_without_values_is_the_objects(void **state)
{
    struct text all = { .a = memory };
    struct val read;
    (void)state;
    assert_true(pack(helm_pack, KRAFT "values: []\n"));
    for (uint32_t i = 0; i < made->objects.len; i++)
        text_bytes(&all, packed.at[i].bytes.p, packed.at[i].bytes.len);
    assert_null(readback_read(memory, all.p, all.len, false, &read));
    assert_true(tree_same(&read, &made->objects));
    assert_string_equal(strchr(file(&packed, "values.yaml"), '\n'), "\n{}\n");
}

static void a_brace_before_a_value_does_not_open_another_expression(void **state)
{
    (void)state;
    assert_true(pack(helm_pack, HEAD "kafka: {version: 4.3.1}\ntls: {secret: x}\nvalues: [namespace]\n"));
    struct values *v = &opened;
    struct text out = { .a = memory };
    uint32_t tokens = 0;
    const struct value_form form = { .with_namespace = true, .token = spoken };
    assert_true(values_open(&world.cx, made, &form, v));
    const char *text = str_join(memory, "x: {", HELM_TOKEN, "I", value("namespace")->text + strlen(VALUE_MARK), "}", NULL);
    helm_template(v, NULL, text, strlen(text), &out, &tokens);
    assert_string_equal(text_str(&out), "x: {{ \"{\" }}{{ .Values.namespace }}");
    assert_int_equal(tokens, 1);
}

static void a_text_with_newlines_at_its_end_keeps_them_before_a_value(void **state)
{
    (void)state;
    assert_true(pack(helm_pack, KRAFT "brokers: {annotations: {x: why}, pod: {metadata: {annotations: {zz: \"a\\n\\n\"}}}}\n"
                                      "values: [brokers.annotations]\n"));
    assert_non_null(strstr(file(&packed, "templates/10-statefulset-orders-broker.yaml"),
                           "zz: |+\n          a\n\n{{ range $key, $value := .Values.brokers.annotations }}"
                           "        {{ $key | toJson }}: {{ $value | toJson }}\n{{ end }}    spec:\n"));
}

static void the_name_of_a_job_is_compared_with_what_go_would_write(void **state)
{
    struct open_value v = { .row = &value_rows_cluster[0], .keys = { "a-b", "c" }, .key_count = 2 };
    const struct open_value *const list[] = { &v };
    (void)state;
    v.base = MAP(memory, { "z", t_str("<&>") }, { "a", SEQ(memory, t_int(1), t_bool(true), t_null()) });
    assert_string_equal(helm_job(memory, "orders-admin-0123456789", list, 1),
                        "orders-admin-{{ $values := toJson (list (index .Values \"a-b\" \"c\")) }}"
                        "{{ if eq $values \"[{\\\"a\\\":[1,true,null],\\\"z\\\":\\\"\\\\u003c\\\\u0026\\\\u003e\\\"}]\" }}0123456789"
                        "{{ else }}{{ printf \"%s 0123456789\" $values | sha256sum | trunc 10 }}{{ end }}");
}

static void what_helm_removes_is_refused(void **state)
{
    (void)state;
    assert_false(pack(helm_pack, KRAFT "annotations: {x: a <no value> b}\n"));
    assert_int_equal(world.cx.diags[0]->code, E_CHART_NO_VALUE);
}

static void a_text_like_a_token_is_refused(void **state)
{
    (void)state;
    assert_false(pack(helm_pack, KRAFT "annotations: {x: \"@{gregor:I0}\"}\n"));
    assert_int_equal(world.cx.diags[0]->code, E_CHART_TOKEN);
}

static void many_small_files_compress_well_and_noise_does_not(void **state)
{
    struct pack_files files = { .a = memory };
    struct text *same = pack_file(&files, "templates/a.yaml");
    (void)state;
    for (int i = 0; i < 30000; i++)
        text_add(same, "the same line again and again, as in the files of many brokers\n");
    assert_in_range(helm_release_size(&files), 1000, 200000);
    struct text *noise = pack_file(&files, "templates/b.yaml");
    for (uint32_t i = 0, n = 1; i < 1200000; i++) {
        n = n * 1664525u + 1013904223u;
        text_char(noise, (char)(' ' + (n >> 24) % 90));
    }
    assert_in_range(helm_release_size(&files), 3000000, 6000000);
}

/* A file of `n` equal letters. */
static struct pack_files file_of(size_t n)
{
    struct pack_files files = { .a = memory };
    struct text *t = pack_file(&files, "templates/a.yaml");
    memset(text_room(t, n), 'a', n);
    t->len = n;
    return files;
}

static void a_file_that_helm_does_not_read_is_refused(void **state)
{
    struct pack_files files = file_of((size_t)5 << 20);
    (void)state;
    helm_check_size(&world.cx, &files);
    assert_int_equal(world.cx.diag_count, 0);
    files = file_of(((size_t)5 << 20) + 1);
    helm_check_size(&world.cx, &files);
    assert_int_equal(world.cx.diag_count, 1);
    assert_int_equal(world.cx.diags[0]->code, E_CHART_FILE);
}

static void a_chart_that_helm_does_not_read_is_refused(void **state)
{
    struct pack_files files = file_of((size_t)4 << 20);
    const struct text first = files.at[0].bytes;
    (void)state;
    for (int i = 1; i < 26; i++)
        *pack_file(&files, "templates/b.yaml") = first;
    helm_check_size(&world.cx, &files);
    assert_int_equal(world.cx.diags[0]->code, E_CHART_FILE);
}

static void a_release_that_no_secret_holds_is_refused(void **state)
{
    struct text page = { .a = memory };
    (void)state;
    text_add(&page, KRAFT "annotations: {x: \"");
    for (uint32_t i = 0, n = 1; i < 200000; i++) {
        n = n * 1664525u + 1013904223u;
        text_char(&page, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./"[n >> 26]);
    }
    text_add(&page, "\"}\n");
    assert_false(pack(helm_pack, text_str(&page)));
    assert_int_equal(world.cx.diags[0]->code, E_CHART_RELEASE);
}

/* ---- OpenShift ------------------------------------------------------------------------------------------------------------ */

#define OPENSHIFT KRAFT "platform: openshift\n"

static struct val processed(struct val v, const struct val *parameters);

/* What the server makes of a text (library-go, pkg/template/templateprocessing). */
static struct val process_text(const char *s, const struct val *parameters)
{
    for (uint32_t i = 0; i < parameters->len; i++) {
        const char *name = tree_str(&parameters->seq[i], "name"), *v = tree_str(&parameters->seq[i], "value");
        struct val list;
        if (strcmp(s, str_join(memory, "${{", name, "}}", NULL)) == 0 && readback_read(memory, v, strlen(v), true, &list) == NULL)
            return list.seq[0];
        s = str_replace(memory, s, str_join(memory, "${", name, "}", NULL), v);
    }
    return t_str(s);
}

static struct val processed(struct val v, const struct val *parameters)
{
    struct vals  items = { .a = memory };
    struct pairs pairs = { .a = memory };
    if (v.kind == V_STR)
        return process_text(v.s, parameters);
    for (uint32_t i = 0; v.kind == V_SEQ && i < v.len; i++)
        vals_add(&items, processed(v.seq[i], parameters));
    for (uint32_t i = 0; v.kind == V_MAP && i < v.len; i++)
        pairs_add(&pairs, v.map[i].key, processed(v.map[i].v, parameters));
    if (v.len == 0 || (v.kind != V_SEQ && v.kind != V_MAP))
        return v;
    return v.kind == V_SEQ ? vals_done(&items) : pairs_done(&pairs);
}

static void a_template_with_its_own_values_is_the_objects(void **state)
{
    struct val read;
    (void)state;
    assert_true(pack(openshift_pack, OPENSHIFT "brokers: {tolerations: [{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 5}], "
                                               "nodeSelector: {disk: fast}}\nimages: {pullSecrets: [regcred]}\n"));
    assert_null(readback_read(memory, packed.at[0].bytes.p, packed.at[0].bytes.len, false, &read));
    const struct val *objects = tree_get(&read.seq[0], "objects"), *parameters = tree_get(&read.seq[0], "parameters");
    assert_false(tree_same(objects, &made->objects));
    const struct val back = processed(*objects, parameters);
    assert_true(tree_same(&back, &made->objects));
}

static void a_text_that_is_a_parameter_is_refused(void **state)
{
    (void)state;
    assert_false(pack(openshift_pack, OPENSHIFT "annotations: {x: \"see ${KAFKA_IMAGE}\"}\n"));
    assert_string_equal(fixture_findings(&world),
                        "E0976 6:18 '${KAFKA_IMAGE}' in ServiceAccount/orders is the name of a parameter of the template "
                        "/ a shell reads '$KAFKA_IMAGE' just as well; elsewhere choose another name");
}

static void other_texts_with_braces_pass(void **state)
{
    (void)state;
    assert_true(pack(openshift_pack, OPENSHIFT "annotations: {x: \"${HOSTNAME} ${KAFKA_IMAGE:-x} ${file:/a:b} ${KAFKA_OTHER} ${{KAFKA_X}}\"}\n"));
}

static void another_platform_is_refused(void **state)
{
    (void)state;
    assert_false(pack(openshift_pack, KRAFT));
    assert_int_equal(world.cx.diags[0]->code, E_TEMPLATE_PLATFORM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(an_image_is_open_wherever_it_stands),
        FIXTURE_TEST(what_nobody_wrote_is_a_pair_that_may_be_absent),
        FIXTURE_TEST(memory_is_open_only_beside_a_written_heap),
        FIXTURE_TEST(two_pools_of_the_same_size_keep_their_own_values),
        FIXTURE_TEST(a_pool_and_a_listener_are_called_by_their_names),
        FIXTURE_TEST(labels_stand_among_others_and_may_not_take_their_keys),
        FIXTURE_TEST(the_namespace_is_open_inside_of_texts_and_ids_stay),
        FIXTURE_TEST(no_values_leave_the_objects_as_they_are),
        FIXTURE_TEST(a_field_that_a_patch_hides_is_not_offered),
        FIXTURE_TEST(two_annotations_in_one_empty_place_leave_only_what_was_asked_for),
        FIXTURE_TEST(what_cannot_stay_open_says_why),
        FIXTURE_TEST(two_braces_are_escaped_wherever_they_stand),
        FIXTURE_TEST(a_chart_without_values_is_the_objects),
        FIXTURE_TEST(a_brace_before_a_value_does_not_open_another_expression),
        FIXTURE_TEST(a_text_with_newlines_at_its_end_keeps_them_before_a_value),
        FIXTURE_TEST(the_name_of_a_job_is_compared_with_what_go_would_write),
        FIXTURE_TEST(what_helm_removes_is_refused),
        FIXTURE_TEST(a_text_like_a_token_is_refused),
        FIXTURE_TEST(many_small_files_compress_well_and_noise_does_not),
        FIXTURE_TEST(a_file_that_helm_does_not_read_is_refused),
        FIXTURE_TEST(a_chart_that_helm_does_not_read_is_refused),
        FIXTURE_TEST(a_release_that_no_secret_holds_is_refused),
        FIXTURE_TEST(a_template_with_its_own_values_is_the_objects),
        FIXTURE_TEST(a_text_that_is_a_parameter_is_refused),
        FIXTURE_TEST(other_texts_with_braces_pass),
        FIXTURE_TEST(another_platform_is_refused),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
