#include "model/kubernetes.h"

#include "base/text.h"

#include <string.h>

static const struct { const char *api_version, *kind; int since, last; } kinds[] = {
#define GROUP(name)
#define KIND(api_version, kind, since, last) { api_version, kind, since, last },
#include "model/k8s_kinds.def"
#undef GROUP
#undef KIND
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const char *const groups[] = {
#define GROUP(name) name,
#define KIND(api_version, kind, since, last)
#include "model/k8s_kinds.def"
#undef GROUP
#undef KIND
};

static bool serves(size_t i, int minor)
{
    return minor >= kinds[i].since && minor <= kinds[i].last;
}

/* A custom resource has a domain for its group. */
bool k8s_own_group(const char *api_version)
{
    const char *slash = strchr(api_version, '/');
    const size_t len = slash == NULL ? 0 : (size_t)(slash - api_version);
    if (memchr(api_version, '.', len) == NULL)
        return true;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (strlen(groups[i]) == len && memcmp(groups[i], api_version, len) == 0)
            return true;
    return false;
}

bool k8s_kind_unmodelled(const char *api_version, const char *kind, int minor)
{
    if (!k8s_own_group(api_version) || strstr(api_version, "/v1alpha") != NULL)
        return true;
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].kind, kind) == 0 && strcmp(kinds[i].api_version, api_version) == 0 && serves(i, minor))
            return true;
    return false;
}

const char *k8s_kind_unmodelled_version(const char *kind, int minor)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].kind, kind) == 0 && serves(i, minor))
            return kinds[i].api_version;
    return NULL;
}
