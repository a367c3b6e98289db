/* Names, keys and other short texts, by the rules of apimachinery's util/validation (EC 2.9). Addresses, paths and times:
 * k8s_address.c, k8s_path.c, k8s_time.c. */
#include "model/k8s_walk.h"

#include "base/text.h"

#include <string.h>

enum { LOWER = 1, UPPER = 2, DIGIT = 4, DASH = 8, UNDERSCORE = 16, DOT = 32, ALNUM = LOWER | UPPER | DIGIT };

/* Classes of the bytes; nothing beyond ASCII has one. */
static const unsigned char classes[256] = {
     0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
     0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
     0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  8, 32,  0,
     4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  0,  0,  0,  0,  0,  0,
     0,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
     2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  0,  0,  0,  0, 16,
     0,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,
     1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  0,  0,  0,  0,  0,
};

static unsigned class_of(char c)
{
    return classes[(unsigned char)c];
}

/* Bytes at the start of `s` that are all of the classes `allowed`. */
static size_t span(const char *s, unsigned allowed)
{
    size_t n = 0;
    while (class_of(s[n]) & allowed)
        n++;
    return n;
}

#define EDGE "starts or ends with something other than a letter or digit"
#define LOWER_EDGE "starts or ends with something other than a-z or 0-9"

const char *k8s_bad_label_name(const char *s)
{
    const size_t len = span(s, LOWER | DIGIT | DASH);
    if (s[len] != '\0')
        return "holds a character other than a-z, 0-9 and '-'";
    if (len == 0)
        return "is empty";
    if (len > 63)
        return "is longer than 63 characters";
    return s[0] == '-' || s[len - 1] == '-' ? LOWER_EDGE : NULL;
}

static bool bad_part(const char *s, size_t len)
{
    return len == 0 || s[0] == '-' || s[len - 1] == '-';
}

static const char *bad_subdomain(const char *s, size_t len)
{
    if (len == 0)
        return "is empty";
    if (len > 253)
        return "is longer than 253 characters";
    for (size_t start = 0; start <= len; ) {
        const size_t part = span(s + start, LOWER | DIGIT | DASH), at = start + part;
        if (at < len && s[at] != '.')
            return "holds a character other than a-z, 0-9, '-' and '.'";
        if (bad_part(s + start, part))
            return "has a part that is empty or starts or ends with '-'";
        start = at + 1;
    }
    return NULL;
}

const char *k8s_bad_subdomain(const char *s)
{
    return bad_subdomain(s, strlen(s));
}

const char *k8s_bad_service_name(const char *s)
{
    const char *bad = k8s_bad_label_name(s);
    if (bad == NULL && !(class_of(s[0]) & LOWER))
        return "does not start with a-z, as the name of a Service must";
    return bad;
}

static const char *bad_qualified(const char *s)
{
    const size_t len = span(s, ALNUM | DASH | UNDERSCORE | DOT);
    if (s[len] != '\0')
        return "holds a character other than letters, digits, '-', '_' and '.'";
    if (len > 63)
        return "is longer than 63 characters";
    return len == 0 || (class_of(s[0]) & ALNUM && class_of(s[len - 1]) & ALNUM) ? NULL : EDGE;
}

const char *k8s_bad_label_value(const char *s)
{
    return bad_qualified(s);
}

const char *k8s_bad_label_key(const char *s)
{
    static const char common[] = "app.kubernetes.io/"; /* most keys by far */
    const bool known = strncmp(s, common, sizeof common - 1) == 0;
    const char *slash = known ? s + sizeof common - 2 : strchr(s, '/');
    if (!known && slash != NULL && bad_subdomain(s, (size_t)(slash - s)) != NULL)
        return "has a part before the '/' that is no DNS name in lower case";
    const char *name = slash == NULL ? s : slash + 1;
    return *name == '\0' ? "is empty" : bad_qualified(name);
}

