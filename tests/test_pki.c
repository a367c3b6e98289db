/* Certificates are made as asked for, and what is read from one is what it says; damaged ones are refused at any byte.
 * tests/test_pki.sh has openssl judge the files. */
#include "base/text.h"
#include "fixture.h"
#include "pki/pki.h"

#define FROM ((int64_t)1700000000) /* 2023-11-14T22:13:20Z */
#define TO   ((int64_t)2524608000) /* 2050-01-01T00:00:00Z: written with four digits of the year */

static struct arena *a;

static struct pki_made make(const struct pki_request *r, const struct pki_signer *s)
{
    struct pki_made made;
    const char *why = NULL;
    a = &world.arena;
    if (!pki_make(a, r, s, &made, &why))
        fail_msg("%s", why);
    return made;
}

static struct pki_made make_ca(const char *name)
{
    return make(&(struct pki_request){ .kind = PKI_EC, .common_name = name, .organization = "shop", .not_before = FROM,
                                       .not_after = TO }, NULL);
}

static struct pki_signer signer_of(struct pki_made ca)
{
    struct pki_signer s;
    const char *why = NULL;
    if (!pki_signer_open(a, &s, ca.certificate, ca.key, &why))
        fail_msg("%s", why);
    return s;
}

static struct pki_made make_leaf(struct pki_made ca, enum pki_key kind)
{
    static const char *dns[] = { "*.orders-nodes.shop.svc", "b0.example.com" }, *ip[] = { "203.0.113.7", "2001:db8::7" };
    struct pki_signer s = signer_of(ca);
    const struct pki_made leaf = make(&(struct pki_request){ .kind = kind, .bits = 2048, .common_name = "orders", .dns = dns,
        .dns_count = 2, .ip = ip, .ip_count = 2, .not_before = FROM, .not_after = FROM + 365 * PKI_DAY }, &s);
    pki_signer_close(&s);
    return leaf;
}

static bool read_all(const char *text, struct pki_chain *chain, const char **why)
{
    uint32_t line;
    return pki_read(a, text, strlen(text), chain, &line, why);
}

static struct pki_certificate read_one(struct pki_bytes der)
{
    struct pki_chain chain;
    const char *why = NULL;
    if (!read_all(pki_pem(a, "CERTIFICATE", der), &chain, &why))
        fail_msg("%s", why);
    assert_int_equal(chain.len, 1);
    return chain.at[0];
}

/* ---- made and read ------------------------------------------------------------------------------------------ */

static void an_authority_signs_itself_and_others(void **state)
{
    (void)state;
    const struct pki_made ca = make_ca("orders CA"), other = make_ca("orders CA"), leaf = make_leaf(ca, PKI_EC);
    const struct pki_certificate c = read_one(ca.certificate), l = read_one(leaf.certificate), o = read_one(other.certificate);
    assert_true(pki_signed_by(ca.certificate, ca.certificate));
    assert_true(pki_signed_by(leaf.certificate, ca.certificate));
    assert_false(pki_signed_by(leaf.certificate, other.certificate));
    assert_true(pki_issued_by(&l, &c));
    assert_true(pki_issued_by(&c, &c));
    assert_false(pki_issued_by(&l, &o)); /* the same name, another key */
    assert_false(pki_issued_by(&c, &l));
}

static void an_authority_is_one_and_a_leaf_is_none(void **state)
{
    (void)state;
    const struct pki_made ca = make_ca("orders CA");
    const struct pki_certificate c = read_one(ca.certificate), l = read_one(make_leaf(ca, PKI_EC).certificate);
    assert_true(c.is_ca && c.may_sign);
    assert_true(!l.is_ca && !l.may_sign && l.server && l.client);
    assert_string_equal(c.subject, "CN=orders CA,O=shop");
    assert_string_equal(l.common_name, "orders");
    assert_string_equal(l.digest, "SHA-256");
}

static void names_and_addresses_come_back(void **state)
{
    (void)state;
    const struct pki_certificate l = read_one(make_leaf(make_ca("orders CA"), PKI_EC).certificate);
    assert_int_equal(l.dns_count, 2);
    assert_int_equal(l.ip_count, 2);
    assert_string_equal(l.dns[1], "b0.example.com");
    assert_true(pki_covers(&l, "203.0.113.7"));
    assert_true(pki_covers(&l, "2001:DB8:0:0::7"));
    assert_false(pki_covers(&l, "203.0.113.8"));
}

