#include "plan/jaas.h"

static void escaped(struct text *t, char c)
{
    static const char special[] = "\"\\\n\r", letters[] = "\"\\nr";
    const char *at = strchr(special, c);
    if (at != NULL)
        text_char(t, '\\');
    text_char(t, at == NULL ? c : letters[at - special]);
}

void jaas_quoted(struct text *t, const char *s)
{
    text_char(t, '"');
    for (; *s != '\0'; s++)
        escaped(t, *s);
    text_char(t, '"');
}

/* StreamTokenizer's words as JaasConfig sets it up begin with a letter and go on with letters, digits and these. */
static bool is_word(const char *s)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (*s == '\0' || strchr(letters, *s) == NULL)
        return false;
    while (*s != '\0' && (strchr(letters, *s) != NULL || strchr("0123456789_-.$", *s) != NULL))
        s++;
    return *s == '\0';
}

static void assign(struct text *t, const char *key, const char *value)
{
    if (is_word(key))
        text_add(t, key);
    else
        jaas_quoted(t, key);
    text_char(t, '=');
    jaas_quoted(t, value);
}

void jaas_begin(struct text *t, const char *module)
{
    text_join(t, module, " required", NULL);
}

void jaas_option(struct text *t, const char *key, const char *value)
{
    text_char(t, ' ');
    assign(t, key, value);
}

void jaas_user(struct text *t, const char *name, const char *password)
{
    assign(t, str_join(t->a, "user_", name, NULL), password);
}

void jaas_end(struct text *t)
{
    text_char(t, ';');
}
