/* What leaves: the set of objects, its references, and Pod Security. */
#include "fixture.h"
#include "model/kubernetes.h"
#include "verify/verify.h"

/* A small cluster as gregor would emit it. */
static const char cluster[] =
    "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: streaming}\n"
    "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: orders, namespace: streaming}\n"
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: orders-config, namespace: streaming}\ndata: {server: 'a=b'}\n"
    "---\napiVersion: v1\nkind: Service\nmetadata: {name: orders-headless, namespace: streaming}\n"
    "spec: {clusterIP: None, ports: [{name: internal, port: 9092}]}\n"
    "---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: orders-broker, namespace: streaming}\n"
    "spec:\n"
    "  serviceName: orders-headless\n"
    "  selector: {matchLabels: {app: kafka}}\n"
    "  template:\n"
    "    metadata: {labels: {app: kafka}}\n"
    "    spec:\n"
    "      serviceAccountName: orders\n"
    "      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}\n"
    "      containers:\n"
    "      - name: kafka\n        image: a\n"
    "        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}\n"
    "        env: [{name: A, valueFrom: {configMapKeyRef: {name: orders-config, key: server}}}]\n"
    "        ports: [{containerPort: 9092}]\n"
    "        livenessProbe: {tcpSocket: {port: 9092}}\n"
    "        volumeMounts: [{name: config, mountPath: /c}]\n"
    "      volumes:\n"
    "      - {name: config, configMap: {name: orders-config, items: [{key: server, path: s}]}}\n"
    "      - {name: tls, secret: {secretName: orders-tls}}\n";

static bool verify(struct world *w, struct val objects, int minor)
{
    return verify_objects(&w->cx, minor, "orders", objects.seq, objects.len, NULL);
}

static void a_good_set_is_accepted_by_every_minor(void **state)
{
    struct world *w = *state;
    for (int minor = KUBERNETES_OLDEST; minor <= KUBERNETES_NEWEST; minor++, fixture_again(w)) {
        if (!verify(w, fixture_read_stream(w, cluster), minor))
            fail_msg("1.%d: %s", minor, fixture_findings(w));
        assert_int_equal(w->cx.diag_count, 0);
    }
}

/* `what` of the cluster is replaced by `with`; an empty `what` appends it. `ours`: nobody wrote it. */
struct row { const char *what, *with, *findings; bool ours; };

static const char *changed(struct world *w, const struct row *r)
{
    if (*r->what == '\0')
        return str_join(&w->arena, cluster, r->with, NULL);
    assert_non_null(strstr(cluster, r->what));
    return str_replace(&w->arena, cluster, r->what, r->with);
}

static struct val typed_objects(struct world *w, struct val v)
{
    struct vals out = { .a = &w->arena };
    for (uint32_t i = 0; i < v.len; i++) {
        const char *api = tree_str(&v.seq[i], "apiVersion"), *kind = tree_str(&v.seq[i], "kind");
        const struct k8s_type *type = api == NULL || kind == NULL ? NULL : k8s_kind(api, kind, 34);
        vals_add(&out, fixture_unplaced(&w->arena, type == NULL ? v.seq[i] : k8s_typed(&w->arena, type, v.seq[i])));
    }
    return vals_done(&out);
}

static void run_rows(struct world *w, const struct row *rows, size_t n)
{
    int failures = 0;
    for (size_t i = 0; i < n; i++, fixture_again(w)) {
        struct val objects = fixture_read_stream(w, changed(w, &rows[i]));
        const bool fine = verify(w, rows[i].ours ? typed_objects(w, objects) : objects, 34);
        failures += !fixture_judge(w, i, rows[i].with, rows[i].findings, fine);
    }
    assert_int_equal(failures, 0);
}

#define RUN(rows) run_rows(*state, (rows), sizeof (rows) / sizeof *(rows))
#define FAULT " / this is a fault of gregor: please report it together with the description"
#define REFUSED " / namespaces that enforce the restricted Pod Security Standard refuse the pod"

