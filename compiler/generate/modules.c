/* modules: compiles the Lua modules named on the command line and writes them as a C table (hook/modules.h), with their lines: what ships
 * with the binary need not be parsed for each cluster. */
#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <stdio.h>

static int write_bytes(lua_State *L, const void *bytes, size_t len, void *column)
{
    int *at = column;
    (void)L;
    for (size_t i = 0; i < len; i++)
        printf("%u,%s", ((const unsigned char *)bytes)[i], ++*at % 32 == 0 ? "\n" : "");
    return 0;
}

static int write_module(const char *path, int number)
{
    lua_State *L = luaL_newstate();
    int column = 0;
    if (L == NULL || luaL_loadfilex(L, path, "t") != LUA_OK) {
        fprintf(stderr, "%s\n", L == NULL ? "not enough memory" : lua_tostring(L, -1));
        return 1;
    }
    printf("static const unsigned char module_%d[] = {\n", number);
    lua_dump(L, write_bytes, &column, 0);
    printf("};\n");
    lua_close(L);
    return 0;
}

int main(int argc, char **argv)
{
    printf("#include \"hook/modules.h\"\n\n#include <stddef.h>\n\n");
    for (int i = 1; i < argc; i++)
        if (write_module(argv[i], i) != 0)
            return 1;
    printf("const struct module_code module_codes[] = {\n");
    for (int i = 1; i < argc; i++)
        printf("  { \"%s\", module_%d, sizeof module_%d },\n", argv[i], i, i);
    printf("  { NULL, NULL, 0 }\n};\n");
    return 0;
}
