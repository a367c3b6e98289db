/* SCRAM credentials are those of RFC 7677 and of Kafka's ScramFormatter. */
#include "base/base64.h"
#include "fixture.h"
#include "pki/scram.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

static struct scram_user user(enum scram mechanism, const char *password, int iterations)
{
    return (struct scram_user){ .cluster = "shop/orders", .name = "user", .mechanism = mechanism, .iterations = iterations,
                                .password = password, .password_len = strlen(password) };
}

/* ---- the password ----------------------------------------------------------------------------------------- */

static void hmac(const uint8_t *key, const char *text, uint8_t out[32])
{
    HMAC(EVP_sha256(), key, 32, (const uint8_t *)text, strlen(text), out, NULL);
}

/* RFC 7677, section 3: user "user", password "pencil". The server's answer proves ServerKey, the client's proof gives back a
 * ClientKey whose hash is StoredKey. */
static void the_exchange_of_rfc_7677_is_right(void **state)
{
    static const char auth[] = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                               "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,"
                               "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    uint8_t salt[18], salted[SCRAM_MOST], client[32], server[32], stored[32], proof[32];
    const struct scram_user u = user(SCRAM_SHA_256, "pencil", 4096);
    EVP_DecodeBlock(salt, (const unsigned char *)"W22ZaJ0SNY7soEsUEjb6gQ==", 24);
    assert_int_equal(scram_salted_password(&u, salt, 16, salted), 32);
    hmac(salted, "Server Key", server);
    hmac(server, auth, proof);
    assert_string_equal(base64_of(*state, proof, 32), "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    hmac(salted, "Client Key", client);
    assert_int_equal(EVP_Digest(client, 32, stored, NULL, EVP_sha256(), NULL), 1);
    hmac(stored, auth, proof);
    for (size_t i = 0; i < 32; i++)
        proof[i] ^= client[i];
    assert_string_equal(base64_of(*state, proof, 32), "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
}

/* Printed by ScramFormatter.saltedPassword() of Kafka 4.3.1: no SASLprep, which would drop the soft hyphen and open the ligature. */
static void passwords_are_salted_like_kafka_does_it(void **state)
{
    static const struct { enum scram mechanism; const char *password, *salted; } rows[] = {
        { SCRAM_SHA_256, "pencil", "4i6pSONC4ihUW11mFukU67TnrU7a20wco+/pgYhUAA8=" },
        { SCRAM_SHA_256, "p\u00e4ssw\u00f6rd \u2168IX\u00ad", "a/OUL+GLjrN+RAq5VGSs6vNri6PUG72FCTCIGHY2dwA=" },
        { SCRAM_SHA_512, "pencil",
          "QmklJHm/DjBoJjO5V012xfzaJgmiHUfWfjBtESWBWD9mlGdRtkS6lCdl5zFqV2NrHDKeuAKTHj1lqo6uHArbPg==" },
        { SCRAM_SHA_512, "p\u00e4ssw\u00f6rd \u2168IX\u00ad",
          "HCyhsI8yrlSiWuX720+0nF4rraEHnB1uEwimCmPD3Z+AbtQmqk4RU5ADeA35LWNnPrjtPk3Z4f1RN1BOv14vtQ==" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t out[SCRAM_MOST];
        const struct scram_user u = user(rows[i].mechanism, rows[i].password, 8192);
        const size_t len = scram_salted_password(&u, (const uint8_t *)"0123456789abcdefghijklmn", 24, out);
        assert_string_equal(base64_of(*state, out, len), rows[i].salted);
    }
}

/* ---- the salt --------------------------------------------------------------------------------------------- */

static const char *salt_of(const struct scram_user *u, const char *key)
{
    uint8_t salt[SCRAM_SALT];
    scram_salt(u, key, strlen(key), salt);
    return base64_of(&world.arena, salt, sizeof salt);
}

static void the_same_input_has_the_same_salt(void **state)
{
    (void)state;
    const struct scram_user u = user(SCRAM_SHA_512, "pencil", 4096), again = user(SCRAM_SHA_512, "pencil", 8192);
    assert_string_equal(salt_of(&u, "key"), salt_of(&again, "key"));
    assert_int_equal(strlen(salt_of(&u, "key")), 32);
}

static void each_input_changes_the_salt(void **state)
{
    (void)state;
    const struct scram_user u = user(SCRAM_SHA_512, "pencil", 4096);
    struct scram_user others[4] = { u, u, u, u };
    others[0].mechanism = SCRAM_SHA_256;
    others[1].name = "userp";
    others[1].password = "encil"; /* the border between the parts counts */
    others[1].password_len = 5;
    others[2].cluster = "shop/order";
    others[3].password = "pencil ";
    others[3].password_len = 7;
    for (size_t i = 0; i < 4; i++)
        assert_string_not_equal(salt_of(&u, "key"), salt_of(&others[i], "key"));
    assert_string_not_equal(salt_of(&u, "key"), salt_of(&u, "other"));
}

static void the_argument_is_what_kafka_storage_takes(void **state)
{
    const struct scram_user u = user(SCRAM_SHA_256, "pencil", 4096);
    uint8_t salt[SCRAM_SALT], salted[SCRAM_MOST];
    scram_salt(&u, "key", 3, salt);
    scram_salted_password(&u, salt, sizeof salt, salted);
    const char *wanted = str_join(*state, "SCRAM-SHA-256=[name=user,salt=\"", base64_of(*state, salt, sizeof salt),
                                  "\",saltedpassword=\"", base64_of(*state, salted, 32), "\",iterations=4096]", NULL);
    assert_string_equal(scram_storage_argument(*state, &u, "key", 3), wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_exchange_of_rfc_7677_is_right),
        FIXTURE_TEST(passwords_are_salted_like_kafka_does_it),
        FIXTURE_TEST(the_same_input_has_the_same_salt),
        FIXTURE_TEST(each_input_changes_the_salt),
        FIXTURE_TEST(the_argument_is_what_kafka_storage_takes),
    };
    FIXTURE_GUARD();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