static void every_object_has_a_known_kind_and_a_place_to_live(void **state)
{
    static const struct row rows[] = {
        { "", "---\napiVersion: v1\nkind: Configmap\nmetadata: {name: a, namespace: b}\n",
          "E0760 44:7 Configmap/a: Kubernetes 1.34 has no 'v1' 'Configmap' / did you mean 'ConfigMap'?", false },
        { "", "---\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a, namespace: b}\n",
          "E0760 44:7 PodDisruptionBudget/a: Kubernetes 1.34 has no 'policy/v1beta1' 'PodDisruptionBudget'"
          " / write 'apiVersion: policy/v1'", false },
        { "", "---\napiVersion: kafka.strimzi.io/v1\nkind: KafkaConnect\nmetadata: {name: a, namespace: b}\n",
          "W0761 44:7 KafkaConnect/a: no schema of 'kafka.strimzi.io/v1' 'KafkaConnect' is known, so the object is not checked", false },
        { "", "---\napiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: a, namespace: b}\n",
          "W0761 44:7 VerticalPodAutoscaler/a: no schema of 'autoscaling.k8s.io/v1' 'VerticalPodAutoscaler' is known, so the object is not checked", false },
        { "", "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\n",
          "W0761 44:7 CustomResourceDefinition/a: no schema of 'apiextensions.k8s.io/v1' 'CustomResourceDefinition' is known, so the object is not checked", false },
        { "", "---\napiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: a, namespace: b}\n",
          "W0761 44:7 HorizontalPodAutoscaler/a: no schema of 'autoscaling/v1' 'HorizontalPodAutoscaler' is known, so the object is not checked", false },
        { "", "---\napiVersion: storage.k8s.io/v1alpha1\nkind: Novelty\nmetadata: {name: a}\n",
          "W0761 44:7 Novelty/a: no schema of 'storage.k8s.io/v1alpha1' 'Novelty' is known, so the object is not checked", false },
        { "", "---\napiVersion: storage.k8s.io/v1\nkind: Novelty\nmetadata: {name: a}\n", "E0760 44:7 Novelty/a: Kubernetes 1.34 has no 'storage.k8s.io/v1' 'Novelty'", false },
        { "", "---\napiVersion: flowcontrol.apiserver.k8s.io/v1beta3\nkind: FlowSchema\nmetadata: {name: a}\n",
          "E0760 44:7 FlowSchema/a: Kubernetes 1.34 has no 'flowcontrol.apiserver.k8s.io/v1beta3' 'FlowSchema' / write 'apiVersion: flowcontrol.apiserver.k8s.io/v1'", false },
        { "", "---\napiVersion: admissionregistration.k8s.io/v1\nkind: MutatingAdmissionPolicy\nmetadata: {name: a}\n",
          "E0760 44:7 MutatingAdmissionPolicy/a: Kubernetes 1.34 has no 'admissionregistration.k8s.io/v1' 'MutatingAdmissionPolicy'"
          " / write 'apiVersion: admissionregistration.k8s.io/v1beta1'", false },
        { "", "---\nkind: ConfigMap\nmetadata: {name: a}\n", "E0703 43:1 ConfigMap/a: 'apiVersion' is missing", false },
        { "", "---\n- a\n", "E0702 43:1 ?/?: an object must be a map", false },
        { "kind: ConfigMap\nmetadata: {name: orders-config, namespace: streaming}", "kind: ConfigMap\nmetadata: {name: orders-config}",
          "E0762 12:11 ConfigMap/orders-config: 'metadata.namespace' is missing", false },
        { "metadata: {name: streaming}", "metadata: {name: streaming, namespace: a}",
          "E0705 4:40 Namespace/streaming: 'metadata.namespace' must not stand: a Namespace lives in no namespace", false },
        { "", "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: orders-config, namespace: streaming}\n",
          "E0763 45:18 ConfigMap/orders-config: an object of that kind and name is already there // the first one is here", false },
        { "", "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: orders-config, namespace: other}\n", "", false },
        { "", "---\napiVersion: v1\nkind: Secret\nmetadata: {name: orders-config, namespace: streaming}\n", "", false },
        { "  selector:", "  replicas: x\n  selector:", "E0702 25:13 'spec.replicas' must be a whole number", false },
        { "  selector:", "  replicas: x\n  selector:",
          "E0790 0:0 StatefulSet/orders-broker: 'spec.replicas' must be a number, not a string" FAULT, true },
        { "      volumes:", "      status: {}\n      volumes:",
          "E0790 0:0 StatefulSet/orders-broker: 'spec.template.spec.status' is written by the cluster, not by you" FAULT " / remove it", true },
        { "data: {server: 'a=b'}", "data: {server: null}", "E0706 13:16 'data.server' is null / remove it or give it a value", false },
        { "kind: ConfigMap\nmetadata: {name: orders-config, namespace: streaming}", "kind: ConfigMap\nmetadata: {name: orders-config}",
          "E0790 0:0 ConfigMap/orders-config: 'metadata.namespace' is missing" FAULT, true },
    };
    RUN(rows);
}