const char *k8s_bad_env_name(const char *s)
{
    if (*s == '\0')
        return "is empty";
    if (class_of(*s) & DIGIT)
        return "starts with a digit";
    if (strcmp(s, ".") == 0 || strncmp(s, "..", 2) == 0)
        return "is '.' or starts with '..'";
    return s[span(s, ALNUM | DASH | UNDERSCORE | DOT)] == '\0'
        ? NULL : "holds a character other than letters, digits, '-', '_' and '.'";
}

const char *k8s_bad_port_name(const char *s)
{
    const char *bad = k8s_bad_label_name(s);
    if (bad != NULL)
        return bad;
    if (strlen(s) > 15)
        return "is longer than the 15 characters a port's name may have";
    if (strstr(s, "--") != NULL)
        return "has two '-' in a row";
    return strpbrk(s, "abcdefghijklmnopqrstuvwxyz") == NULL ? "has no letter" : NULL;
}

/* Keys of ConfigMaps and Secrets: they become file names. */
const char *k8s_bad_data_key(const char *s)
{
    const size_t len = span(s, ALNUM | DASH | UNDERSCORE | DOT);
    if (s[len] != '\0')
        return "holds a character other than letters, digits, '-', '_' and '.'";
    if (len == 0)
        return "is empty";
    if (len > 253)
        return "is longer than 253 characters";
    return strcmp(s, ".") == 0 || strncmp(s, "..", 2) == 0 ? "cannot be the name of a file" : NULL;
}

/* The controller adds "-" and a hash of ten to the name of a StatefulSet and puts that into a label of 63 (EC 2.9). */
static const char *bad_stateful_set(const char *s)
{
    const char *bad = strlen(s) > 63 ? NULL : k8s_bad_label_name(s);
    return bad == NULL && strlen(s) > 52 ? "is longer than 52 characters, too long for the labels of its pods" : bad;
}

static const char *bad_cron_job(const char *s)
{
    const char *bad = k8s_bad_subdomain(s);
    return bad == NULL && strlen(s) > 52 ? "is longer than the 52 characters a CronJob may have" : bad;
}

/* A key whose part before the '/' may have capitals: of annotations, and provisioners of storage. */
static const char *bad_any_case(const char *s)
{
    char lower[400];
    size_t n = 0;
    const char *slash = strchr(s, '/');
    if (slash == NULL || (size_t)(slash - s) > sizeof lower - 2)
        return k8s_bad_label_key(s);
    for (; s < slash; s++)
        lower[n++] = class_of(*s) & UPPER ? (char)(*s | 0x20) : *s;
    lower[n] = '\0';
    if (bad_subdomain(lower, n) != NULL)
        return "has a part before the '/' that is no DNS name";
    return slash[1] == '\0' ? "is empty" : bad_qualified(slash + 1);
}

static const char *bad_finalizer(const char *s)
{
    const bool standard = strcmp(s, "kubernetes") == 0 || strcmp(s, "orphan") == 0 || strcmp(s, "foregroundDeletion") == 0;
    const char *bad = k8s_bad_label_key(s);
    return bad == NULL && !standard && strchr(s, '/') == NULL ? "has no domain before a '/'" : bad;
}

static const char *bad_driver(const char *s)
{
    char lower[64];
    size_t n = 0;
    for (; s[n] != '\0' && n < sizeof lower; n++)
        lower[n] = class_of(s[n]) & UPPER ? (char)(s[n] | 0x20) : s[n];
    return n == sizeof lower ? "is longer than the 63 characters a driver may have" : bad_subdomain(lower, n);
}

/* What comes before the first character that is not allowed must be all. */
static const char *bad_characters(const char *s, unsigned allowed, const char *bad)
{
    return *s == '\0' ? "is empty" : s[span(s, allowed)] == '\0' ? NULL : bad;
}

static const char *bad_header(const char *s)
{
    return bad_characters(s, ALNUM | DASH, "holds a character other than letters, digits and '-'");
}

