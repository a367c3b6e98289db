/* The vectors of FIPS 180-4, and lengths around the block size against themselves in pieces. */
#include "base/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void hash(const char *s, size_t len, char out[65])
{
    struct sha256 h;
    uint8_t digest[32];
    sha256_start(&h);
    sha256_add(&h, s, len);
    sha256_end(&h, digest);
    sha256_hex(digest, out);
}

static void the_published_vectors_hold(void **state)
{
    static const struct { const char *text, *digest; } vectors[] = {
        { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        char hex[65];
        hash(vectors[i].text, strlen(vectors[i].text), hex);
        assert_string_equal(hex, vectors[i].digest);
    }
}

static void a_million_letters_hash_as_published(void **state)
{
    struct sha256 h;
    uint8_t digest[32];
    char hex[65];
    (void)state;
    sha256_start(&h);
    for (int i = 0; i < 100000; i++)
        sha256_add(&h, "aaaaaaaaaa", 10);
    sha256_end(&h, digest);
    sha256_hex(digest, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void pieces_hash_like_the_whole(void **state)
{
    char text[200], whole[65], pieces[65];
    (void)state;
    memset(text, 'x', sizeof text);
    for (size_t len = 0; len < sizeof text; len++) {
        struct sha256 h;
        uint8_t digest[32];
        hash(text, len, whole);
        sha256_start(&h);
        for (size_t i = 0; i < len; i++)
            sha256_add(&h, text + i, 1);
        sha256_end(&h, digest);
        sha256_hex(digest, pieces);
        assert_string_equal(whole, pieces);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_vectors_hold),
        cmocka_unit_test(a_million_letters_hash_as_published),
        cmocka_unit_test(pieces_hash_like_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