/* A member knows its set by what applies it; a parent may be a member like any other object. */
static void no_object_says_of_which_set_it_is(void **state)
{
    static const struct row rows[] = {
        { "", "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b, labels: {applyset.kubernetes.io/part-of: c}}\n",
          "E0990 45:76 ConfigMap/a: 'applyset.kubernetes.io/part-of' must not be set / remove it: `kubectl apply --prune --applyset` labels "
          "what it applies, and later deletes what has the label and is not applied", false },
        { "", "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b, labels: {applyset.kubernetes.io/id: c}}\n", "", false },
        { "", "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b, labels: {}}\n", "", false },
    };
    RUN(rows);
}

/* The container's first line is replaced: `with` stands in front of its image. */
#define LINE "        image: a\n"

static void what_the_kubelet_would_change_is_told(void **state)
{
    static const struct row rows[] = {
        { LINE, LINE "        args: [a$$b]\n",
          "W0980 34:16 StatefulSet/orders-broker: the kubelet makes '$' of '$$' / write '$$$$' where two are meant", false },
        { LINE, LINE "        args: [a$$$$b, '$$(A)', $$(B), '$', a$, '$5', $(date), '$(A', '$((A))', '$$$(A)', '$${A}']\n", "", false },
        { LINE, LINE "        command: [$(A), '$(KUBERNETES_PORT)', $(ORDERS_SERVICE_HOST), '$(lower)']\n", "", false },
        { LINE, LINE "        command: [a, '-$(HOSTNAME)-']\n",
          "W0981 34:22 StatefulSet/orders-broker: '$(HOSTNAME)' names no variable of the container, so it stays as it is"
          " / add 'HOSTNAME' to 'env'; what is meant to stay begins with '$$('", false },
        { LINE, LINE "        args: ['$$$(B)']\n",
          "W0981 34:16 StatefulSet/orders-broker: '$(B)' names no variable of the container, so it stays as it is"
          " / add 'B' to 'env'; what is meant to stay begins with '$$('", false },
        { LINE, LINE "        args: [$(B)]\n        envFrom: [{secretRef: {name: b}}]\n", "", false },
        { "      containers:\n      - name: kafka\n", "      enableServiceLinks: false\n      containers:\n      - name: kafka\n"
          "        args: [$(KUBERNETES_PORT), $(ORDERS_SERVICE_HOST)]\n",
          "W0981 34:36 StatefulSet/orders-broker: '$(ORDERS_SERVICE_HOST)' names no variable of the container, so it stays as it is"
          " / add 'ORDERS_SERVICE_HOST' to 'env'; what is meant to stay begins with '$$('", false },
        { "env: [{name: A,", "env: [{name: X, value: '$(A)'}, {name: A,",
          "W0981 35:32 StatefulSet/orders-broker: '$(A)' names no variable that stands above it, so it stays as it is"
          " / put 'A' above it in 'env'; what is meant to stay begins with '$$('", false },
        { "key: server}}}]", "key: server}}}, {name: X, value: '$(A) $(lower.case)'}]",
          "W0981 35:109 StatefulSet/orders-broker: '$(lower.case)' names no variable that stands above it, so it stays as it is"
          " / put 'lower.case' above it in 'env'; what is meant to stay begins with '$$('", false },
        { "mountPath: /c}", "mountPath: /c, subPathExpr: $(A)}", "", false },
        { "mountPath: /c}", "mountPath: /c, subPathExpr: $(B)}", "", true }, /* of ours: somebody took B away, and nobody knows where */
        { "mountPath: /c}", "mountPath: /c, subPathExpr: $(B)}",
          "W0981 38:67 StatefulSet/orders-broker: '$(B)' names no variable of the container, so the container does not start"
          " / add 'B' to 'env'", false },
    };
    RUN(rows);
}