/* The name of a kind of objects. */
static const char *bad_kind(const char *s)
{
    const size_t len = span(s, ALNUM | DASH);
    if (*s == '\0' || s[len] != '\0')
        return *s == '\0' ? "is empty" : "holds a character other than letters, digits and '-'";
    return class_of(*s) & (LOWER | UPPER) && s[len - 1] != '-' ? NULL : "does not start with a letter, or ends with '-'";
}

/* Since 1.32 the name of a variable may be any printable ASCII without '='. */
static const char *bad_printable(const char *s)
{
    if (*s == '\0')
        return "is empty";
    for (; *s != '\0'; s++)
        if (*s < ' ' || *s > '~' || *s == '=')
            return "holds a '=' or a character that is not printable ASCII";
    return NULL;
}

/* Segments of a-z, 0-9, '-' and '_', joined by '.' or '/'. */
static const char *bad_sysctl(const char *s)
{
    if (strlen(s) > 253)
        return "is longer than 253 characters";
    for (;; s++) {
        const size_t len = span(s, LOWER | DIGIT | DASH | UNDERSCORE);
        if (len == 0 || !(class_of(s[0]) & (LOWER | DIGIT)) || !(class_of(s[len - 1]) & (LOWER | DIGIT)))
            return "has a part that is empty or starts or ends with something other than a-z or 0-9";
        s += len;
        if (*s == '\0')
            return NULL;
        if (*s != '.' && *s != '/')
            return "holds a character other than a-z, 0-9, '-', '_', '.' and '/'";
    }
}

static const char *bad_trimmed(const char *s)
{
    const size_t n = strlen(s);
    return n > 0 && (strchr(" \t\r\n\v\f", s[0]) != NULL || strchr(" \t\r\n\v\f", s[n - 1]) != NULL)
        ? "starts or ends with a blank" : NULL;
}

/* ---- names of hosts ----------------------------------------------------------------------------------- */

/* A dot at the end marks a name that is looked up as it stands. Since 1.33 a '_' may stand wherever a '-' may, and lead. */
static const char *bad_search(const char *s, bool underscores)
{
    char plain[260];
    size_t len = strlen(s);
    if (underscores && strcmp(s, ".") == 0)
        return NULL;
    len -= len > 0 && s[len - 1] == '.';
    if (len > 253)
        return "is longer than 253 characters";
    for (size_t i = 0; i < len; i++) {
        const bool leads = (i == 0 || s[i - 1] == '.') && class_of(s[i + 1]) & (LOWER | DIGIT);
        plain[i] = !underscores || s[i] != '_' ? s[i] : leads ? 'a' : '-';
    }
    plain[len] = '\0';
    return bad_subdomain(plain, len);
}

/* OpenShift's pattern of a host: labels of letters, digits and '-'. */
static const char *bad_route_host(const char *s)
{
    if (strlen(s) > 253)
        return "is longer than 253 characters";
    for (;; s++) {
        const size_t len = span(s, ALNUM | DASH);
        if (s[len] != '.' && s[len] != '\0')
            return "holds a character other than letters, digits, '-' and '.'";
        if (len > 63 || bad_part(s, len))
            return "has a part that is empty, longer than 63 characters, or starts or ends with '-'";
        s += len;
        if (*s == '\0')
            return NULL;
    }
}

static const char *bad_wildcard_host(const char *s)
{
    return k8s_bad_subdomain(strncmp(s, "*.", 2) == 0 ? s + 2 : s);
}

static const char *bad_routed_host(const char *s)
{
    return k8s_bad_address(s) == NULL ? "is an IP address and no name of a host" : bad_wildcard_host(s);
}

/* ---- all of them -------------------------------------------------------------------------------------- */

