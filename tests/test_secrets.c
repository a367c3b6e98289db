/* Private files become Secrets, and nothing else does; what they hold is in no finding and in no memory left behind. */
#include "base/base64.h"
#include "cluster/cluster.h"
#include "emit/secrets.h"
#include "fixture.h"
#include "source/stack.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CANARY "canary-4711"

static struct description description;
static struct plan        plan;
static char               folder[64];

static struct secrets begin_with(const char *text)
{
    const char *none[] = { NULL };
    const struct stack s = { .path = "test.yaml", .text = text, .len = strlen(text), .presets = none, .overlays = none,
                             .sets = none, .resolve = resolve_path, .expand = expand_short_forms };
    struct val root;
    fixture_again(&world);
    world.cx.folder  = folder;
    world.cx.secrets = true;
    description = (struct description){ .language = 0 };
    assert_true(stack_read(&world.cx, &s, &root));
    assert_true(load_description(&world.cx, &root, &description));
    assert_true(plan_cluster(&world.cx, &description, &plan));
    return (struct secrets){ .cx = &world.cx, .p = &plan, .out = { .a = &world.arena } };
}

static struct secrets begin(void)
{
    return begin_with("gregor: 1\nname: orders\nnamespace: shop\nkafka: {version: 4.1.1}\n");
}

static void put(const char *name, const char *text, mode_t mode)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    unlink(path);
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static struct secret_bytes get(struct secrets *s, const char *name, size_t max)
{
    return secrets_read(s, name, max, no_pos(), "gregor users");
}

/* ---- base64 ------------------------------------------------------------------------------------------------- */