static void what_a_workload_names_must_be_there(void **state)
{
    static const struct row rows[] = {
        { "kind: ConfigMap\nmetadata: {name: orders-config,", "kind: ConfigMap\nmetadata: {name: orders-other,",
          "E0790 0:0 StatefulSet/orders-broker: nothing here makes the ConfigMap 'orders-config' that 'spec.template.spec' needs"
          FAULT "\nE0790 0:0 StatefulSet/orders-broker: nothing here makes the ConfigMap 'orders-config' that 'spec.template.spec'"
          " needs" FAULT, true },
        { "serviceAccountName: orders", "serviceAccountName: orders-x",
          "W0764 29:27 StatefulSet/orders-broker: nothing here makes the ServiceAccount 'orders-x' that 'spec.template.spec' needs"
          " / names that start with 'orders-' are gregor's; use another one for what you make yourself", false },
        { "serviceAccountName: orders", "serviceAccountName: ordersx", "", false },
        { "serviceAccountName: orders", "serviceAccountName: other", "", false },
        { "serviceName: orders-headless", "serviceName: orders-none",
          "E0790 0:0 StatefulSet/orders-broker: nothing here makes the Service 'orders-none' that 'spec.serviceName' needs" FAULT, true },
        { "clusterIP: None, ", "",
          "E0790 0:0 StatefulSet/orders-broker: the Service 'orders-headless' of a StatefulSet must be headless" FAULT, true },
        { "key: server, path", "key: client, path",
          "W0764 40:71 StatefulSet/orders-broker: the ConfigMap 'orders-config' has no key 'client' that 'spec.template.spec' needs", false },
        { "key: server}}}", "key: client}}}",
          "E0790 0:0 StatefulSet/orders-broker: the ConfigMap 'orders-config' has no key 'client' that 'spec.template.spec' needs" FAULT,
          true },
        { "{name: orders-config, items", "{name: orders-none, optional: true, items", "", true },
        { "secret: {secretName: orders-tls}", "persistentVolumeClaim: {claimName: orders-data}",
          "W0764 41:56 StatefulSet/orders-broker: nothing here makes the PersistentVolumeClaim 'orders-data' that"
          " 'spec.template.spec' needs / names that start with 'orders-' are gregor's; use another one for what you make yourself", false },
        { "secret: {secretName: orders-tls}", "projected: {sources: [{configMap: {name: orders-none}}]}",
          "E0790 0:0 StatefulSet/orders-broker: nothing here makes the ConfigMap 'orders-none' that 'spec.template.spec' needs" FAULT, true },
        { "        ports: [", "        envFrom: [{configMapRef: {name: orders-none}}]\n        ports: [",
          "E0790 0:0 StatefulSet/orders-broker: nothing here makes the ConfigMap 'orders-none' that 'spec.template.spec' needs" FAULT, true },
    };
    RUN(rows);
}

/* What the restricted profile of Pod Security refuses. */
#define POD "'spec.template.spec."
#define BOX "'spec.template.spec.containers[0]."
#define IT "StatefulSet/orders-broker: "