static void a_wildcard_stands_for_one_label(void **state)
{
    (void)state;
    const struct pki_certificate l = read_one(make_leaf(make_ca("orders CA"), PKI_EC).certificate);
    assert_true(pki_covers(&l, "orders-broker-0.orders-nodes.shop.svc"));
    assert_true(pki_covers(&l, "ORDERS-broker-0.Orders-Nodes.shop.svc"));
    assert_true(pki_covers(&l, "*.orders-nodes.shop.svc"));
    assert_false(pki_covers(&l, "orders-nodes.shop.svc"));
    assert_false(pki_covers(&l, ".orders-nodes.shop.svc"));
    assert_false(pki_covers(&l, "a.b.orders-nodes.shop.svc"));
    assert_false(pki_covers(&l, "b0.example.com.evil"));
}

static void dates_come_back_to_the_second(void **state)
{
    (void)state;
    const struct pki_certificate c = read_one(make_ca("orders CA").certificate);
    assert_true(c.not_before == FROM && c.not_after == TO);
    assert_string_equal(pki_time(a, FROM), "2023-11-14T22:13:20Z");
    assert_string_equal(pki_date(a, TO), "2050-01-01");
    assert_string_equal(pki_date(a, 951782400), "2000-02-29");
    assert_string_equal(pki_date(a, 951868800), "2000-03-01");
    assert_string_equal(pki_date(a, 4107542400), "2100-03-01");
}

static void keys_have_their_type_and_size(void **state)
{
    (void)state;
    const struct pki_made ca = make_ca("orders CA"), rsa = make_leaf(ca, PKI_RSA);
    const struct pki_certificate c = read_one(ca.certificate), r = read_one(rsa.certificate);
    assert_true(c.key == PKI_EC && c.bits == 256 && strcmp(c.curve, "P-256") == 0 && r.curve == NULL);
    assert_true(r.key == PKI_RSA && r.bits == 2048);
    assert_true(pki_key_fits(rsa.key, rsa.certificate));
    assert_false(pki_key_fits(rsa.key, ca.certificate));
    assert_false(pki_key_fits(make_leaf(ca, PKI_EC).key, ca.certificate));
}

static void a_key_that_is_given_is_kept(void **state)
{
    (void)state;
    const struct pki_made first = make_ca("orders CA");
    const struct pki_made again = make(&(struct pki_request){ .key = first.key, .common_name = "orders CA", .not_before = FROM,
                                                              .not_after = TO + 1 }, NULL);
    assert_int_equal(first.key.len, again.key.len);
    assert_memory_equal(first.key.at, again.key.at, first.key.len);
    assert_true(pki_key_fits(first.key, again.certificate));
}

static void a_signer_needs_the_key_of_its_certificate(void **state)
{
    (void)state;
    const struct pki_made ca = make_ca("orders CA"), other = make_ca("other CA");
    struct pki_signer s;
    const char *why = NULL;
    assert_false(pki_signer_open(a, &s, ca.certificate, other.key, &why));
    assert_string_equal(why, "the private key does not belong to the certificate");
    assert_false(pki_signer_open(a, &s, ca.certificate, ca.certificate, &why));
    assert_true(str_starts(why, "libcrypto: "));
}

/* ---- PEM ------------------------------------------------------------------------------------------------------ */

static void a_chain_keeps_its_order_and_lines(void **state)
{
    (void)state;
    const struct pki_made ca = make_ca("orders CA"), leaf = make_leaf(ca, PKI_EC);
    const char *one = pki_pem(a, "CERTIFICATE", leaf.certificate);
    const char *text = str_join(a, "subject=orders\n", one, "\n# the authority\n", pki_pem(a, "CERTIFICATE", ca.certificate), NULL);
    struct pki_chain chain;
    const char *why;
    assert_true(read_all(str_replace(a, text, "\n", "\r\n"), &chain, &why));
    assert_int_equal(chain.len, 2);
    assert_int_equal(chain.at[0].line, 2);
    assert_true(!chain.at[0].is_ca && chain.at[1].is_ca);
    assert_int_equal(chain.at[0].der.len, leaf.certificate.len);
    assert_memory_equal(chain.at[0].der.at, leaf.certificate.at, leaf.certificate.len);
}

static void refused(const char *text, const char *wanted)
{
    struct pki_chain chain;
    const char *why = "nothing";
    assert_false(read_all(text, &chain, &why));
    assert_string_equal(why, wanted);
}

