/* What is printed is what is read: every string of a nasty alphabet, in every place a string can stand,
 * through raw libyaml, PyYAML, and kubectl (sigs.k8s.io/yaml); and the same tree as JSON (EC 4.5). A reader
 * that the machine lacks is skipped, and said to be. */
#include "print/print.h"
#include "readback.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <cjson/cJSON.h>

#define RANDOM_STRINGS 20000
#define PER_CONFIGMAP  400

static struct arena memory;
static struct vals  nasty, random_ones;

static void add_n(struct vals *to, const char *s, size_t len)
{
    vals_add(to, t_strn(arena_dup(&memory, s, len), len));
}

static void add(struct vals *to, const char *s)
{
    add_n(to, s, strlen(s));
}

/* `s` alone, and at the start, in the middle and at the end of other text. */
static void add_around(struct vals *to, const char *s)
{
    static const char *const places[][2] = {
        { "", "" }, { "", "a" }, { "a", "a" }, { "a", "" }, { "", " a" }, { "a ", "" }, { "a ", " a" },
        { " ", " " }, { "", "1" }, { "1", "" }, { "a\n", "" }, { "", "\na" }, { "a\n", "\n" },
        { "a\n ", "\nb\n" }, { "\n", "\n" }, { "-", "" }, { "\"", "\"" }, { "a: ", "" }, { "", ": a" }
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        add(to, str_join(&memory, places[i][0], s, places[i][1], NULL));
}

static void add_words(struct vals *to)
{
    static const char *const words[] = {
        "", "y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off",
        "OFF", "true", "True", "TRUE", "false", "False", "FALSE", "~", "null", "Null", "NULL", "nil",
        "none", "None", "0777", "00", "-07", "0o777", "0O7", "08", "09", "0123456789", "0x1F", "0b101",
        "+0x1F", "-0b1", "1_000", "0_1", "1__0", "1", "-1", "+1", "-0", "123", "9223372036854775807",
        "9223372036854775808", "18446744073709551616", "1e3", "1E3", "1e+3", "12e03", "1234e5", "72225e2",
        "1.0e3", "1.0e+3", ".5", "5.", "1.", "+.5", "-.5", "1.0", "1.10", ".inf", "-.Inf", "+.INF", ".nan",
        ".NaN", "inf", "NaN", "Infinity", "1:30", "22:22", "12:30:45", "190:20:30.15", "2026-11-20",
        "2026-11-20T10:00:00Z", "2026-11-20 10:00:00", "2001-12-14t21:59:43.10-05:00", "=", "<<", "<",
        "0.0.0.0", "1.2.3", "v1.2", "10Gi", "500m", "1Gi", "100m", "0x", "0b", "0o", "1_", "_1", "_", "+",
        "-", ".", "..", "...", "---", "--- a", "... a", "-- a", "%YAML 1.1", "%TAG", "!!str a", "&a b",
        "*a", "- a", "? a", "a: b", "{a: b}", "[a, b]", "# a", "a #b", "'", "''", "'a'", "\"a\"", "|", "|-",
        ">", "> a", "\\n", "\\", "\\\\", "$(POD)", "${POD}", "{{ x }}", "a\\tb", "0e0", "e1", "1e", ".e1",
        "1.e1", "0x1p3", "0xg", "1,000", "1 000", "12:", ":12", "1:2", "1:99", "2026-1-1", "2026-11",
        "81111e1", "deadbeef", "-Xmx1g", "--flag=x", "key=value", "SASL_SSL://h:9092", "/a/b", "C:\\x",
        "a@b", "@a", "`a`"
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        add_around(to, words[i]);
}

static void add_ascii(struct vals *to)
{
    for (int c = 1; c < 128; c++) {
        const char one[] = { (char)c, '\0' }, two[] = { (char)c, (char)c, '\0' }, three[] = { (char)c, (char)c, (char)c, '\0' };
        add_around(to, one);
        add(to, two);
        add(to, three);
    }
}

static void add_newlines(struct vals *to)
{
    static const char *const bodies[] = {
        "", "a", "a\nb", " a", "  a\nb", "a\n  b", "\ta", "a ", "a\t", "- a", "# c", "---", "...", "a\n\nb",
        "a\n \nb", "a\n\t\nb", "a\n   ", "   \na", " ", "a\n ---\nb", "a:\n  b", "|\n a", "%x", "\t",
        "a\n\t", "\t\n\t", " \t", "\r", "a\r\nb"
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        for (size_t before = 0; before <= 3; before++)
            for (size_t after = 0; after <= 3; after++)
                add(to, str_join(&memory, &"\n\n\n"[3 - before], bodies[i], &"\n\n\n"[3 - after], NULL));
}

static void add_unicode(struct vals *to)
{
    static const char *const marks[] = {
        "\xC2\x80", "\xC2\x85", "\xC2\x9F", "\xC2\xA0", "\xC2\xAD", "\xC3\xA9", "\xCC\x81", "\xD7\x90",
        "\xE0\xA4\x95", "\xE2\x80\x8B", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAE", "\xE3\x80\x80",
        "\xE6\xBC\xA2", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xB7\x90", "\xEF\xB7\xAF", "\xEF\xBB\xBF",
        "\xEF\xBF\xBD", "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF0\x9F\x98\x80",
        "\xF0\x9F\xBF\xBE", "\xF4\x8F\xBF\xBD", "\xF4\x8F\xBF\xBF", "\xD9\xA1"
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        add_around(to, marks[i]);
    add_n(to, "\0", 1);
    add_n(to, "a\0b", 3);
    add_n(to, "a\n\0\n", 4);
}

/* Around the widths where emitters fold (80), make complex keys (128) and readers give up (1024). */
static void add_lengths(struct vals *to)
{
    static const char *const units[] = {
        "x", "x ", "\"", "x: ", "\xC3\xA9", "\n", "x\n", "\t"
    };
    static const size_t around[] = { 80, 128, 1000, 1024 };
    for (size_t u = 0; u < sizeof units / sizeof *units; u++)
        for (size_t i = 0; i < sizeof around / sizeof *around; i++)
            for (size_t len = around[i] - 2; len <= around[i] + 1; len++) {
                struct text t = { .a = &memory };
                while (t.len < len)
                    text_add(&t, units[u]);
                text_add(&t, "z");
                add_n(to, t.p, t.len);
            }
}

static uint32_t dice(uint32_t sides)
{
    static uint64_t state = 0x9E3779B97F4A7C15u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % sides;
}

static void add_random(struct vals *to, int n)
{
    static const char *const pieces[] = {
        "a", "b", "e", "n", "y", "o", "x", "T", "Z", "0", "1", "7", "9", " ", " ", "\n", "\n", "\t", "\r",
        ":", ": ", " #", "#", "-", "- ", "?", ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"",
        "%", "@", "`", "=", "<<", "~", ".", "...", "---", "+", "_", "\\", "/", "$", "yes", "null", "true",
        ".inf", "0x", "0o", "e3", "\x01", "\x1b", "\x7f", "\xC2\x85", "\xC2\xA0", "\xC3\xA9",
        "\xE2\x80\xA8", "\xEF\xBB\xBF", "\xEF\xBF\xBF", "\xF0\x9F\x98\x80", "  ", "\n\n", " \n", "\n "
    };
    for (int i = 0; i < n; i++) {
        struct text t = { .a = &memory };
        for (uint32_t k = dice(9); k > 0; k--)
            text_add(&t, pieces[dice(sizeof pieces / sizeof *pieces)]);
        add(to, text_str(&t));
    }
}

/* ---- the strings in every place, as one document
 * ---------------------------------------------------------- */

static bool can_be_key(struct val s)
{
    return memchr(s.s, '\0', s.len) == NULL;
}

/* Value, item, nested item, deep value; and key of a scalar, of a sequence and inside an item. */
static struct val everywhere(struct val s)
{
    struct arena *a = &memory;
    if (!can_be_key(s))
        return MAP(a, { "v", s }, { "s", SEQ(a, s, SEQ(a, s, s)) });
    return MAP(a, { "v", s }, { "s", SEQ(a, s, SEQ(a, s, s), MAP(a, { s.s, s })) },
                  { "m", MAP(a, { "d", MAP(a, { s.s, SEQ(a, s) }) }) }, { "l", t_str("end") });
}

static struct val document(const struct vals *strings)
{
    struct vals l = { .a = &memory };
    for (uint32_t i = 0; i < strings->len; i++)
        vals_add(&l, everywhere(strings->at[i]));
    return vals_done(&l);
}

static struct text printed(const struct val *doc)
{
    struct text t = { .a = &memory };
    print_yaml(&t, doc);
    text_str(&t);
    return t;
}

static void assert_same_items(const struct val *read, const struct val *expected)
{
    assert_int_equal(read->len, expected->len);
    for (uint32_t i = 0; i < expected->len; i++)
        if (!tree_same(&read->seq[i], &expected->seq[i]))
            fail_msg("item %u is read as something else:\n%s", i, printed(&expected->seq[i]).p);
}

static void libyaml_reads(const struct vals *strings)
{
    const struct val  doc = document(strings);
    const struct text out = printed(&doc);
    struct val        read;
    const char *problem = readback_read(&memory, out.p, out.len, false, &read);
    if (problem != NULL)
        fail_msg("%s", problem);
    assert_int_equal(read.len, 1);
    assert_same_items(&read.seq[0], &doc);
    const struct text again = printed(&read.seq[0]);
    assert_int_equal(again.len, out.len);
    assert_memory_equal(again.p, out.p, out.len);
}

static void libyaml_reads_what_was_meant(void **state)
{
    (void)state;
    libyaml_reads(&nasty);
    libyaml_reads(&random_ones);
}

/* One by one: nothing around hides a mistake, and a line that looks like the start of a document shows. */
static void each_string_is_a_document_of_its_own(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < nasty.len; i++) {
        const struct text out = printed(&nasty.at[i]);
        struct val        read;
        const char *problem = readback_read(&memory, out.p, out.len, false, &read);
        if (problem != NULL || read.len != 1 || !tree_same(&read.seq[0], &nasty.at[i]))
            fail_msg("%s:\n%s", problem == NULL ? "another value" : problem, out.p);
    }
}

static const char *bad_line(const struct text *out)
{
    const char *s = out->p;
    if (strncmp(s, "---\n", 4) != 0 || out->p[out->len - 1] != '\n')
        return s;
    for (s = strchr(s, '\n') + 1; *s != '\0'; s = strchr(s, '\n') + 1)
        if (strncmp(s, "---", 3) == 0 || strncmp(s, "...", 3) == 0 || *s == '%' || *s == '#')
            return s;
    return NULL;
}

static void no_line_looks_like_the_edge_of_a_document(void **state)
{
    (void)state;
    const struct val  a = document(&nasty), b = document(&random_ones);
    const struct text one = printed(&a), two = printed(&b);
    assert_null(bad_line(&one));
    assert_null(bad_line(&two));
    assert_null(memchr(one.p, '\r', one.len));
}

/* Blanks at the end of a line come from the text alone: without text that has any, there are none. */
static void the_layout_leaves_no_blanks_at_the_ends_of_lines(void **state)
{
    (void)state;
    struct vals clean = { .a = &memory };
    for (uint32_t i = 0; i < nasty.len; i++) {
        const char *s = nasty.at[i].s;
        if (strstr(s, " \n") == NULL && strstr(s, "\t\n") == NULL && !str_ends(s, " ") && !str_ends(s, "\t"))
            vals_add(&clean, nasty.at[i]);
    }
    const struct val  doc = document(&clean);
    const struct text out = printed(&doc);
    assert_true(clean.len > nasty.len / 2);
    assert_null(strstr(out.p, " \n"));
    assert_null(strstr(out.p, "\t\n"));
}

/* ---- as JSON ------------------------------------------------------------------------------------------- */

static bool same_json(const cJSON *j, const struct val *v)
{
    uint32_t i = 0;
    const cJSON *entry = j->child;
    if (v->kind == V_STR)
        return cJSON_IsString(j) && strcmp(j->valuestring, v->s) == 0;
    if (v->kind == V_SEQ ? !cJSON_IsArray(j) : !cJSON_IsObject(j))
        return false;
    for (; entry != NULL && i < v->len; entry = entry->next, i++)
        if (v->kind == V_SEQ ? !same_json(entry, &v->seq[i])
                             : strcmp(entry->string, v->map[i].key) != 0 || !same_json(entry, &v->map[i].v))
            return false;
    return entry == NULL && i == v->len;
}

static void json_says_the_same(const struct vals *strings)
{
    const struct val doc = document(strings);
    struct text      out = { .a = &memory };
    print_json(&out, &doc);
    cJSON *json = cJSON_Parse(text_str(&out));
    assert_non_null(json);
    const bool same = same_json(json, &doc);
    cJSON_Delete(json);
    assert_true(same);
}

static void json_of_the_same_tree_says_the_same(void **state)
{
    (void)state;
    json_says_the_same(&nasty);
    json_says_the_same(&random_ones);
}

/* Readers of YAML take JSON too: kubectl guesses, and people pipe it into anything. */
static void json_is_also_yaml(void **state)
{
    (void)state;
    const struct val doc = document(&nasty);
    struct text      out = { .a = &memory };
    struct val       read;
    for (uint32_t i = 0; i < doc.len; i++) {
        out.len = 0;
        print_json(&out, &doc.seq[i]);
        const char *problem = readback_read(&memory, out.p, out.len, true, &read);
        if (out.len < 1000 && (problem != NULL || !tree_same(&read.seq[0], &doc.seq[i])))
            fail_msg("%s:\n%s", problem == NULL ? "another value" : problem, text_str(&out));
    }
}

/* ---- other programs ------------------------------------------------------------------------------------ */

static FILE *holding(const char *bytes, size_t len)
{
    FILE *f = tmpfile();
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    rewind(f);
    return f;
}

static int silent(void)
{
    return open("/dev/null", O_WRONLY | O_CLOEXEC);
}

/* Runs a program with `in` as its standard input. Returns its exit status, 127 when there is no such
 * program. */
static int run(const char *const *argv, FILE *in, FILE *out)
{
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        dup2(in == NULL ? silent() : fileno(in), 0);
        dup2(out == NULL ? silent() : fileno(out), 1);
        dup2(out == NULL ? silent() : 2, 2);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static bool present(const char *const *argv)
{
    if (run(argv, NULL, NULL) == 0)
        return true;
    print_message("           '%s %s' does not work here: its reader is NOT tested\n", argv[0], argv[1]);
    return false;
}

/* Reads the strings as hex, a line each, then "YAML", then a sequence of each as key and value; prints what
 * is read as something else. PyYAML's own scanner is slow, so one loader reads one kind of strings: see the
 * callers. */
static const char python[] =
    "import sys, yaml\n"
    "words, _, text = sys.stdin.buffer.read().partition(b'YAML\\n')\n"
    "words = [bytes.fromhex(w.decode()).decode() for w in words.split(b'\\n')[:-1]]\n"
    "fast = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)\n"
    "doc = yaml.load(text, Loader=fast if sys.argv[1] == 'fast' else yaml.SafeLoader)\n"
    "bad = 0 if len(doc) == len(words) else 1\n"
    "for s, got in zip(words, doc):\n"
    "    if got != {'v' if '\\0' in s else s: s}:\n"
    "        bad += 1\n"
    "        if bad < 5: print('PyYAML', repr(s), got, file=sys.stderr)\n"
    "sys.exit(1 if bad else 0)\n";

static struct val keys_and_values(const struct vals *strings)
{
    struct vals l = { .a = &memory };
    for (uint32_t i = 0; i < strings->len; i++)
        vals_add(&l, MAP(&memory, { can_be_key(strings->at[i]) ? strings->at[i].s : "v", strings->at[i] }));
    return vals_done(&l);
}

static int python_reads(const struct vals *strings, const char *how)
{
    struct text in = { .a = &memory };
    for (uint32_t i = 0; i < strings->len; i++) {
        for (uint32_t k = 0; k < strings->at[i].len; k++)
            text_f(&in, "%02x", (unsigned)(uint8_t)strings->at[i].s[k]);
        text_char(&in, '\n');
    }
    text_add(&in, "YAML\n");
    const struct val doc = keys_and_values(strings);
    print_yaml(&in, &doc);
    FILE *f = holding(in.p, in.len), *out = tmpfile();
    const int status = run((const char *const[]){ "python3", "-c", python, how, NULL }, f, out);
    fclose(f);
    fclose(out);
    return status;
}

static void pyyaml_reads_what_was_meant(void **state)
{
    (void)state;
    if (!present((const char *const[]){ "python3", "-c", "import yaml", NULL }))
        skip();
    assert_int_equal(python_reads(&nasty, "pure"), 0);
    assert_int_equal(python_reads(&random_ones, "fast"), 0);
}

static struct val configmap(struct val data)
{
    struct arena *a = &memory;
    return MAP(a, { "apiVersion", t_str("v1") }, { "kind", t_str("ConfigMap") },
                  { "metadata", MAP(a, { "name", t_str("strings") }) }, { "data", data });
}

/* Some of the strings as the values of a ConfigMap, and as its keys. */
static void add_configmaps(struct vals *to, const struct val *strings, uint32_t n)
{
    struct pairs values = { .a = &memory }, keys = { .a = &memory };
    for (uint32_t i = 0; i < n; i++) {
        pairs_add(&values, str_int(&memory, i), strings[i]);
        if (can_be_key(strings[i]))
            pairs_set(&keys, strings[i].s, strings[i]);
    }
    vals_add(to, configmap(pairs_done(&values)));
    vals_add(to, configmap(pairs_done(&keys)));
}

static struct val configmaps(void)
{
    struct vals l = { .a = &memory };
    const struct vals *const sets[] = { &nasty, &random_ones };
    for (size_t s = 0; s < 2; s++)
        for (uint32_t i = 0; i < sets[s]->len; i += PER_CONFIGMAP) {
            const uint32_t left = sets[s]->len - i;
            add_configmaps(&l, sets[s]->at + i, left < PER_CONFIGMAP ? left : PER_CONFIGMAP);
        }
    return vals_done(&l);
}

/* kubectl sorts the keys, so each is looked up. A NUL ends both texts that are compared. */
static void assert_same_data(const cJSON *object, const struct val *expected)
{
    const struct val *data = tree_get(expected, "data");
    cJSON            *got  = cJSON_GetObjectItemCaseSensitive(object, "data");
    cJSON            *next;
    struct pairs      read = { .a = &memory };
    assert_int_equal(cJSON_GetArraySize(got), data->len);
    cJSON_ArrayForEach(next, got)
        pairs_add(&read, next->string, t_str(cJSON_IsString(next) ? next->valuestring : "(no string)"));
    const struct val a = tree_sorted(&memory, pairs_done(&read)), b = tree_sorted(&memory, *data);
    for (uint32_t i = 0; i < b.len; i++)
        if (strcmp(a.map[i].key, b.map[i].key) != 0 || strcmp(a.map[i].v.s, b.map[i].v.s) != 0)
            fail_msg("kubectl reads '%s' as '%s'", b.map[i].v.s, a.map[i].v.s);
}

static const char *all_of(FILE *f)
{
    struct text t = { .a = &memory };
    rewind(f);
    for (size_t n; (n = fread(text_room(&t, 65536), 1, 65536, f)) > 0;)
        t.len += n;
    fclose(f);
    return text_str(&t);
}

static void kubectl_reads_what_was_meant(void **state)
{
    (void)state;
    static const char *const label[] = { "kubectl", "label", "--local", "-o", "json", "-f", "-", "checked=yes", NULL };
    if (!present((const char *const[]){ "kubectl", "version", "--client", NULL }))
        skip();
    const struct val maps = configmaps();
    struct text      in   = { .a = &memory };
    for (uint32_t i = 0; i < maps.len; i++)
        print_yaml(&in, &maps.seq[i]);
    FILE *f = holding(in.p, in.len), *out = tmpfile();
    assert_int_equal(run(label, f, out), 0);
    fclose(f);
    const char *json = all_of(out);
    for (uint32_t i = 0; i < maps.len; i++) {
        cJSON *object = cJSON_ParseWithOpts(json, &json, 0);
        assert_non_null(object);
        assert_same_data(object, &maps.seq[i]);
        cJSON_Delete(object);
    }
}

static jmp_buf no_memory;

static int make_strings(void **state)
{
    (void)state;
    if (setjmp(no_memory) != 0)
        abort();
    memory      = (struct arena){ .out = &no_memory };
    nasty       = (struct vals){ .a = &memory };
    random_ones = (struct vals){ .a = &memory };
    add_words(&nasty);
    add_ascii(&nasty);
    add_newlines(&nasty);
    add_unicode(&nasty);
    add_lengths(&nasty);
    add_random(&random_ones, RANDOM_STRINGS);
    print_message("           %u nasty strings, %u random ones\n", nasty.len, random_ones.len);
    return 0;
}

static int drop_strings(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libyaml_reads_what_was_meant),
        cmocka_unit_test(each_string_is_a_document_of_its_own),
        cmocka_unit_test(no_line_looks_like_the_edge_of_a_document),
        cmocka_unit_test(the_layout_leaves_no_blanks_at_the_ends_of_lines),
        cmocka_unit_test(json_of_the_same_tree_says_the_same),
        cmocka_unit_test(json_is_also_yaml),
        cmocka_unit_test(pyyaml_reads_what_was_meant),
        cmocka_unit_test(kubectl_reads_what_was_meant),
    };
    return cmocka_run_group_tests(tests, make_strings, drop_strings);
}
