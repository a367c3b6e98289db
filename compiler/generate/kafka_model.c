/* kafka_model.c: turns stdlib/kafka/<table>.tsv into sorted C tables. Runs when gregor is built:
 * `kafka_model stdlib/kafka > kafka_model.c`. Everything odd in a table ends the build with its file and line. */
#include "../model/kafka_hash.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_COLUMNS = 11, MAX_ROWS = 4000, MAX_LINE = 4096 };

struct table {
    char path[1024];
    int  line;
    int  columns;
    FILE *in;
    char text[MAX_LINE];
    char *col[MAX_COLUMNS];
};

static void die(const struct table *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s:%d: ", t->path, t->line);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(1);
}

static void table_open(struct table *t, const char *dir, const char *name, int columns)
{
    snprintf(t->path, sizeof t->path, "%s/%s.tsv", dir, name);
    t->line    = 0;
    t->columns = columns;
    t->in      = fopen(t->path, "r");
    if (t->in == NULL)
        die(t, "cannot be opened");
}

static void split(struct table *t)
{
    int   n = 0;
    char *p = t->text;
    for (;;) {
        if (n == t->columns)
            die(t, "more than %d columns", t->columns);
        t->col[n++] = p;
        p           = strchr(p, '\t');
        if (p == NULL)
            break;
        *p++ = '\0';
    }
    if (n != t->columns)
        die(t, "%d columns instead of %d", n, t->columns);
}

/* Reads the next row into col[]; false and closed at the end. Comments start with '#'. */
static bool table_row(struct table *t)
{
    do {
        if (fgets(t->text, MAX_LINE, t->in) == NULL) {
            fclose(t->in);
            return false;
        }
        t->line++;
    } while (t->text[0] == '#');
    const size_t len = strlen(t->text);
    if (len == 0 || t->text[len - 1] != '\n')
        die(t, "line too long, or not ended");
    t->text[len - 1] = '\0';
    split(t);
    return true;
}

/* "3.9" -> 309 */
static int line_number(const struct table *t, const char *s)
{
    int  major, minor;
    char rest;
    if (sscanf(s, "%d.%d%c", &major, &minor, &rest) != 2 || major < 2 || minor < 0 || minor > 99)
        die(t, "'%s' is not a release line", s);
    return major * 100 + minor;
}

static bool none(const char *s)
{
    return strcmp(s, "-") == 0;
}

/* Prints a C string; "-" is NULL and "\"\"" the empty string. */
static void print_text(const char *s)
{
    if (none(s)) {
        fputs("NULL", stdout);
        return;
    }
    putchar('"');
    for (s = strcmp(s, "\"\"") == 0 ? "" : s; *s != '\0'; s++) {
        if (*s == '"' || *s == '\\')
            putchar('\\');
        putchar(*s);
    }
    putchar('"');
}

static int choice(const struct table *t, const char *what, const char *s, const char *const *of)
{
    for (int i = 0; of[i] != NULL; i++)
        if (strcmp(of[i], s) == 0)
            return i;
    die(t, "unknown %s '%s'", what, s);
    return -1;
}

/* Bounds are doubles in the table, so they must be exact there. */
static void print_bound(const struct table *t, const char *name, const char *s)
{
    char        *end;
    const double d = strtod(s, &end);
    if (none(s))
        return;
    if (*end != '\0' || d > 9007199254740992.0 || d < -9007199254740992.0)
        die(t, "'%s' is not a bound that a double holds", s);
    printf(", .has_%s = true, .%s = %s", name, name, s);
}

static void print_flags(const struct table *t, char *flags)
{
    static const char *const names[]  = { "deprecated", "internal", "required", "nonEmpty", "caseInsensitive", "unique",
                                          "protocol", "voters", "endpoints", "throttled", NULL };
    static const char *const fields[] = { "deprecated = true", "internal = true", "required = true", "non_empty = true",
                                          "any_case = true", "unique = true", "shape = KF_PROTOCOL", "shape = KF_VOTERS",
                                          "shape = KF_ENDPOINTS", "shape = KF_THROTTLED" };
    if (none(flags))
        return;
    if (strstr(flags, "protocol") != NULL && strcmp(t->col[1], t->col[2]) != 0)
        die(t, "a protocol needs a row for each line: what it may be depends on the line");
    for (char *f = strtok(flags, ","); f != NULL; f = strtok(NULL, ","))
        printf(", .%s", fields[choice(t, "flag", f, names)]);
}

