/* What looks like a secret is recognised, and no finding repeats it: not its line, not in a message, not of a text that is no YAML. */
#include "base/secret.h"
#include "base/veil.h"
#include "fixture.h"

/* ---- what a secret looks like ------------------------------------------------------------------------------- */

static void keys_of_secrets_are_known(void **state)
{
    static const char *const yes[] = { "password", "DB_PASSWORD", "ssl.key.password", "keystorePassphrase", "apiToken", "client_secret",
        "clientSecret", "rsm.config.s3.secret.key", "AWS_SECRET_ACCESS_KEY", "a/b-api-key", "x.secret", "DB_SECRET", "private-key",
        "javax.net.ssl.trustStorePassword", "delegation.token.master.key", "credentials" };
    static const char *const no[] = { "secret", "secretName", "pullSecrets", "imagePullSecret", "nginx/auth-tls-secret", "key", "", "name",
        "passwordFile", "num.partitions", "automountServiceAccountTokens", "tls.key", "keyring" };
    (void)state;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (!secret_key(yes[i]))
            fail_msg("'%s' is no key of a secret", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (secret_key(no[i]))
            fail_msg("'%s' is a key of a secret", no[i]);
}

static void shapes_of_secrets_are_known(void **state)
{
    static const char *const yes[] = {
        "x -----BEGIN EC PRIVATE KEY-----\nMHc=", "-----BEGIN PRIVATE KEY-----\n", "org.x.PlainLoginModule required password=\"abc\";",
        "-Djavax.net.ssl.keyStorePassword=changeit", "--password=abc", "run --password abc now", "https://me:abc@example.com/",
        "jdbc:postgresql://u:abc@db/x", "AKIAIOSFODNN7EXAMPLE", "key AKIAIOSFODNN7EXAMPLE", "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", "clientSecret=\"abc\"" };
    static const char *const no[] = {
        "", "password", "org.apache.kafka.common.security.scram.ScramLoginModule required;", "password=${file:/x:y}", "password=\"$(X)\"",
        "https://example.com/@x", "https://me@example.com/", "https://me:${PASSWORD}@example.com/", "-----BEGIN CERTIFICATE-----",
        "oidc://host:8443/path?x=a@b", "password=", "xAKIAIOSFODNN7EXAMPLE", "AKIA", "how to set a password = see the manual",
        "[name=kafka,password=\\\"$(</etc/login/password)\\\"]", "printf 'password=\"%s\";' \"$p\"", "printf '%s=password=%s' a b" };
    (void)state;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (!secret_text(yes[i]))
            fail_msg("'%s' holds no secret", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (secret_text(no[i]))
            fail_msg("'%s' holds a secret", no[i]);
}

static void references_are_not_secret(void **state)
{
    (void)state;
    assert_false(secret_plain("${dir:/x:y}") || secret_plain("$(PASSWORD)") || secret_plain("") || secret_plain("false"));
    assert_true(secret_plain("hunter2") && secret_plain("$ecret"));
}

static void masked_values_keep_their_keys(void **state)
{
    struct world *w = *state;
    const struct val v = fixture_read(w, "description", "a: {password: abcd, key: b}\nargs: [--token, efgh, ijkl]\n"
                                                         "env: [{name: A_PASSWORD, value: mnop}]\nurl: https://u:qrst@h/\n");
    const struct val wanted = fixture_read(w, "description", "a: {password: '***', key: b}\nargs: [--token, '***', ijkl]\n"
                                                              "env: [{name: A_PASSWORD, value: '***'}]\nurl: '***'\n");
    const struct val masked = secret_masked(&w->arena, v);
    assert_true(tree_same(&masked, &wanted));
}

/* ---- findings -------------------------------------------------------------------------------------------------- */

/* Adds a finding at each line of the text, with the line as its message, and returns all of them in all forms. */
static const char *said(struct world *w, const char *text)
{
    struct text out = { .a = &w->arena };
    struct val v;
    uint32_t line = 1;
    const uint16_t file = ctx_file(&w->cx, "page.yaml", text, strlen(text), "description");
    source_parse(&w->cx, file, &v);
    for (const char *s = text; *s != '\0'; line++) {
        const size_t len = strcspn(s, "\n");
        diag_at(&w->cx, E_YAML_SYNTAX, (struct pos){ line, 1, file }, "found '%.*s'", (int)len, s);
        s += len + (s[len] == '\n');
    }
    diag_sort(&w->cx);
    for (uint32_t i = 0; i < w->cx.diag_count; i++) {
        diag_text(&w->cx, w->cx.diags[i], false, &out);
        diag_json(&w->cx, w->cx.diags[i], &out);
    }
    return text_str(&out);
}

static void no_finding_repeats_a_secret(void **state)
{
    static const char *const texts[] = {
        "password: canary-1\n", "a: {password: canary-2, b: c}\n", "password: 'canary-3'\nname: canary-3\n", "password: \"canary-4\n",
        "password: *canary-5\n", "password: !canary-6 x\n", "password: &canary-7 x\n", "password:canary-8\n", "x: [password: canary-9\n",
        "password: |\n  canary-10\n  canary-11\nb: c\n", "password: >-\n\n    canary-12\n", "k: |\n  -----BEGIN PRIVATE KEY-----\n  canary13\n"
        "  -----END PRIVATE KEY-----\n", "- name: DB_PASSWORD\n  value: canary-14\n", "url: https://u:canary-15@h/\n",
        "args: [--password=canary-16]\n", "kafka.config.ssl.key.password=canary-17", "\tpassword: canary-18\n", "password: canary-19: x\n",
        "password: @canary-20\n", "password: %canary-21\n", "password: `canary-22\n", "token: \"canary-23\\x41\"\n", "password: canary-24 # c\n",
        "password: ]canary-25\n", "password : canary-26\n", "? password\n: canary-27\n", "password: \"a\\\"canary-28\"\n" };
    struct world *w = *state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++, fixture_again(w))
        if (strstr(said(w, texts[i]), "canary") != NULL)
            print_error("of %s: %s\n", texts[i], said(w, texts[i]));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++, fixture_again(w))
        assert_null(strstr(said(w, texts[i]), "canary"));
}

