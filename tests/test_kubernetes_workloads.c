/* What the API server asks of what makes pods beyond the schema, each rule kept and broken. */
#include "model/k8s_walk.h"
#include "rules.h"

#define LABELLED \
    "selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: " \
    "c, image: i}]"
#define BOX "containers: [{name: c, image: i"
#define RESTART "template: {spec: {restartPolicy: "
#define LABEL "which holds a character other than letters, digits, '-', '_' and '.'"

static void what_keeps_pods_running_can_do_so(void **state)
{
    static const struct row rows[] = {
        { "apps.v1.StatefulSetSpec", 34, "{serviceName: s, " LABELLED "}}}", "" },
        { "apps.v1.StatefulSetSpec", 34, "{serviceName: s, " LABELLED ", activeDeadlineSeconds: 5}}}",
          "E0705 1:155 'template.spec.activeDeadlineSeconds' must not stand here: these pods have no end" },
        { "apps.v1.DaemonSetSpec", 34, "{" LABELLED ", activeDeadlineSeconds: 5}}}",
          "E0705 1:139 'template.spec.activeDeadlineSeconds' must not stand here: these pods have no end" },
        { "apps.v1.DeploymentSpec", 34, "{" LABELLED ", activeDeadlineSeconds: 5}}}",
          "E0705 1:139 'template.spec.activeDeadlineSeconds' must not stand here: these pods have no end" },
        { "apps.v1.DeploymentSpec", 34, "{strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0%}}, " LABELLED "}}}",
          "E0705 1:58 'strategy.rollingUpdate.maxUnavailable' is 0 and so is 'maxSurge': nothing could be replaced" },
        { "apps.v1.DeploymentSpec", 34, "{strategy: {rollingUpdate: {maxSurge: 0}}, " LABELLED "}}}", "" },
        { "apps.v1.DaemonSetSpec", 34, "{updateStrategy: {rollingUpdate: {maxSurge: 1}}, " LABELLED "}}}",
          "E0705 1:45 'updateStrategy.rollingUpdate.maxSurge' needs 'maxUnavailable: 0' beside it" },
        { "apps.v1.DaemonSetSpec", 34,
          "{updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}, " LABELLED "}}}",
          "" },
        { "apps.v1.DaemonSetSpec", 34, "{updateStrategy: {rollingUpdate: {maxUnavailable: 0}}, " LABELLED "}}}",
          "E0705 1:51 'updateStrategy.rollingUpdate.maxUnavailable' is 0 and so is 'maxSurge': nothing could be replaced" },
        { "apps.v1.DeploymentSpec", 34, "{minReadySeconds: 600, " LABELLED "}}}",
          "E0705 1:19 'progressDeadlineSeconds' is 600, and must be more than the minReadySeconds of 600" },
        { "apps.v1.DeploymentSpec", 34, "{minReadySeconds: 5, progressDeadlineSeconds: 5, " LABELLED "}}}",
          "E0705 1:47 'progressDeadlineSeconds' is 5, and must be more than the minReadySeconds of 5" },
        { "apps.v1.DeploymentSpec", 34, "{minReadySeconds: 5, progressDeadlineSeconds: 6, " LABELLED "}}}", "" },
    };
    RULES_RUN(*state, rows);
}