static void a_pod_that_is_not_held_to_a_plain_user_is_told(void **state)
{
    static const struct row rows[] = {
        { "runAsNonRoot: true, ", "", "W0765 34:26 " IT BOX "securityContext.runAsNonRoot' must be true, here or for the pod" REFUSED, false },
        { "runAsNonRoot: true, ", "", "E0790 0:0 " IT BOX "securityContext.runAsNonRoot' must be true, here or for the pod" FAULT, true },
        { "runAsNonRoot: true, ", "runAsNonRoot: true, runAsUser: 0, ",
          "E0705 30:56 'spec.template.spec.securityContext.runAsUser' is 0, and 'runAsNonRoot' is true", false },
        { "seccompProfile: {type: RuntimeDefault}", "seccompProfile: {type: Unconfined}",
          "W0765 30:68 " IT POD "securityContext.seccompProfile.type' must be 'RuntimeDefault' or 'Localhost'" REFUSED, false },
        { ", seccompProfile: {type: RuntimeDefault}", "",
          "E0790 0:0 " IT BOX "securityContext.seccompProfile.type' must be 'RuntimeDefault' or 'Localhost', here or for the pod" FAULT,
          true },
        { "runAsNonRoot: true, ", "runAsNonRoot: true, seLinuxOptions: {type: spc_t}, ",
          "W0765 30:68 " IT POD "securityContext.seLinuxOptions.type' must be one of the types of containers" REFUSED, false },
        { "runAsNonRoot: true, ", "runAsNonRoot: true, sysctls: [{name: net.ipv4.tcp_rmem, value: a}, {name: kernel.msgmax, value: a}], ",
          "W0765 30:99 " IT POD "securityContext.sysctls' has a setting that is not safe for other pods of the node" REFUSED, false },
    };
    RUN(rows);
}

static void a_container_that_may_gain_rights_is_told(void **state)
{
    static const struct row rows[] = {
        { "allowPrivilegeEscalation: false, ", "",
          "E0790 0:0 " IT BOX "securityContext.allowPrivilegeEscalation' must be false" FAULT, true },
        { "allowPrivilegeEscalation: false, ", "allowPrivilegeEscalation: true, privileged: true, ",
          "W0765 34:53 " IT BOX "securityContext.allowPrivilegeEscalation' must be false" REFUSED
          "\nW0765 34:71 " IT BOX "securityContext.privileged' must be false" REFUSED, false },
        { "      volumes:", "      - name: side\n        image: b\n        securityContext: {allowPrivilegeEscalation: false, "
          "capabilities: {drop: [ALL]}, procMount: Unmasked}\n      hostUsers: false\n      volumes:",
          "W0765 41:100 " IT "'spec.template.spec.containers[1].securityContext.procMount' must be 'Default'" REFUSED, false },
        { "drop: [ALL]", "drop: [NET_RAW], add: [NET_BIND_SERVICE, SYS_ADMIN]",
          "W0765 34:81 " IT BOX "securityContext.capabilities.drop' must hold 'ALL'" REFUSED
          "\nW0765 34:116 " IT BOX "securityContext.capabilities.add' may hold only 'NET_BIND_SERVICE'" REFUSED, false },
        { "      volumes:", "      - {name: side, image: b}\n      volumes:",
          "W0765 39:9 " IT "'spec.template.spec.containers[1].securityContext.capabilities.drop' must hold 'ALL'" REFUSED
          "\nW0765 39:9 " IT "'spec.template.spec.containers[1].securityContext.allowPrivilegeEscalation' must be false" REFUSED, false },
        { "      volumes:", "      initContainers: [{name: side, image: b, securityContext: {runAsNonRoot: false}}]\n      volumes:",
          "W0765 39:64 " IT "'spec.template.spec.initContainers[0].securityContext.capabilities.drop' must hold 'ALL'" REFUSED
          "\nW0765 39:64 " IT "'spec.template.spec.initContainers[0].securityContext.allowPrivilegeEscalation' must be false" REFUSED
          "\nW0765 39:79 " IT "'spec.template.spec.initContainers[0].securityContext.runAsNonRoot' must be true, here or for the pod"
          REFUSED, false },
    };
    RUN(rows);
}

static void a_pod_that_reaches_into_its_node_is_told(void **state)
{
    static const struct row rows[] = {
        { "ports: [{containerPort: 9092}]", "ports: [{containerPort: 9092, hostPort: 9092}]",
          "W0765 36:49 " IT BOX "ports' must not open a 'hostPort'" REFUSED, false },
        { "tcpSocket: {port: 9092}", "tcpSocket: {port: 9092, host: a}",
          "W0765 37:55 " IT BOX "livenessProbe' must not name a 'host'" REFUSED, false },
        { "secret: {secretName: orders-tls}", "hostPath: {path: /}",
          "W0765 41:9 " IT POD "volumes' has a volume of a kind that is not allowed" REFUSED, false },
        { "      volumes:", "      hostNetwork: true\n      hostPID: true\n      hostIPC: false\n      volumes:",
          "W0765 39:20 " IT POD "hostNetwork' must be false" REFUSED "\nW0765 40:16 " IT POD "hostPID' must be false" REFUSED, false },
        { "", "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: streaming}\n"
          "spec: {os: {name: windows}, containers: [{name: a, image: b}]}\n", "", false },
    };
    RUN(rows);
}