static void what_is_no_secret_is_shown(void **state)
{
    const char *text = said(*state, "name: orders-1\nsecret: app-kafka\npassword: {secret: app-kafka, key: field}\n"
                                    "ssl.key.password: ${dir:/mnt:key}\n");
    assert_non_null(strstr(text, "found 'name: orders-1'"));
    assert_non_null(strstr(text, "found 'secret: app-kafka'"));
    assert_non_null(strstr(text, "found 'password: {secret: app-kafka, key: field}'"));
    assert_non_null(strstr(text, "found 'ssl.key.password: ${dir:/mnt:key}'"));
}

/* Looking for each of many secrets in each of many messages would take hours: the titles are left. */
static void a_text_full_of_secrets_leaves_only_titles(void **state)
{
    struct world *w = *state;
    struct text t = { .a = &w->arena };
    for (int i = 0; i < 3000; i++)
        text_f(&t, "k%d_password: canary-%d\n", i, i);
    const char *out = said(w, text_str(&t));
    assert_null(strstr(out, "canary"));
    assert_non_null(strstr(out, code_table[E_YAML_SYNTAX].title));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(keys_of_secrets_are_known),
        FIXTURE_TEST(shapes_of_secrets_are_known),
        FIXTURE_TEST(references_are_not_secret),
        FIXTURE_TEST(masked_values_keep_their_keys),
        FIXTURE_TEST(no_finding_repeats_a_secret),
        FIXTURE_TEST(what_is_no_secret_is_shown),
        FIXTURE_TEST(a_text_full_of_secrets_leaves_only_titles),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