static void a_job_counts_what_it_can_count(void **state)
{
    static const struct row rows[] = {
        { "batch.v1.JobSpec", 34,
          "{completionMode: Indexed, completions: 3, backoffLimitPerIndex: 1, maxFailedIndexes: 2, " RESTART "Never, "
          "" BOX "}]}}}",
          "" },
        { "batch.v1.JobSpec", 34, "{completionMode: Indexed, " RESTART "Never, " BOX "}]}}}",
          "E0703 1:18 'completions' is missing: the completionMode 'Indexed' needs it" },
        { "batch.v1.JobSpec", 34,
          "{backoffLimitPerIndex: 1, successPolicy: {rules: [{succeededCount: 1}]}, " RESTART "Never, " BOX "}]}}}",
          "E0705 1:24 'backoffLimitPerIndex' needs 'completionMode: Indexed'\n"
          "E0705 1:42 'successPolicy' needs 'completionMode: Indexed'" },
        { "batch.v1.JobSpec", 34,
          "{completionMode: Indexed, completions: 3, maxFailedIndexes: 4, " RESTART "Never, " BOX "}]}}}",
          "E0705 1:61 'maxFailedIndexes' needs a 'backoffLimitPerIndex' beside it\n"
          "E0705 1:61 'maxFailedIndexes' is 4, more than the completions of 3" },
        { "batch.v1.JobSpec", 34, "{manualSelector: true, selector: {matchLabels: {a: b}}, " RESTART "Never, " BOX "}]}}}",
          "" },
        { "batch.v1.JobSpec", 34, "{selector: {matchLabels: {a: b}}, " RESTART "Never, " BOX "}]}}}",
          "E0705 1:12 'selector' must not stand: the server makes one" },
        { "batch.v1.JobSpec", 34, "{manualSelector: true, " RESTART "Never, " BOX "}]}}}",
          "E0703 1:18 'selector' is missing: 'manualSelector' is true" },
        { "batch.v1.JobSpec", 34, "{" RESTART "Always, " BOX "}]}}}",
          "E0705 1:35 'template.spec.restartPolicy' must be 'OnFailure' or 'Never' in a Job" },
        { "batch.v1.JobSpec", 34,
          "{completionMode: Indexed, completions: 5, successPolicy: {rules: [{succeededIndexes: \"0-2,4\", "
          "succeededCount: 2}]}, " RESTART "Never, " BOX "}]}}}",
          "" },
        { "batch.v1.JobSpec", 34,
          "{completionMode: Indexed, completions: 5, successPolicy: {rules: [{succeededIndexes: \"0-5\"}, "
          "{succeededIndexes: \"2,1\"}, {succeededIndexes: \"1-\"}, {}]}, " RESTART "Never, " BOX "}]}}}",
          "E0704 1:86 'successPolicy.rules[0].succeededIndexes' is '0-5', which is no ascending list of indexes below "
          "5, like 0-2,4\n"
          "E0704 1:113 'successPolicy.rules[1].succeededIndexes' is '2,1', which is no ascending list of indexes below "
          "5, like 0-2,4\n"
          "E0704 1:140 'successPolicy.rules[2].succeededIndexes' is '1-', which is no ascending list of indexes below "
          "5, like 0-2,4\n"
          "E0705 1:147 'successPolicy.rules[3]' needs 'succeededCount' or 'succeededIndexes'" },
        { "batch.v1.JobSpec", 34,
          "{completionMode: Indexed, completions: 5, successPolicy: {rules: [{succeededCount: 6}]}, " RESTART "Never, "
          "" BOX "}]}}}",
          "E0705 1:84 'successPolicy.rules[0].succeededCount' is 6, more than the completions of 5" },
    };
    RULES_RUN(*state, rows);
}

static void a_job_fails_as_its_policy_says(void **state)
{
    static const struct row rows[] = {
        { "batch.v1.JobSpec", 34,
          "{podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {containerName: c, operator: In, values: [1, "
          "2]}}, {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: \"True\"}]}]}, " RESTART "Never, "
          "" BOX "}]}}}",
          "" },
        { "batch.v1.JobSpec", 34,
          "{podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {containerName: d, operator: In, values: [2, "
          "0]}}]}, " RESTART "Never, " BOX "}]}}}",
          "E0705 1:76 'podFailurePolicy.rules[0].onExitCodes.containerName' is 'd', and the pod has no such container\n"
          "E0705 1:105 'podFailurePolicy.rules[0].onExitCodes.values[1]' is 0, which is no failure\n"
          "E0705 1:105 'podFailurePolicy.rules[0].onExitCodes.values[1]' is 0, and the values must ascend" },
        { "batch.v1.JobSpec", 34,
          "{podFailurePolicy: {rules: [{action: FailIndex, onExitCodes: {operator: NotIn, values: [0]}}]}, "
          "" RESTART "OnFailure, " BOX "}]}}}",
          "E0705 1:38 'podFailurePolicy.rules[0].action' is 'FailIndex', which needs a 'backoffLimitPerIndex'\n"
          "E0705 1:130 'template.spec.restartPolicy' must be 'Never' with a podFailurePolicy" },
        { "batch.v1.JobSpec", 34,
          "{podReplacementPolicy: TerminatingOrFailed, podFailurePolicy: {rules: [{action: FailJob, "
          "onExitCodes: {operator: In, values: []}}]}, " RESTART "Never, " BOX "}]}}}",
          "E0705 1:24 'podReplacementPolicy' must be 'Failed' with a podFailurePolicy\n"
          "E0704 1:126 'podFailurePolicy.rules[0].onExitCodes.values' needs at least 1 entry" },
        { "batch.v1.PodFailurePolicyRule", 34, "{action: Ignore}",
          "E0705 1:1 needs one more field / give one of: onExitCodes, onPodConditions" },
        { "batch.v1.PodFailurePolicyRule", 34, "{action: Ignore, onPodConditions: [{type: a b, status: yes}]}",
          "E0704 1:43 'onPodConditions[0].type' is 'a b', " LABEL "\n"
          "E0702 1:56 'onPodConditions[0].status' must be a string, not a boolean / put it in quotes" },
    };
    RULES_RUN(*state, rows);
}