static void root_inside_of_a_user_namespace_is_nobody_since_1_35(void **state)
{
    struct world *w = *state;
    const char *text = str_replace(&w->arena, cluster, "runAsNonRoot: true, ", "runAsUser: 0, ");
    text = str_replace(&w->arena, text, "      volumes:", "      hostUsers: false\n      volumes:");
    assert_true(verify(w, fixture_read_stream(w, text), 35));
    assert_int_equal(w->cx.diag_count, 0);
    assert_true(verify(w, fixture_read_stream(w, text), 34));
    assert_int_equal(w->cx.diag_count, 2);
}

static void a_fragment_in_many_objects_is_reported_once(void **state)
{
    struct world *w = *state;
    const struct row twice = { .what = "      volumes:", .with = "      hostPID: true\n      volumes:" };
    struct val objects = fixture_read_stream(w, changed(w, &twice)), *all = arena_alloc(&w->arena, (objects.len + 1) * sizeof *all);
    memcpy(all, objects.seq, objects.len * sizeof *all);
    all[objects.len] = fixture_read_stream(w, str_replace(&w->arena, cluster, "orders-broker", "orders-second")).seq[4];
    assert_true(verify_objects(&w->cx, 34, "orders", all, objects.len + 1, NULL));
    assert_int_equal(w->cx.diag_count, 1);
    ((struct pair *)all[objects.len].map)[0].v = all[4].map[0].v;
    all[objects.len] = all[4];
    assert_false(verify_objects(&w->cx, 34, "orders", all, objects.len + 1, NULL));
}

static void a_hook_is_blamed_where_it_changed_the_object(void **state)
{
    struct world *w = *state;
    const struct row bad = { .what = "  selector:", .with = "  replicas: x\n  selector:" };
    struct val objects = typed_objects(w, fixture_read_stream(w, changed(w, &bad)));
    ((struct val *)objects.seq)[4].at = (struct pos){ .line = 6, .col = 3 };
    assert_false(verify(w, objects, 34));
    assert_string_equal(fixture_findings(w), "E0702 6:3 StatefulSet/orders-broker: 'spec.replicas' must be a number, not a string");
}

/* {"apiVersion":"v1","data":{"k":""},"kind":"ConfigMap","metadata":{"annotations":{"b":"c"},"name":"a"}} and a line's end: 103 bytes; the
 * annotations have 2 bytes, and the name of kubectl's own has 48. */
static struct val sized(struct world *w, const char *text, size_t len)
{
    struct arena *a = &w->arena;
    return MAP(a,
        { "apiVersion", t_str("v1") },
        { "kind",       t_str("ConfigMap") },
        { "metadata",   MAP(a, { "name", t_str("a") }, { "annotations", MAP(a, { "b", t_str("c") }) }) },
        { "data",       MAP(a, { "k", t_strn(text, len) }) });
}

static void client_side_apply_holds_as_much_as_annotations_may(void **state)
{
    struct world *w = *state;
    enum { MOST = 262144, AROUND = 103 + 2 + 48 };
    const struct pos at = { .line = 2, .col = 7 };
    const struct { char fill; size_t bytes; } rows[] = { { 'x', 1 }, { '<', 6 }, { '\n', 2 }, { '"', 2 }, { 1, 6 } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++, fixture_again(w)) {
        const size_t fits = (MOST - AROUND) / rows[i].bytes;
        char *text = arena_alloc(&w->arena, MOST);
        memset(text, rows[i].fill, fits + 1);
        const struct val objects[] = { sized(w, text, fits), sized(w, text, fits + 1) };
        verify_sizes(&w->cx, at, &objects[0], 1);
        assert_int_equal(w->cx.diag_count, 0);
        verify_sizes(&w->cx, at, &objects[1], 1);
        assert_int_equal(w->cx.diag_count, 1);
    }
}