unsigned k8s_syntax_in(unsigned syntax, int minor)
{
    switch (syntax) {
    case SX_ENV:              return minor >= 32 ? SX_ENV_PRINTABLE : syntax;
    case SX_ENV_OR_EMPTY:     return minor >= 32 ? SX_PRINTABLE_OR_EMPTY : syntax;
    case SX_SERVICE:          return minor >= 36 ? SX_LABEL : syntax;
    case SX_SERVICE_OR_EMPTY: return minor >= 36 ? SX_LABEL_OR_EMPTY : syntax;
    case SX_SEARCH:           return minor >= 33 ? SX_SEARCH_UNDERSCORE : syntax;
    case SX_CIDR:             return minor >= 36 ? SX_CIDR_EXACT : syntax;
    case SX_IP:               return minor >= 36 ? SX_IP_EXACT : syntax;
    default:                  return syntax;
    }
}

static const char *bad_name(unsigned syntax, const char *s)
{
    switch (syntax) {
    case SX_LABEL:         return k8s_bad_label_name(s);
    case SX_LABEL_VALUE:   return k8s_bad_label_value(s);
    case SX_SERVICE:       return k8s_bad_service_name(s);
    case SX_SUBDOMAIN:     return k8s_bad_subdomain(s);
    case SX_STATEFULSET:   return bad_stateful_set(s);
    case SX_CRONJOB:       return bad_cron_job(s);
    case SX_LABEL_KEY:     return k8s_bad_label_key(s);
    case SX_QUALIFIED:     return bad_any_case(s);
    case SX_FINALIZER:     return bad_finalizer(s);
    case SX_DRIVER:        return bad_driver(s);
    case SX_ENV:           return k8s_bad_env_name(s);
    case SX_ENV_PRINTABLE: return bad_printable(s);
    case SX_PORT_NAME:     return k8s_bad_port_name(s);
    case SX_DATA_KEY:      return k8s_bad_data_key(s);
    case SX_HEADER:        return bad_header(s);
    case SX_KIND:          return bad_kind(s);
    case SX_RESOURCE:      return k8s_bad_resource(s);
    case SX_SYSCTL:        return bad_sysctl(s);
    case SX_TRIMMED:       return bad_trimmed(s);
    default:               return NULL;
    }
}

const char *k8s_bad_syntax(unsigned syntax, const char *s)
{
    switch (syntax) {
    case SX_LABEL_OR_EMPTY:     return *s == '\0' ? NULL : bad_name(SX_LABEL, s);
    case SX_SERVICE_OR_EMPTY:   return *s == '\0' ? NULL : bad_name(SX_SERVICE, s);
    case SX_SUBDOMAIN_OR_EMPTY: return *s == '\0' ? NULL : bad_name(SX_SUBDOMAIN, s);
    case SX_LABEL_KEY_OR_EMPTY: return *s == '\0' ? NULL : bad_name(SX_LABEL_KEY, s);
    case SX_ENV_OR_EMPTY:       return *s == '\0' ? NULL : bad_name(SX_ENV, s);
    case SX_PRINTABLE_OR_EMPTY: return *s == '\0' ? NULL : bad_name(SX_ENV_PRINTABLE, s);
    case SX_SEGMENT:
    case SX_FIELD:
    case SX_RELATIVE:
    case SX_LOCAL:
    case SX_STRAIGHT:
    case SX_ABSOLUTE:
    case SX_DOMAIN_PATH:
    case SX_GROUP_VERSION:      return k8s_bad_path(syntax, s);
    case SX_ROUTE_HOST:         return bad_route_host(s);
    case SX_WILDCARD_HOST:      return bad_wildcard_host(s);
    case SX_ROUTED_HOST:        return bad_routed_host(s);
    case SX_SEARCH:             return bad_search(s, false);
    case SX_SEARCH_UNDERSCORE:  return bad_search(s, true);
    case SX_CRON:               return k8s_bad_schedule(s);
    case SX_TIME_ZONE:          return k8s_bad_time_zone(s);
    case SX_CIDR:               return k8s_bad_cidr(s);
    case SX_CIDR_EXACT:         return k8s_bad_exact_cidr(s);
    case SX_IP:                 return k8s_bad_address(s);
    case SX_IP_EXACT:           return k8s_bad_exact_address(s);
    default:                    return bad_name(syntax, s);
    }
}