struct sample { const char *text, *bad; };

static void judge(const struct sample *rows, size_t n, const char *judge_text(const char *))
{
    for (size_t i = 0; i < n; i++) {
        const char *bad = judge_text(rows[i].text);
        if (!str_eq(bad, rows[i].bad))
            fail_msg("'%s' %s", rows[i].text, bad == NULL ? "is taken" : bad);
    }
}

static void a_schedule_is_one_that_comes(void **state)
{
    static const struct sample rows[] = {
        { "*/5 0-6,12 * JAN-mar sun", NULL },
        { "61 * * * *", "holds a number outside of its field's range" },
        { "* * 0 * *", "holds a number outside of its field's range" },
        { "* * * 13 *", "holds a number outside of its field's range" },
        { "* * * * 7", "holds a number outside of its field's range" },
        { "5-1 * * * *", "holds a range that runs backwards" },
        { "*/0 * * * *", "holds a '/' without a number above 0 behind it" },
        { "a * * * *", "holds a field that is no number, name, range or '*'" },
        { "1- * * * *", "holds a range that does not end in a number or a name" },
        { "1/ * * * *", "holds a '/' without a number above 0 behind it" },
        { "1x * * * *", "holds a field that is no number, name, range or '*'" },
        { "* * * *", "does not have five fields: minute, hour, day, month, weekday" },
        { "TZ=UTC * * * * *", "holds a time zone, which belongs into 'timeZone'" },
        { "@daily", NULL },
        { "@daly", "is none of the named schedules, like @daily" },
        { "@every 1h30m", NULL },
        { "@every x", "is none of the named schedules, like @daily" },
        { "0/15 ? * * 1-5", NULL },
    };
    (void)state;
    judge(rows, sizeof rows / sizeof *rows, k8s_bad_schedule);
}

static void a_time_zone_is_of_ianas_list(void **state)
{
    static const struct sample rows[] = {
        { "Europe/Berlin", NULL },
        { "UTC", NULL },
        { "Etc/GMT+5", NULL },
        { "Local", "is no zone of its own: name the one that is meant" },
        { "Berlin", "is no name from IANA's list of time zones, like Europe/Berlin" },
        { "Europe/../x", "is no name from IANA's list of time zones, like Europe/Berlin" },
        { "", "is no name from IANA's list of time zones, like Europe/Berlin" },
        { "Mars/Base", "is no name from IANA's list of time zones, like Europe/Berlin" },
    };
    (void)state;
    judge(rows, sizeof rows / sizeof *rows, k8s_bad_time_zone);
}

int main(void)
{
    FIXTURE_GUARD();
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(what_keeps_pods_running_can_do_so),
        FIXTURE_TEST(a_job_counts_what_it_can_count),
        FIXTURE_TEST(a_job_fails_as_its_policy_says),
        FIXTURE_TEST(a_schedule_is_one_that_comes),
        FIXTURE_TEST(a_time_zone_is_of_ianas_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
