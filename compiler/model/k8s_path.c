/* Texts with slashes or dots that name a place: paths of files, segments of URLs, fields of a pod. */
#include "model/k8s_walk.h"

#include "base/text.h"

#include <string.h>

static bool holds_backstep(const char *s)
{
    for (const char *part = s; part != NULL; part = strchr(part, '/')) {
        part += *part == '/';
        if (part[0] == '.' && part[1] == '.' && (part[2] == '/' || part[2] == '\0'))
            return true;
    }
    return false;
}

static const char *bad_segment(const char *s)
{
    if (*s == '\0')
        return "is empty";
    const bool dots = strcmp(s, ".") == 0 || strcmp(s, "..") == 0;
    return dots || strpbrk(s, "/%") != NULL ? "is '.' or '..' or holds '/' or '%'" : NULL;
}

/* A path inside of a volume. */
static const char *bad_relative(const char *s)
{
    if (*s == '/')
        return "starts with '/', and must be relative";
    return holds_backstep(s) ? "holds a '..'" : NULL;
}

/* The same for what the kubelet writes: names that start with ".." are its own. */
static const char *bad_local(const char *s)
{
    const char *bad = *s == '\0' ? "is empty" : bad_relative(s);
    return bad == NULL && strncmp(s, "..", 2) == 0 ? "starts with '..'" : bad;
}

static const char *bad_straight(const char *s)
{
    return *s == '\0' ? "is empty" : holds_backstep(s) ? "holds a '..'" : NULL;
}

static const char *bad_absolute(const char *s)
{
    return *s == '\0' ? "is empty" : *s != '/' ? "does not start with '/'" : NULL;
}

/* "acme.io/foo": a domain, a slash, and a path. */
static const char *bad_domain_path(const char *s)
{
    char domain[256];
    const char *slash = strchr(s, '/');
    if (slash == NULL || slash == s || slash[1] == '\0')
        return "is no domain with a path behind it, like example.com/name";
    const size_t len = (size_t)(slash - s);
    memcpy(domain, s, len < sizeof domain ? len : sizeof domain - 1);
    domain[len < sizeof domain ? len : sizeof domain - 1] = '\0';
    if (k8s_bad_subdomain(domain) != NULL)
        return "has a part before the '/' that is no DNS name in lower case";
    if (strlen(s) > 250)
        return "is longer than 250 characters";
    for (const char *p = slash + 1; *p != '\0'; p++)
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9'))
            && strchr("/-._~%!$&'()*+,;=:", *p) == NULL)
            return "holds a character that no path of a URL has";
    return NULL;
}

/* "apps/v1". The core group's "v1" has nothing that can be scaled but replication controllers. */
static const char *bad_group_version(const char *s)
{
    const char *slash = strchr(s, '/');
    const bool one = slash != NULL && slash > s && slash[1] != '\0' && strchr(slash + 1, '/') == NULL;
    return one ? NULL : "is no group and version like apps/v1";
}

/* The key in metadata.labels['key']; the enumeration of the field has checked what stands around it. */
static const char *bad_field(const char *s)
{
    char key[400];
    const char *open = strstr(s, "['");
    const size_t len = open == NULL ? 0 : strlen(open + 2);
    if (open == NULL)
        return NULL;
    if (len < 2 || len - 2 >= sizeof key)
        return "has no key between ['...']";
    memcpy(key, open + 2, len - 2);
    key[len - 2] = '\0';
    for (char *p = key; str_starts(s, "metadata.annotations") && *p != '\0'; p++)
        *p = *p >= 'A' && *p <= 'Z' ? (char)(*p | 0x20) : *p;
    return k8s_bad_label_key(key) == NULL ? NULL : "has a text between ['...'] that is no key of a label or an annotation";
}

const char *k8s_bad_path(unsigned syntax, const char *s)
{
    switch (syntax) {
    case SX_SEGMENT:       return bad_segment(s);
    case SX_RELATIVE:      return bad_relative(s);
    case SX_LOCAL:         return bad_local(s);
    case SX_STRAIGHT:      return bad_straight(s);
    case SX_ABSOLUTE:      return bad_absolute(s);
    case SX_DOMAIN_PATH:   return bad_domain_path(s);
    case SX_GROUP_VERSION: return bad_group_version(s);
    default:               return bad_field(s);
    }
}