static void print_key(struct table *t)
{
    static const char *const types[]  = { "BOOLEAN", "STRING", "INT", "SHORT", "LONG", "DOUBLE", "LIST", "CLASS",
                                          "PASSWORD", NULL };
    static const char *const scopes[] = { "read-only", "per-broker", "cluster-wide", "-", NULL };
    static const char *const names[]  = { "KS_READ_ONLY", "KS_PER_BROKER", "KS_CLUSTER_WIDE", "KS_READ_ONLY" };
    fputs("    { .name = ", stdout);
    print_text(t->col[0]);
    printf(", .since = %d, .last = %d, .type = KT_%s, .scope = %s", line_number(t, t->col[1]), line_number(t, t->col[2]),
           types[choice(t, "type", t->col[3], types)], names[choice(t, "scope", t->col[4], scopes)]);
    fputs(", .def = ", stdout);
    print_text(t->col[5]);
    print_bound(t, "min", t->col[6]);
    print_bound(t, "max", t->col[7]);
    fputs(", .also = ", stdout);
    print_text(t->col[8]);
    fputs(", .values = ", stdout);
    print_text(t->col[9]);
    print_flags(t, t->col[10]);
    puts(" },");
}

/* The key of the row before, and the first row of each key. */
struct keys {
    char  *name[MAX_ROWS];
    int    first[MAX_ROWS];
    int    count, rows, last;
};

static void keys_add(struct keys *k, const struct table *t)
{
    const int order = k->count == 0 ? 1 : strcmp(t->col[0], k->name[k->count - 1]);
    if (order < 0 || (order == 0 && line_number(t, t->col[1]) <= k->last))
        die(t, "'%s' %s is out of order", t->col[0], t->col[1]);
    if (k->rows == MAX_ROWS - 1)
        die(t, "too many rows");
    if (order > 0) {
        k->first[k->count]  = k->rows;
        k->name[k->count++] = strdup(t->col[0]);
    }
    k->last = line_number(t, t->col[2]);
    k->rows++;
}

static void print_slots(const struct keys *k, const char *name)
{
    static int slots[4 * MAX_ROWS];
    uint32_t   size = 2;
    while (size < 2 * (uint32_t)k->count)
        size *= 2;
    memset(slots, 0, sizeof slots);
    for (int i = 0; i < k->count; i++) {
        uint32_t at = kafka_hash(k->name[i]) & (size - 1);
        while (slots[at] != 0)
            at = (at + 1) & (size - 1);
        slots[at] = k->first[i] + 1;
    }
    printf("static const uint16_t %s_slots[] = {", name);
    for (uint32_t i = 0; i < size; i++)
        printf("%s%d,", i % 20 == 0 ? "\n    " : " ", slots[i]);
    printf("\n};\nconst struct kafka_table kafka_%s_table = { %s_rows, %s_slots, %u };\n\n", name, name, name, size - 1);
}

static void print_keys(const char *dir, const char *name)
{
    static struct table t;
    struct keys *k = calloc(1, sizeof *k);
    if (k == NULL)
        exit(1);
    table_open(&t, dir, name, 11);
    printf("static const struct kafka_key %s_rows[] = {\n", name);
    while (table_row(&t)) {
        keys_add(k, &t);
        print_key(&t);
    }
    puts("    { .name = NULL }\n};");
    print_slots(k, name);
    for (int i = 0; i < k->count; i++)
        free(k->name[i]);
    free(k);
}

static void print_releases(const char *dir)
{
    static struct table t;
    table_open(&t, dir, "releases", 3);
    puts("const struct kafka_release kafka_releases[] = {");
    while (table_row(&t)) {
        char      *dot  = strrchr(t.col[0], '.');
        const int  line = line_number(&t, t.col[2]);
        printf("    { \"%s\", %d, ", t.col[0], line);
        if (dot == NULL || (*dot = '\0', strcmp(t.col[0], t.col[2]) != 0))
            die(&t, "the release is not of line %s", t.col[2]);
        print_text(t.col[1]);
        printf(", \"%s\" },\n", t.col[2]);
    }
    puts("    { NULL, 0, NULL, NULL }\n};\n");
}

static void print_protocols(const char *dir)
{
    static struct table t;
    table_open(&t, dir, "protocols", 3);
    puts("const struct kafka_protocol kafka_protocols[] = {");
    while (table_row(&t))
        printf("    { \"%s\", %d, %d },\n", t.col[0], line_number(&t, t.col[1]), line_number(&t, t.col[2]));
    puts("    { NULL, 0, 0 }\n};");
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: kafka_model DIRECTORY\n", stderr);
        return 2;
    }
    puts("/* Made from stdlib/kafka by generate/kafka_model.c. */\n#include \"model/kafka_table.h\"\n\n#include <stddef.h>\n");
    print_keys(argv[1], "broker");
    print_keys(argv[1], "topic");
    print_releases(argv[1]);
    print_protocols(argv[1]);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
