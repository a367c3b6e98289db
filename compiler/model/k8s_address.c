/* Addresses and ranges of them. Until 1.35 the API server reads more than it says; what is meant as one thing and read as
 * another is refused since 1.36 (KEP 4858): the exact forms. */
#include "model/k8s_walk.h"

#include <arpa/inet.h>
#include <string.h>

static bool parse_address(const char *s, struct k8s_cidr *out)
{
    out->len = 4;
    if (inet_pton(AF_INET, s, out->bytes) == 1)
        return true;
    out->len = 16;
    return inet_pton(AF_INET6, s, out->bytes) == 1;
}

bool k8s_parse_cidr(const char *s, struct k8s_cidr *out)
{
    char address[INET6_ADDRSTRLEN];
    int64_t bits;
    const char *slash = strchr(s, '/');
    if (slash == NULL || (size_t)(slash - s) >= sizeof address)
        return false;
    memcpy(address, s, (size_t)(slash - s));
    address[slash - s] = '\0';
    if (!parse_address(address, out) || !k8s_plain_int(slash + 1, &bits) || bits < 0 || bits > (int64_t)out->len * 8)
        return false;
    out->bits = (unsigned)bits;
    return true;
}

const char *k8s_bad_cidr(const char *s)
{
    struct k8s_cidr out;
    return k8s_parse_cidr(s, &out) ? NULL : "is no range of addresses like 10.0.0.0/8";
}

const char *k8s_bad_address(const char *s)
{
    struct k8s_cidr out;
    return parse_address(s, &out) ? NULL : "is no IP address";
}

/* An IPv4 address in the clothes of IPv6: ::ffff:10.0.0.1. */
static bool is_mapped(const struct k8s_cidr *c)
{
    static const unsigned char prefix[12] = { [10] = 0xff, [11] = 0xff };
    return c->len == 16 && memcmp(c->bytes, prefix, sizeof prefix) == 0;
}

const char *k8s_bad_exact_address(const char *s)
{
    struct k8s_cidr out;
    if (!parse_address(s, &out))
        return "is no IP address";
    return is_mapped(&out) ? "is an IPv4 address in IPv6 form: write it as IPv4" : NULL;
}

static bool has_bits_beyond(const struct k8s_cidr *c)
{
    for (unsigned i = c->bits; i < c->len * 8; i++)
        if (c->bytes[i / 8] >> (7 - i % 8) & 1)
            return true;
    return false;
}

const char *k8s_bad_exact_cidr(const char *s)
{
    struct k8s_cidr out;
    if (!k8s_parse_cidr(s, &out))
        return "is no range of addresses like 10.0.0.0/8";
    if (is_mapped(&out))
        return "is a range of IPv4 in IPv6 form: write it as IPv4";
    return has_bits_beyond(&out) ? "has bits set beyond its prefix, and must start where the range starts" : NULL;
}

bool k8s_is_loopback(const char *s)
{
    static const unsigned char six[16] = { [15] = 1 };
    struct k8s_cidr out;
    return parse_address(s, &out) && (out.len == 4 ? out.bytes[0] == 127 : memcmp(out.bytes, six, sizeof six) == 0);
}
