/* dictionary: prints what the field table and the presets know as words for libFuzzer, each once. */
#include "base/text.h"
#include "cluster/fields.h"
#include "source/builtin.h"

#include <stdio.h>

#define MOST_TYPES 64

static const struct type *seen[MOST_TYPES];
static size_t seen_count;

static bool is_new(const struct type *t)
{
    for (size_t i = 0; i < seen_count; i++)
        if (seen[i] == t)
            return false;
    if (seen_count < MOST_TYPES)
        seen[seen_count++] = t;
    return true;
}

/* Text of the table holds nothing that needs more than the quote and the backslash escaped. */
static void print_word(const char *s, const char *behind)
{
    putchar('"');
    for (; *s != '\0'; s++)
        if (*s == '"' || *s == '\\')
            printf("\\%c", *s);
        else if (*s >= ' ' && *s <= '~')
            putchar(*s);
    printf("%s\"\n", behind);
}

static void print_choices(const char *choices)
{
    char word[64];
    for (size_t len; *choices != '\0'; choices += len + (choices[len] == ' ')) {
        len = strcspn(choices, " ");
        snprintf(word, sizeof word, "%.*s", (int)len, choices);
        print_word(word, "");
    }
}

static void print_type(const struct type *t)
{
    const struct field *f;
    for (size_t i = 0; (f = field_at(t, i)) != NULL; i++) {
        print_word(f->name, ": ");
        if (f->choices != NULL)
            print_choices(f->choices);
        if (f->example != NULL)
            print_word(f->example, "");
        if (f->type != NULL && is_new(f->type))
            print_type(f->type);
    }
}

int main(void)
{
    print_type(&description_type);
    for (const struct builtin *b = builtins; b->name != NULL; b++)
        if (str_starts(b->name, "presets/"))
            print_word(b->name, "");
    return 0;
}