static void what_no_object_can_hold_is_refused_where_the_description_is(void **state)
{
    struct world *w = *state;
    enum { MOST = 1048576 };
    const struct pos at = { .line = 2, .col = 7 };
    char *text = arena_alloc(&w->arena, MOST);
    memset(text, 'x', MOST);
    w->cx.uncopied = true;
    struct val fits = sized(w, text, MOST - 1), large = sized(w, text, MOST); /* its key has one byte */
    assert_true(verify_sizes(&w->cx, at, &fits, 1));
    assert_int_equal(w->cx.diag_count, 0);
    assert_false(verify_sizes(&w->cx, at, &large, 1));
    assert_int_equal(w->cx.diag_count, 1);
    assert_int_equal(w->cx.diags[0]->code, E_DATA_SIZE);
    large.at = (struct pos){ .line = 9, .col = 3 }; /* of a hook or a file: verify_objects() tells it there */
    assert_true(verify_sizes(&w->cx, at, &large, 1));
}

static void what_is_too_large_to_apply_is_told_where_it_was_written(void **state)
{
    struct world *w = *state;
    char *text = arena_alloc(&w->arena, 262144);
    memset(text, 'x', 262144);
    struct val object = sized(w, text, 262144);
    verify_sizes(&w->cx, (struct pos){ .line = 2, .col = 7 }, &object, 1);
    w->cx.uncopied = true;
    verify_sizes(&w->cx, (struct pos){ .line = 2, .col = 7 }, &object, 1);
    w->cx.uncopied = false;
    object.at = (struct pos){ .line = 9, .col = 3 };
    verify_sizes(&w->cx, (struct pos){ .line = 2, .col = 7 }, &object, 1);
    const char *what = " ConfigMap/a: `kubectl apply` keeps a copy in an annotation, which cannot hold 262247 bytes"
                       " / apply it with --server-side, in Argo CD with the option ServerSideApply=true";
    assert_string_equal(fixture_findings(w), str_join(&w->arena, "W0766 2:7", what, "\nW0766 9:3", what, NULL));
}

static void a_secret_may_be_made_by_what_makes_secrets(void **state)
{
    static const struct row rows[] = {
        { "", "---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: orders-tls, namespace: streaming}\nspec: {}\n",
          "", false },
        { "", "---\napiVersion: v1\nkind: Secret\nmetadata: {name: orders-tls, namespace: streaming}\n"
              "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders-lag, namespace: streaming}\nspec:\n"
              "  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n"
              "      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}\n      containers:\n"
              "      - name: lag\n        image: a\n        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}\n"
              "        env: [{name: P, valueFrom: {secretKeyRef: {name: orders-tls, key: password}}}]\n",
          "W0764 60:75 Deployment/orders-lag: the Secret 'orders-tls' has no key 'password' that 'spec.template.spec' needs", false },
    };
    RUN(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_good_set_is_accepted_by_every_minor),
        FIXTURE_TEST(every_object_has_a_known_kind_and_a_place_to_live),
        FIXTURE_TEST(no_object_says_of_which_set_it_is),
        FIXTURE_TEST(what_the_kubelet_would_change_is_told),
        FIXTURE_TEST(what_a_workload_names_must_be_there),
        FIXTURE_TEST(a_pod_that_is_not_held_to_a_plain_user_is_told),
        FIXTURE_TEST(a_container_that_may_gain_rights_is_told),
        FIXTURE_TEST(a_pod_that_reaches_into_its_node_is_told),
        FIXTURE_TEST(root_inside_of_a_user_namespace_is_nobody_since_1_35),
        FIXTURE_TEST(a_fragment_in_many_objects_is_reported_once),
        FIXTURE_TEST(a_hook_is_blamed_where_it_changed_the_object),
        FIXTURE_TEST(client_side_apply_holds_as_much_as_annotations_may),
        FIXTURE_TEST(what_no_object_can_hold_is_refused_where_the_description_is),
        FIXTURE_TEST(what_is_too_large_to_apply_is_told_where_it_was_written),
        FIXTURE_TEST(a_secret_may_be_made_by_what_makes_secrets),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