static void base64_is_that_of_rfc_4648(void **state)
{
    static const char *const rows[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
                                           { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(base64_of(*state, rows[i][0], strlen(rows[i][0])), rows[i][1]);
    assert_string_equal(base64_of(*state, "\xff\xfe\xfd\x00", 4), "//79AA==");
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

static void a_private_file_is_read_and_nothing_said(void **state)
{
    (void)state;
    struct secrets s = begin();
    put("one", CANARY, 0600);
    const struct secret_bytes b = get(&s, "one", 100);
    assert_int_equal(b.len, strlen(CANARY));
    assert_string_equal(b.p, CANARY);
    assert_string_equal(fixture_findings(&world), "");
}

static void a_file_that_others_can_read_is_told(void **state)
{
    (void)state;
    struct secrets s = begin();
    put("open", CANARY, 0640);
    assert_non_null(get(&s, "open", 100).p);
    assert_string_equal(fixture_findings(&world), "W0851 0:0 others can read 'open': its mode is 0640 / chmod 600 open");
}

static void a_file_that_is_missing_names_its_maker(void **state)
{
    (void)state;
    struct secrets s = begin();
    assert_null(get(&s, "nothing", 100).p);
    assert_string_equal(fixture_findings(&world), "E0850 0:0 cannot read 'nothing': no such file or directory / "
                                                  "`gregor users` makes the files that are missing");
}

static void nothing_outside_the_folder_is_read(void **state)
{
    (void)state;
    static const char *const names[] = { "../outside", "/etc/passwd", "link", "below/../../outside", "." , "" };
    char path[200];
    snprintf(path, sizeof path, "%s/link", folder);
    unlink(path);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    snprintf(path, sizeof path, "%s/below", folder);
    mkdir(path, 0700);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct secrets s = begin();
        assert_null(get(&s, names[i], 100000).p);
        assert_int_equal(world.cx.error_count, 1);
    }
}

static void a_link_within_the_folder_is_followed(void **state)
{
    (void)state;
    char path[200];
    struct secrets s = begin();
    put("real", CANARY, 0600);
    snprintf(path, sizeof path, "%s/inside", folder);
    unlink(path);
    assert_int_equal(symlink("real", path), 0);
    assert_string_equal(get(&s, "inside", 100).p, CANARY);
}

static void a_large_file_is_refused_and_not_quoted(void **state)
{
    (void)state;
    struct secrets s = begin();
    put("large", CANARY, 0600);
    assert_null(get(&s, "large", 5).p);
    assert_null(strstr(fixture_findings(&world), CANARY));
    assert_non_null(strstr(fixture_findings(&world), "larger than 5 bytes"));
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

static void a_secret_has_its_bytes_in_base64(void **state)
{
    (void)state;
    struct secrets s = begin();
    struct arena *a = &world.arena;
    secrets_add(&s, "orders-user", "Opaque", plan.labels, MAP(a, { "password", t_strn("a\0b", 3) }, { "none", t_none() }), (struct pos){ .line = 0 });
    assert_int_equal(s.out.len, 1);
    assert_string_equal(tree_str(&s.out.at[0], "kind"), "Secret");
    assert_string_equal(tree_at(&s.out.at[0], "metadata", "namespace", NULL)->s, "shop");
    assert_string_equal(tree_at(&s.out.at[0], "data", "password", NULL)->s, "YQBi");
    assert_int_equal(tree_get(&s.out.at[0], "data")->len, 1);
}

static void a_secret_of_nothing_is_nothing(void **state)
{
    (void)state;
    struct secrets s = begin();
    secrets_add(&s, "empty", "Opaque", plan.labels, t_none(), (struct pos){ .line = 0 });
    assert_int_equal(s.out.len, 0);
}

/* The chunk stays with the arena after arena_reset(), so its bytes can be looked at. */
static void what_is_forgotten_is_cleared(void **state)
{
    (void)state;
    jmp_buf out;
    struct arena a = { .out = &out, .wipe = true };
    assert_int_equal(setjmp(out), 0);
    char *kept = arena_dup(&a, CANARY, strlen(CANARY));
    arena_reset(&a);
    char *again = arena_alloc(&a, strlen(CANARY) + 1);
    assert_ptr_equal(kept, again);
    for (size_t i = 0; i < strlen(CANARY); i++)
        assert_int_equal(again[i], 0);
    arena_free(&a);
    assert_true(a.wipe);
}

/* ---- ZooKeeper ---------------------------------------------------------------------------------------------- */

static struct secrets begin_with_zookeeper(void)
{
    return begin_with("gregor: 1\nname: orders\nnamespace: shop\nkafka: {version: 3.9.2, metadata: zookeeper}\n"
                      "zookeeper: {auth: digest-md5, login: {file: zookeeper}}\n");
}

static void the_login_of_zookeeper_is_made_of_its_file(void **state)
{
    static const char wanted[] =
        "Server {\n  org.apache.zookeeper.server.auth.DigestLoginModule required user_kafka=\"a\\\"b\\\\c\";\n};\n"
        "Client {\n  org.apache.zookeeper.server.auth.DigestLoginModule required username=\"kafka\" password=\"a\\\"b\\\\c\";\n};\n";
    put("zookeeper", "a\"b\\c\n", 0600);
    struct secrets s = begin_with_zookeeper();
    secrets_zookeeper(&s);
    assert_int_equal(s.out.len, 1);
    assert_string_equal(tree_str(tree_get(&s.out.at[0], "metadata"), "name"), "orders-zookeeper-login");
    assert_string_equal(tree_str(tree_get(&s.out.at[0], "data"), "jaas.conf"), base64_of(*state, wanted, strlen(wanted)));
    assert_string_equal(fixture_findings(&world), "");
}

static void what_java_would_read_otherwise_is_no_password(void **state)
{
    static const char *const bad[] = { "", "\n", CANARY "\nsecond", CANARY "\r\n", CANARY "${user.home}", "\t" CANARY };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        put("zookeeper", bad[i], 0600);
        struct secrets s = begin_with_zookeeper();
        secrets_zookeeper(&s);
        assert_int_equal(s.out.len, 0);
        assert_int_equal(world.cx.error_count, 1);
        assert_non_null(strstr(fixture_findings(&world), "E0682"));
        assert_null(strstr(fixture_findings(&world), CANARY));
    }
}

static void a_login_that_exists_is_not_made(void **state)
{
    (void)state;
    struct secrets s = begin_with("gregor: 1\nname: orders\nkafka: {version: 3.9.2, metadata: zookeeper}\n"
                                  "zookeeper: {auth: digest-md5, login: corp-zookeeper}\n");
    secrets_zookeeper(&s);
    assert_int_equal(s.out.len, 0);
    assert_string_equal(fixture_findings(&world), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(base64_is_that_of_rfc_4648),
        FIXTURE_TEST(a_private_file_is_read_and_nothing_said),
        FIXTURE_TEST(a_file_that_others_can_read_is_told),
        FIXTURE_TEST(a_file_that_is_missing_names_its_maker),
        FIXTURE_TEST(nothing_outside_the_folder_is_read),
        FIXTURE_TEST(a_link_within_the_folder_is_followed),
        FIXTURE_TEST(a_large_file_is_refused_and_not_quoted),
        FIXTURE_TEST(a_secret_has_its_bytes_in_base64),
        FIXTURE_TEST(a_secret_of_nothing_is_nothing),
        FIXTURE_TEST(what_is_forgotten_is_cleared),
        FIXTURE_TEST(the_login_of_zookeeper_is_made_of_its_file),
        FIXTURE_TEST(what_java_would_read_otherwise_is_no_password),
        FIXTURE_TEST(a_login_that_exists_is_not_made),
    };
    FIXTURE_GUARD();
    snprintf(folder, sizeof folder, "/tmp/gregor-test-secrets-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) != 0 || failed;
}