static void what_is_no_certificate_is_refused(void **state)
{
    (void)state;
    const struct pki_made ca = make_ca("orders CA");
    const char *pem = pki_pem(a, "CERTIFICATE", ca.certificate), *key = pki_pem(a, "PRIVATE KEY", ca.key);
    refused("", "holds no certificate in PEM form");
    refused("hello\n", "holds no certificate in PEM form");
    refused(key, "holds a private key");
    refused(str_join(a, pem, key, NULL), "holds a private key");
    refused("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "holds a damaged certificate");
    refused("-----BEGIN CERTIFICATE-----\nAAAA\n", "holds a damaged certificate");
    refused(str_replace(a, pem, "END CERT", "END KERT"), "holds a damaged certificate");
    struct text many = { .a = a };
    for (int i = 0; i <= PKI_MAX_CHAIN; i++)
        text_add(&many, pem);
    refused(text_str(&many), "holds more than 64 certificates");
}

static void keys_are_read_in_pkcs8_form_only(void **state)
{
    (void)state;
    const struct pki_made ca = make_ca("orders CA");
    struct pki_bytes key;
    const char *why, *pem = pki_pem(a, "PRIVATE KEY", ca.key);
    assert_true(pki_read_key(a, pem, strlen(pem), &key, &why));
    assert_true(pki_key_fits(key, ca.certificate));
    pem = pki_pem(a, "EC PRIVATE KEY", ca.key);
    assert_false(pki_read_key(a, pem, strlen(pem), &key, &why));
    assert_string_equal(why, "holds a key that is not in PKCS#8 form without a password");
    pem = pki_pem(a, "CERTIFICATE", ca.certificate);
    assert_false(pki_read_key(a, pem, strlen(pem), &key, &why));
    assert_string_equal(why, "holds no private key in PEM form");
}

/* ---- damage ------------------------------------------------------------------------------------------------------ */

static struct pki_bytes copy(struct pki_bytes b, size_t len)
{
    return (struct pki_bytes){ (const uint8_t *)arena_dup(a, (const char *)b.at, len), len };
}

static bool reads(struct pki_bytes der)
{
    struct pki_chain chain;
    const char *why;
    return read_all(pki_pem(a, "CERTIFICATE", der), &chain, &why);
}

static void a_certificate_that_is_cut_off_is_refused(void **state)
{
    (void)state;
    const struct pki_bytes der = make_leaf(make_ca("orders CA"), PKI_EC).certificate;
    for (size_t len = 1; len < der.len; len++)
        if (reads(copy(der, len)))
            fail_msg("reads with %zu of %zu bytes", len, der.len);
    assert_true(reads(der));
}

/* Some changes leave a certificate, another one; none may be read beyond its end, which the sanitizers watch. */
static void a_changed_byte_breaks_nothing(void **state)
{
    (void)state;
    static const uint8_t changes[] = { 0x00, 0x01, 0x30, 0x7f, 0x80, 0x81, 0x84, 0xff };
    const struct pki_bytes whole = make_leaf(make_ca("orders CA"), PKI_EC).certificate;
    size_t refused_ones = 0;
    uint8_t *bytes = (uint8_t *)arena_dup(a, (const char *)whole.at, whole.len);
    for (size_t i = 0; i < whole.len; i++)
        for (size_t n = 0; n < sizeof changes; n++) {
            const uint8_t old = bytes[i];
            bytes[i] = changes[n];
            refused_ones += !reads((struct pki_bytes){ bytes, whole.len });
            bytes[i] = old;
        }
    assert_true(refused_ones > 100);
    assert_true(reads(whole));
}

int main(void)
{
    FIXTURE_GUARD();
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(an_authority_signs_itself_and_others), FIXTURE_TEST(an_authority_is_one_and_a_leaf_is_none),
        FIXTURE_TEST(names_and_addresses_come_back), FIXTURE_TEST(a_wildcard_stands_for_one_label),
        FIXTURE_TEST(dates_come_back_to_the_second), FIXTURE_TEST(keys_have_their_type_and_size),
        FIXTURE_TEST(a_key_that_is_given_is_kept), FIXTURE_TEST(a_signer_needs_the_key_of_its_certificate),
        FIXTURE_TEST(a_chain_keeps_its_order_and_lines), FIXTURE_TEST(what_is_no_certificate_is_refused),
        FIXTURE_TEST(keys_are_read_in_pkcs8_form_only), FIXTURE_TEST(a_certificate_that_is_cut_off_is_refused),
        FIXTURE_TEST(a_changed_byte_breaks_nothing),
    };
    return cmocka_run_group_tests_name("pki", tests, NULL, NULL);
}
