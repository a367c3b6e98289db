#include "cluster/secret_file.h"

#include "base/text.h"
#include "cluster/cluster.h"

const char *secret_file_bad_name(const char *name)
{
    if (*name == '.')
        return "begins with '.'";
    if (strlen(name) > 200)
        return "is longer than 200 characters";
    for (const char *s = name; *s != '\0'; s++)
        if (*s == '/')
            return "holds '/': all files lie in one folder";
        else if (*s <= ' ' || *s > '~')
            return "holds a blank or a character beyond ASCII";
    return NULL;
}

const char *secret_file_path(struct arena *a, const struct description *d, const char *name)
{
    return str_join(a, d->secrets_folder, "/", name, NULL);
}

bool secret_file_of(const struct user *u)
{
    return u->state == STATE_PRESENT && u->password.file != NULL;
}

bool secret_file_salted(const struct description *d, const struct user *u)
{
    const char *auth = user_auth(d, u);
    return secret_file_of(u) && d->kafka.metadata == MD_KRAFT && auth != NULL && str_starts(auth, "scram-");
}
